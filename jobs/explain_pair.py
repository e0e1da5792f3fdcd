"""`corpusmill explain A B`: two documents side by side, measured as near_dedup measures them. Needs no Spark."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from corpusmill.jobs.explain import Tables
from corpusmill.jobs.explain_find import find
from corpusmill.jobs.explain_keeper import COLUMNS, before
from corpusmill.jobs.explain_mask import SAMPLE, anonymiser, last_recipe, raw_text
from corpusmill.jobs.explain_verdict import Measures, Side, chance, shown, verdict
from corpusmill.jobs.light import quoted
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_stages import Dedup, ExactDedup, NearDedup

if TYPE_CHECKING:
    from corpusmill.transforms.text.anonymiser import Anonymiser
    from corpusmill.transforms.text.mask import Piece

Row = dict[str, Any]
Stage = TypeVar("Stage", bound=Dedup)

MOST = 5  # passages shown of a document
READ = 100_000  # characters in which they are sought: all before the last is searched for personal data


@dataclass(frozen=True)
class Passages:
    """What stands in one of the two only: how many passages, and the first, each in pieces (as shown, only here?)."""

    n: int
    n_shown: int
    shown: list[list["Piece"]]


@dataclass(frozen=True)
class Comparison:
    """Two documents, what they share, and what became of them."""

    sides: tuple[Side, Side]
    measures: Measures
    passages: tuple[Passages, Passages]
    verdict: str
    notes: tuple[str, ...]

    def in_words(self) -> list[tuple[str, str]]:
        """What was measured and what follows, each with its name."""
        m = self.measures
        shared = f"{m.n_shared:,} {m.ngram}-grams shared, {m.n_only_a:,} only in A, {m.n_only_b:,} only in B"
        met = f"{len(m.bands_met)} of {m.bands} are equal" + (f" ({_listed(m.bands_met)})" if m.bands_met else "")
        if m.similarity is None or m.probability is None:
            similarity, bands = (
                f"none: fewer than {m.ngram} {m.unit} give no {m.ngram}-gram",
                "none: nothing to compare",
            )
        else:
            similarity = f"{shown(m.similarity)}: {shared}"
            bands = f"{met}; a pair of this similarity is proposed with probability {chance(m.probability)}"
        said = [("similarity", similarity), ("limit", f"{m.limit:g}"), ("bands", bands), ("verdict", self.verdict)]
        return said + [("note", note) for note in self.notes]

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for side, passages in zip(self.sides, self.passages, strict=True):
            pieces = [[{"text": text, "only_here": only} for text, only in row] for row in passages.shown]
            found[side.name.lower()] = {**asdict(side), "n_passages_only_here": passages.n, "passages": pieces}
        return {**found, **asdict(self.measures), "verdict": self.verdict, "notes": self.notes}


def explain_pair(warehouse: str, a: str, b: str, raw: bool = False) -> Comparison:
    """Compare two documents, each named in any way that `explain` takes.

    raw: show the passages as they came. Raises UserError where a name means no document, more than one, or one without
    a clean text, and where both mean the same.
    """
    recognisers = None if raw else anonymiser(warehouse)
    tables = Tables(warehouse)
    one, other = (_document(tables, wanted, recognisers) for wanted in (a, b))
    if one["doc_id"] == other["doc_id"]:
        raise UserError(f"both names mean the document {one['doc_id']}; give two documents")
    recipe = last_recipe(warehouse)
    near, exact = _options(recipe, NearDedup, "near_dedup"), _options(recipe, ExactDedup, "exact_dedup")
    options = near or NearDedup()
    texts = one["text"], other["text"]
    measures, sizes, signatures = measure(texts, options, (exact or ExactDedup()).normalise)
    sides = _side(tables, "A", one, sizes[0]), _side(tables, "B", other, sizes[1])
    because = _because(sides, (one, other), {"near_dedup": near, "exact_dedup": exact})
    said = verdict(*sides, measures, because, near=near is not None, exact=exact is not None)
    mine, its = (_passages(*order, options, recognisers) for order in (texts, texts[::-1]))
    notes = () if recipe is not None else ("nothing is published yet: measured with the defaults of a recipe",)
    return Comparison(sides, measures, (mine, its), said, (*notes, *_doubts(sides, measures, (one, other), signatures)))


def measure(
    texts: tuple[str, str], near: NearDedup, normalise: Sequence[str] = ExactDedup().normalise
) -> tuple[Measures, list[int], list[bytes]]:
    """What two texts share, the number of n-grams of each, and its signature as the table holds it."""
    import numpy as np
    import polars as pl

    from corpusmill.transforms.text import minhash, shingles

    series = pl.Series(texts)
    values, offsets = shingles.ngram_sets(series, near.ngram, near.unit)
    bands = minhash.plan(near.minimum_similarity, near.recall, near.bands, near.rows)
    slots = minhash.signatures(values, offsets, bands.slots, near.seed)
    hashed = minhash.bands_of(slots, bands)
    sizes = np.diff(offsets).tolist()
    n_shared = len(np.intersect1d(values[: offsets[1]], values[offsets[1] :], assume_unique=True))
    similarity = n_shared / (sum(sizes) - n_shared) if all(sizes) else None
    equal = shingles.normalised_hash(series, normalise).n_unique() == 1
    measures = Measures(
        ngram=near.ngram,
        unit=near.unit,
        limit=near.minimum_similarity,
        bands=bands.bands,
        rows=bands.rows,
        equal=equal,
        n_shared=n_shared,
        n_only_a=sizes[0] - n_shared,
        n_only_b=sizes[1] - n_shared,
        similarity=similarity,
        bands_met=() if similarity is None else tuple((np.flatnonzero(hashed[0] == hashed[1]) + 1).tolist()),
        probability=None if similarity is None else minhash.s_curve(bands, similarity),
    )
    return measures, sizes, [row.astype("<u4").tobytes() for row in slots]


def _listed(numbers: Sequence[int]) -> str:
    """Numbers, runs of three and more shortened.

    >>> _listed((1, 2, 3, 7, 9, 10))
    '1-3, 7, 9, 10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _options(recipe: Row | None, model: type[Stage], key: str) -> Stage | None:
    """The recipe's options of a stage, None where it has none; before there is a recipe, the defaults."""
    if recipe is None:
        return model()
    wanted = recipe.get(key)
    return None if wanted is None else model.model_validate_json(json.dumps(wanted))


