"""Small sums over arrays of numbers that several passes need."""

import numpy as np
from numpy.typing import NDArray


def count_within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, ... within each group.

    >>> count_within(np.array([2, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(starts, counts)
