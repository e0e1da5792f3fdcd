"""The funnel balances, or the run fails: judged in plain Python, without Spark."""

import pytest

from corpusmill.schemas.errors import BalanceError
from corpusmill.transforms.balance import Counts, Fate, judge


def fate(count=1, raw=1, documents=1, corpus=0, decided=(), quarantined=()):
    return Fate(raw, documents, corpus, decided, quarantined, count)


PUBLISHED = fate(count=5, corpus=1)
DROPPED = fate(count=3, decided=("filter",))
NEAR = fate(count=2, decided=("near_dedup",))
UNREADABLE = fate(count=1, documents=0, quarantined=("prepare",))
FAILED = fate(count=1, quarantined=("anonymise",))
ALL = [PUBLISHED, DROPPED, NEAR, UNREADABLE, FAILED]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("ingest", Counts(14, 12, 0, 2)),
        ("prepare", Counts(12, 11, 0, 1)),
        ("filter", Counts(11, 8, 3, 0)),
        ("exact_dedup", Counts(8, 8, 0, 0)),
        ("near_dedup", Counts(8, 6, 2, 0)),
        ("anonymise", Counts(6, 5, 0, 1)),
        ("shape", Counts(5, 5, 0, 0)),
        ("publish", Counts(5, 5, 0, 0)),
    ],
)
def test_each_stage_begins_with_what_the_one_before_kept(stage, expected):
    assert judge(ALL, stage, refused_at_ingest=2) == expected


def test_a_conversation_that_one_output_leaves_out_is_dropped_at_shape_and_stays_in_the_corpus():
    assert judge([PUBLISHED, fate(corpus=1, decided=("shape",))], "shape") == Counts(6, 5, 1, 0)


@pytest.mark.parametrize(
    ("stage", "wrong", "words"),
    [
        ("ingest", fate(raw=2), "twice"),
        ("prepare", fate(documents=0), "lost"),
        ("prepare", fate(documents=2), "twice"),
        ("prepare", fate(raw=0), "no input"),
        ("prepare", fate(quarantined=("prepare",)), "twice"),
        ("exact_dedup", fate(decided=("exact_dedup", "filter")), "decided twice"),
        ("filter", fate(documents=0, decided=("filter",)), "no document"),
        ("anonymise", fate(), "lost"),
        ("anonymise", fate(corpus=1, decided=("filter",)), "published though it was dropped"),
        ("anonymise", fate(corpus=2), "twice"),
        ("anonymise", fate(corpus=1, quarantined=("anonymise",)), "twice"),
    ],
)
def test_a_document_that_is_lost_doubled_or_decided_twice_fails_the_run(stage, wrong, words):
    with pytest.raises(BalanceError, match=words):
        judge([PUBLISHED, wrong], stage)


def test_what_a_later_stage_decided_before_does_not_disturb_an_earlier_one():
    assert judge([fate(decided=("filter", "near_dedup"))], "filter") == Counts(1, 0, 1, 0)


def test_what_later_stages_still_hold_of_a_document_that_vanished_does_not_disturb_prepare():
    gone = [fate(raw=0, documents=0, corpus=1), fate(raw=0, documents=0, decided=("exact_dedup",))]
    assert judge([*ALL, *gone], "prepare") == judge(ALL, "prepare")
    with pytest.raises(BalanceError, match="has no input"):
        judge([*ALL, fate(raw=0)], "prepare")
    with pytest.raises(BalanceError, match="published though it was dropped"):
        judge([*ALL, gone[0]], "anonymise")
