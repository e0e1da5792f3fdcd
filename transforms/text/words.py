"""A batch of documents as the signals see it: its words, lines, paragraphs and repeated n-grams.

Everything is an array over all pieces of the batch; nothing here loops over documents or words.
"""

import json
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import polars as pl

from corpusmill.transforms.text.hash_table import HashTable
from corpusmill.transforms.text.signals_ngrams import Ngrams, covered, most_covered, repeated_ngrams
from corpusmill.transforms.text.signals_pieces import Mask, Numbers, Pieces, offsets_of, share
from corpusmill.transforms.text.word_order import (
    COMMON,
    CONSENTS,
    SELLS,
    Kinds,
    keys_in,
    kinds_of,
    language_numbers,
    order,
)

# Scripts without spaces between words. A Chinese or Japanese character counts as a word; of Thai, Lao, Khmer and
# Burmese up to four letters do, which is about the length of a Thai word.
IDEOGRAPHIC = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70"
UNDIVIDED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNSPACED_WORD = rf"[{IDEOGRAPHIC}]|[{UNDIVIDED}]{{1,4}}"
_SPACED_WORD = rf"[\w--{IDEOGRAPHIC}{UNDIVIDED}]+"
# Hyphens and apostrophes join: `E-Mail-Adresse`, `geht's` and `l'eau` are one word each, as between spaces.
WORD = rf"{_UNSPACED_WORD}|{_SPACED_WORD}(?:['\u2019\-\u2010\u2011]{_SPACED_WORD})*"

FEWEST_PAIRS = 10  # of neighbouring words that tell an order: fewer may be in any by chance

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
        lists = {**stop_word_lists(), **own}
        listed = [x for x in self.languages.unique().to_list() if x in lists]
        number = np.full(len(self.texts), len(listed))  # of each document's list; the last is empty
        stops = [np.empty(0, dtype=np.uint64)]
        for i, language in enumerate(listed):
            number[(self.languages == language).fill_null(False).to_numpy()] = i
            stops.append(keys_in(pl.Series(sorted(lists[language])).hash().to_numpy(), i))
        keys = np.concatenate(stops)
        known = HashTable(keys, np.ones(len(keys), dtype=np.uint8))
        found = known.get(keys_in(self.words.hashes, np.repeat(number, self.words.count))) > 0
        first = pl.Series(self.words.keys[found]).is_first_distinct().to_numpy()
        counts = np.bincount(self.words.document[found][first], minlength=len(self.texts))
        return _null_where(pl.Series(counts), number == len(listed))

    def unique_words(self) -> pl.Series:
        """Different words of each document over its words."""
        document, _ = self.words.occurrences
        return share(np.bincount(document, minlength=len(self.texts)), self.words.count)

    def word_entropy(self) -> pl.Series:
        """Entropy of each document's words, in nats; 0 without words."""
        document, times = self.words.occurrences
        summed = np.bincount(document, weights=times * np.log(times), minlength=len(self.texts))
        total = np.maximum(self.words.count, 1)
        return pl.Series(np.maximum(np.log(total) - summed / total, 0))

    def characters(self, pattern: str) -> pl.Series:
        """Share of each document's characters that match a pattern of one character; 0 of none."""
        found, all_of_them = self.texts.str.count_matches(pattern), self.texts.str.len_chars()
        return share(found.to_numpy().astype(np.int64), all_of_them.to_numpy().astype(np.int64))

    @cached_property
    def _table(self) -> Numbers:
        return language_numbers(self.languages)

    @cached_property
    def _kinds(self) -> Kinds:
        return kinds_of(self.words, self._table)

    def common_words(self) -> pl.Series:
        """Share of the words that are among the commonest of the language; null where there is no table for it."""
        return _null_where(self.words.share((self._kinds > 0) & (self._kinds <= COMMON)), self._table < 0)

    def selling_words(self) -> pl.Series:
        """Share of the words that sell; null where there is no table for the language."""
        return _null_where(self.words.share(self._kinds == SELLS), self._table < 0)

    def consent_words(self) -> pl.Series:
        """Share of the words of cookie notices; null where there is no table for the language."""
        return _null_where(self.words.share(self._kinds == CONSENTS), self._table < 0)

    def word_order(self) -> pl.Series:
        """Bits per pair of neighbours with a common word; null below FEWEST_PAIRS, and without a table."""
        bits, pairs = order(self.words, self._kinds, self._table)
        return _null_where(pl.Series(bits / np.maximum(pairs, 1)), (self._table < 0) | (pairs < FEWEST_PAIRS))

    @cached_property
    def ngrams(self) -> dict[int, Ngrams]:
        """Repeated n-grams of words by n; in Chinese and Japanese, where a character is a word, of 2n characters."""
        ideographs = self.unspaced_count - self._undivided_count
        words_per_unit = np.where(2 * ideographs > self.words.count, 2, 1)
        return repeated_ngrams(self.words, words_per_unit)

    def repeated_ngrams(self, n: int, times: int = 2) -> pl.Series:
        """Share of the words' characters in n-grams that occur at least so often in the document; each counted once.

        times: more than 2 for n = 10 only.
        """
        return share(covered(self.ngrams[n], self.words, times), self.words.total(self.words.lengths))

    def top_ngram(self, n: int) -> pl.Series:
        """Share of the words' characters in the most frequent n-gram, n = 2..4; each counted once, 0 if none repeats.

        Of n-grams that are equally frequent, the one that covers most counts.
        """
        return share(most_covered(self.ngrams[n], self.words), self.words.total(self.words.lengths))


def _null_where(values: pl.Series, mask: Mask) -> pl.Series:
    return values.set(pl.Series(mask), None) if mask.any() else values


@cache
def stop_word_lists() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in json.loads(STOP_WORDS.read_text()).items()}
