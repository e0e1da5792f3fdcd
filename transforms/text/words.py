"""Words, lines and paragraphs of a batch of documents, and which of them repeat: what the signals are measured by.

Everything is an array over all pieces of the batch laid end to end; nothing here loops over documents or words.
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Indices = NDArray[np.int32]  # of pieces: a batch has far fewer than two billion, and half the memory counts

# Scripts without spaces between words. A Chinese or Japanese character counts as a word; of Thai, Lao, Khmer and
# Burmese up to four letters do, which is about the length of a Thai word.
_IDEOGRAPHIC = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70"
_UNDIVIDED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNSPACED_WORD = rf"[{_IDEOGRAPHIC}]|[{_UNDIVIDED}]{{1,4}}"
_SPACED_WORD = rf"[\w--{_IDEOGRAPHIC}{_UNDIVIDED}]+"
# Hyphens and apostrophes join: `E-Mail-Adresse`, `geht's` and `l'eau` are one word each, as between spaces.
WORD = rf"{_UNSPACED_WORD}|{_SPACED_WORD}(?:['\u2019\-\u2010\u2011]{_SPACED_WORD})*"

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # odd, bits well spread: makes one key of a hash and a small number

LONGEST_TOP_NGRAM = 4

STOP_WORDS = Path(__file__).parent / "data" / "stop_words.json"


@dataclass(frozen=True, eq=False)
class Pieces:
    """Words, lines or paragraphs of a batch, end to end. offsets: of each document's first piece, and the end."""

    values: pl.Series
    offsets: Numbers

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
    def keys(self) -> NDArray[np.uint64]:
        """A 64-bit hash of each piece and its document: equal where the same piece stands in the same document."""
        return self.values.hash().to_numpy() + self.document.astype(np.uint64) * _GOLDEN

    @cached_property
    def repeated(self) -> Mask:
        """Pieces that occur at least twice in their document: all occurrences, the first too."""
        return _duplicated(self.keys)

    @property
    def counts(self) -> pl.Series:
        """`count` as a column."""
        return pl.Series(self.count)

    def matching(self, pattern: str) -> Mask:
        """Pieces in which the regular expression matches somewhere."""
        return self.values.str.contains(pattern).to_numpy()

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


class Ngrams(NamedTuple):
    """Occurrences of n-grams: first word, word after the last, and a key that equal ones in one document share."""

    start: Indices
    end: Indices
    key: NDArray[np.uint64]


