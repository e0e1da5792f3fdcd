"""Identity and updates: the state is a function of the inputs seen, in whatever order."""

from typing import NamedTuple

import pytest
from pyspark.sql import functions as F

from corpusmill.transforms import ingest
from corpusmill.transforms.text import identity

SCAN = (
    "source string, source_id string, uri string, position bigint, locator string, doc_id string, "
    "content_hash string, error string, snippet string"
)
HELD = (
    "doc_id string, source string, source_id string, uri string, position bigint, locator string, number bigint, "
    "content_hash string"
)


class Found(NamedTuple):
    chosen: dict  # doc_id -> (uri, position, number)
    refused: list  # (uri, locator, error)


@pytest.fixture
def resolve(spark):
    """resolve([(uri, position, id or None, content)], held=[same], snapshots=[]) of one source `s`."""

    def run(scan, held=(), snapshots=()):
        scanned = [
            ("s", own, uri, at, f"line {at + 1}", own and identity.doc_id("s", own), content, None, None)
            for uri, at, own, content in scan
        ]
        existing = [
            (doc_id, "s", own, uri, at, f"line {at + 1}", number, content)
            for uri, at, own, content, doc_id, number in _named(held)
        ]
        found = ingest.resolve(spark.createDataFrame(scanned, SCAN), spark.createDataFrame(existing, HELD), snapshots)
        chosen = {r.doc_id: (r.uri, r.position, r.number) for r in ingest.chosen(found).collect()}
        return Found(chosen, sorted((r.uri, r.locator, r.error) for r in ingest.refused(found).collect()))

    return run


def _named(held):
    """The rows as the warehouse holds them: with doc_id and, without an id of their own, a number."""
    seen = {}
    for uri, at, own, content in held:
        number = None if own else seen.setdefault(content, -1) + 1
        seen[content] = seen.get(content, -1) if own else number
        doc_id = identity.doc_id("s", own) if own else identity.doc_id_of_content("s", content, number)
        yield uri, at, own, content, doc_id, number


def of(own):
    return identity.doc_id("s", own)


def test_of_records_with_one_id_the_last_by_file_and_position_stays(resolve):
    found = resolve([("a", 0, "x", "1"), ("b", 0, "x", "2"), ("b", 1, "x", "3"), ("b", 2, "y", "4")])
    assert found.chosen == {of("x"): ("b", 1, None), of("y"): ("b", 2, None)}
    assert [(uri, locator) for uri, locator, _ in found.refused] == [("a", "line 1"), ("b", "line 1")]
    assert found.refused[0][2] == "a later record has the same id: b, line 2"


def test_equal_records_with_one_id_are_refused_too(resolve):
    found = resolve([("a", 0, "x", "1"), ("a", 1, "x", "1")])
    assert found.chosen == {of("x"): ("a", 1, None)} and len(found.refused) == 1


def test_a_later_file_replaces_what_is_held_and_the_held_one_is_refused(resolve):
    found = resolve([("b", 0, "x", "2")], held=[("a", 4, "x", "1")])
    assert found.chosen == {of("x"): ("b", 0, None)}
    assert found.refused == [("a", "line 5", "a later record has the same id: b, line 1")]


def test_an_earlier_file_that_comes_later_is_refused(resolve):
    found = resolve([("a", 0, "x", "2")], held=[("b", 4, "x", "1")])
    assert found.chosen == {} and [r[0] for r in found.refused] == ["a"]


def test_a_record_that_moved_up_within_its_file_is_no_rival_of_itself(resolve):
    found = resolve([("a", 1, "x", "2")], held=[("a", 7, "x", "1")])
    assert found.chosen == {of("x"): ("a", 1, None)} and found.refused == []


def test_equal_contents_without_an_id_are_numbered(resolve):
    found = resolve([("a", 0, None, "c"), ("b", 3, None, "c"), ("b", 4, None, "d")])
    assert found.chosen == {
        identity.doc_id_of_content("s", "c", 0): ("a", 0, 0),
        identity.doc_id_of_content("s", "c", 1): ("b", 3, 1),
        identity.doc_id_of_content("s", "d", 0): ("b", 4, 0),
    }


def test_numbers_go_on_where_the_warehouse_stands_and_a_file_read_again_adds_nothing(resolve):
    held = [("b", 0, None, "c"), ("b", 1, None, "c")]
    assert resolve([("b", 0, None, "c"), ("b", 1, None, "c")], held).chosen == {}
    assert list(resolve([("a", 0, None, "c")], held).chosen) == [identity.doc_id_of_content("s", "c", 2)]
    assert list(resolve([("b", n, None, "c") for n in range(3)], held).chosen) == [
        identity.doc_id_of_content("s", "c", 2)
    ]


def test_a_snapshot_forgets_what_the_warehouse_holds(resolve):
    found = resolve([("a", 0, "x", "2"), ("a", 1, None, "c")], [("b", 4, "x", "1"), ("b", 5, None, "c")], ["s"])
    assert found.chosen == {of("x"): ("a", 0, None), identity.doc_id_of_content("s", "c", 0): ("a", 1, 0)}
    assert found.refused == []


def test_the_id_by_content_is_the_same_as_a_column_and_in_python(spark):
    rows = spark.createDataFrame([("Quelle ä", "ab" * 16, 12)], "source string, hash string, number bigint")
    made = rows.select(ingest.content_doc_id(F.col("source"), F.col("hash"), F.col("number"))).collect()[0][0]
    assert made == identity.doc_id_of_content("Quelle ä", "ab" * 16, 12)


def test_records_that_did_not_change_are_not_read_again(spark):
    place = (
        "doc_id string, number bigint, source string, uri string, position bigint, locator string, content_hash string"
    )
    chosen = spark.createDataFrame(
        [
            ("same", None, "s", "a", 0, "", "1"),
            ("new", None, "s", "a", 1, "", "2"),
            ("edited", None, "s", "a", 2, "", "3"),
        ],
        place,
    )
    held = spark.createDataFrame(
        [("same", "1", "a", 0), ("edited", "0", "a", 2)],
        "doc_id string, content_hash string, uri string, position bigint",
    )
    assert {r.doc_id for r in ingest.changed(chosen, held).collect()} == {"new", "edited"}
