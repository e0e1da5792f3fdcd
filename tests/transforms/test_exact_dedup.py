"""Exact copies: who is kept, and what stands in the rows."""

import random

import pytest

from corpusmill.transforms.exact_dedup import decisions, equal_clusters, exact_hashes

DOCUMENTS = [
    ("c", "Same text"),
    ("a", "same  text"),
    ("b", "SAME\ntext"),
    ("d", "another text"),
    ("e", "another text!"),
    ("f", "x"),
    ("g", "X "),
]
# The longest is kept; "same  text" has one character more. Of "x" and "X " the second.
CLUSTERS = {"a": "a", "b": "a", "c": "a", "f": "g", "g": "g"}


def clusters(spark, rows, partitions=2):
    hashed = exact_hashes(spark.createDataFrame(rows, "doc_id string, text string").repartition(partitions))
    return equal_clusters(hashed.selectExpr("doc_id", "exact_hash", "length(text) AS priority"))


def test_of_equal_texts_the_longest_is_kept_and_different_ones_stay_out(spark) -> None:
    found = clusters(spark, DOCUMENTS).collect()
    assert {row.doc_id: row.kept_doc_id for row in found} == CLUSTERS
    assert all(row.cluster_id == row.kept_doc_id for row in found)
    assert {(row.method, row.similarity) for row in found} == {("exact", 1.0)}


def test_of_equally_long_ones_the_lower_doc_id_is_kept(spark) -> None:
    found = clusters(spark, [("2", "one"), ("10", "ONE"), ("3", "One")]).collect()
    assert {row.kept_doc_id for row in found} == {"10"}


@pytest.mark.parametrize("partitions", [1, 7, pytest.param(64, marks=pytest.mark.long)])
def test_the_same_one_is_kept_from_any_partitioning_and_order(spark, partitions: int) -> None:
    rows = [(f"d{i:03}", "  ".join(["text", str(i % 11)]) + " " * (i % 3)) for i in range(120)]
    shuffled = random.Random(partitions).sample(rows, len(rows))
    found = sorted(clusters(spark, shuffled, partitions).collect())
    assert found == sorted(clusters(spark, rows, 1).collect())
    assert len({row.kept_doc_id for row in found}) == 11


def test_a_null_hash_equals_nothing(spark) -> None:
    rows = spark.createDataFrame([("a", 1, None), ("b", 1, None)], "doc_id string, priority long, exact_hash string")
    assert equal_clusters(rows).count() == 0


def test_hashes_carry_other_columns(spark) -> None:
    rows = [("a", "m1", "Grüße \U0001d49c"), ("b", "m2", "")]
    hashed = exact_hashes(spark.createDataFrame(rows, "doc_id string, made_from string, text string"))
    found = {row.doc_id: (row.made_from, row.text, len(row.exact_hash)) for row in hashed.collect()}
    assert found == {"a": ("m1", "Grüße \U0001d49c", 32), "b": ("m2", "", 32)}


def test_a_removed_document_has_one_decision_that_names_the_kept_one_and_a_kept_one_has_none(spark) -> None:
    found = decisions(clusters(spark, DOCUMENTS), "exact_dedup", limit=1.0).collect()
    assert {row.doc_id for row in found} == {"b", "c", "f"}
    assert found[0].asDict().keys() == {"doc_id", "stage", "rule", "measured", "limit", "detail"}
    row = next(row for row in found if row.doc_id == "f")
    assert (row.stage, row.rule, row.measured, row.limit) == ("exact_dedup", "exact_dedup", "1.00", "1")
    assert row.detail == "duplicate of g"


@pytest.mark.parametrize(
    ("similarity", "shown"), [(0.7, "0.70"), (0.8399, "0.83"), (0.9999, "0.99"), (1.0, "1.00"), (0.29, "0.29")]
)
def test_a_measure_is_rounded_down(spark, similarity: float, shown: str) -> None:
    schema = "doc_id string, kept_doc_id string, similarity double, method string"
    rows = spark.createDataFrame([("a", "b", similarity, "minhash")], schema)
    assert decisions(rows, "near_dedup", limit=0.7).collect()[0].measured == shown
