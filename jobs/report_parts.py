"""The parts of the report beside funnel and duplicates: quarantine, findings, tokens, splits, packing.

Each takes the rows of `report_queries` by kind; those say what stands in a, b, c, d, e, n and x.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corpusmill.jobs.report_queries import VARIES
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms.text import mixing
from corpusmill.transforms.text.mixing import SEPARATOR

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]
Mask = Callable[[str, str, int], str]  # text, language, characters to show

SHOWN = 240  # characters of a sample
PLACE = 120  # characters of a path or an error
COLUMNS = 6  # languages with a column of their own in the table of findings


def origin(doc_id: str, found: Row | None) -> dict[str, Any]:
    """Which document it is; `found` is its row, None where there is none."""
    return {
        "doc_id": doc_id,
        "source": found["source"] if found else "",
        "language": (found and found["language"]) or "und",
    }


def document(doc_id: str, found: Row | None, masked: Mask) -> dict[str, Any]:
    """What is shown of a document: which one it is, and the beginning of its text."""
    whose = origin(doc_id, found)
    return {**whose, "text": masked((found and found["text"]) or "", whose["language"], SHOWN)}


def binned(counts: Mapping[int, int], bins: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Numbers in each of the bins (low, high; high 0: no end).

    >>> binned({2: 5, 7: 1, 9: 1}, ((2, 2), (3, 5), (6, 0)))
    [{'label': '2', 'n': 5}, {'label': '3 to 5', 'n': 0}, {'label': '6 or more', 'n': 2}]
    """
    labels = {
        (low, high): f"{low} or more" if not high else f"{low} to {high}" if high > low else f"{low}"
        for low, high in bins
    }
    return [
        {"label": label, "n": sum(n for value, n in counts.items() if low <= value and (not high or value <= high))}
        for (low, high), label in labels.items()
    ]


def flags(facts: Facts) -> list[dict[str, Any]]:
    """The documents that each rule flags, the rule that flags most first.

    >>> flags({"flagged": [{"a": "own.long", "b": "at most 90", "n": 2}]})
    [{'rule': 'own.long', 'limit': 'at most 90', 'n': 2}]
    """
    rows = [{"rule": r["a"], "limit": r["b"], "n": r["n"]} for r in facts.get("flagged", ())]
    return sorted(rows, key=lambda row: (-row["n"], row["rule"], row["limit"]))


def contamination(recipe: Recipe, facts: Mapping[str, Sequence[Row]]) -> dict[str, Any] | None:
    """Of each benchmark the documents that hold items of it, and the items; None where none is looked for."""
    wanted = recipe.decontaminate
    if wanted is None:
        return None
    found = {r["a"]: r for r in facts.get("contaminated", ())}
    none = {"n": 0, "x": 0}
    rows = [(b.name, b.ngram or wanted.ngram, found.get(b.name, none)) for b in wanted.benchmarks]
    return {
        "action": wanted.action,
        "overlap": wanted.minimum_overlap,
        "benchmarks": [{"name": name, "ngram": n, "documents": r["n"], "items": int(r["x"])} for name, n, r in rows],
    }


def mixture(recipe: Recipe, facts: Facts) -> dict[str, Any] | None:
    """Of each group what is there, what was wanted and what was taken; None where nothing is mixed."""
    mix = recipe.mix
    if mix is None:
        return None
    found = {r["a"]: json.loads(r["b"]) for r in facts.get("mixed", ())}
    values = {name: name.split(SEPARATOR) if mix.dimensions else [] for name in sorted(found)}
    groups = [mixing.group(of, found[name]["documents"], found[name]["tokens"], mix) for name, of in values.items()]
    plan = mixing.plan(groups, mix)
    rows = [{"share": p.share, "wanted": p.tokens, **{"published": 0} | found[p.group.name]} for p in plan.portions]
    mixed, published = (sum(row[name] for row in rows) for name in ("mixed", "published"))
    return {
        "groups": [{"group": p.group.name, **row} for p, row in zip(plan.portions, rows, strict=True)],
        "mixed": mixed,
        "published": published if recipe.tokenise else None,
        "note": plan.note,
    }


def edits(facts: Facts, masked: Mask) -> list[dict[str, Any]]:
    """What was cut by each rule, the one with most first, with samples."""
    samples: dict[str, list[dict[str, str]]] = {}
    for r in facts.get("cut", ()):
        language = r["language"] or "und"
        text = masked(r["text"].strip(), language, SHOWN)
        samples.setdefault(r["a"], []).append({"text": text, "language": language})
    rows = sorted(facts.get("edit", ()), key=lambda r: (-r["n"], r["a"]))
    return [{"rule": r["a"], "n": r["n"], "characters": int(r["x"]), "samples": samples.get(r["a"], [])} for r in rows]


