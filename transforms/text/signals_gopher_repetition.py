"""Repetition inside a document, after Gopher: Rae et al. 2021, arXiv 2112.11446, table A1.

Of the readings that the paper leaves open, this is DCLM's: a line, paragraph or n-gram is repeated if it occurs at
least twice, all its occurrences count, and each character counts once, however many repeated n-grams it is in. Words
are lower-cased; shares are of the words' characters. In Chinese and Japanese, where a character counts as a word, an
n-gram is of 2n characters: five characters repeat in any text, five words do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpusmill.transforms.text.signals_types import Rule, Signal

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.words import Documents

PRESET = "gopher_repetition"
TABLE = "Rae et al. 2021 (arXiv 2112.11446), table A1"
TOP_NGRAMS = {2: 0.20, 3: 0.18, 4: 0.16}  # n -> largest share, table A1
REPEATED_NGRAMS = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


def _top(n: int) -> Signal:
    def measure(d: Documents) -> pl.Series:
        return d.top_ngram(n)

    what = f"share of the words' characters in the most frequent {n}-gram, 0 where none occurs twice"
    return Signal(f"top_{n}_gram_character_fraction", "float", "0..1", what, TABLE, measure)


def _repeated(n: int) -> Signal:
    def measure(d: Documents) -> pl.Series:
        return d.repeated_ngrams(n)

    what = f"share of the words' characters in {n}-grams that occur at least twice"
    return Signal(f"duplicate_{n}_gram_character_fraction", "float", "0..1", what, TABLE, measure)


SIGNALS = (
    Signal(
        "duplicate_line_fraction",
        "float",
        "0..1",
        "share of the lines that occur at least twice; blank ones do not count",
        TABLE,
        lambda d: d.lines.share(d.lines.repeated),
    ),
    Signal(
        "duplicate_paragraph_fraction",
        "float",
        "0..1",
        "share of the paragraphs that occur at least twice",
        TABLE,
        lambda d: d.paragraphs.share(d.paragraphs.repeated),
    ),
    Signal(
        "duplicate_line_character_fraction",
        "float",
        "0..1",
        "share of the lines' characters in lines that occur at least twice",
        TABLE,
        lambda d: d.lines.share(d.lines.repeated, of_characters=True),
    ),
    Signal(
        "duplicate_paragraph_character_fraction",
        "float",
        "0..1",
        "share of the paragraphs' characters in paragraphs that occur at least twice",
        TABLE,
        lambda d: d.paragraphs.share(d.paragraphs.repeated, of_characters=True),
    ),
    *(_top(n) for n in TOP_NGRAMS),
    *(_repeated(n) for n in REPEATED_NGRAMS),
)


def _at_most(signal: str, maximum: float) -> Rule:
    return Rule(PRESET, signal, signal, maximum=maximum, source=TABLE)


RULES = (
    _at_most("duplicate_line_fraction", 0.30),
    _at_most("duplicate_paragraph_fraction", 0.30),
    _at_most("duplicate_line_character_fraction", 0.20),
    _at_most("duplicate_paragraph_character_fraction", 0.20),
    *(_at_most(f"top_{n}_gram_character_fraction", limit) for n, limit in TOP_NGRAMS.items()),
    *(_at_most(f"duplicate_{n}_gram_character_fraction", limit) for n, limit in REPEATED_NGRAMS.items()),
)
