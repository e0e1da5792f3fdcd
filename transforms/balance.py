"""The funnel, asserted: at every stage in = kept + dropped + quarantined, document by document.

The question FATES joins the ids of all tables into a handful of patterns with a count each; `judge` reads off one
stage's numbers and says what is wrong, in plain Python.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpusmill.schemas.errors import BalanceError
from corpusmill.schemas.stages import STAGES

# The stages that drop by decision, in order.
DROPPING = STAGES[STAGES.index("prepare") + 1 : STAGES.index("anonymise")]


@dataclass(frozen=True)
class Fate:
    """Documents that stand in the same tables: how often in each, and how many such documents there are."""

    raw: int
    documents: int
    corpus: int
    decided: tuple[str, ...]
    quarantined: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Counts:
    """Documents of the whole dataset at one stage."""

    n_in: int
    n_kept: int
    n_dropped: int
    n_quarantined: int


def _mark(name: str) -> str:
    return f"cast(sum(CASE WHEN mark = '{name}' THEN 1 ELSE 0 END) AS bigint) AS {name}"


# What a document's rows say of it: a mark for each row, by table, and by stage where several stages write the table.
MARKS = ("raw", "documents", "corpus", *(f"{kind}_{s}" for kind in ("decided", "quarantined") for s in STAGES))

# One row for each pattern of marks, with how often each stands there and the number of documents. Only ids are read.
FATES = (
    f"""
    SELECT {", ".join(MARKS)}, count(*) AS n FROM (
        SELECT doc_id, {", ".join(map(_mark, MARKS))} FROM (
            SELECT doc_id, 'raw' AS mark FROM {{raw_documents}}
            UNION ALL SELECT doc_id, 'documents' AS mark FROM {{documents}}
            UNION ALL SELECT doc_id, 'corpus' AS mark FROM {{corpus}}
            UNION ALL SELECT doc_id, concat('decided_', stage) AS mark FROM {{decisions}}
            UNION ALL SELECT doc_id, concat('quarantined_', stage) AS mark FROM {{quarantine}} WHERE doc_id IS NOT NULL
        ) AS marks GROUP BY doc_id
    ) AS patterns GROUP BY {", ".join(MARKS)}""",
    *("raw_documents", "documents", "corpus", "decisions", "quarantine"),
)

# Records that never became a document.
REFUSED = ("SELECT count(*) AS n FROM {quarantine} WHERE stage = 'ingest'", "quarantine")


def read_fates(rows: Sequence[Mapping[str, int]]) -> list[Fate]:
    """The rows that FATES gives.

    >>> read_fates([{**dict.fromkeys(MARKS, 0), "raw": 1, "documents": 1, "decided_filter": 1, "n": 3}])
    [Fate(raw=1, documents=1, corpus=0, decided=('filter',), quarantined=(), count=3)]
    """

    def stages(row: Mapping[str, int], kind: str) -> tuple[str, ...]:
        return tuple(s for s in STAGES for _ in range(row[f"{kind}_{s}"]))

    return [
        Fate(r["raw"], r["documents"], r["corpus"], stages(r, "decided"), stages(r, "quarantined"), r["n"])
        for r in rows
    ]


def judge(found: Sequence[Fate], stage: str, refused_at_ingest: int = 0) -> Counts:
    """The numbers of one stage. Raises BalanceError where a document is lost, doubled or decided twice.

    refused_at_ingest: records that never became a document.
    """
    if stage == "ingest":
        n_raw = sum(f.count for f in found if f.raw)
        _demand(stage, "is there twice", [f for f in found if f.raw > 1])
        return Counts(n_raw + refused_at_ingest, n_raw, 0, refused_at_ingest)
    if stage == "prepare":
        return _prepare(found)
    if stage in DROPPING:
        return _dropping(found, stage)
    if stage == "anonymise":
        return _anonymise(found)
    published = [f for f in found if f.corpus]
    n_in = sum(f.count for f in published)
    n_dropped = sum(f.count for f in published if "shape" in f.decided) if stage == "shape" else 0
    return Counts(n_in, n_in - n_dropped, n_dropped, 0)


def _prepare(found: Sequence[Fate]) -> Counts:
    refused = [f for f in found if "prepare" in f.quarantined]
    # What later stages hold of a document that vanished is theirs to take away.
    _demand("prepare", "has no input", [f for f in found if not f.raw and (f.documents or f in refused)])
    _demand("prepare", "is lost", [f for f in found if f.raw and not f.documents and f not in refused])
    _demand("prepare", "is there twice", [f for f in found if f.documents > 1 or (f.documents and f in refused)])
    n_kept, n_refused = (sum(f.count for f in fs) for fs in ([f for f in found if f.documents], refused))
    return Counts(n_kept + n_refused, n_kept, 0, n_refused)


def _dropping(found: Sequence[Fate], stage: str) -> Counts:
    before = DROPPING[: DROPPING.index(stage)]
    until = (*before, stage)
    decided = {f: [s for s in f.decided if s in until] for f in found}
    _demand(stage, "is decided twice", [f for f in found if len(decided[f]) > 1])
    _demand(stage, "is decided but is no document", [f for f in found if decided[f] and not f.documents])
    entered = [f for f in found if f.documents and not any(s in before for s in f.decided)]
    n_in = sum(f.count for f in entered)
    n_dropped = sum(f.count for f in entered if stage in f.decided)
    return Counts(n_in, n_in - n_dropped, n_dropped, 0)


def _anonymise(found: Sequence[Fate]) -> Counts:
    entered = [f for f in found if f.documents and not any(s in DROPPING for s in f.decided)]
    refused = [f for f in entered if "anonymise" in f.quarantined]
    _demand("anonymise", "is lost", [f for f in entered if not f.corpus and f not in refused])
    _demand("anonymise", "is there twice", [f for f in found if f.corpus > 1 or (f.corpus and f in refused)])
    _demand("anonymise", "is published though it was dropped", [f for f in found if f.corpus and f not in entered])
    n_in, n_refused = sum(f.count for f in entered), sum(f.count for f in refused)
    return Counts(n_in, n_in - n_refused, 0, n_refused)


def _demand(stage: str, what: str, wrong: list[Fate]) -> None:
    if wrong:
        n = sum(f.count for f in wrong)
        raise BalanceError(
            f"stage {stage} does not balance: {n} document(s): {what} (they stand in: {wrong[0]}). "
            "Nothing was published. Please report this; `corpusmill run --from prepare` makes the tables again."
        )
