"""N-grams as datatrove 0.10.1 counts them: the commonest one, and those met before while reading on."""

import numpy as np
import polars as pl

from corpusmill.transforms.text.arrays import count_within
from corpusmill.transforms.text.signals_ngrams import first_of_document, most_of_document, times_of
from corpusmill.transforms.text.signals_pieces import GOLDEN, Keys, Numbers, Pieces, duplicated

BASE = np.uint64(0x2545F4914F6CDD1D)  # odd, so that it has an inverse modulo 2^64
INVERSE = np.uint64(pow(int(BASE), -1, 2**64))


def top_ngram(words: Pieces, n: int) -> Numbers:
    """Characters of each document's commonest n-gram, with a space between words, times how often it occurs; else 0.

    Of equally common ones the first counts, of n-grams that occur once too.
    """
    start, document = _starts(words, n)
    key = words.keys[start]
    for further in range(1, n):
        key = key * GOLDEN + words.hashes[start + further]
    times = times_of(key)
    at = np.flatnonzero(times == most_of_document(times, document))
    at = at[first_of_document(document[at])]
    found = np.zeros(len(words.count), dtype=np.int64)
    found[document[at]] = (words.before[start[at] + n] - words.before[start[at]] + n - 1) * times[at]
    return found


class Letters:
    """The letters of a batch's words without the gaps between them; 64-bit hashes of any stretch of words."""

    def __init__(self, words: Pieces) -> None:
        letters = np.frombuffer(words.values.str.join("").item().encode("utf-32-le"), dtype="<u4")
        powers = np.cumprod(np.full(len(letters), BASE), dtype=np.uint64)
        self.sums = np.zeros(len(letters) + 1, dtype=np.uint64)
        np.cumsum(pl.Series(letters).hash().to_numpy() * powers, out=self.sums[1:])
        self.inverses = np.cumprod(np.full(len(letters) + 1, INVERSE), dtype=np.uint64)

    def hashes(self, begin: Numbers, end: Numbers) -> Keys:
        """Of the letters from `begin` up to `end`: equal for equal ones, wherever they stand."""
        keys: Keys = (self.sums[end] - self.sums[begin]) * self.inverses[begin]
        return keys


def repeated_ngrams(words: Pieces, letters: Letters, n: int) -> Numbers:
    """Characters of each document's n-grams that were read before, the first time not counted.

    After such an n-gram reading goes on behind it, else at the next word. N-grams are the same where their words make
    the same letters: `ab c` and `a bc` are.
    """
    start, document = _starts(words, n)
    begin, end = words.before[start], words.before[start + n]
    key = letters.hashes(begin, end) + document.astype(np.uint64) * GOLDEN
    again = np.flatnonzero(duplicated(key))  # no other n-gram can be met before
    size = (end - begin)[again]
    found = np.zeros(len(again), dtype=np.int64)
    known: set[int] = set()
    free = 0
    for number, (at, one) in enumerate(zip(start[again].tolist(), key[again].tolist(), strict=True)):
        if at < free:
            continue
        if one in known:
            found[number], free = size[number], at + n
        known.add(one)
    return np.bincount(document[again], weights=found, minlength=len(words.count)).astype(np.int64)


def _starts(words: Pieces, n: int) -> tuple[Numbers, Numbers]:
    """The first word of each n-gram, and its document."""
    counts = np.maximum(words.count - n + 1, 0)
    document = np.repeat(np.arange(len(counts)), counts)
    return words.offsets[document] + count_within(counts), document
