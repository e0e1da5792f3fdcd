"""Why of two documents one was removed, or why both stay, in words. Pure: what is known comes in as values."""

import math
from dataclasses import dataclass

from corpusmill.schemas.stages import STAGES

DEDUPLICATING = ("exact_dedup", "near_dedup")


@dataclass(frozen=True)
class Side:
    """One of the two documents. kept_doc_id: for which one it was removed. signed: did near_dedup look at it?"""

    name: str
    doc_id: str
    source: str
    source_id: str | None
    fate: str
    n_chars: int
    n_ngrams: int
    stage: str | None = None  # of its decision
    rule: str | None = None
    kept_doc_id: str | None = None
    similarity: float | None = None
    signed: bool = False


@dataclass(frozen=True)
class Measures:
    """What the two texts share. unit: words or characters. similarity: None where one has too few for an n-gram.

    bands_met: numbers, from 1, of the bands that are equal. probability: that a pair of this similarity has one.
    """

    ngram: int
    unit: str
    limit: float
    bands: int
    rows: int
    equal: bool
    n_shared: int
    n_only_a: int
    n_only_b: int
    similarity: float | None
    bands_met: tuple[int, ...]
    probability: float | None


def verdict(a: Side, b: Side, measures: Measures, because: str, *, near: bool, exact: bool) -> str:
    """One sentence. because: why the one kept stands before the other. near, exact: does the recipe have the stage?"""
    early = [s for s in (a, b) if s.stage and STAGES.index(s.stage) < STAGES.index("exact_dedup")]
    if early:
        dropped = " and ".join(f"{s.name} was dropped before, at {s.stage} by {s.rule}" for s in early)
        return f"never compared: {dropped}; duplicates are sought among what passes the rules"
    removed = [s for s in (a, b) if s.stage in DEDUPLICATING]
    if len(removed) == 2 and a.kept_doc_id == b.kept_doc_id is not None:
        return f"both are removed, for {a.kept_doc_id}"
    if len(removed) == 2:
        return "both are removed: " + ", ".join(f"{s.name} {_for(s, a, b)}" for s in removed)
    if removed:
        gone, other = removed[0], b if removed[0] is a else a
        if gone.kept_doc_id == other.doc_id:
            return f"{other.name} is kept, {gone.name} is removed: {_alike(measures)}, and {because}"
        return f"{gone.name} is removed, {_for(gone, a, b)}; {other.name} stays: no kept document removes it"
    return f"both stay: {_why_both(a, b, measures, near, exact)}"


def shown(share: float) -> str:
    """Three digits, rounded down: what is under a limit must not look as if it had reached it.

    >>> shown(0.69999), shown(1.0), shown(0.29)
    ('0.699', '1.000', '0.290')
    """
    return f"{math.floor(share * 1000 + 1e-9) / 1000:.3f}"


def chance(probability: float) -> str:
    """A probability in per cent; what may fail never looks certain, nor what may happen impossible.

    >>> chance(0.9751), chance(0.99999), chance(1.0), chance(0.0000001)
    ('97.5 %', 'over 99.9 %', '100 %', 'under 0.1 %')
    """
    if 0.999 < probability < 1:
        return "over 99.9 %"
    return "under 0.1 %" if 0 < probability < 0.001 else f"{100 * probability:.3g} %"


def _for(gone: Side, a: Side, b: Side) -> str:
    if gone.kept_doc_id is None:
        return f"at {gone.stage}"
    name = next((s.name for s in (a, b) if s.doc_id == gone.kept_doc_id), gone.kept_doc_id)
    return f"for {name}" + ("" if gone.similarity is None else f" (similarity {shown(gone.similarity)})")


def _alike(measures: Measures) -> str:
    if measures.equal:
        return "the texts are equal but for case, white space and Unicode form"
    if measures.similarity is None:
        return "the tables say that they are alike, which the texts of now do not show"
    if measures.similarity == 1:
        return "their n-grams are all the same"
    reaches = "reaches" if measures.similarity >= measures.limit else "is now under"
    return f"similarity {shown(measures.similarity)} {reaches} the limit {measures.limit:g}"


def _why_both(a: Side, b: Side, measures: Measures, near: bool, exact: bool) -> str:
    if measures.equal and not exact:
        return "the texts are equal, but the recipe has no exact_dedup" + (
            " and near_dedup does not see so short ones" if near and measures.similarity is None else ""
        )
    if measures.equal:
        return "the texts are equal, but exact_dedup has not looked at both yet: run the stage"
    if not near:
        return "the recipe has no near_dedup, and exact copies they are not"
    if measures.similarity is None:
        short = " and ".join(s.name for s in (a, b) if not s.n_ngrams)
        verb = "have" if " " in short else "has"
        few = f"fewer than {measures.ngram} {measures.unit}"
        return f"{short} {verb} {few}, so only an exact copy would count, and that it is not"
    if measures.similarity < measures.limit:
        return f"similarity {shown(measures.similarity)} is under the limit {measures.limit:g}"
    unseen = " and ".join(s.name for s in (a, b) if not s.signed)
    if unseen:
        return f"near_dedup has not looked at {unseen} yet: run the stage"
    alike = f"similarity {shown(measures.similarity)} reaches the limit {measures.limit:g}"
    if not measures.bands_met:
        missed = chance(1 - (measures.probability or 0))
        return f"{alike}, but no band is equal, so the pair was never proposed; of such pairs {missed} are missed"
    return f"{alike} and a band is equal, but too many documents share it: the bound on large buckets skipped the pair"
