"""Intervals hold what they promise: against exact sums, and at the ends."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.intervals import upper_bound, weighted, wilson

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_an_interval_holds_the_share_and_stays_in_0_to_1(counts):
    hits, n = counts
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1


@given(st.integers(0, 30), st.integers(1, 50))
def test_twice_as_much_evidence_is_a_narrower_interval(hits, n):
    hits = min(hits, n)
    one, two = wilson(hits, n), wilson(2 * hits, 2 * n)
    assert two[1] - two[0] < one[1] - one[0]


@given(COUNTS)
def test_at_the_upper_bound_so_few_hits_are_as_rare_as_1_in_20(counts):
    hits, n = counts
    bound = upper_bound(hits, n)
    if hits == n:
        assert bound == 1
    else:
        few = sum(math.comb(n, k) * bound**k * (1 - bound) ** (n - k) for k in range(hits + 1))
        assert few == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("n", [60, 300, 3_000])
def test_without_a_hit_the_bound_is_that_of_the_rule_of_three(n):
    assert upper_bound(0, n) == pytest.approx(3 / n, rel=0.06)


def test_a_large_part_weighs_more_than_a_small_one():
    assert weighted([(990, 10, 10), (10, 10, 0)])[0] == pytest.approx(0.99)
    assert weighted([(10, 10, 10), (990, 10, 0)])[0] == pytest.approx(0.01)


def test_one_part_alone_has_the_interval_of_its_counts():
    assert weighted([(1_000, 50, 45)]) == pytest.approx((0.9, *wilson(45, 50)))


def test_parts_of_which_nothing_was_judged_say_nothing():
    assert weighted([(100, 0, 0)]) is None
    assert weighted([(100, 0, 0), (10, 4, 4)])[0] == 1
