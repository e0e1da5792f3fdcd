"""Packing in tables gives what the packing of one sequence gives in numpy, whatever the partitioning."""

import numpy as np
import pytest

from corpusmill.transforms import shape
from corpusmill.transforms.shape import Packing
from corpusmill.transforms.text import packing as text_packing
from corpusmill.transforms.text.identity import doc_id

LENGTH = 8


@pytest.fixture(scope="module")
def documents():
    """doc_id -> token ids, of 0 to 20 tokens."""
    random = np.random.default_rng(3)
    return {doc_id("t", str(n)): random.integers(10, 99, size=n % 21).astype(int).tolist() for n in range(60)}


def packed(spark, documents, packing, n_buckets=2, n_partitions=1):
    rows = [
        (doc_id, "test" if int(doc_id, 16) % 5 == 0 else "train", len(ids), "v") for doc_id, ids in documents.items()
    ]
    corpus = spark.createDataFrame(rows, "doc_id string, split string, n_tokens int, made_from string")
    tokens = spark.createDataFrame(list(documents.items()), "doc_id string, input_ids array<int>")
    counts = shape.token_counts(corpus.repartition(n_partitions), packing)
    plan = shape.packing_plan(counts, packing, n_buckets)
    assert shape.uncovered(plan, counts).isEmpty()
    made = {r.sequence_id: r.asDict() for r in shape.sequences(plan, tokens, packing).collect()}
    pieces = {}
    for row in sorted(plan.collect(), key=lambda r: (r.sequence_id, r.position)):
        pieces.setdefault(row.sequence_id, []).append(row)
    return pieces, made


@pytest.mark.parametrize("kind", ["best_fit", "concat"])
@pytest.mark.parametrize("end_id", [7, None])
def test_sequences_of_the_tables_are_those_of_numpy(spark, documents, kind, end_id):
    packing = Packing(kind, LENGTH, end_id, 0)
    pieces, made = packed(spark, documents, packing)
    assert set(pieces) == set(made)
    for sequence_id, rows in pieces.items():
        at = np.zeros(len(rows), dtype=text_packing.PIECE)
        for number, row in enumerate(rows):
            at[number] = (0, row.position, number, row.start, row.end)
        tokens = [np.array(documents[row.doc_id], dtype=np.int32) for row in rows]
        expected = text_packing.render(at, tokens, end_id, 0, LENGTH)
        found = made[sequence_id]
        for name in ("input_ids", "position_ids", "segment_ids"):
            assert found[name] == np.asarray(expected[name]).tolist(), name
        assert found["length"] == expected["length"]
        assert found["doc_ids"] == [row.doc_id for row in rows]


def test_the_plan_does_not_depend_on_the_partitioning(spark, documents):
    packing = Packing("best_fit", LENGTH, 7, 0)
    assert packed(spark, documents, packing) == packed(spark, documents, packing, n_partitions=7)


def test_a_sequence_holds_documents_of_one_split(spark, documents):
    pieces, _ = packed(spark, documents, Packing("best_fit", LENGTH, 7, 0))
    for sequence_id, rows in pieces.items():
        assert {int(r.doc_id, 16) % 5 == 0 for r in rows} == {sequence_id.startswith("test")}


def test_a_changed_document_moves_sequences_of_its_bucket_only(spark, documents):
    packing = Packing("best_fit", LENGTH, 7, 0)
    before, _ = packed(spark, documents, packing)
    other = doc_id("t", "33")
    after, _ = packed(spark, documents | {other: [1] * 11}, packing)
    moved = {s for s in before.keys() | after.keys() if before.get(s) != after.get(s)}
    bucket = next(s for s, rows in before.items() if any(r.doc_id == other for r in rows)).rsplit("-", 1)[0]
    assert moved and {s.rsplit("-", 1)[0] for s in moved} == {bucket}


def test_a_plan_that_lost_a_token_is_noticed(spark):
    counts = spark.createDataFrame([("a", "train", 5), ("b", "train", 3)], "doc_id string, split string, n int")
    plan = spark.createDataFrame([("s", 0, "a", 0, 4), ("s", 1, "b", 0, 3)], shape.PLAN)
    assert [r.doc_id for r in shape.uncovered(plan, counts).collect()] == ["a"]
