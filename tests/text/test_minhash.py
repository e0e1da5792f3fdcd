"""Signatures, bands and the plan."""

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.minhash import MOST_SLOTS, Bands, bands_of, plan, s_curve, signatures
from corpusmill.transforms.text.shingles import Hashes, Offsets

PAIRS = 400


def pairs_of_sets(size: int, shared: int, seed: int) -> tuple[Hashes, Offsets]:
    """PAIRS pairs of sets of `size` random hashes of which `shared` are common."""
    random = np.random.default_rng(seed)
    sets = []
    for _ in range(PAIRS):
        pool = random.integers(0, 2**64, 2 * size - shared, dtype=np.uint64)
        sets += [np.sort(pool[:size]), np.sort(pool[size - shared :])]
    return np.concatenate(sets), np.arange(0, size * len(sets) + 1, size)


@pytest.mark.parametrize(("size", "shared"), [(12, 9), (50, 33), (50, 44), (400, 330), (3000, 2600)])
def test_agreement_of_slots_estimates_jaccard_without_bias_and_bands_follow_the_curve(size: int, shared: int) -> None:
    values, offsets = pairs_of_sets(size, shared, seed=size)
    signed = signatures(values, offsets, 160)
    similarity, bands = shared / (2 * size - shared), Bands(20, 8)
    estimates = (signed[0::2] == signed[1::2]).mean(axis=1)
    spread = (similarity * (1 - similarity) / 160) ** 0.5
    assert abs(estimates.mean() - similarity) < 4 * spread / PAIRS**0.5
    assert estimates.std() < 1.15 * spread

    banded = bands_of(signed, bands)
    found, expected = (banded[0::2] == banded[1::2]).any(axis=1).mean(), s_curve(bands, similarity)
    assert abs(found - expected) < 4 * (expected * (1 - expected) / PAIRS) ** 0.5 + 1e-9


def test_estimates_are_as_close_to_the_truth_as_those_of_datasketch() -> None:
    size, shared = 60, 48
    values, offsets = pairs_of_sets(size, shared, seed=3)
    values, offsets = values[: size * 120], offsets[:121]
    signed = signatures(values, offsets, 128)
    peers = [MinHash(num_perm=128, hashfunc=lambda value: value & 0xFFFFFFFF) for _ in range(120)]
    for i, peer in enumerate(peers):
        for value in values[offsets[i] : offsets[i + 1]].tolist():
            peer.update(value)
    truth = shared / (2 * size - shared)
    ours = (signed[0::2] == signed[1::2]).mean(axis=1) - truth
    theirs = np.array([a.jaccard(b) for a, b in zip(peers[0::2], peers[1::2], strict=True)]) - truth
    assert abs(ours.mean()) < 0.02
    assert abs(theirs.mean()) < 0.02
    assert ours.std() < 1.3 * theirs.std()


def test_signatures_do_not_depend_on_the_batch_and_do_on_the_seed() -> None:
    values, offsets = pairs_of_sets(300, 100, seed=5)
    signed = signatures(values, offsets, 24)
    for i in (0, 1, 399, 799):
        alone = signatures(values[offsets[i] : offsets[i + 1]], np.array([0, 300]), 24)
        assert alone[0].tolist() == signed[i].tolist()
    assert (signatures(values, offsets, 24, seed=2) != signed).mean() > 0.99


def test_a_slot_is_the_least_value_of_its_permutation() -> None:
    """In Python's integers, so that stored signatures can be made again anywhere."""
    values = np.array([3 << 32, (7 << 32) + 5, (2**32 - 1) << 32], dtype=np.uint64)
    random = np.random.Generator(np.random.PCG64(9))
    factors = [int(f) | 1 for f in random.integers(0, 2**32, 4, dtype=np.uint64)]
    addends = [int(a) for a in random.integers(0, 2**32, 4, dtype=np.uint64)]
    expected = [min((v * f + a) % 2**32 for v in (3, 7, 2**32 - 1)) for f, a in zip(factors, addends, strict=True)]
    assert signatures(values, np.array([0, 3]), 4, seed=9)[0].tolist() == expected


def test_empty_sets_between_others_change_nothing_and_have_no_least_value() -> None:
    values, offsets = pairs_of_sets(10, 5, seed=6)
    spread = np.array([0, 0, 10, 10, 20, 20])
    signed = signatures(values[:20], spread, 8)
    assert signed[[1, 3]].tolist() == signatures(values[:20], offsets[:3], 8).tolist()
    assert (signed[[0, 2, 4]] == 2**32 - 1).all()


def test_texts_with_no_sets_at_all_get_a_row_each() -> None:
    assert signatures(np.empty(0, dtype=np.uint64), np.zeros(4, dtype=np.int64), 8).shape == (3, 8)


def test_equal_rows_in_different_bands_have_different_hashes() -> None:
    banded = bands_of(np.full((2, 40), 7, dtype=np.uint32), Bands(5, 8))
    assert banded[0].tolist() == banded[1].tolist()
    assert len(set(banded[0].tolist())) == 5


def test_the_plan_for_the_default_recipe_is_twenty_bands_of_eight_rows() -> None:
    assert plan(minimum_similarity=0.7, recall=0.97) == Bands(20, 8)


@given(st.floats(0.01, 1.0), st.floats(0.01, 0.9999))
def test_a_plan_reaches_its_recall_and_no_sharper_one_of_as_many_slots_does(minimum: float, recall: float) -> None:
    found = plan(minimum, recall)
    wanted_at = min(minimum + 0.1, (minimum + 1) / 2)
    assert s_curve(found, wanted_at) >= recall - 1e-9
    sharper = Bands(MOST_SLOTS // (found.rows + 1), found.rows + 1)
    assert found.rows == MOST_SLOTS or sharper.bands == 0 or s_curve(sharper, wanted_at) < recall + 1e-9


@pytest.mark.parametrize(
    ("bands", "similarity", "expected"),
    [(Bands(14, 8), 0.8, 0.924), (Bands(20, 13), 0.75, 0.382), (Bands(9, 13), 0.8, 0.399), (Bands(1, 1), 0.3, 0.3)],
)
def test_the_curve_is_that_of_the_literature(bands: Bands, similarity: float, expected: float) -> None:
    assert s_curve(bands, similarity) == pytest.approx(expected, abs=0.001)


def test_of_bands_or_rows_given_alone_the_other_is_planned_for_the_recall():
    for bands in (1, 2, 5, 20, 60, 200):
        planned = plan(0.7, 0.97, bands=bands)
        assert planned.bands == bands
        reached = [s_curve(Bands(bands, rows), 0.8) >= 0.97 for rows in range(1, 40)]
        assert planned.rows == max(1, sum(reached)), "the most rows that still reach it"
    for rows in (1, 3, 8, 12):
        planned = plan(0.7, 0.97, rows=rows)
        assert s_curve(planned, 0.8) >= 0.97 > s_curve(Bands(planned.bands - 1, rows), 0.8)
