"""Swear words, slurs and words of pornography, by lists of 23 languages: data/toxic_words.LICENCE.md says whose.

A share, not C4's "any such word": a novel or a medical page has a few of them. The lists know words and not meaning:
hate without a listed word passes, a text that quotes or discusses such words has some. German and English entries that
are harmless in medical, technical and legal text, or that name who people are, were left out (make_toxic_words.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpusmill.transforms.text.signals_types import Rule, Signal

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.words import Documents

PRESET = "toxicity"
LIST = "LDNOOBW (List of Dirty, Naughty, Obscene, and Otherwise Bad Words, CC BY 4.0)"


def _fraction(d: Documents) -> pl.Series:
    from corpusmill.transforms.text.toxic_words import toxic_word_fraction

    return toxic_word_fraction(d)


SIGNALS = (
    Signal(
        "toxic_word_fraction",
        "float",
        "0..1",
        "share of the words in entries of the list of toxic words of its language; null without a list",
        f"{LIST}, without entries that are harmless in ordinary text",
        _fraction,
    ),
)

RULES = (
    Rule(
        PRESET,
        "toxic_word_fraction",
        "toxic_word_fraction",
        maximum=0.02,
        source="ours: docs/bias.md says on which texts it was tried",
    ),
)
