"""Pairs of documents: those that a band proposes, how similar they truly are, and whom of them a keeper removes.

"Before" always means keeper order: the document with the higher priority first, of equal ones the lower doc_id.
"""

import itertools
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusmill.transforms.text.shingles import Hashes, Offsets

Indices = NDArray[np.int64]

# In a bucket a document is compared with the HEADS that stand first in it and the WINDOW right before it, so that a
# bucket of m documents proposes fewer than m * (HEADS + WINDOW) pairs. Up to 21 documents that is all pairs; none of
# the Debian corpus' 567,095 buckets is larger than 19. What a larger one leaves out is counted by `skipped_pairs`. Of
# 28,680 documents of which half begin with one template, 377,000 pairs are proposed and 6,922 documents removed; 16 and
# 32 propose 877,000 and remove 7,018. Heads count where the first are kept for other reasons than their length: in a
# random order 8 heads remove 7,735 documents, 4 only 7,092.
HEADS, WINDOW = 8, 12
ROWS_AT_ONCE = 1 << 16
SETS_AT_ONCE = 500  # compared with one other: a few megabytes

PROPOSED = pa.schema(
    [
        ("a", pa.string()),
        ("b", pa.string()),
        ("a_priority", pa.int64()),
        ("b_priority", pa.int64()),
        ("home", pa.int64()),
    ]
)


def propose(
    batches: Iterable[pa.RecordBatch], minimum_similarity: float, rows_at_once: int = ROWS_AT_ONCE
) -> Iterator[pa.RecordBatch]:
    """The pairs that buckets propose, a before b, again for each bucket that holds both.

    `home` is a hash of the bucket's first. batches: band, doc_id, priority, n_ngrams, sorted by band, and in a band in
    any order that is always the same; a bucket may go over several of them. Left out are pairs whose sizes alone rule
    it out: the Jaccard of two sets is at most the ratio of their sizes.
    """
    carried: pa.Table | None = None  # heads and window of the bucket that the last batch ended in
    for table in _blocks(batches, rows_at_once):
        known = 0 if carried is None else len(carried)
        if carried is not None:
            table = pa.concat_tables([carried, table]).combine_chunks()
        band, sizes = table["band"].to_numpy(), table["n_ngrams"].to_numpy()
        starts = _run_starts(band)
        first, second = _near_and_heads(band, starts, known)
        small, large = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
        may = small / large >= minimum_similarity
        first, second = first[may], second[may]
        home, priority = starts[second], table["priority"].to_numpy()
        behind = priority[first] < priority[second]
        yield _rows(table, np.where(behind, second, first), np.where(behind, first, second), home)
        last = int(starts[-1]) if len(starts) else 0
        heads = range(last, min(last + HEADS, len(table)))
        carried = table.take(pa.array([*heads, *range(max(last + HEADS, len(table) - WINDOW), len(table))], pa.int64()))


