"""Whether a document looks like prose, after Gopher: Rae et al. 2021, arXiv 2112.11446, section A1.1.

Words are runs of letters, digits and the marks inside them: punctuation alone is no word, as in DCLM and datatrove.
To add a rule, touch this file (or that of another preset) and add a case, in four steps:
1. A `Signal` in SIGNALS: name, type, unit, what it measures, source, and its function of a batch of `Documents`
   (words.py): a Series with one value a document, null where it means nothing, by Series methods, never by a loop.
2. A `Rule` in RULES: its name in recipes, the signal, the limits, the source of the limits.
3. A document that fails it in tests/cases/quality.yml (and, if need be, one that nearly does), and the slow definition
   in tests/text/signals_reference.py.
4. `pytest tests/text/test_rules.py tests/text/test_signals.py`. The column of `documents`, `recipe schema`, decisions
   and report follow from the two tuples. (A new preset: a file like this, and a line each in rules.py, signals.py.)
"""

from __future__ import annotations

from corpusmill.transforms.text.signals_types import Rule, Signal

PRESET = "gopher_quality"
SECTION = "Rae et al. 2021 (arXiv 2112.11446), section A1.1"

# "at least two of the following English words"; other languages: data/stop_words.json, from spaCy.
STOP_WORDS = {"en": frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))}

# A dash or an asterisk is a bullet before a space only: `--help` begins an option, not a list.
BULLET = r"^(?:[\u2022\u2023\u2043\u2219\u25aa\u25a0\u25a1\u25cb\u25cf\u25e6\u00b7]|[-*\u2013\u2014]\s)"
ELLIPSIS = r"\.\.\.|\u2026|\. \. \."

SIGNALS = (
    Signal(
        "word_count",
        "int",
        "words",
        "words; a Chinese or Japanese character, or up to four letters of Thai and the like, count as one",
        SECTION,
        lambda d: d.words.counts,
    ),
    Signal(
        "mean_word_length",
        "float",
        "characters",
        "mean length of the words; null where most are Chinese, Japanese, Korean, Thai or the like",
        SECTION,
        lambda d: d.where_alphabetic(d.spaced_word_length()),
    ),
    Signal(
        "hash_word_ratio",
        "float",
        "signs per word",
        "# signs over words",
        f"{SECTION}; # and ellipsis apart, as datatrove and the paper's 'either'",
        lambda d: d.per_word(d.texts.str.count_matches("#", literal=True)),
    ),
    Signal(
        "ellipsis_word_ratio",
        "float",
        "signs per word",
        "ellipses (three dots, also spaced, or the character) over words",
        SECTION,
        lambda d: d.per_word(d.texts.str.count_matches(ELLIPSIS)),
    ),
    Signal(
        "bullet_line_fraction",
        "float",
        "0..1",
        "share of the lines that begin with a bullet",
        SECTION,
        lambda d: d.lines.share(d.lines.matching(BULLET)),
    ),
    Signal(
        "ellipsis_line_fraction",
        "float",
        "0..1",
        "share of the lines that end in an ellipsis",
        SECTION,
        lambda d: d.lines.share(d.lines.matching(f"(?:{ELLIPSIS})$")),
    ),
    Signal(
        "alphabetic_word_fraction",
        "float",
        "0..1",
        "share of the words with at least one letter",
        SECTION,
        lambda d: d.words.share(d.alphabetic_words),
    ),
    Signal(
        "stop_word_count",
        "int",
        "words",
        "how many different stop words of its language a document has; null without a list for the language",
        f"{SECTION}; lists for other languages from spaCy",
        lambda d: d.distinct_stop_words(STOP_WORDS),
    ),
)

RULES = (
    Rule(PRESET, "word_count", "word_count", 50, 100_000, SECTION),
    Rule(PRESET, "mean_word_length", "mean_word_length", 3, 10, SECTION),
    Rule(PRESET, "hash_word_ratio", "hash_word_ratio", maximum=0.1, source=SECTION),
    Rule(PRESET, "ellipsis_word_ratio", "ellipsis_word_ratio", maximum=0.1, source=SECTION),
    Rule(PRESET, "bullet_line_fraction", "bullet_line_fraction", maximum=0.9, source=SECTION),
    Rule(PRESET, "ellipsis_line_fraction", "ellipsis_line_fraction", maximum=0.3, source=SECTION),
    Rule(PRESET, "alphabetic_word_fraction", "alphabetic_word_fraction", minimum=0.8, source=SECTION),
    Rule(PRESET, "stop_word_count", "stop_word_count", minimum=2, source=SECTION),
)
