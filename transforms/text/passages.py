"""Passages of texts, each with a hash by which it is known in other documents, and where it stands.

A passage is a line; in a text whose lines are wrapped, what stands between blank lines. Equal ones are equal but for
case, white space (so for how they are wrapped) and Unicode form. CCNet (Wenzek et al. 2020, section 3.1) hashes
paragraphs in this way, each a line of its text.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl
import pyarrow as pa

from corpusmill.transforms.text.shingles import normalised
from corpusmill.transforms.text.words import WORD

WRAPPED = 80  # code points: where no line of a text is longer, its lines are taken for wrapped

# hash: 64 bits. start: where it begins. after: where the next piece of the text begins; of the last: the text's end.
# before, end: where the piece before it ended (0 for the first), and where it ends itself, without the line end. left:
# pieces from this one to the text's last. Pieces are all of its passages, those that are too short to count too.
FIELDS = {"hash": pa.int64(), "before": pa.int32(), "start": pa.int32(), "end": pa.int32(), "after": pa.int32()}
PASSAGE = pa.struct({**FIELDS, "left": pa.int32()})


@dataclass(frozen=True)
class PassageOptions:
    """What a passage's hash depends on. salt: at most 64 bytes, so that hashes tell nothing in another dataset."""

    minimum_words: int
    salt: bytes


def passages(texts: pl.Series, options: PassageOptions) -> pa.Array:
    """For each text a list of PASSAGE in their order: those of at least `minimum_words` words.

    >>> one, other = passages(pl.Series(["Two\\nwords\\n\\nTwo", "TWO  WORDS"]), PassageOptions(2, b"")).to_pylist()
    >>> [(p["start"], p["end"], p["left"]) for p in one], other[0]["hash"] == one[0]["hash"]
    ([(0, 9, 2)], True)
    """
    pieces = _pieces(texts)
    # A word takes a byte, and the space before it another: most short pieces need not be searched for words.
    long = pieces.filter(pl.col("text").str.len_bytes() >= options.minimum_words)
    long = long.filter(pl.col("text").str.count_matches(WORD) >= options.minimum_words)
    plain = normalised(long["text"]).to_list()
    hashes = [
        int.from_bytes(blake2b(text.encode(), digest_size=8, key=options.salt).digest(), "big", signed=True)
        for text in plain
    ]
    columns = [pa.array(hashes, pa.int64()), *(long[name].cast(pl.Int32).to_arrow() for name in PASSAGE.names[1:])]
    counts = np.bincount(long["document"].to_numpy(), minlength=len(texts))
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(columns, fields=list(PASSAGE)))


def _pieces(texts: pl.Series) -> pl.DataFrame:
    """A row for each passage of any length: number of its document, text, and the places that PASSAGE has."""
    lists = texts.fill_null("").str.split("\n")
    n_lines = lists.list.len().to_numpy().astype(np.int64)
    document = np.repeat(np.arange(len(texts)), n_lines)
    lines = lists.explode()
    sizes = lines.str.len_chars().to_numpy().astype(np.int64)
    ends = np.cumsum(sizes + 1)
    last = np.cumsum(n_lines) - 1  # of each document; a text has at least one line
    lengths = np.diff(ends[last], prepend=0) - 1
    ends -= np.repeat(ends[last] - lengths - 1, n_lines) + 1

    filled = (lines.str.strip_chars() != "").to_numpy()
    wrapped = (np.maximum.reduceat(sizes, last - n_lines + 1) if len(texts) else last) <= WRAPPED
    goes_on = np.concatenate(([False], filled[:-1] & (document[1:] == document[:-1]))) & wrapped[document]
    rows = pl.DataFrame({"document": document, "text": lines, "start": ends - sizes, "end": ends})
    rows = rows.with_columns(piece=np.cumsum(~goes_on)).filter(filled)
    many = rows.filter(pl.col("piece").is_duplicated()).group_by("piece", maintain_order=True)
    joined = many.agg(pl.col("document", "start").first(), pl.col("text").str.join("\n"), pl.col("end").last())
    single = rows.filter(pl.col("piece").is_unique()).select(joined.columns)
    return _with_neighbours(pl.concat([joined, single]).sort("piece"), lengths)


def _with_neighbours(pieces: pl.DataFrame, lengths: np.ndarray) -> pl.DataFrame:
    """The pieces with before, after and left. lengths: code points of each text."""
    document, start, end = (pieces[name].to_numpy() for name in ("document", "start", "end"))
    first = np.diff(document, prepend=-1) != 0
    last = np.diff(document, append=-1) != 0
    places = np.arange(len(document))
    return pieces.with_columns(
        before=np.where(first, 0, np.roll(end, 1)),
        after=np.where(last, lengths[document], np.roll(start, -1)),
        left=np.cumsum(np.bincount(document, minlength=len(lengths)))[document] - places,
    )
