"""How many times as often something is counted on one side as on the other, and between which bounds that holds."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDS = 60  # of bisection: more than a double has bits


@dataclass(frozen=True, eq=False)
class Side:
    """Counts on one side. count: how often; exposure: among how many words; squares: sum over documents of count²."""

    count: Floats
    exposure: Floats
    squares: Floats

    @property
    def design_effect(self) -> Floats:
        """By how much counts that come in lumps say less than as many single ones (Kish 1965): 1 and more.

        A document in which a word stands five times says about as much as one in which it stands once.
        """
        return np.where(self.count > 0, self.squares / np.maximum(self.count, 1), 1.0)


def width(n_intervals: int, together: float = 0.95) -> float:
    """Half the width, in standard deviations, with which that many intervals hold all together (Bonferroni).

    >>> round(width(1), 2), round(width(1000), 2)
    (1.96, 4.06)
    """
    return NormalDist().inv_cdf(1 - (1 - together) / (2 * max(1, n_intervals)))


def ratios(a: Side, b: Side, z: float) -> tuple[Floats, Floats, Floats]:
    """Rate on side a over rate on side b, and the bounds of its interval; infinite or 0 where one side has none.

    Bounds are those of the likelihood ratio of two Poisson rates, whose counts are divided by their design effects: it
    serves for small counts too, where bounds by the standard error of the logarithm are too close.

    >>> a, b = (Side(*(np.array([float(n)]) for n in (count, 1000, count))) for count in (30, 10))
    >>> [round(float(x[0]), 2) for x in ratios(a, b, 1.96)]
    [3.0, 1.52, 6.46]
    """
    effect_a = np.where(a.count > 0, a.design_effect, b.design_effect)
    effect_b = np.where(b.count > 0, b.design_effect, a.design_effect)
    count_a, count_b = a.count / effect_a, b.count / effect_b
    exposure_a, exposure_b = a.exposure / effect_a, b.exposure / effect_b
    low, high = _share_bounds(count_a, count_b, z)
    scale = exposure_b / exposure_a
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            (a.count / a.exposure) / (b.count / b.exposure),
            low / (1 - low) * scale,
            np.where(high >= 1, np.inf, high / (1 - high) * scale),
        )


def _share_bounds(a: Floats, b: Floats, z: float) -> tuple[Floats, Floats]:
    """Between which shares of a in a + b the likelihood is not less than e^(-z²/2) times its maximum."""
    n = a + b
    best = np.where(n > 0, a / np.maximum(n, 1e-300), 0.5)
    most = _log_likelihood(a, b, best) - z * z / 2

    def bound(outer: Floats) -> Floats:
        inside, outside = best.copy(), outer
        for _ in range(ROUNDS):
            middle = (inside + outside) / 2
            good = _log_likelihood(a, b, middle) >= most
            inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
        return outside

    low, high = bound(np.zeros_like(best)), bound(np.ones_like(best))
    return np.where(a > 0, low, 0.0), np.where(b > 0, high, 1.0)


def _log_likelihood(a: Floats, b: Floats, share: Floats) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(a > 0, a * np.log(share), 0.0) + np.where(b > 0, b * np.log1p(-share), 0.0)
