"""Cut and replace spans of a text, and map spans of the result back to where they stand in the original."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where the pieces of an edited text come from; offsets count code points.

    edited, original: starts of the pieces in either text, in order. ends: where each ends in the original.
    kept: True for a piece that was copied, False for a replacement.
    """

    edited: tuple[int, ...]
    original: tuple[int, ...]
    ends: tuple[int, ...]
    kept: tuple[bool, ...]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the span [start, end) of the edited text stands for.

        A span that touches a replacement stands for all that it replaced; one over a cut includes the cut.

        >>> _, offsets = apply_edits("one two three", [(4, 8, "")])
        >>> offsets.to_original(4, 9), offsets.to_original(0, 9)
        ((8, 13), (0, 13))
        """
        first = self._at(start)
        if end <= start:
            return first[0], first[0]
        return first[0], self._at(end - 1)[1]

    def to_edited(self, start: int, end: int) -> tuple[int, int]:
        """The span of the edited text that `to_original` gave [start, end) of the original for.

        >>> _, offsets = apply_edits("one two three", [(0, 3, "1"), (4, 8, "")])
        >>> offsets.to_edited(8, 13), offsets.to_edited(0, 13)
        ((2, 7), (0, 7))
        """
        first, last = (bisect_right(self.original, at) - 1 for at in (start, max(start, end - 1)))
        begin = self.edited[first] + (start - self.original[first] if self.kept[first] else 0)
        if end <= start:
            return begin, begin
        if self.kept[last]:
            return begin, self.edited[last] + end - self.original[last]
        return begin, self.edited[last + 1]  # the last piece is always a kept one

    def _at(self, position: int) -> tuple[int, int]:
        """The span of the original that one code point of the edited text stands for."""
        piece = bisect_right(self.edited, position) - 1
        if not self.kept[piece]:
            return self.original[piece], self.ends[piece]
        start = min(self.original[piece] + position - self.edited[piece], self.ends[piece])
        return start, min(start + 1, self.ends[piece])


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap]:
    """The text with each [start, end) replaced, and the map back. Edits come in the order of their rules.

    Edits that overlap become one span, with the replacement of the one whose rule comes first. Raises ValueError for a
    span outside the text.

    >>> apply_edits("one two three", [(0, 5, "X"), (4, 8, "Y")])[0]
    'Xthree'
    """
    pieces: list[str] = []
    rows: list[tuple[int, int, int, bool]] = []
    edited = at = 0
    for start, end, replacement in _merge(edits, len(text)):
        for piece, begin, stop, kept in ((text[at:start], at, start, True), (replacement, start, end, False)):
            if piece:
                rows.append((edited, begin, stop, kept))
                pieces.append(piece)
                edited += len(piece)
        at = end
    rows.append((edited, at, len(text), True))
    pieces.append(text[at:])
    starts, originals, ends, kept_flags = zip(*rows, strict=True)
    return "".join(pieces), OffsetMap(starts, originals, ends, kept_flags)


def edited_texts(batch: pa.RecordBatch) -> pl.Series:
    """The texts of a batch of documents, with their edits applied where it has a column of edits.

    >>> edits = [None, [{"start": 1, "end": 3, "replacement": ""}]]
    >>> edited_texts(pa.record_batch({"text": ["one", "two"], "edits": edits})).to_list()
    ['one', 't']
    """
    texts = pl.Series(pl.from_arrow(batch["text"]), dtype=pl.String)
    if "edits" not in batch.schema.names or batch["edits"].null_count == batch.num_rows:
        return texts
    edited = [
        text if text is None or not edits else apply_edits(text, spans_of(edits))[0]
        for text, edits in zip(texts.to_list(), batch["edits"].to_pylist(), strict=True)
    ]
    return pl.Series(edited, dtype=pl.String)


def spans_of(edits: Iterable[Mapping[str, Any]]) -> list[Edit]:
    """Rows of the table `edits` as `apply_edits` takes them."""
    return [(e["start"], e["end"], e["replacement"]) for e in edits]


def _merge(edits: Iterable[Edit], length: int) -> list[Edit]:
    """Edits by position, overlapping ones merged. Spans that only touch stay apart."""
    merged: list[tuple[int, int, int, str]] = []  # start, end, place of the rule, replacement
    for place, (start, end, replacement) in sorted(enumerate(edits), key=lambda e: (e[1][0], e[1][1], e[0])):
        if not 0 <= start <= end <= length:
            raise ValueError(f"edit {place}: span {start}..{end} is outside the text of {length} code points")
        if merged and (start < merged[-1][1] or (start, end) == merged[-1][:2]):
            first, last, other, wording = merged[-1]
            rank, wording = min((other, wording), (place, replacement))
            merged[-1] = (first, max(last, end), rank, wording)
        else:
            merged.append((start, end, place, replacement))
    return [(start, end, replacement) for start, end, _, replacement in merged]
