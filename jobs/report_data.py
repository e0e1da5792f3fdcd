"""The report's content as a plain dict that JSON can hold: what the queries found, put in order, texts masked."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpusmill.jobs import ledger, light
from corpusmill.jobs import report_parts as parts
from corpusmill.jobs.report_duplicates import READ, Excerpts, duplicates
from corpusmill.jobs.report_parts import Mask, Row
from corpusmill.jobs.report_tuning import tuning
from corpusmill.jobs.report_warnings import look_at
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.stages import AFTER_CORPUS, STAGES

if TYPE_CHECKING:
    from corpusmill.jobs.stage import Context
    from corpusmill.transforms.near_dedup import NearDedupOptions

SIGNATURES_HERE = 500_000  # of up to 800 bytes each
MOST_SAMPLES = 40  # in one report: each has to be searched for personal data
LANGUAGES = 20  # listed by name; those with fewer documents are counted together
PLAIN = re.compile(r"[\d.,+-]{1,20}|[a-z]{2,3}")  # a number or a language: nothing to mask


@dataclass(frozen=True)
class Asked:
    """What the tables answered: rows of `report_queries.fates`, and of `facts` by their kind."""

    fates: list[Row]
    facts: dict[str, list[Row]]


def ask(context: "Context", tables: Mapping[str, int]) -> Asked:
    """Ask the tables at these versions; needs nothing else of the version that is being made."""
    from corpusmill.jobs import report_queries as queries
    from corpusmill.transforms.near_dedup import options_of
    from corpusmill.transforms.text import anonymiser

    near = context.recipe.near_dedup

    def read(table: str) -> Any:
        return context.warehouse.read(table, tables.get(table))

    skipped = _skipped_here(context, options_of(near)) if near else None
    asked = (
        queries.fates(read),
        queries.facts(read, list(tables), options_of(near) if near and skipped is None else None),
    )
    with ThreadPoolExecutor() as pool:  # each plans on one core and works in many small tasks
        pool.submit(anonymiser.load, context.masking)  # is kept, and takes a second: `gather` masks with it
        fates, told = pool.map(lambda query: [r.asDict() for r in query.collect()], asked)
    facts: dict[str, list[Row]] = defaultdict(list)
    for r in told:
        facts[r["kind"]].append(r)
    if skipped is not None:
        facts["skipped"] = [{"kind": "skipped", "n": skipped}]
    return Asked(fates, facts)


def _skipped_here(context: "Context", options: "NearDedupOptions") -> int | None:
    """Pairs skipped in large buckets, counted without Spark; None where the signatures are too many for that."""
    from corpusmill.transforms.text import minhash, pairs

    warehouse = context.warehouse
    if not warehouse.local or warehouse.count("minhash_signatures") > SIGNATURES_HERE:
        return None
    signed = light.read(warehouse.location, "minhash_signatures", ["signature", "ngrams_hash"])
    firsts = pl.DataFrame(signed).drop_nulls().unique("ngrams_hash")["signature"].to_list()
    slots = np.frombuffer(b"".join(firsts), dtype="<u4").reshape(len(firsts), options.bands.slots)
    return pairs.skipped(minhash.bands_of(slots, options.bands))


def gather(context: "Context", row: Row, asked: Asked) -> dict[str, Any]:
    """The content for the version that `row` of `dataset_versions` describes, at its tables' versions."""
    from corpusmill.jobs import report_queries as queries
    from corpusmill.transforms.text import anonymiser, mask

    documents = context.warehouse.read("documents")
    facts = asked.facts
    facts["pick"] = chosen(facts["pick"])
    ids = {r["c"] for r in facts["pick"]} | {r[side] for r in facts["pair"] for side in "ab"}
    found = queries.texts(documents, sorted(ids), READ).collect() if ids else []
    if facts["cut"]:
        cut = queries.passages(documents, facts["cut"], READ)
        facts["cut"] = sorted((r.asDict() for r in cut.collect()), key=lambda r: (r["a"], r["n"]))
    masker = anonymiser.load(context.masking)

    def masked(text: str, language: str, limit: int) -> str:
        return mask.masked(text, masker, language, limit)

    def excerpts(text: str, spans: Sequence[Any], marks: Sequence[Any], language: str) -> list[list[mask.Piece]]:
        return mask.excerpts(text, spans, marks, masker, language)

    runs = ledger.last_runs(context.warehouse.location)
    texts = {r["doc_id"]: r.asDict() for r in found}
    limits = tuning(context)
    return assemble(row, context.recipe, runs, asked.fates, facts, texts, masked, excerpts, limits)


