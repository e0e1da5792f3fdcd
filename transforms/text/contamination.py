"""Items of test sets in texts: which share of an item's n-grams stands together in a text, and where.

Words and n-grams are those of near_dedup (case, punctuation and Unicode form make no difference). A long n-gram is lost
with every word that differs, so short items are looked for by shorter ones, a quarter of their words; those of fewer
than WHOLE words have to stand there whole.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusmill.transforms.text import shingles

SMALLER = (7, 5)  # n-grams for items that are too short for the wanted ones
SHORTEST = 5  # words; of shorter items nothing can be said
WHOLE = 10  # words; an item of fewer has to be there from its first to its last
SHORT = 20  # words; an item of fewer needs SHORT_OVERLAP, since a few of its words are soon together by chance
SHORT_OVERLAP = 0.6
_SLOTS = 24  # bits of an n-gram by which nearly all that are no item's are told, in a table that fits the cache


class Item(NamedTuple):
    """One text of a test set: a question, an answer."""

    benchmark: str
    item_id: str
    text: str


class Match(NamedTuple):
    """An item in a text. overlap: share of the item's n-grams, 0..1. start, end: its words there, half-open."""

    text: int
    item: int
    overlap: float
    start: int
    end: int


@dataclass(frozen=True)
class _Part:
    """The n-grams of one size: sorted, and the items that have them. Those of n-gram i stand at starts[i:i + 2]."""

    size: int
    hashes: shingles.Hashes
    starts: shingles.Offsets
    items: NDArray[np.int64]
    table: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True)
class Index:
    """What is looked for. items: those that can be; n_words, n_ngrams, limits: of each. n_short: items left out."""

    items: tuple[Item, ...]
    n_words: NDArray[np.int64]
    n_ngrams: NDArray[np.int64]
    limits: NDArray[np.float64]
    parts: tuple[_Part, ...]
    n_short: int


def size_for(n_words: int, ngram: int) -> int:
    """The n-gram by which an item of so many words is looked for.

    >>> size_for(60, 10), size_for(30, 10), size_for(12, 10), size_for(100, 13)
    (10, 7, 5, 13)
    """
    fitting = [n for n in SMALLER if n < ngram] if ngram > max(SHORTEST, n_words // 4) else [ngram]
    return max((n for n in fitting if n <= max(SHORTEST, n_words // 4)), default=ngram)


def index(items: Iterable[Item], ngrams: dict[str, int], minimum_overlap: float) -> Index:
    """Make ready what is looked for. ngrams: words in an n-gram, by benchmark."""
    every = list(items)
    words, ends = shingles.word_hashes(pl.Series([item.text for item in every], dtype=pl.String))
    counts = np.diff(ends)
    sizes = np.array([size_for(n, ngrams[item.benchmark]) for item, n in zip(every, counts.tolist(), strict=True)])
    chosen = np.flatnonzero((counts >= np.minimum(SHORTEST, sizes)) & (counts >= sizes)) if every else np.empty(0, int)
    place = np.full(len(every), -1)
    place[chosen] = np.arange(len(chosen))
    n_ngrams = np.zeros(len(chosen), dtype=np.int64)
    parts = []
    for size in sorted(set(sizes[chosen].tolist())) if every else ():
        grams, inside = shingles.ngrams_at(words, ends, size)
        owner = place[np.repeat(np.arange(len(every)), counts)][: len(grams)]
        mine = inside & (owner >= 0) & (sizes[np.repeat(np.arange(len(every)), counts)][: len(grams)] == size)
        order = np.lexsort((owner[mine], grams[mine]))
        gram, item = grams[mine][order], owner[mine][order]
        new = np.append(True, (gram[1:] != gram[:-1]) | (item[1:] != item[:-1]))
        n_ngrams += np.bincount(item[new], minlength=len(chosen))
        parts.append(_part(size, gram[new], item[new]))
    n_words = counts[chosen]
    limits = np.where(
        n_words < WHOLE, 1.0, np.where(n_words < SHORT, max(SHORT_OVERLAP, minimum_overlap), minimum_overlap)
    )
    kept = tuple(every[at] for at in chosen.tolist())
    return Index(kept, n_words, n_ngrams, limits, tuple(parts), len(every) - len(chosen))


def matches(texts: pl.Series, wanted: Index) -> list[Match]:
    """The items in each text that reach their limit, by text and item."""
    words, ends = shingles.word_hashes(texts)
    text_of = np.repeat(np.arange(len(texts)), np.diff(ends))
    found = [_lookup(*shingles.ngrams_at(words, ends, part.size), part) for part in wanted.parts]
    at, item, gram, size = (
        (np.concatenate(column) for column in zip(*found, strict=True)) if found else [np.empty(0, int)] * 4
    )
    order = np.lexsort((at, item, text_of[at]))
    rows = zip(text_of[at][order].tolist(), item[order].tolist(), at[order].tolist(), gram[order].tolist(), strict=True)
    sizes = dict(zip(item.tolist(), size.tolist(), strict=True))
    result = []
    for (text, number), group in groupby(rows, key=lambda row: row[:2]):
        places = [(row[2], row[3]) for row in group]
        needed = wanted.limits[number] * wanted.n_ngrams[number] - 1e-9
        if len({gram for _, gram in places}) < needed:
            continue
        n_found, first, last = _densest(places, 2 * int(wanted.n_words[number]))
        if n_found >= needed:
            begin = int(ends[text])
            overlap = n_found / int(wanted.n_ngrams[number])
            result.append(Match(text, number, overlap, first - begin, last + sizes[number] - begin))
    return result


def _part(size: int, grams: shingles.Hashes, items: NDArray[np.int64]) -> _Part:
    hashes, starts = np.unique(grams, return_index=True)
    table = np.zeros(1 << _SLOTS, dtype=bool)
    table[_slots(hashes)] = True
    return _Part(size, hashes, np.append(starts, len(grams)), items, table)


def _slots(grams: shingles.Hashes) -> NDArray[np.int64]:
    return (grams >> np.uint64(64 - _SLOTS)).astype(np.int64)


def _lookup(grams: shingles.Hashes, inside: NDArray[np.bool_], part: _Part) -> tuple[NDArray[np.int64], ...]:
    """Each n-gram of an item: the word at which it begins, the item, its number among the n-grams, and its size."""
    at = np.flatnonzero(part.table[_slots(grams)] & inside)
    gram = np.searchsorted(part.hashes, grams[at])
    known = gram < len(part.hashes)
    known[known] = part.hashes[gram[known]] == grams[at][known]
    at, gram = at[known], gram[known]
    each = part.starts[gram + 1] - part.starts[gram]
    row = np.repeat(np.arange(len(at)), each)
    posting = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each) + part.starts[gram][row]
    return at[row], part.items[posting], gram[row], np.full(len(row), part.size)


def _densest(places: Sequence[tuple[int, int]], width: int) -> tuple[int, int, int]:
    """Of (word, n-gram) in order: most different n-grams in a window of words, its first and its last word."""
    held: Counter[int] = Counter()
    best, start = (0, 0, 0), 0
    for word, gram in places:
        held[gram] += 1
        while places[start][0] < word - width:
            before = places[start][1]
            held[before] -= 1
            if not held[before]:
                del held[before]
            start += 1
        if len(held) > best[0]:
            best = (len(held), places[start][0], word)
    return best