class Documents:
    """A batch of documents; each of its parts is computed once, when the first signal asks for it."""

    def __init__(self, texts: pl.Series, languages: pl.Series) -> None:
        self.texts = texts.fill_null("")
        self.languages = languages

    @cached_property
    def words(self) -> Pieces:
        """Lower-cased words: see WORD."""
        found = self.texts.str.to_lowercase().str.extract_all(WORD)
        return Pieces(found.explode().drop_nulls(), _offsets(found.list.len().to_numpy()))

    @cached_property
    def lines(self) -> Pieces:
        """Lines without the white space around them; blank ones are left out."""
        return self._split("\n")

    @cached_property
    def paragraphs(self) -> Pieces:
        """What stands between blank lines, without the white space around it."""
        return self._split("\n\n")

    def _split(self, by: str) -> Pieces:
        parts = self.texts.str.split(by)
        document = np.repeat(np.arange(len(parts)), parts.list.len().to_numpy())
        values = parts.explode().str.strip_chars()
        filled = values != ""
        counts = np.bincount(document[filled.to_numpy()], minlength=len(parts))
        return Pieces(values.filter(filled), _offsets(counts))

    def per_word(self, number: pl.Series) -> pl.Series:
        """`number` of each document over its number of words; of one without words, over 1."""
        return pl.Series(number.to_numpy() / np.maximum(self.words.count, 1))

    @cached_property
    def unspaced_count(self) -> Numbers:
        """Words of each document in scripts without spaces between words."""
        return self._matches(_UNSPACED_WORD)

    def where_alphabetic(self, values: pl.Series) -> pl.Series:
        """`values`, null for documents with most words in scripts whose signs are syllables or words: CJK, Thai, ..."""
        dense = self.unspaced_count + self._matches(r"\p{Hangul}+")
        return _null_where(values, 2 * dense > self.words.count)

    def where_punctuated(self, values: pl.Series) -> pl.Series:
        """`values`, null for documents with most words in Thai and the like, which end no sentence with a mark."""
        return _null_where(values, 2 * self._undivided_count > self.words.count)

    @cached_property
    def spaced_word_length(self) -> pl.Series:
        """Mean length of the words in scripts with spaces, in characters; 0 without any."""
        characters = self.words.total(self.words.lengths) - self._matches(rf"[{_IDEOGRAPHIC}{_UNDIVIDED}]")
        return share(characters, self.words.count - self.unspaced_count)

    @cached_property
    def _undivided_count(self) -> Numbers:
        return self._matches(rf"[{_UNDIVIDED}]{{1,4}}")

    def _matches(self, pattern: str) -> Numbers:
        return self.texts.str.count_matches(pattern).to_numpy().astype(np.int64)

    def distinct_stop_words(self, own: dict[str, frozenset[str]]) -> pl.Series:
        """How many different stop words of its language a document has; null where there is no list for it.

        own: lists that go before those of the data file.
        """
        listed = {**_stop_words(), **own}
        counts = np.zeros(len(self.texts), dtype=np.int64)
        known = np.zeros(len(self.texts), dtype=bool)
        for language in self.languages.drop_nulls().unique().to_list():
            if language not in listed:
                continue
            here = (self.languages == language).fill_null(False).to_numpy()
            known |= here
            inside = np.repeat(here, self.words.count)
            words = self.words.values if inside.all() else self.words.values.filter(pl.Series(inside))
            stops = words.is_in(sorted(listed[language])).to_numpy()
            first = pl.Series(self.words.keys[inside][stops]).is_first_distinct().to_numpy()
            counts += np.bincount(self.words.document[inside][stops][first], minlength=len(counts))
        return _null_where(pl.Series(counts), ~known)

    @cached_property
    def _words_per_unit(self) -> Indices:
        """For each word: how many make one of an n-gram's n; two in Chinese and Japanese, where words are characters."""
        ideographs = self.unspaced_count - self._undivided_count
        return np.where(2 * ideographs > self.words.count, 2, 1).astype(np.int32)[self.words.document]

    @cached_property
    def _repeated_ngrams(self) -> dict[int, Ngrams]:
        """The n-grams, n = 2..10, that occur at least twice in their document.

        A longer one can repeat only where this does, so each n looks at what is left. Keys stay where top_ngram counts.
        """
        hashes, document = self.words.values.hash().to_numpy(), self.words.document
        last = self.words.offsets[1:].astype(np.int32)
        at, keys, repeats = np.arange(len(hashes), dtype=np.int32), self.words.keys, {}
        end = at + 1
        for n in range(2, 11):
            new_end = at + n * self._words_per_unit[at]
            inside = new_end <= last[document[at]]
            at, end, new_end, keys = at[inside], end[inside], new_end[inside], keys[inside]
            keys, end = keys * _GOLDEN + hashes[end], end + 1
            short = np.flatnonzero(end < new_end)
            while len(short):  # of two words a unit: add the next word to the key
                keys[short] = keys[short] * _GOLDEN + hashes[end[short]]
                end[short] += 1
                short = short[end[short] < new_end[short]]
            repeated = _duplicated(keys)
            at, end, keys = at[repeated], end[repeated], keys[repeated]
            repeats[n] = Ngrams(at, end, keys if n <= LONGEST_TOP_NGRAM else np.empty(0, dtype=np.uint64))
        return repeats

    def repeated_ngrams(self, n: int) -> pl.Series:
        """Share of the words' characters in n-grams that occur at least twice in the document; each counted once."""
        change = np.zeros(len(self.words.values) + 1, dtype=np.int8)
        change[self._repeated_ngrams[n].start] += 1
        change[self._repeated_ngrams[n].end] -= 1
        return self.words.share(np.cumsum(change[:-1], dtype=np.int8) > 0, of_characters=True)

    def top_ngram(self, n: int) -> pl.Series:
        """Share of the words' characters in the most frequent n-gram, n = 2..4; each counted once, 0 if none repeats.

        Of n-grams that are equally frequent, the one that covers most counts.
        """
        start, end, key = self._repeated_ngrams[n]
        times = pl.len().over("key")
        top = pl.DataFrame({"start": start, "end": end, "key": key, "document": self.words.document[start]}).filter(
            times == times.max().over("document")
        )
        ends = top.select(
            pl.min_horizontal("end", pl.col("start").shift(-1).over("key"))
        )  # or where the next one starts
        before = np.concatenate([[0], np.cumsum(self.words.lengths)])
        covered = before[ends.to_series().to_numpy()] - before[top["start"].to_numpy()]
        grams = top.with_columns(covered=pl.Series(covered)).group_by("document", "key").agg(pl.sum("covered"))
        best = grams.group_by("document").agg(pl.max("covered"))
        most = np.zeros(len(self.texts), dtype=np.int64)
        most[best["document"].to_numpy()] = best["covered"].to_numpy()
        return share(most, self.words.total(self.words.lengths))


def share(part: Numbers, whole: Numbers) -> pl.Series:
    """part / whole for each document; 0 where the whole is 0."""
    return pl.Series(part / np.maximum(whole, 1))


def _null_where(values: pl.Series, mask: Mask) -> pl.Series:
    return values.set(pl.Series(mask), None) if mask.any() else values


def _offsets(counts: NDArray[np.integer]) -> Numbers:
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _duplicated(keys: NDArray[np.uint64]) -> Mask:
    return pl.Series(keys).is_duplicated().to_numpy()


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in json.loads(STOP_WORDS.read_text()).items()}
