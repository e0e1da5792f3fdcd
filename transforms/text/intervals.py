"""How sure a measured share is: intervals for counts, without a library for statistics."""

import math
from collections.abc import Iterable

Z = 1.959964  # of the normal distribution: 95 % lie within it, two-sided
ALPHA = 0.05  # of a one-sided bound


def wilson(hits: float, n: float) -> tuple[float, float]:
    """95 % interval of a share by Wilson (1927), which holds for small n and at 0 and 1; (0, 1) where n is 0.

    Both may be fractions, for the effective size of a weighted sample.

    >>> [round(bound, 3) for bound in wilson(45, 50)]
    [0.786, 0.957]
    >>> [round(bound, 3) for bound in wilson(20, 20)], wilson(0, 0)
    ([0.839, 1.0], (0.0, 1.0))
    """
    if n <= 0:
        return 0.0, 1.0
    share, spread = hits / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    reach = Z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    # At 0 and 1 the bound is the share itself, but for rounding.
    return (0.0 if hits <= 0 else max(0.0, middle - reach)), (1.0 if hits >= n else min(1.0, middle + reach))


def upper_bound(hits: int, n: int) -> float:
    """The share that is not exceeded with 95 % confidence (Clopper and Pearson 1934, one-sided); 1 where n is 0.

    With no hit it is close to 3 / n.

    >>> round(upper_bound(0, 300), 4), round(upper_bound(3, 300), 4), upper_bound(5, 5)
    (0.0099, 0.0256, 1.0)
    """
    if hits >= n:
        return 1.0
    low, high = hits / n, 1.0
    for _ in range(60):  # halves the distance each time
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, n, middle) > ALPHA else (low, middle)
    return high


def weighted(strata: Iterable[tuple[int, int, int]]) -> tuple[float, float, float] | None:
    """Share and its 95 % interval where each part was sampled by itself; None where nothing was judged.

    strata: of each part how many there are, how many were judged, how many of those are right. Parts of which none was
    judged are left out. The interval is Wilson's with Kish's effective size, 1 / sum(weight^2 / judged).

    >>> [round(v, 3) for v in weighted([(900, 10, 10), (100, 10, 5)])]
    [0.95, 0.691, 0.994]
    """
    judged = [(size, n, right) for size, n, right in strata if n]
    whole = sum(size for size, *_ in judged)
    if not whole:
        return None
    share = sum(size / whole * right / n for size, n, right in judged)
    effective = 1 / sum((size / whole) ** 2 / n for size, n, _ in judged)
    return (share, *wilson(share * effective, effective))


def _at_most(hits: int, n: int, share: float) -> float:
    """Probability of at most `hits` of n."""
    logs = (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(hits + 1))
    terms = (log + k * math.log(share) + (n - k) * math.log1p(-share) for k, log in enumerate(logs))
    return math.fsum(map(math.exp, terms))
