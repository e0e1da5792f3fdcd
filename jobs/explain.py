"""`corpusmill explain`: the fate of one document, read from the tables. Needs no Spark.

Texts, paths and the inputs' own ids are shown masked; `raw` shows them as they are.
"""

from dataclasses import dataclass, field
from typing import Any

from corpusmill.jobs import light
from corpusmill.jobs.explain_find import find
from corpusmill.jobs.explain_mask import SAMPLE, Mask, masker, raw_text
from corpusmill.jobs.light import Row, quoted
from corpusmill.schemas.stages import STAGES

SHOWN, PASSAGE = 3, 100  # of passages that were cut: how many, and how many characters of each


@dataclass(frozen=True)
class Step:
    """What happened to the document at a stage: `what` in words, `facts` as values."""

    stage: str
    what: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """fate: quarantined, dropped, duplicate, published, or waiting (later stages have not seen it yet)."""

    doc_id: str | None
    fate: str
    source: str
    uri: str
    place: str
    source_id: str | None
    steps: tuple[Step, ...]
    text: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("doc_id", "fate", "source", "uri", "place", "source_id", "text")},
            "steps": [{"stage": step.stage, "what": step.what, **step.facts} for step in self.steps],
        }


def explain(warehouse: str, wanted: str, raw: bool = False, mask: Mask | None = None) -> Explanation:
    """Tell what became of a document.

    wanted: doc_id, a prefix of at least 6 digits, the input's own id, or `uri:locator` of a quarantined record.
    raw: show the text as it came. mask: how texts are masked; default: `masker`.
    Raises UserError where nothing, or more than one document, is meant.
    """
    show = raw_text if raw else mask or masker(warehouse)
    record, refused = find(warehouse, wanted, show)
    if record is None:
        assert refused is not None
        step = Step(refused["stage"], f"quarantined: {refused['error']}", {"error": refused["error"]})
        place = refused["locator"] or ""
        return Explanation(
            refused["doc_id"],
            "quarantined",
            refused["source"],
            show(refused["uri"] or ""),
            place,
            None,
            (step,),
            refused["snippet"],
        )
    fate, steps = Tables(warehouse, show).fate(record["doc_id"])
    return Explanation(
        record["doc_id"],
        fate,
        record["source"],
        show(record["uri"] or ""),
        f"record {record['position']}",
        show(record["source_id"]) if record["source_id"] is not None else None,
        tuple(steps),
        _sample(warehouse, record["doc_id"], show, raw),
    )


