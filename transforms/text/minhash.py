"""MinHash signatures, their bands, and the plan that finds bands and rows for a wanted recall.

A signature has bands x rows slots (datasketch's `num_perm`); slot p is the least value of one permutation over a text's
n-grams, so two texts agree in a slot with the probability of their Jaccard similarity. Two texts that agree in all rows
of a band are candidates. The permutations are odd multiples plus a constant, modulo 2**32, of the upper half of the
hashes: plain arithmetic, the same everywhere and for good (rensa's kernel is quicker still, but its digests change with
its versions, and at 40 million n-grams a second and core signatures are the smallest part of the work).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusmill.transforms.text.shingles import Hashes, Offsets, mix

Signatures = NDArray[np.uint32]

# Beyond 200 slots the curve sharpens little: the peers that were read take 112 to 286, most of them 250 or fewer.
MOST_SLOTS = 200
_NGRAMS_AT_ONCE = 1 << 16  # 256 kB of uint32: stays in the processor's cache


@dataclass(frozen=True)
class Bands:
    """How a signature is cut: `bands` bands of `rows` slots."""

    bands: int
    rows: int

    @property
    def slots(self) -> int:
        """Length of the signature; datasketch's `num_perm`."""
        return self.bands * self.rows


def plan(minimum_similarity: float, recall: float, bands: int | None = None, rows: int | None = None) -> Bands:
    """The sharpest curve of at most `MOST_SLOTS` slots that finds pairs just over the limit with probability `recall`.

    `just_over` says where that is. For each number of rows the fewest bands that suffice are known; more rows propose
    fewer pairs in vain. bands, rows: taken as they are where they are given; of one alone the other is planned, with
    one row at least.

    >>> plan(minimum_similarity=0.7, recall=0.97)
    Bands(bands=20, rows=8)
    >>> plan(0.7, 0.97, bands=30), plan(0.7, 0.97, rows=5), plan(0.7, 0.97, bands=14, rows=8)
    (Bands(bands=30, rows=9), Bands(bands=9, rows=5), Bands(bands=14, rows=8))
    """
    similarity = just_over(minimum_similarity)
    if rows is not None:
        return Bands(bands or _bands_needed(similarity, rows, recall), rows)
    needed = {n: _bands_needed(similarity, n, recall) for n in range(1, MOST_SLOTS + 1)}
    if bands is not None:
        return Bands(bands, max((n for n in needed if needed[n] <= bands), default=1))
    rows = max((n for n in needed if n * needed[n] <= MOST_SLOTS), default=1)
    return Bands(needed[rows], rows)


def just_over(minimum_similarity: float) -> float:
    """The similarity at which the recall is wanted: 0.1 above the limit (0..1), or half of the way to 1 if nearer."""
    return min(minimum_similarity + 0.1, (minimum_similarity + 1) / 2)


def s_curve(bands: Bands, similarity: float) -> float:
    """The probability that a pair of this Jaccard similarity is a candidate.

    >>> round(s_curve(Bands(20, 8), 0.8), 3), round(s_curve(Bands(20, 8), 0.5), 3)
    (0.975, 0.075)
    """
    return 1 - (1 - similarity**bands.rows) ** bands.bands


def signatures(values: Hashes, offsets: Offsets, slots: int, seed: int = 1) -> Signatures:
    """The signatures of n-gram sets as `shingles.ngram_sets` gives them: uint32 of shape (texts, slots).

    An empty set has the greatest value in every slot: it must not be banded, for all empty sets would be alike.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    multipliers = (random.integers(0, 1 << 32, slots, dtype=np.uint64) | np.uint64(1)).astype(np.uint32)
    addends = random.integers(0, 1 << 32, slots, dtype=np.uint64).astype(np.uint32)
    upper = (values >> np.uint64(32)).astype(np.uint32)
    filled = np.flatnonzero(np.diff(offsets) > 0)
    starts = np.append(offsets[filled], offsets[-1])
    result = np.full((len(offsets) - 1, slots), np.iinfo(np.uint32).max, dtype=np.uint32)
    at = 0
    while at < len(filled):
        end = max(at + 1, int(np.searchsorted(starts, starts[at] + _NGRAMS_AT_ONCE, side="right")) - 1)
        part, firsts = upper[starts[at] : starts[end]], starts[at:end] - starts[at]
        permuted, least = np.empty_like(part), np.empty((slots, end - at), dtype=np.uint32)
        for slot in range(slots):
            np.multiply(part, multipliers[slot], out=permuted)
            np.add(permuted, addends[slot], out=permuted)
            np.minimum.reduceat(permuted, firsts, out=least[slot])
        result[filled[at:end]] = least.T
        at = end
    return result


def bands_of(signed: Signatures, bands: Bands) -> NDArray[np.int64]:
    """A 64-bit hash for each band of each signature, shape (texts, bands); the band's number is part of its hash."""
    slots = signed.reshape(len(signed), bands.bands, bands.rows)
    hashed = np.tile(np.arange(bands.bands, dtype=np.uint64), (len(signed), 1))
    for row in range(bands.rows):
        hashed ^= slots[:, :, row]
        mix(hashed)
    return hashed.view(np.int64)


def _bands_needed(similarity: float, rows: int, recall: float) -> int:
    missed_by_one = 1 - similarity**rows
    if missed_by_one <= 0:
        return 1
    # log1p(-p) is zero for a band that finds nothing: infinitely many are needed.
    per_band = math.log(missed_by_one)
    return math.ceil(math.log(1 - recall) / per_band) if per_band else MOST_SLOTS + 1
