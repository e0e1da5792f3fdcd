"""Vectors: reading, clusters, and who is like whom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import vectors


def unit(seed: int, n: int, numbers: int = 16) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(n, numbers))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 60), st.floats(0.05, 0.99))
def test_pairs_are_those_of_comparing_every_two(seed, n, minimum):
    found = unit(seed, n, 4) if n else np.empty((0, 4), dtype=np.float32)
    first, second, cosine = vectors.similar_pairs(found, minimum)
    products = (found[:, None].astype(np.float64) * found).sum(axis=2)
    every = {(i, j): products[i, j] for j in range(n) for i in range(j) if products[i, j] >= minimum}
    kept = {pair: value for pair, value in every.items() if sum(q[1] == pair[1] for q in every) <= vectors.HEADS}
    told = dict(zip(zip(first.tolist(), second.tolist(), strict=True), cosine.tolist(), strict=True))
    assert kept.keys() <= told.keys() <= every.keys()
    assert all(abs(told[pair] - every[pair]) < 1e-12 for pair in told)


def test_of_many_equal_ones_each_is_paired_with_the_first_few_over_blocks():
    n = vectors.BLOCK * 2 + 100
    first, second, cosine = vectors.similar_pairs(np.repeat(unit(1, 1), n, axis=0), 0.9)
    assert len(first) < n * vectors.HEADS
    assert first.max() == vectors.HEADS - 1 and set(second.tolist()) == set(range(1, n))
    assert cosine.max() <= 1.0


def test_k_means_finds_the_groups_that_there_are_whatever_the_seed():
    centres = unit(5, 6, 32)
    found = np.concatenate([centre + 0.05 * unit(n, 40, 32) for n, centre in enumerate(centres)])
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    centroids = vectors.k_means(found, 12, seed=3)
    groups = vectors.nearest(found, centroids, 1)[:, 0].reshape(6, 40)
    assert len({frozenset(group.tolist()) for group in groups}) == 6
    assert not any(set(one.tolist()) & set(other.tolist()) for i, one in enumerate(groups) for other in groups[:i])
    assert np.array_equal(centroids, vectors.k_means(found, 12, seed=3))
    assert np.allclose(np.linalg.norm(centroids, axis=1), 1)


@pytest.mark.parametrize("text", [None, "", "words", "[]", "[0, 0]", '["a"]', "[[1, 2]]", "[1, null]", "1", "{}"])
def test_what_is_no_list_of_numbers_has_no_vector(text):
    assert vectors.read([text]) == [None]


def test_vectors_of_two_lengths_are_told():
    with pytest.raises(UserError, match="2 to 3 numbers"):
        vectors.matrix(vectors.read(["[1, 2]", "[1, 2, 3]"]))


def test_a_model_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match=r"near_dedup\.semantic\.model"):
        vectors.load(str(tmp_path))
