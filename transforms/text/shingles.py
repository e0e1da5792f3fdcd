"""Word n-grams of texts as sorted sets of 64-bit hashes, and the hash by which two texts are exact copies.

Words are `\\w+` (Unicode, as in Rust's regex) of the lower-cased NFC text; in scripts that put no spaces between words
(Chinese, Japanese, Thai, Lao, Khmer, Burmese) each character is one, or a sentence would be a single word. With the
unit `characters` each `\\w` is one in any script.

The bytes of a whole batch are looked at at once: a table says which bytes belong to words, a word is hashed eight bytes
at a time, and an n-gram is a polynomial of n word hashes. All of it is plain uint64 arithmetic, so the hashes are the
same on every platform and with every version of the libraries; `HASH_VERSION` changes when they do.
"""

import hashlib
import itertools
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Literal

import numpy as np
import polars as pl
import xxhash
from numpy.typing import NDArray

from corpusmill.transforms.text.words import IDEOGRAPHIC, UNDIVIDED

Hashes = NDArray[np.uint64]
Offsets = NDArray[np.int64]

HASH_VERSION = 2
EXACT_VERSION = 2

NORMALISE = ("unicode", "case", "white_space")

Unit = Literal["words", "characters"]

# The constants of MurmurHash3's finaliser (Appleby, public domain) and of splitmix64's increment (Steele et al. 2014).
_MIX_1, _MIX_2, _ODD = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(33)
_LOW_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
_WORDS_AT_ONCE = 1 << 15  # a few arrays of so many uint64 stay in the processor's cache
_LONG_WORD = 64  # bytes; longer words (none in prose, but a file may be one word) go through xxhash one by one


def ngram_sets(texts: pl.Series, ngram: int, unit: Unit = "words") -> tuple[Hashes, Offsets]:
    """The distinct n-grams of each text: all sets one after another, each sorted, and where each begins and ends.

    Text i has `values[offsets[i]:offsets[i + 1]]`: nothing if it is null or has fewer than `ngram` words.

    >>> values, offsets = ngram_sets(pl.Series(["a rose is a rose is a rose", "A  ROSE: is a", "a rose"]), 3)
    >>> offsets.tolist(), bool(np.isin(values[3:], values[:3]).all())
    ([0, 3, 5, 5], True)
    """
    words, ends = word_hashes(texts, unit)
    counts = np.maximum(np.diff(ends) - (ngram - 1), 0)
    grams, inside = ngrams_at(words, ends, ngram)
    return _distinct(grams[inside], np.concatenate(([0], np.cumsum(counts))))


