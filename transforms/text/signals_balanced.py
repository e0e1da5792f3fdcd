"""Whether a document is prose that somebody wrote to be read, in technical writing too: the default preset.

The presets named after papers are as strict as their papers, which were tuned on web pages: a third of the pages of
sound manuals fail them, most for phrases that a manual repeats. This preset asks what sets prose apart from junk: that
words of the language are there and in an order that it knows, that there are sentences, and that the text is neither
mostly repeated, nor mostly sells or asks for consent. Limits are our own: measured by benchmarks/quality.py on the half
of its texts that is for tuning; docs/quality.md has the figures of the other half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpusmill.transforms.text.signals_types import Rule, Signal

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.words import Documents

PRESET = "balanced"
OWN = "ours"
CAPITAL = "[A-Z]"  # capitals of other letters are few, and finding them takes four times as long
OFTEN = 3  # a manual says many things twice; a passage that fills a page is there more often
KNOWN = "null for languages other than English, German, French and Spanish"


def _exclamations(d: Documents) -> pl.Series:
    return d.per_word(d.texts.str.count_matches("!", literal=True))


def _links(d: Documents) -> pl.Series:
    return d.per_word(d.texts.str.count_matches("://", literal=True))


def _often_repeated(d: Documents) -> pl.Series:
    return d.repeated_ngrams(10, times=OFTEN)


SIGNALS = (
    Signal(
        "common_word_fraction",
        "float",
        "0..1",
        f"share of the words that are among the 96 commonest of the document's language; {KNOWN}",
        "ours; of all stop words in RedPajama-Data-v2 (rps_doc_stop_word_fraction)",
        lambda d: d.common_words(),
    ),
    Signal(
        "word_order",
        "float",
        "bits per pair",
        "how much more often than by chance neighbouring words follow each other, in pairs of which one is common; "
        f"0.3 to 0.5 in prose, below 0 in shuffled words; null below 10 such pairs, and {KNOWN}",
        "ours: mean pointwise mutual information, by data/word_order.json",
        lambda d: d.word_order(),
    ),
    Signal(
        "selling_word_fraction",
        "float",
        "0..1",
        f"share of the words that advertisements are made of, such as price, buy, free; {KNOWN}",
        "ours: signals_vocabulary.py",
        lambda d: d.selling_words(),
    ),
    Signal(
        "consent_word_fraction",
        "float",
        "0..1",
        f"share of the words that cookie notices are made of, such as cookies, consent, partners; {KNOWN}",
        "ours: signals_vocabulary.py",
        lambda d: d.consent_words(),
    ),
    Signal(
        "often_repeated_10_gram_character_fraction",
        "float",
        "0..1",
        f"share of the words' characters in 10-grams that occur at least {OFTEN} times",
        "ours, after Rae et al. 2021 (arXiv 2112.11446), table A1",
        _often_repeated,
    ),
    Signal("exclamation_word_ratio", "float", "marks per word", "exclamation marks over words", OWN, _exclamations),
    Signal("link_word_ratio", "float", "links per word", "addresses with :// over words", OWN, _links),
    Signal(
        "unique_word_fraction",
        "float",
        "0..1",
        "share of the words that are the first of their kind in the document",
        "RedPajama-Data-v2 (rps_doc_frac_unique_words)",
        lambda d: d.unique_words(),
    ),
    Signal(
        "word_entropy",
        "float",
        "nats",
        "entropy of the words: low where few are said again and again; grows with the length",
        "RedPajama-Data-v2 (rps_doc_unigram_entropy)",
        lambda d: d.word_entropy(),
    ),
    Signal(
        "digit_character_fraction",
        "float",
        "0..1",
        "share of the characters that are 0 to 9",
        "RedPajama-Data-v2 (rps_lines_numerical_chars_fraction), of the document",
        lambda d: d.characters("[0-9]"),
    ),
    Signal(
        "upper_case_character_fraction",
        "float",
        "0..1",
        "share of the characters that are A to Z",
        "RedPajama-Data-v2 (rps_lines_uppercase_letter_fraction), of the document",
        lambda d: d.characters(CAPITAL),
    ),
)

GOPHER = "Rae et al. 2021 (arXiv 2112.11446), section A1.1"


def _own(signal: str, minimum: float | None = None, maximum: float | None = None, because: str = "") -> Rule:
    return Rule(PRESET, signal, signal, minimum, maximum, source=f"{OWN}: {because}")


# In the order in which they decide: what says most about a document first. The quantiles are of the half for tuning.
RULES = (
    Rule(PRESET, "word_count", "word_count", minimum=50, source=GOPHER),
    Rule(PRESET, "mean_word_length", "mean_word_length", 3, 10, GOPHER),
    _own("alphabetic_word_fraction", 0.7, because="0.79 in the 1st percentile of prose, 0.23 in the 95th of tables"),
    _own("common_word_fraction", 0.1, because="0.13 in the 1st percentile of prose, 0.04 in the 95th of tables"),
    _own("word_order", 0.08, because="0.20 in the 1st percentile of prose, -0.08 in the 95th of shuffled words"),
    _own("sentence_count", 2, because="2 in the 1st percentile of prose, 0 in the middle of menus; C4 asks for 3"),
    _own(
        "consent_word_fraction", maximum=0.05, because="0.02 in the 99th percentile of prose, 0.12 in half the notices"
    ),
    _own(
        "selling_word_fraction", maximum=0.08, because="0.03 in the 99th percentile of prose, 0.13 in the 5th of spam"
    ),
    _own("exclamation_word_ratio", maximum=0.1, because="0.03 in the 99th percentile of prose, 0.13 in half the spam"),
    _own("link_word_ratio", maximum=0.05, because="0.01 in the 99th percentile of prose, 0.09 in spam with links"),
    _own(
        "often_repeated_10_gram_character_fraction",
        maximum=0.45,
        because="0.35 in the 99th percentile of prose, 0.54 in the 5th of texts with a repeated passage",
    ),
    _own(
        "duplicate_10_gram_character_fraction",
        maximum=0.75,
        because="0.55 in 995 of 1000 texts of prose; a text that stands there twice has 1",
    ),
    _own("duplicate_line_character_fraction", maximum=0.5, because="0.34 in the 99th percentile of prose"),
    Rule(PRESET, "bullet_line_fraction", "bullet_line_fraction", maximum=0.9, source=GOPHER),
    Rule(PRESET, "ellipsis_line_fraction", "ellipsis_line_fraction", maximum=0.3, source=GOPHER),
    Rule(PRESET, "lorem_ipsum_count", "lorem_ipsum_count", maximum=0, source="Raffel et al. 2020 (JMLR 21/140), 2.2"),
)