def chosen(picks: Iterable[Row]) -> list[Row]:
    """At most MOST_SAMPLES, so that each rule has its first before any has its second."""
    return sorted(picks, key=lambda r: (r["n"], STAGES.index(r["a"]), r["b"]))[:MOST_SAMPLES]


def assemble(
    row: Row,
    recipe: Recipe,
    runs: Mapping[str, Row],
    fates: Sequence[Row],
    facts: Mapping[str, Sequence[Row]],
    texts: Mapping[str, Row],
    masked: Mask,
    excerpts: Excerpts,
    tuning: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The dict that `report.render` shows. runs: the last row of `stage_runs` of each stage. texts: by doc_id."""
    head = ("name", "version", "content_hash", "anonymised", "code_version", "models", "run_id", "parent")
    data: dict[str, Any] = {
        "dataset": {**{k: row[k] for k in head}, "created_at": f"{row['created_at']:%Y-%m-%d %H:%M} UTC"},
        "funnel": _funnel(runs, recipe),
        "languages": _languages(fates),
        "sources": _sources(recipe, fates, facts),
        "rules": _rules(runs, fates, facts, texts, masked),
        "flags": parts.flags(facts),
        "tuning": tuning,
        "edits": parts.edits(facts, masked),
        "contamination": parts.contamination(recipe, facts),
        "duplicates": duplicates(recipe, facts, texts, excerpts),
        "mixture": parts.mixture(recipe, facts),
        "quarantine": parts.quarantine(facts, masked),
        "findings": parts.findings(recipe, facts),
        "tokens": parts.tokens(recipe, fates, facts),
        "splits": parts.splits(fates),
        "packing": parts.packing(recipe, facts),
        "outputs": [
            {"table": t, "rows": n, "version": row["tables"][t], "output": t in recipe.outputs}
            for t, n in sorted(row["row_counts"].items(), key=lambda i: (i[0] not in recipe.outputs, i[0]))
        ],
        "recipe": row["recipe"],
    }
    data["total"] = _total(data["sources"])
    data["warnings"] = look_at(data, recipe, _missing_models(recipe))
    return data


def _missing_models(recipe: Recipe) -> Sequence[str]:
    from corpusmill.jobs.masking import anonymise_options
    from corpusmill.transforms.text import model_versions

    wanted = recipe.anonymise
    missing = model_versions.missing(anonymise_options(wanted)) if wanted else {}
    return [f"{language}: {model}" for language, model in missing.items()]


def _funnel(runs: Mapping[str, Row], recipe: Recipe) -> list[dict[str, Any]]:
    off: dict[str, Any] = {
        "exact_dedup": recipe.exact_dedup,
        "near_dedup": recipe.near_dedup,
        "mix": recipe.mix,
        "anonymise": recipe.anonymise,
    }
    off["shape"] = next((o for o in recipe.outputs if o != "corpus"), None)
    counts = ("n_in", "n_kept", "n_dropped", "n_quarantined")
    return [
        {"stage": s, "asked": off.get(s, s) is not None, **{c: runs[s][c] for c in counts}}
        for s in STAGES
        if s in runs and s != "publish"
    ]


def _total(sources: Sequence[Row]) -> dict[str, int]:
    names = ("read", "published", "quarantined", "tokens")
    total = {name: sum(s[name] for s in sources) for name in names}
    return total | {"dropped": sum(sum(s["dropped"].values()) for s in sources)}


def _languages(fates: Sequence[Row]) -> list[dict[str, Any]]:
    """Of readable documents, the most frequent first; past LANGUAGES all others in one row."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for r in fates:
        if r["language"] is not None:
            published = r["split"] is not None
            found[r["language"]].update(documents=r["n"], published=r["n"] * published, tokens=r["tokens"] or 0)
    order = sorted(found, key=lambda code: (-found[code]["documents"], code))
    rows = [{"language": code, **_three(found[code])} for code in order[:LANGUAGES]]
    rest = order[LANGUAGES:]
    together = sum((found[code] for code in rest), Counter())
    return rows + ([{"language": f"{len(rest)} others", **_three(together)}] if rest else [])


def _three(counted: Counter[str]) -> dict[str, int]:
    return {name: counted[name] for name in ("documents", "published", "tokens")}


def _sources(recipe: Recipe, fates: Sequence[Row], facts: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    """For each source: read = published + dropped at any stage + quarantined at any stage."""
    by_source: dict[str, dict[str, Any]] = {}

    def of(name: str | None) -> dict[str, Any]:
        fresh = {"source": name or "?", "read": 0, "published": 0, "quarantined": 0, "tokens": 0}
        return by_source.setdefault(name or "?", fresh | {"dropped": Counter(), "rules": Counter()})

    for source in recipe.sources:
        of(source.name)
    for r in fates:
        row, published = of(r["source"]), r["split"] is not None
        row["read"] += r["n"]
        row["published"] += r["n"] * published
        row["tokens"] += r["tokens"] or 0
        row["quarantined"] += r["n"] * (r["refused"] is not None)
        if r["decided"] and r["decided"] not in AFTER_CORPUS and not published:
            row["dropped"][r["decided"]] += r["n"]
            row["rules"][r["rule"]] += r["n"]
    for r in facts.get("refused", ()):
        if r["a"] == "ingest":
            of(r["b"])["read"] += r["n"]
            of(r["b"])["quarantined"] += r["n"]
    for row in by_source.values():
        row["dropped"] = {s: row["dropped"][s] for s in STAGES if row["dropped"][s]}
        row["rules"] = [{"rule": rule, "n": n} for rule, n in row["rules"].most_common()]
    return list(by_source.values())


def _rules(
    runs: Mapping[str, Row],
    fates: Sequence[Row],
    facts: Mapping[str, Sequence[Row]],
    texts: Mapping[str, Row],
    mask: Mask,
) -> list[dict[str, Any]]:
    """Every rule that dropped something, in the order of the stages, the one that dropped most first."""
    counts: Counter[tuple[str, str]] = Counter()
    limits: dict[tuple[str, str], str] = {}
    for r in fates:
        if r["decided"]:
            counts[r["decided"], r["rule"]] += r["n"]
            limits[r["decided"], r["rule"]] = r["limit"] or ""
    samples: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for r in facts.get("pick", ()):
        samples[r["a"], r["b"]].append(r)
    return [
        {
            "stage": stage,
            "rule": rule,
            "limit": limits[stage, rule],
            "n": n,
            "n_in": runs[stage]["n_in"] if stage in runs else n,
            "samples": [_sample(r, texts.get(r["c"]), mask) for r in samples[stage, rule]],
        }
        for (stage, rule), n in sorted(counts.items(), key=lambda i: (STAGES.index(i[0][0]), -i[1], i[0][1]))
    ]


def _sample(pick: Row, document: Row | None, masked: Mask) -> dict[str, Any]:
    shown = parts.document(pick["c"], document, masked)
    measured = pick["d"] or ""
    if not PLAIN.fullmatch(measured):
        measured = masked(measured, "und", 80)
    return {**shown, "measured": measured, "detail": pick["e"] or ""}
