"""Which piece of which document stands where in which sequence: an index, so that no token is copied to decide it.

* best_fit: a document is cut only where it is longer than a sequence; sequences end with padding
* concat: no padding (but in the last sequence); a document is cut wherever a sequence is full

Best-fit decreasing, as in "Fewer Truncations Improve Language Modeling" (Ding et al. 2024, arXiv 2404.10830): documents
are first cut into full sequences, then the rests, the longest first, go each into the fullest sequence that has room.
At most `sequence_length` different amounts of room exist, so a bit field finds that sequence in one look.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusmill.transforms.text.arrays import count_within

# A piece is one segment of a sequence: tokens start to end (half-open) of a document together with its end token.
PIECE = np.dtype([("sequence", "i8"), ("position", "i4"), ("document", "i8"), ("start", "i8"), ("end", "i8")])
Pieces = np.ndarray[tuple[int], np.dtype[np.void]]
PADDING_SEGMENT = -1


def best_fit(lengths: NDArray[np.int64], sequence_length: int) -> Pieces:
    """Pieces, in order of sequence and position, of documents with `lengths` tokens (end tokens included).

    The same lengths in the same order give the same pieces. Raises ValueError for a negative length.

    >>> [tuple(map(int, piece)) for piece in best_fit(np.array([3, 10, 5]), 8)]
    [(0, 0, 1, 0, 8), (1, 0, 2, 0, 5), (1, 1, 0, 0, 3), (2, 0, 1, 8, 10)]
    """
    lengths = _checked(lengths, sequence_length)
    full_of_document = lengths // sequence_length
    rest = lengths % sequence_length
    full = np.empty(int(full_of_document.sum()), dtype=PIECE)
    full["sequence"] = np.arange(len(full))
    full["position"] = 0
    full["document"] = np.repeat(np.arange(len(lengths)), full_of_document)
    full["start"] = count_within(full_of_document) * sequence_length
    full["end"] = full["start"] + sequence_length

    order = np.argsort(-rest, kind="stable")
    order = order[: np.count_nonzero(rest)]
    sequences, positions = _place(rest[order].tolist(), sequence_length)
    rests = np.empty(len(order), dtype=PIECE)
    rests["sequence"] = np.array(sequences, dtype=np.int64) + len(full)
    rests["position"] = positions
    rests["document"] = order
    rests["start"] = full_of_document[order] * sequence_length
    rests["end"] = lengths[order]
    rests = rests[np.lexsort((rests["position"], rests["sequence"]))]
    return np.concatenate([full, rests])


def concat(lengths: NDArray[np.int64], sequence_length: int) -> Pieces:
    """Pieces of all documents, one after the other, in a stream that is cut every `sequence_length` tokens.

    Raises ValueError for a negative length.

    >>> [tuple(map(int, piece)) for piece in concat(np.array([3, 10, 5]), 8)]
    [(0, 0, 0, 0, 3), (0, 1, 1, 0, 5), (1, 0, 1, 5, 10), (1, 1, 2, 0, 3), (2, 0, 2, 3, 5)]
    """
    lengths = _checked(lengths, sequence_length)
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.union1d(ends, np.arange(sequence_length, total + 1, sequence_length))
    cuts = cuts[cuts > 0]
    pieces = np.empty(len(cuts), dtype=PIECE)
    starts = np.concatenate([[0], cuts[:-1]]).astype(np.int64)
    pieces["sequence"] = starts // sequence_length
    pieces["position"] = count_within(np.bincount(pieces["sequence"]))
    pieces["document"] = np.searchsorted(ends, starts, side="right")
    begin = (ends - lengths)[pieces["document"]]
    pieces["start"] = starts - begin
    pieces["end"] = cuts - begin
    return pieces


def render(
    pieces: Pieces, tokens: Sequence[NDArray[Any]], end_token_id: int | None, pad_id: int, sequence_length: int
) -> dict[str, Any]:
    """One sequence: input_ids, position_ids and segment_ids (int32, `sequence_length` long) and length (real entries).

    `pieces` are those of the sequence in order of position; `tokens[i]` are the ids of the whole document of piece i,
    without an end token, which is added here and belongs to the document's segment. After `length` entries come
    `pad_id`, position 0 and segment -1. Raises ValueError if pieces reach past document or sequence.

    >>> piece = np.array([(0, 0, 0, 0, 3)], dtype=PIECE)
    >>> [values.tolist() for values in list(render(piece, [np.array([7, 8])], 0, 9, 4).values())[:3]]
    [[7, 8, 0, 9], [0, 1, 2, 0], [0, 0, 0, -1]]
    """
    sizes = (pieces["end"] - pieces["start"]).astype(np.int64)
    length = int(sizes.sum())
    if length > sequence_length:
        raise ValueError(f"pieces of {length} tokens do not fit into a sequence of {sequence_length}")
    input_ids = np.full(sequence_length, pad_id, dtype=np.int32)
    position_ids = np.zeros(sequence_length, dtype=np.int32)
    segment_ids = np.full(sequence_length, PADDING_SEGMENT, dtype=np.int32)
    at = 0
    for piece, ids in zip(pieces, tokens, strict=True):
        start, end = int(piece["start"]), int(piece["end"])
        if end > len(ids) + (end_token_id is not None):
            raise ValueError(f"a piece ends at token {end} of a document with {len(ids)} tokens without its end token")
        input_ids[at : at + min(end, len(ids)) - start] = ids[start:end]
        if end > len(ids):
            input_ids[at + end - start - 1] = end_token_id  # type: ignore[assignment]  # not None: checked above
        at += end - start
    position_ids[:length] = count_within(sizes)
    segment_ids[:length] = np.repeat(np.arange(len(sizes)), sizes)
    return {"input_ids": input_ids, "position_ids": position_ids, "segment_ids": segment_ids, "length": length}


def buckets(total_tokens: int, tokens_per_bucket: int) -> int:
    """Into how many parts, each packed by itself, a dataset is divided: a power of two, at least 1.

    It stays the same while the dataset grows up to twofold, so that changed documents repack only their own buckets.

    >>> [buckets(n, 1000) for n in (0, 1000, 1001, 5000, 8000)]
    [1, 1, 2, 8, 8]
    """
    return 1 << max(0, -(-total_tokens // tokens_per_bucket) - 1).bit_length()


def _place(sizes: list[int], room: int) -> tuple[list[int], list[int]]:
    """Sequence and position of each size (decreasing, 1..room-1): best fit, among equals the one filled last."""
    open_sequences: list[list[int]] = [[] for _ in range(room + 1)]  # those with so much room left
    has_room = 0  # bit r: some sequence has r left
    filled: list[int] = []  # pieces of each sequence
    sequences, positions = [], []
    for size in sizes:
        fitting = has_room >> size
        if fitting:
            left = size + (fitting & -fitting).bit_length() - 1
            sequence = open_sequences[left].pop()
            if not open_sequences[left]:
                has_room ^= 1 << left
        else:
            left, sequence = room, len(filled)
            filled.append(0)
        sequences.append(sequence)
        positions.append(filled[sequence])
        filled[sequence] += 1
        if left > size:
            open_sequences[left - size].append(sequence)
            has_room |= 1 << (left - size)
    return sequences, positions


def _checked(lengths: NDArray[np.int64], sequence_length: int) -> NDArray[np.int64]:
    lengths = np.asarray(lengths, dtype=np.int64)
    if sequence_length < 1 or (len(lengths) and lengths.min() < 0):
        raise ValueError("lengths must be 0 or more and the sequence length 1 or more")
    return lengths