class Tables:
    """The tables of a warehouse, asked about one document at a time."""

    def __init__(self, warehouse: str, show: Mask | None = None) -> None:
        """show: how a passage that was cut may be shown; None: not at all."""
        self.warehouse = warehouse
        self.show = show

    def rows(self, table: str, columns: list[str], where: str) -> list[dict[str, Any]]:
        """Rows of a table that need not exist."""
        if not light.exists(self.warehouse, table):
            return []
        return light.rows(light.open_table(self.warehouse, table), columns, where)

    def fate(self, doc_id: str) -> tuple[str, list[Step]]:
        """The fate in one word, and the steps to it in the order of the stages."""
        this = f"doc_id = {quoted(doc_id)}"
        steps = [
            *self._prepared(this),
            *self._held(this),
            *self._flags(this),
            *self._edits(this),
            *self._kept_for(doc_id),
        ]
        refused = self.rows("quarantine", ["stage", "error"], f"{this} AND stage <> 'ingest'")
        steps += [Step(row["stage"], f"quarantined: {row['error']}", {"error": row["error"]}) for row in refused]
        decisions = self.rows("decisions", ["stage", "rule", "measured", "limit", "detail"], this)
        steps += [self._decision(doc_id, row) for row in decisions]
        kept = self._published(this)
        steps = sorted([*steps, *kept], key=lambda step: STAGES.index(step.stage))
        if kept:
            return "published", steps
        if refused:
            return "quarantined", steps
        if decisions:
            return "duplicate" if decisions[0]["stage"] in ("exact_dedup", "near_dedup") else "dropped", steps
        after = steps[-1].stage if steps else "ingest"
        following = STAGES[STAGES.index(after) + 1]
        return "waiting", [*steps, Step(following, "not decided yet: run the later stages of the recipe")]

    def _prepared(self, this: str) -> list[Step]:
        rows = self.rows("documents", ["language", "language_confidence", "languages"], this)
        return [Step("prepare", _language(row), row) for row in rows]

    def _held(self, this: str) -> list[Step]:
        """Items of benchmarks that the document holds."""
        rows = self.rows("contamination", ["benchmark", "item_id", "overlap"], this)
        if not rows:
            return []
        rows = sorted(rows, key=lambda r: (-r["overlap"], r["benchmark"], r["item_id"]))
        named = [f"{r['benchmark']}: {r['item_id']} ({r['overlap']:.0%})" for r in rows[:SHOWN]]
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        return [
            Step("filter", f"holds {count(len(rows), 'item')} of benchmarks: {', '.join(named)}{more}", {"items": rows})
        ]

    def _flags(self, this: str) -> list[Step]:
        """Rules that the document fails and that only flag."""
        rows = sorted(self.rows("flags", ["stage", "rule", "measured", "limit"], this), key=lambda row: row["rule"])
        return [Step(r["stage"], f"flagged by {r['rule']}: {r['measured']}, limit {r['limit']}", r) for r in rows]

    def _edits(self, this: str) -> list[Step]:
        rows = self.rows("edits", ["stage", "rule", "start", "end"], this)
        if not rows:
            return []
        cut = sum(row["end"] - row["start"] for row in rows)
        rules = ", ".join(sorted({row["rule"] for row in rows}))
        what = f"{count(len(rows), 'passage')} cut, {cut} characters: {rules}"
        passages = self._passages(this, sorted((row["start"], row["end"]) for row in rows))
        if passages:
            more = f" and {len(rows) - len(passages)} more" if len(rows) > len(passages) else ""
            what += f": {', '.join(passages)}{more}"
        return [Step("filter", what, {"cut": passages})]

    def _passages(self, this: str, spans: list[tuple[int, int]]) -> list[str]:
        """The first of what was cut, in quotation marks."""
        rows = self.rows("documents", ["text"], this) if self.show else []
        texts = [row["text"][start:end] for row in rows for start, end in spans[:SHOWN]]
        return [f'"{self.show(" ".join(text.split()))[:PASSAGE]}"' for text in texts if self.show]

    def _kept_for(self, doc_id: str) -> list[Step]:
        where = f"kept_doc_id = {quoted(doc_id)} AND doc_id <> kept_doc_id"
        others = [row["doc_id"] for row in self.rows("duplicate_clusters", ["doc_id"], where)]
        facts = {"duplicates": sorted(others)}
        return [Step("near_dedup", f"kept for {count(len(others), 'duplicate')}", facts)] if others else []

    def _decision(self, doc_id: str, row: dict[str, Any]) -> Step:
        if row["stage"] in ("exact_dedup", "near_dedup"):
            return self._duplicate(doc_id, row)
        verb = {"mix": "left out of the mixture by", "shape": "in the corpus, but left out of an output by"}
        what = f"{verb.get(row['stage'], 'dropped by')} {row['rule']}"
        if row["measured"] is not None:
            what += f": measured {row['measured']}" + (f", limit {row['limit']}" if row["limit"] is not None else "")
        if row["detail"]:
            what += f" ({row['detail']})"
        return Step(row["stage"], what, {name: row[name] for name in ("rule", "measured", "limit", "detail")})

    def _duplicate(self, doc_id: str, row: dict[str, Any]) -> Step:
        columns = ["kept_doc_id", "method", "similarity"]
        found = self.rows("duplicate_clusters", columns, f"doc_id = {quoted(doc_id)}")
        if not found:
            return Step(row["stage"], f"duplicate ({row['rule']}): {row['detail']}", {"rule": row["rule"]})
        kept = found[0]
        what = f"duplicate of {kept['kept_doc_id']}, similarity {kept['similarity']:.3f} ({kept['method']})"
        return Step(row["stage"], f"{what}; {self._fate_of_kept(kept['kept_doc_id'])}", {**kept, "rule": row["rule"]})

    def _fate_of_kept(self, doc_id: str) -> str:
        """Mix or a failure may take out later what deduplication kept."""
        this = f"doc_id = {quoted(doc_id)}"
        if self.rows("corpus", ["doc_id"], this):
            return "that one is in the corpus"
        for row in self.rows("foreign_documents", ["corpus", "uri", "position"], this):
            record = "" if row["position"] is None else f"record {row['position']} of "
            place = self.show(row["uri"]) if self.show else "a file"
            return f"that one is in the foreign corpus `{row['corpus']}`: {record}{place}"
        for row in self.rows("decisions", ["stage", "rule"], this):
            return f"that one was dropped later: {row['stage']}, {row['rule']}"
        for row in self.rows("quarantine", ["stage", "error"], this):
            return f"that one was quarantined later: {row['stage']}, {row['error']}"
        return "that one is not in the corpus yet"

    def _published(self, this: str) -> list[Step]:
        rows = self.rows("corpus", ["split", "n_tokens", "language"], this)
        if not rows:
            return []
        found = self.rows("pii_findings", ["entity_type"], this)
        types = {row["entity_type"] for row in found}
        by_type = {name: sum(row["entity_type"] == name for row in found) for name in sorted(types)}
        listed = ", ".join(f"{name} {n}" for name, n in by_type.items())
        tokens = "" if rows[0]["n_tokens"] is None else f", {count(rows[0]['n_tokens'], 'token')}"
        what = f"in the corpus: split {rows[0]['split']}{tokens}; findings replaced: {listed or 'none'}"
        steps = [Step("anonymise", what, {**rows[0], "findings": by_type})]
        copies = self.rows("mix_plan", ["copies", "group"], this)
        steps += [Step("mix", f"{count(row['copies'], 'copy', 'copies')} in group {row['group']}") for row in copies]
        places = self.rows("packing_plan", ["sequence_id"], this)
        sequences = sorted({row["sequence_id"] for row in places})
        if sequences:
            more = f" and {len(sequences) - 3} more" if len(sequences) > 3 else ""
            what = f"in {count(len(sequences), 'sequence')}: {', '.join(sequences[:3])}{more}"
            steps.append(Step("shape", what, {"sequences": sequences}))
        return steps


def _sample(warehouse: str, doc_id: str, show: Mask, raw: bool) -> str | None:
    """The beginning of the clean text, or of the input where prepare could not handle it; raw: all of it."""
    for table in ("documents", "raw_documents"):
        for row in Tables(warehouse).rows(table, ["text"], f"doc_id = {quoted(doc_id)}"):
            if row["text"] is not None:
                return show(row["text"])[: None if raw else SAMPLE]
    return None


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "copy", "copies"), count(2, "token")
    ('1 copy', '2 tokens')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def _language(row: Row) -> str:
    """The language of a document, with the shares where it has several.

    >>> _language({"language": "de", "language_confidence": 0.91, "languages": [("de", 0.75), ("en", 0.25)]})
    'language de, confidence 0.91 (de 75%, en 25%)'
    """
    told = f"language {row['language']}, confidence {row['language_confidence'] or 0:.2f}"
    shares = sorted(row["languages"] or [], key=lambda of: -of[1])
    return told + (f" ({', '.join(f'{code} {share:.0%}' for code, share in shares)})" if len(shares) > 1 else "")
