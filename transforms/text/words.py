"""A batch of documents as the signals see it: its words, lines, paragraphs and repeated n-grams.

Everything is an array over all pieces of the batch; nothing here loops over documents or words.
"""

import json
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import polars as pl

from corpusmill.transforms.text.signals_ngrams import Ngrams, covered, most_covered, repeated_ngrams
from corpusmill.transforms.text.signals_pieces import GOLDEN, Mask, Numbers, Pieces, offsets_of, share

# Scripts without spaces between words. A Chinese or Japanese character counts as a word; of Thai, Lao, Khmer and
# Burmese up to four letters do, which is about the length of a Thai word.
IDEOGRAPHIC = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70"
UNDIVIDED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNSPACED_WORD = rf"[{IDEOGRAPHIC}]|[{UNDIVIDED}]{{1,4}}"
_SPACED_WORD = rf"[\w--{IDEOGRAPHIC}{UNDIVIDED}]+"
# Hyphens and apostrophes join: `E-Mail-Adresse`, `geht's` and `l'eau` are one word each, as between spaces.
WORD = rf"{_UNSPACED_WORD}|{_SPACED_WORD}(?:['\u2019\-\u2010\u2011]{_SPACED_WORD})*"

STOP_WORDS = Path(__file__).parent / "data" / "stop_words.json"


class Documents:
    """A batch of documents; each of its parts is computed once, when the first signal asks for it."""

    def __init__(self, texts: pl.Series, languages: pl.Series) -> None:
        self.texts = texts.fill_null("")
        self.languages = languages

    @cached_property
    def words(self) -> Pieces:
        """Lower-cased words: see WORD."""
        found = self.texts.str.to_lowercase().str.extract_all(WORD)
        return Pieces(found.explode().drop_nulls(), offsets_of(found.list.len().to_numpy()))

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
        return Pieces(values.filter(filled), offsets_of(counts))

    def per_word(self, number: pl.Series) -> pl.Series:
        """`number` of each document over its number of words; of one without words, over 1."""
        return pl.Series(number.to_numpy() / np.maximum(self.words.count, 1))

    @cached_property
    def unspaced_count(self) -> Numbers:
        """Words of each document in scripts without spaces between words."""
        return self._in_dense_scripts(_UNSPACED_WORD)

    @cached_property
    def _undivided_count(self) -> Numbers:
        return self._in_dense_scripts(rf"[{UNDIVIDED}]{{1,4}}")

    def where_alphabetic(self, values: pl.Series) -> pl.Series:
        """`values`, null for documents with most words in scripts whose signs are syllables or words: CJK, Thai, ..."""
        dense = self.unspaced_count + self._in_dense_scripts(r"\p{Hangul}+")
        return _null_where(values, 2 * dense > self.words.count)

    def where_punctuated(self, values: pl.Series) -> pl.Series:
        """`values`, null for documents with most words in Thai and the like, which end no sentence with a mark."""
        return _null_where(values, 2 * self._undivided_count > self.words.count)

    def spaced_word_length(self) -> pl.Series:
        """Mean length of the words in scripts with spaces, in characters; 0 without any."""
        unspaced = self._in_dense_scripts(rf"[{IDEOGRAPHIC}{UNDIVIDED}]")
        return share(self.words.total(self.words.lengths) - unspaced, self.words.count - self.unspaced_count)

    @cached_property
    def _has_dense_scripts(self) -> Mask:
        return self.texts.str.contains(rf"[{IDEOGRAPHIC}{UNDIVIDED}\p{{Hangul}}]").to_numpy()

    def _in_dense_scripts(self, pattern: str) -> Numbers:
        """Matches in each document of a pattern that matches nothing but dense scripts: most documents have none."""
        counts = np.zeros(len(self.texts), dtype=np.int64)
        counts[self._has_dense_scripts] = self.texts.filter(self._has_dense_scripts).str.count_matches(pattern)
        return counts

    @cached_property
    def alphabetic_words(self) -> Mask:
        """Words with at least one letter; one that begins with a to z need not be searched for it."""
        mask = ((self.words.values >= "a") & (self.words.values < "{")).to_numpy().copy()
        others = np.flatnonzero(~mask)
        mask[others] = self.words.values.gather(others).str.contains(r"\p{Alphabetic}")
        return mask

    def distinct_stop_words(self, own: dict[str, frozenset[str]]) -> pl.Series:
        """How many different stop words of its language a document has; null where there is no list for it.

        own: lists that go before those of the data file.
        """
        lists = {**_stop_words(), **own}
        listed = [x for x in self.languages.unique().to_list() if x in lists]
        number = np.full(len(self.texts), len(listed), dtype=np.uint64)  # of each document's list; the last is empty
        stops = [np.empty(0, dtype=np.uint64)]
        for i, language in enumerate(listed):
            number[(self.languages == language).fill_null(False).to_numpy()] = i
            stops.append(pl.Series(sorted(lists[language])).hash().to_numpy() + np.array([i], np.uint64) * GOLDEN)
        words = pl.Series(self.words.hashes + np.repeat(number, self.words.count) * GOLDEN)
        found = words.is_in(np.concatenate(stops).tolist()).to_numpy()
        first = pl.Series(self.words.keys[found]).is_first_distinct().to_numpy()
        counts = np.bincount(self.words.document[found][first], minlength=len(self.texts))
        return _null_where(pl.Series(counts), number == len(listed))

    @cached_property
    def ngrams(self) -> dict[int, Ngrams]:
        """Repeated n-grams of words by n; in Chinese and Japanese, where a character is a word, of 2n characters."""
        ideographs = self.unspaced_count - self._undivided_count
        words_per_unit = np.where(2 * ideographs > self.words.count, 2, 1)
        return repeated_ngrams(self.words, words_per_unit)

    def repeated_ngrams(self, n: int) -> pl.Series:
        """Share of the words' characters in n-grams that occur at least twice in the document; each counted once."""
        return share(covered(self.ngrams[n], self.words), self.words.total(self.words.lengths))

    def top_ngram(self, n: int) -> pl.Series:
        """Share of the words' characters in the most frequent n-gram, n = 2..4; each counted once, 0 if none repeats.

        Of n-grams that are equally frequent, the one that covers most counts.
        """
        return share(most_covered(self.ngrams[n], self.words), self.words.total(self.words.lengths))


def _null_where(values: pl.Series, mask: Mask) -> pl.Series:
    return values.set(pl.Series(mask), None) if mask.any() else values


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in json.loads(STOP_WORDS.read_text()).items()}
