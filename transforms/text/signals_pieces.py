"""Pieces of a batch of documents (words, lines, paragraphs) laid end to end, and sums and shares over them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Indices = NDArray[np.int32]  # of pieces: a batch has far fewer than two billion, and half the memory counts

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # odd, bits well spread: makes one key of a hash and a small number


@dataclass(frozen=True, eq=False)
class Pieces:
    """Words, lines or paragraphs of a batch, end to end. offsets: of each document's first piece, and the end."""

    values: pl.Series
    offsets: Numbers
    _matching: dict[str, Mask] = field(default_factory=dict)

    @cached_property
    def count(self) -> Numbers:
        """Pieces of each document."""
        return np.diff(self.offsets)

    @cached_property
    def document(self) -> Indices:
        """The number of each piece's document."""
        return np.repeat(np.arange(len(self.count), dtype=np.int32), self.count)

    @cached_property
    def lengths(self) -> Indices:
        """Characters of each piece."""
        return self.values.str.len_chars().to_numpy().astype(np.int32)

    @cached_property
    def before(self) -> Numbers:
        """Characters in the pieces before each piece, and before the end."""
        return offsets_of(self.lengths)

    @cached_property
    def hashes(self) -> Keys:
        """A 64-bit hash of each piece."""
        return self.values.hash().to_numpy()

    @cached_property
    def keys(self) -> Keys:
        """A 64-bit hash of each piece and its document: equal where the same piece stands in the same document."""
        return self.hashes + self.document.astype(np.uint64) * GOLDEN

    @cached_property
    def repeated(self) -> Mask:
        """Pieces that occur at least twice in their document: all occurrences, the first too."""
        return duplicated(self.keys)

    @cached_property
    def first(self) -> Mask:
        """Pieces that have not occurred before in their document."""
        return pl.Series(self.keys).is_first_distinct().to_numpy()

    @cached_property
    def occurrences(self) -> tuple[Numbers, Numbers]:
        """Of each different piece of a document: the document's number, and how often it occurs there."""
        bits = np.uint64(max(1, len(self.count).bit_length()))
        keys = np.sort((self.document.astype(np.uint64) << (np.uint64(64) - bits)) | (self.hashes >> bits))
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        times = np.diff(np.append(first, len(keys)))
        return (keys[first] >> (np.uint64(64) - bits)).astype(np.int64), times

    @property
    def counts(self) -> pl.Series:
        """`count` as a column."""
        return pl.Series(self.count)

    def matching(self, pattern: str) -> Mask:
        """Pieces in which the regular expression matches somewhere; signals may ask for the same one."""
        if pattern not in self._matching:
            self._matching[pattern] = self.values.str.contains(pattern).to_numpy()
        return self._matching[pattern]

    def total(self, per_piece: NDArray[np.generic]) -> Numbers:
        """Sum over each document's pieces; 0 where it has none."""
        sums = np.zeros(len(per_piece) + 1, dtype=np.int64)
        np.cumsum(per_piece, out=sums[1:])
        return np.diff(sums[self.offsets])

    def totals(self, per_piece: NDArray[np.generic]) -> pl.Series:
        """`total` as a column."""
        return pl.Series(self.total(per_piece))

    def share(self, mask: Mask, of_characters: bool = False, among: Mask | None = None) -> pl.Series:
        """Share of each document's pieces (or of their characters, or `among` some of them) in `mask`; 0 of none."""
        if of_characters:
            return share(self.total(self.lengths * mask), self.total(self.lengths))
        return share(self.total(mask), self.count if among is None else self.total(among))


def share(part: Numbers, whole: Numbers) -> pl.Series:
    """part / whole for each document; 0 where the whole is 0."""
    return pl.Series(part / np.maximum(whole, 1))


def offsets_of(counts: NDArray[np.integer]) -> Numbers:
    """Where each document's pieces begin, and the end of the last: 0 and the running sums."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def duplicated(keys: Keys) -> Mask:
    """Keys that occur at least twice."""
    return pl.Series(keys).is_duplicated().to_numpy()