def _because(sides: tuple[Side, Side], rows: tuple[Row, Row], dedup: Mapping[str, Dedup | None]) -> str:
    """Why the one is kept for which the other was removed; nothing where neither was removed for the other."""
    named = [{**row, "name": side.name} for side, row in zip(sides, rows, strict=True)]
    for place, side in enumerate(sides):
        if side.stage and side.kept_doc_id == sides[1 - place].doc_id:
            return before(named[1 - place], named[place], dedup.get(side.stage) or Dedup())
    return ""


def _document(tables: Tables, wanted: str, recognisers: "Anonymiser | None") -> Row:
    """Of the document that is meant: its row of documents, the text as deduplication compares it."""
    from corpusmill.transforms.text.edits import apply_edits, spans_of
    from corpusmill.transforms.text.mask import masked

    def show(text: str) -> str:
        return masked(text, recognisers, limit=SAMPLE) if recognisers else raw_text(text)

    record, refused = find(tables.warehouse, wanted, show)
    if record is None:
        raise UserError(f"'{show(wanted)}' is in quarantine and has no text to compare: {refused and refused['error']}")
    this = f"doc_id = {quoted(record['doc_id'])}"
    rows = tables.rows("documents", ["doc_id", "source_id", "text", *COLUMNS], this)
    if not rows or rows[0]["text"] is None:
        raise UserError(f"{record['doc_id']} has no clean text to compare: `corpusmill explain` on it alone says why")
    row = rows[0]
    edits = tables.rows("edits", ["start", "end", "rule", "replacement"], this)
    text, _ = apply_edits(row["text"], spans_of(sorted(edits, key=lambda e: (e["start"], e["end"], e["rule"]))))
    own = None if row["source_id"] is None else show(row["source_id"])
    return {**row, "source_id": own, "n_chars": len(text), "text": text}


def _side(tables: Tables, name: str, row: Row, n_ngrams: int) -> Side:
    this = f"doc_id = {quoted(row['doc_id'])}"
    decided = tables.rows("decisions", ["stage", "rule"], this)
    clusters = tables.rows("duplicate_clusters", ["kept_doc_id", "similarity"], f"{this} AND doc_id <> kept_doc_id")
    signatures = tables.rows("minhash_signatures", ["signature"], this)
    row["signature"] = signatures[0]["signature"] if signatures else None
    return Side(
        name,
        row["doc_id"],
        row["source"],
        row["source_id"],
        tables.fate(row["doc_id"])[0],
        row["n_chars"],
        n_ngrams,
        **(decided[0] if decided else {}),
        **(clusters[0] if clusters else {}),
        signed=bool(signatures),
    )


def _doubts(
    sides: tuple[Side, Side], measures: Measures, rows: tuple[Row, Row], signatures: Sequence[bytes]
) -> list[str]:
    """Where the tables say another thing than the texts: they were made from an earlier text, or by another recipe."""
    found = [
        f"the signature of {side.name} in the tables is another one"
        for side, row, signature in zip(sides, rows, signatures, strict=True)
        if row["signature"] is not None and row["signature"] != signature
    ]
    for side, other in (sides, sides[::-1]):
        stored, now = side.similarity, 1.0 if measures.equal else measures.similarity
        if side.kept_doc_id == other.doc_id and stored is not None and (now is None or abs(stored - now) > 1e-6):
            found.append(f"the similarity in the tables is {shown(stored)}")
    return [f"{what}: made from an earlier text, or with other options" for what in found]


def _passages(text: str, other: str, near: NearDedup, recognisers: "Anonymiser | None") -> Passages:
    from corpusmill.transforms.text.differences import only_here, windows
    from corpusmill.transforms.text.mask import excerpts

    passages = only_here(text, other, near.ngram, near.unit)
    first = [(start, end) for start, end in passages[:MOST] if start < READ]
    return Passages(len(passages), len(first), excerpts(text, windows(text, first), passages, recognisers))
