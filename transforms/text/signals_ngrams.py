"""N-grams of words that repeat inside a document, and the characters that they cover."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusmill.transforms.text.signals_pieces import GOLDEN, Indices, Keys, Numbers, Pieces, duplicated

LONGEST_TOP = 4  # the longest n-gram of which the most frequent one is asked for
LONGEST = 10

NO_KEYS = np.empty(0, dtype=np.uint64)


class Ngrams(NamedTuple):
    """Occurrences of repeated n-grams in the order of the text: first word, and word after the last.

    key: equal for equal n-grams of one document; just up to LONGEST_TOP. times: how often it occurs there; for LONGEST
    as well.
    """

    start: Indices
    end: Indices
    key: Keys
    times: NDArray[np.uint32]


def repeated_ngrams(words: Pieces, words_per_unit: Numbers) -> dict[int, Ngrams]:
    """n -> the n-grams, n = 2..10, that occur at least twice in their document.

    words_per_unit: for each document 1, or 2 where an n-gram is of 2n words.
    An n-gram can repeat only where the shorter one does, so each n looks at what the one before has left.
    """
    last = np.repeat(words.offsets[1:].astype(np.int32), words.count)
    unit = np.repeat(words_per_unit.astype(np.int32), words.count)
    start, key, repeats = np.arange(len(last), dtype=np.int32), words.keys, {}
    end = start + np.int32(1)
    for n in range(2, LONGEST + 1):
        wanted = start + np.int32(n) * unit[start]
        key = _lengthened(key, end, wanted, words.hashes)
        outside = np.flatnonzero(wanted > last[start])
        key[outside] = outside.astype(np.uint64)  # runs over the document's end: its own key, equal to no other
        counted = n <= LONGEST_TOP or n == LONGEST
        times = times_of(key) if counted else NO_KEYS.astype(np.uint32)
        repeated = np.flatnonzero(times > 1 if counted else duplicated(key))
        start, end, key = start[repeated], wanted[repeated], key[repeated]
        repeats[n] = Ngrams(start, end, key if n <= LONGEST_TOP else NO_KEYS, times[repeated] if counted else times)
    return repeats


def covered(ngrams: Ngrams, words: Pieces, times: int = 2) -> Numbers:
    """Characters of each document's words in the n-grams that occur so often, each counted once.

    times: more than 2 for those n-grams only whose `times` are known.
    """
    often = np.flatnonzero(ngrams.times >= times) if times > 2 else slice(None)
    start, end = ngrams.start[often], ngrams.end[often]
    following = np.append(start[1:], np.int32(len(words.values)))
    characters = words.before[np.minimum(end, following)] - words.before[start]
    return _sums(words.document[start], characters, len(words.count))


def most_covered(ngrams: Ngrams, words: Pieces) -> Numbers:
    """Characters of each document's words in its most frequent n-gram, each once; of equals, the one with most."""
    document = words.document[ngrams.start]
    top = np.flatnonzero(ngrams.times == most_of_document(ngrams.times, document))
    frame = pl.DataFrame({"start": ngrams.start[top], "end": ngrams.end[top], "key": ngrams.key[top]})
    # Each occurrence up to where it ends, or where the next one of the same n-gram starts.
    ends = frame.select(pl.min_horizontal("end", pl.col("start").shift(-1).over("key"))).to_series().to_numpy()
    characters = pl.Series(words.before[ends] - words.before[ngrams.start[top]])
    sums = frame.select("key", document=pl.Series(document[top]), characters=characters)
    best = sums.group_by("document", "key").agg(pl.sum("characters")).group_by("document").agg(pl.max("characters"))
    return _sums(best["document"].to_numpy(), best["characters"].to_numpy(), len(words.count))


def _lengthened(key: Keys, end: Indices, wanted: Indices, hashes: Keys) -> Keys:
    """Keys of n-grams that end before `end`, made those of the ones that end before `wanted`."""
    if not len(hashes):
        return key
    past = len(hashes) - 1  # beyond it any word will do: those n-grams run over the end of their document
    key = key * GOLDEN + hashes[np.minimum(end, past)]
    short = np.flatnonzero(end + 1 < wanted)
    while len(short):
        end = end.copy()
        end[short] += 1
        key[short] = key[short] * GOLDEN + hashes[np.minimum(end[short], past)]
        short = short[end[short] + 1 < wanted[short]]
    return key


def first_of_document(document: Indices | Numbers) -> Numbers:
    """Where each document's n-grams begin. document: of each n-gram its document, ascending."""
    return np.flatnonzero(np.append(True, document[1:] != document[:-1])[: len(document)])


def most_of_document(times: NDArray[np.uint32], document: Indices | Numbers) -> NDArray[np.uint32]:
    """For each n-gram the greatest of its document's numbers; as for `first_of_document`."""
    first = first_of_document(document)
    if not len(first):
        return times
    most: NDArray[np.uint32] = np.maximum.reduceat(times, first)
    return np.repeat(most, np.diff(np.append(first, len(document))))


def times_of(keys: Keys) -> NDArray[np.uint32]:
    """How often each key occurs."""
    order = np.argsort(keys)  # numpy's vectorised sort: half the time of hashing
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(keys)])
    counts = np.diff(np.append(starts, len(keys))).astype(np.uint32)
    times = np.empty(len(keys), dtype=np.uint32)
    times[order] = np.repeat(counts, counts)
    return times


def _sums(document: Indices, numbers: Numbers, n_documents: int) -> Numbers:
    return np.bincount(document, weights=numbers, minlength=n_documents).astype(np.int64)