def ngrams_at(words: Hashes, ends: Offsets, ngram: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """The n-gram that begins at each word, and whether it ends in the same text. words, ends: of `word_hashes`."""
    n_grams = max(len(words) - ngram + 1, 0)
    grams = words[:n_grams].copy()
    for step in range(1, ngram if n_grams else 1):
        grams *= _ODD
        grams += words[step : n_grams + step]
    mix(grams)
    inside = np.ones(len(words), dtype=bool)
    for step in range(1, ngram):
        inside[ends[1:][ends[1:] >= step] - step] = False
    return grams, inside[:n_grams]


def word_hashes(texts: pl.Series, unit: Unit = "words") -> tuple[Hashes, Offsets]:
    """A 64-bit hash of each word of each text, in order, and where each text's words begin and end.

    >>> hashes, offsets = word_hashes(pl.Series(["Äpfel, äpfel", "pears"]))
    >>> offsets.tolist(), bool(hashes[0] == hashes[1]), bool(hashes[0] == hashes[2])
    ([0, 2, 3], True, False)
    """
    arrow = lowered(texts).to_arrow()
    _, offset_buffer, data = arrow.buffers()
    cuts = np.frombuffer(offset_buffer, dtype=np.int64)[arrow.offset : arrow.offset + len(texts) + 1]
    raw = np.zeros(cuts[-1] - cuts[0] + 8, dtype=np.uint8)  # eight more, so that the last word can be read as a whole
    if data is not None:
        raw[:-8] = np.frombuffer(data, dtype=np.uint8)[cuts[0] : cuts[-1]]
    cuts = cuts - cuts[0]

    starts, lengths = _words(raw, cuts, unit)
    return _hash_words(raw, starts, lengths), np.searchsorted(starts, cuts).astype(np.int64)


def word_places(text: str) -> list[tuple[int, int]] | None:
    """Where each word of `word_hashes` stands, in code points; None where that cannot be told.

    Lower case and NFC change the length of a few texts, and then their places.

    >>> word_places("Grüße, all")
    [(0, 5), (7, 10)]
    """
    plain = lowered(pl.Series([text]))[0]
    if len(plain) != len(text):
        return None
    raw = np.zeros(len(plain.encode()) + 8, dtype=np.uint8)
    raw[:-8] = np.frombuffer(plain.encode(), dtype=np.uint8)
    starts, lengths = _words(raw, np.array([0, len(raw) - 8]), "words")
    before = np.concatenate(([0], np.cumsum((raw & 0xC0) != 0x80)))  # code points before each byte
    return list(zip(before[starts].tolist(), before[starts + lengths].tolist(), strict=True))


def set_hashes(values: Hashes, offsets: Offsets) -> list[str | None]:
    """128 bits, in hex, of each set that `ngram_sets` gives, None for an empty one; equal for equal sets only."""
    packed, cuts = values.astype("<u8", copy=False).data.cast("B"), (offsets * 8).tolist()
    return [
        hashlib.blake2b(packed[start:end], digest_size=16).hexdigest() if end > start else None
        for start, end in itertools.pairwise(cuts)
    ]


def normalised_hash(texts: pl.Series, normalise: Collection[str] = NORMALISE) -> pl.Series:
    """128 bits, in hex, by which two texts are exact copies. normalise: those of NORMALISE that make no difference.

    Hashes of different normalisations, or of different versions of this code, have nothing in common.

    >>> a, b, c = normalised_hash(pl.Series(["Two  words\\n", " two words", "two-words"]))
    >>> a == b, a == c
    (True, False)
    >>> normalised_hash(pl.Series(["Two words", "two words"]), ["white_space"]).n_unique()
    2
    """
    version = f"exact-{EXACT_VERSION}{''.join(name[0] for name in NORMALISE if name in normalise)}".encode()
    plain = normalised(texts, normalise).to_list()
    hashes = [hashlib.blake2b(text.encode(), digest_size=16, person=version).hexdigest() for text in plain]
    return pl.Series(hashes, dtype=pl.String)


def normalised(texts: pl.Series, normalise: Collection[str] = NORMALISE) -> pl.Series:
    """The texts in NFC, then in lower case, then with their white space collapsed to single spaces and stripped.

    >>> normalised(pl.Series(["Two  words\\n"]))[0]
    'two words'
    """
    texts = composed(texts) if "unicode" in normalise else texts.fill_null("")
    texts = texts.str.to_lowercase() if "case" in normalise else texts
    if "white_space" not in normalise:
        return texts
    # Runs of two or more, and single ones that are no space: a third of the time of replacing every single space too.
    return texts.str.replace_all(r"\s\s+|[^\S ]", " ").str.strip_chars(" ")


def lowered(texts: pl.Series) -> pl.Series:
    """The texts in NFC, then in lower case; a null as an empty text."""
    return composed(texts).str.to_lowercase()


def composed(texts: pl.Series) -> pl.Series:
    """The texts in NFC; a null as an empty text."""
    strings = texts.fill_null("").to_list()
    if all(unicodedata.is_normalized("NFC", text) for text in strings):  # nearly always, and far quicker to find out
        return texts.fill_null("")
    return pl.Series([unicodedata.normalize("NFC", text) for text in strings], dtype=pl.String)


def mix(values: Hashes) -> None:
    """Spread every bit of each value over all of its bits, in place (MurmurHash3's finaliser, a bijection)."""
    values ^= values >> _SHIFT
    values *= _MIX_1
    values ^= values >> _SHIFT
    values *= _MIX_2
    values ^= values >> _SHIFT


def _words(raw: NDArray[np.uint8], cuts: Offsets, unit: Unit) -> tuple[Offsets, Offsets]:
    """First byte and length of each word. raw: UTF-8 and eight bytes more. cuts: where the texts begin and end."""
    inside, borders = _in_words(raw, unit)
    borders[cuts] = True  # words do not run on into the next text
    begins = borders[:-8].copy()
    begins[1:] |= ~inside[:-9]
    begins &= inside[:-8]
    closes = borders[1:-7] | ~inside[1:-7]
    closes &= inside[:-8]
    starts, lengths = np.flatnonzero(begins), np.flatnonzero(closes) + 1
    lengths -= starts
    return starts, lengths


def _distinct(values: Hashes, offsets: Offsets) -> tuple[Hashes, Offsets]:
    for start, end in itertools.pairwise(offsets.tolist()):
        values[start:end].sort()
    first = np.ones(len(values), dtype=bool)
    first[1:] = values[1:] != values[:-1]
    first[offsets[:-1][offsets[:-1] < len(values)]] = True
    return values[first], np.concatenate(([0], np.cumsum(first)))[offsets]


def _hash_words(raw: NDArray[np.uint8], starts: Offsets, lengths: Offsets) -> Hashes:
    # Every run of eight bytes of `raw` as a number, without a copy: element i begins at byte i.
    eights: Hashes = np.ndarray((len(raw) - 7,), dtype="<u8", buffer=raw, strides=(1,))
    hashes = np.empty(len(starts), dtype=np.uint64)
    for at in range(0, len(starts), _WORDS_AT_ONCE):
        part = slice(at, at + _WORDS_AT_ONCE)
        begin, left = starts[part], lengths[part].copy()
        value = eights[begin] & _LOW_BYTES[np.minimum(left, 8)]
        mix(value)
        left[left > _LONG_WORD] = 0
        more = np.flatnonzero(left > 8)
        while len(more):
            begin, left = begin + 8, left - 8
            longer = value[more] * _ODD + (eights[begin[more]] & _LOW_BYTES[np.minimum(left[more], 8)])
            mix(longer)
            value[more] = longer
            more = more[left[more] > 8]
        hashes[part] = value
    for word in np.flatnonzero(lengths > _LONG_WORD).tolist():
        hashes[word] = xxhash.xxh64_intdigest(raw[starts[word] : starts[word] + lengths[word]].tobytes())
    return hashes


def _in_words(raw: NDArray[np.uint8], unit: Unit) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which bytes of UTF-8 text belong to characters that are `\\w`, and before which of them a word begins anew."""
    kinds = _kinds()
    ascii_table = np.zeros(256, dtype=bool)
    ascii_table[:128] = kinds[:128] > 0
    inside = ascii_table[raw]
    borders = (raw & 0xC0) != 0x80 if unit == "characters" else np.zeros(len(raw), dtype=bool)
    if raw.max(initial=0) < 0x80:
        return inside, borders
    for size, lowest, highest, payload in ((2, 0xC0, 0xDF, 0x1F), (3, 0xE0, 0xEF, 0x0F), (4, 0xF0, 0xF7, 0x07)):
        at = np.flatnonzero((raw >= lowest) & (raw <= highest))
        if len(at):
            character = raw[at].astype(np.int32) & payload
            for step in range(1, size):
                character = (character << 6) | (raw[at + step] & 0x3F)
            kind = kinds[character]
            for step in range(size):
                inside[at[kind > 0] + step] = True
            alone = at[kind == _ALONE]
            borders[alone] = borders[alone + size] = True
    return inside, borders


_ALONE = 2


@cache
def _kinds() -> NDArray[np.uint8]:
    """For each code point 1 where it is `\\w`, _ALONE where it is a word by itself."""
    words = _those(r"\W")
    return words * (1 + _those(rf"[^{IDEOGRAPHIC}{UNDIVIDED}]"))


def _those(others: str) -> NDArray[np.uint8]:
    """1 for each code point that the pattern does not match: by polars' regex, so that there is one definition."""
    codes = np.concatenate((np.arange(1, 0xD800), np.arange(0xE000, 0x110000))).astype("<u4")  # but 0 and surrogates
    masked = pl.Series([codes.tobytes().decode("utf-32-le")]).str.replace_all(others, "\0")[0]
    table = np.zeros(0x110000, dtype=np.uint8)
    table[codes] = np.frombuffer(masked.encode("utf-32-le"), dtype="<u4") == codes
    return table


@cache
def unspaced() -> str:
    """The characters that are words by themselves, as ranges for a class of Python's `re`."""
    at = np.flatnonzero(_kinds() == _ALONE)
    first = at[np.diff(at, prepend=-2) > 1]
    last = at[np.diff(at, append=at[-1] + 2) > 1]
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(first.tolist(), last.tolist(), strict=True))