def quarantine(facts: Facts, masked: Mask) -> dict[str, Any]:
    """How many could not be handled, why, and some of them; the snippets were masked when they were written."""
    found = facts.get("place", ())
    errors = {r["d"]: masked(r["d"] or "", "und", PLACE) for r in found}
    reasons = [
        {
            "stage": r["a"],
            "error": re.sub(VARIES, "…", errors[r["d"]]) if r["x"] > 1 else errors[r["d"]],
            "n": int(r["x"]),
        }
        for r in found
        if r["n"] == 1
    ]
    places = [
        {
            "stage": r["a"],
            "place": ": ".join(p for p in (masked(r["b"] or "", "und", PLACE), r["c"]) if p),
            "error": errors[r["d"]],
            "snippet": r["e"] or "",
        }
        for r in found
    ]
    return {"n": sum(r["n"] for r in facts.get("refused", ())), "reasons": reasons, "samples": places}


def findings(recipe: Recipe, facts: Facts) -> dict[str, Any] | None:
    """Numbers of findings by type and language, and by score. Never a value, nor its hash."""
    if recipe.anonymise is None:
        return None
    found = facts.get("finding", ())
    types: dict[str, Counter[str]] = defaultdict(Counter)
    operators: dict[str, set[str]] = defaultdict(set)
    languages: Counter[str] = Counter()
    scores: Counter[int] = Counter()
    for r in found:
        language = r["b"] or "und"
        types[r["a"]][language] += r["n"]
        operators[r["a"]].add(r["c"])
        languages[language] += r["n"]
        scores[int(r["d"])] += r["n"]
    named = [code for code, _ in languages.most_common(COLUMNS)]
    return {
        "n": sum(languages.values()),
        "documents": sum(r["n"] for r in facts.get("found_in", ())),
        "minimum_score": recipe.anonymise.minimum_score,
        "languages": named,
        "types": [
            {
                "type": kind,
                "n": sum(counts.values()),
                "languages": [counts[code] for code in named],
                "others": sum(counts.values()) - sum(counts[code] for code in named),
                "operators": sorted(operators[kind]),
            }
            for kind, counts in sorted(types.items(), key=lambda i: (-sum(i[1].values()), i[0]))
        ],
        "scores": [{"from": twentieth / 20, "n": scores[twentieth]} for twentieth in sorted(scores)],
    }


def tokens(recipe: Recipe, fates: Sequence[Row], facts: Facts) -> dict[str, Any] | None:
    """How long documents are in tokens: one bar a power of two, and quantiles; None where nothing is counted."""
    counted = [r for r in fates if r["power"] is not None]
    if recipe.tokenise is None or not counted:
        return None
    lengths: Counter[int] = Counter()
    for r in counted:
        lengths[r["power"]] += r["n"]
    least, low, median, high, most = json.loads(facts["quantiles"][0]["a"])
    return {
        "n": sum(r["tokens"] for r in counted),
        "quantiles": {"shortest": least, "5 %": low, "median": median, "95 %": high, "longest": most},
        "lengths": [{"label": _power(p), "n": lengths[p]} for p in range(min(lengths), max(lengths) + 1)],
    }


def _power(power: int) -> str:
    """The token counts from a power of two up to the next.

    >>> _power(-1), _power(0), _power(10)
    ('0', '1', '1024 to 2047')
    """
    if power < 1:
        return "0" if power < 0 else "1"
    return f"{2**power} to {2 ** (power + 1) - 1}"


def splits(fates: Sequence[Row]) -> list[dict[str, Any]]:
    """Published documents and tokens of each split."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for r in fates:
        if r["split"] is not None:
            found[r["split"]].update(documents=r["n"], tokens=r["tokens"] or 0)
    order = [name for name in ("train", "validation", "test") if name in found]
    return [{"split": name, "documents": found[name]["documents"], "tokens": found[name]["tokens"]} for name in order]


def packing(recipe: Recipe, facts: Facts) -> list[dict[str, Any]]:
    """For each split of `pretraining_sequences`, and of `sft_conversations`: rows, and tokens in them.

    Of sequences `share` is that of real entries, the rest is padding; conversations are not padded.
    """
    length = recipe.tokenise.sequence_length if recipe.tokenise else 0
    rows = []
    for kind, table in (("packed", "pretraining_sequences"), ("conversation", "sft_conversations")):
        for r in sorted(facts.get(kind, ()), key=lambda r: ("train", "validation", "test").index(r["a"])):
            share = r["x"] / (r["n"] * length) if kind == "packed" else None
            rows.append({"table": table, "split": r["a"], "rows": r["n"], "tokens": int(r["x"]), "share": share})
    return rows