def skipped(bands: NDArray[np.int64]) -> int:
    """Pairs that `propose` leaves out because their bucket is large, once for each such bucket.

    >>> skipped(np.zeros(HEADS + WINDOW + 2, dtype=np.int64)), skipped(np.arange(9))
    (1, 0)
    """
    _, sizes = np.unique(bands, return_counts=True)
    beyond = np.maximum(sizes - 1 - (HEADS + WINDOW), 0)
    return int((beyond * (beyond + 1) // 2).sum())


def jaccards(values: Hashes, offsets: Offsets, left: Indices, right: Indices) -> NDArray[np.float64]:
    """The Jaccard similarity of set left[i] and set right[i], for sets as `shingles.ngram_sets` gives them, none empty.

    >>> sets, offsets = np.array([1, 2, 3, 2, 3, 4], dtype=np.uint64), np.array([0, 3, 6])
    >>> jaccards(sets, offsets, np.array([0, 0]), np.array([1, 0])).tolist()
    [0.5, 1.0]
    """
    # Dense, so that a set can be marked in an array of flags; by hashing, which takes half as long as sorting.
    numbers = pa.array(values).dictionary_encode().indices.to_numpy().astype(np.int64)
    marked = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.uint8)
    sizes = np.diff(offsets)
    shared = np.empty(len(left), dtype=np.int64)
    sets = np.split(numbers, offsets[1:-1])
    by_left = np.argsort(left, kind="stable")
    borders = np.flatnonzero(np.diff(left[by_left], prepend=-1, append=-1))
    for start, end in itertools.pairwise(borders.tolist()):
        one = sets[left[by_left[start]]]
        marked[one] = 1
        for at in range(start, end, SETS_AT_ONCE):
            some = by_left[at : min(at + SETS_AT_ONCE, end)]
            begins = np.cumsum(sizes[right[some]]) - sizes[right[some]]
            hits = marked[np.concatenate([sets[other] for other in right[some].tolist()])]
            shared[some] = np.add.reduceat(hits, begins, dtype=np.int64)
        marked[one] = 0
    union: NDArray[np.int64] = sizes[left] + sizes[right] - shared
    return shared / union


def removals(pairs: pa.Table) -> pa.Table:
    """Who is removed because of whom, all pairs at hand: doc_id, kept_doc_id, similarity, method.

    pairs: a, b, a_priority, b_priority, similarity, method; every pair similar enough, once a method, a before b. Going
    through the documents in keeper order, one is removed if and only if one kept before it is similar; the first of
    these keeps it.
    """
    keys = [
        ("b_priority", "descending"),
        ("b", "ascending"),
        ("a_priority", "descending"),
        ("a", "ascending"),
        ("method", "ascending"),
    ]
    pairs = pairs.sort_by(keys)
    codes = pa.chunked_array([*pairs["a"].chunks, *pairs["b"].chunks], pa.string()).combine_chunks().dictionary_encode()
    numbers = codes.indices.to_numpy()
    removed = bytearray(len(codes.dictionary))
    because = []
    for row, (a, b) in enumerate(zip(numbers[: len(pairs)].tolist(), numbers[len(pairs) :].tolist(), strict=True)):
        if not removed[a] and not removed[b]:  # a stands before b, so whether it stays is settled
            removed[b] = 1
            because.append(row)
    return (
        pairs.take(pa.array(because, pa.int64()))
        .select(["b", "a", "similarity", "method"])
        .rename_columns(["doc_id", "kept_doc_id", "similarity", "method"])
    )


def _blocks(batches: Iterable[pa.RecordBatch], n_rows: int) -> Iterator[pa.Table]:
    """The rows in tables of at least `n_rows`, so that what a step costs whatever its size does not count."""
    gathered: list[pa.RecordBatch] = []
    for batch in batches:
        gathered.append(batch)
        if sum(one.num_rows for one in gathered) >= n_rows:
            yield pa.Table.from_batches(gathered).combine_chunks()
            gathered = []
    if gathered:
        yield pa.Table.from_batches(gathered).combine_chunks()


def _near_and_heads(band: NDArray[np.int64], starts: Indices, known: int) -> tuple[Indices, Indices]:
    """Rows (earlier, later) of each pair to propose, for the rows from `known` on."""
    firsts, seconds = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for lag in range(1, WINDOW + 1):
        later = np.flatnonzero(band[lag:] == band[:-lag]) + lag
        if not len(later):
            break
        seconds.append(later[later >= known])
        firsts.append(seconds[-1] - lag)
    far = np.arange(known, len(band), dtype=np.int64)
    far = far[far - starts[far] > WINDOW]
    for head in range(HEADS):
        far = far[far - starts[far] - head > WINDOW]
        seconds.append(far)
        firsts.append(starts[far] + head)
    return np.concatenate(firsts), np.concatenate(seconds)


def _run_starts(band: NDArray[np.int64]) -> Indices:
    """For each row, the row at which its run of equal bands begins."""
    begins = np.zeros(len(band), dtype=np.int64)
    changes = np.flatnonzero(band[1:] != band[:-1]) + 1
    begins[changes] = changes
    return np.maximum.accumulate(begins)


def _rows(table: pa.Table, first: Indices, second: Indices, home: Indices) -> pa.RecordBatch:
    ids, priorities = table["doc_id"].combine_chunks(), table["priority"].combine_chunks()
    columns = [pc.take(ids, pa.array(first)), pc.take(ids, pa.array(second))]
    columns += [pc.take(priorities, pa.array(first)), pc.take(priorities, pa.array(second))]
    first_ids = ids.take(pa.array(home)).dictionary_encode()
    hashes = pa.array([zlib.crc32(one.encode()) for one in first_ids.dictionary.to_pylist()], pa.int64())
    return pa.RecordBatch.from_arrays([*columns, hashes.take(first_ids.indices)], schema=PROPOSED)
