"""Pairs that buckets propose, their Jaccard similarity, and the removal set in one task."""

import itertools
from zlib import crc32

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.pairs import HEADS, WINDOW, jaccards, propose, removals
from corpusmill.transforms.text.shingles import ngram_sets

from ..dedup_reference import jaccard, ngrams

Bucket = list[str]


def batches_of(buckets: list[Bucket], size: int, n_ngrams: int = 10) -> list[pa.RecordBatch]:
    """The buckets' rows, the documents of each in keeper order, in batches of `size` rows."""
    rows = [(band, doc, -i, n_ngrams) for band, bucket in enumerate(buckets) for i, doc in enumerate(bucket)]
    columns = zip(*rows, strict=True) if rows else [[]] * 4
    types = [pa.int64(), pa.string(), pa.int64(), pa.int32()]
    arrays = [pa.array(list(c), t) for c, t in zip(columns, types, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, names=["band", "doc_id", "priority", "n_ngrams"])
    return [batch.slice(at, size) for at in range(0, batch.num_rows, size)]


def proposed(batches: list[pa.RecordBatch], minimum: float = 0.7) -> list[tuple[str, str, int]]:
    rows = [row for batch in propose(batches, minimum, rows_at_once=1) for row in batch.to_pylist()]
    return [(row["a"], row["b"], row["home"]) for row in rows]


@given(st.lists(st.integers(1, 7), max_size=30), st.integers(1, 12))
def test_all_pairs_of_each_small_bucket_are_proposed_once_wherever_batches_end(sizes: list[int], size: int) -> None:
    buckets = [[f"{band}-{i}" for i in range(n)] for band, n in enumerate(sizes)]
    expected = [(a, b, crc32(bucket[0].encode())) for bucket in buckets for a, b in itertools.combinations(bucket, 2)]
    assert sorted(proposed(batches_of(buckets, size))) == sorted(expected)


@pytest.mark.parametrize("size", [1, 7, 33, 64, 500, 5000])
def test_a_giant_bucket_proposes_for_each_document_its_heads_and_those_right_before_it(size: int) -> None:
    giant = [f"{i:04}" for i in range(1000)]
    found = proposed(batches_of([["x", "y"], giant, ["z"], ["p", "q"]], size))
    expected = {("x", "y", crc32(b"x")), ("p", "q", crc32(b"p"))}
    for i in range(1000):
        before = set(range(max(0, i - WINDOW), i)) | set(range(min(i, HEADS)))
        expected |= {(giant[j], giant[i], crc32(b"0000")) for j in before}
    assert len(found) == len(expected)
    assert set(found) == expected


def test_the_largest_bucket_of_which_all_pairs_are_proposed_has_heads_and_window_and_one() -> None:
    n = HEADS + WINDOW + 1
    assert len(proposed(batches_of([[f"{i:02}" for i in range(n)]], 10))) == n * (n - 1) // 2
    assert len(proposed(batches_of([[f"{i:02}" for i in range(n + 1)]], 10))) == (n + 1) * n // 2 - 1


def test_pairs_whose_sizes_rule_the_similarity_out_are_left_out_and_those_at_the_limit_are_not() -> None:
    batch = batches_of([["a", "b", "c"]], 9)[0]
    batch = batch.set_column(3, "n_ngrams", pa.array([10, 7, 6], pa.int32()))
    assert [(a, b) for a, b, _ in proposed([batch])] == [("a", "b"), ("b", "c")]


def test_no_rows_propose_no_pairs() -> None:
    assert proposed([]) == []
    assert proposed([batches_of([["a"]], 1)[0].slice(0, 0)]) == []


@given(st.lists(st.text(alphabet="ab c", min_size=9, max_size=40), min_size=2, max_size=8))
def test_jaccards_are_those_of_sets_of_word_tuples(texts: list[str]) -> None:
    texts = [text for text in texts if ngrams(text, 2)]
    values, offsets = ngram_sets(pl.Series(texts, dtype=pl.String), 2)
    pairs = list(itertools.permutations(range(len(texts)), 2))
    left, right = np.array([p[0] for p in pairs], dtype=int), np.array([p[1] for p in pairs], dtype=int)
    expected = [jaccard(ngrams(texts[i], 2), ngrams(texts[j], 2)) for i, j in pairs]
    assert jaccards(values, offsets, left, right).tolist() == expected


def pair_table(pairs: list[tuple[str, str]], priorities: dict[str, int] | None = None) -> pa.Table:
    ranks = priorities or {}
    same = {"similarity": 0.8, "method": "minhash"}
    rows = [{"a": a, "b": b, "a_priority": ranks.get(a, 0), "b_priority": ranks.get(b, 0), **same} for a, b in pairs]
    return pa.Table.from_pylist(rows)


def removed(table: pa.Table) -> dict[str, str]:
    return {row["doc_id"]: row["kept_doc_id"] for row in removals(table).to_pylist()}


def test_a_chain_whose_ends_are_apart_keeps_both_ends() -> None:
    assert removed(pair_table([("a", "b"), ("b", "c")])) == {"b": "a"}


def test_a_document_similar_to_a_removed_one_only_stays_however_long_the_chain() -> None:
    names = [f"{i:03}" for i in range(500)]
    found = removed(pair_table(list(itertools.pairwise(names))))
    assert found == {names[i]: names[i - 1] for i in range(1, 500, 2)}


def test_the_first_kept_one_in_keeper_order_is_named() -> None:
    ranks = {"z": 9, "y": 8, "x": 7, "a": 1}
    assert removed(pair_table([("x", "a"), ("y", "a"), ("z", "x")], ranks)) == {"x": "z", "a": "y"}


def test_higher_priority_stands_before_a_lower_doc_id() -> None:
    assert removed(pair_table([("z", "a"), ("a", "m")], {"z": 3, "a": 2, "m": 1})) == {"a": "z"}
