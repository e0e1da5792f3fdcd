"""Lists, menus and repeated lines, after FineWeb: Penedo et al. 2024, arXiv 2406.17557, section 3.6."""

from __future__ import annotations

from corpusmill.transforms.text.signals_c4 import LINE_END
from corpusmill.transforms.text.signals_types import Rule, Signal

PRESET = "fineweb"
PAPER = "Penedo et al. 2024 (arXiv 2406.17557), section 3.6"
CODE = "datatrove fineweb_quality_filter.py"
SHORT_LINE = 30  # characters, of the paper

SIGNALS = (
    Signal(
        "line_punctuation_fraction",
        "float",
        "0..1",
        "share of the lines that end with an end mark; null for Thai and other scripts without end marks",
        PAPER,
        lambda d: d.where_punctuated(d.lines.share(d.lines.matching(LINE_END))),
    ),
    Signal(
        "short_line_fraction",
        "float",
        "0..1",
        f"share of the lines with at most {SHORT_LINE} characters; null for Chinese, Japanese, Korean, Thai",
        PAPER,
        lambda d: d.where_alphabetic(d.lines.share(d.lines.lengths <= SHORT_LINE)),
    ),
    Signal(
        "line_word_ratio",
        "float",
        "lines per word",
        "lines over words; blank lines do not count, since extraction puts them between paragraphs",
        f"{CODE} (newlines over words)",
        lambda d: d.per_word(d.lines.counts),
    ),
)

RULES = (
    Rule(PRESET, "line_punctuation_fraction", "line_punctuation_fraction", minimum=0.12, source=PAPER),
    Rule(PRESET, "short_line_fraction", "short_line_fraction", maximum=0.67, source=PAPER),
    # The paper's 0.1, not the 0.01 that datatrove's code has for English (its FineWeb-2 configurations have 0.1): at
    # 0.01 one repeated line drops a page of twenty.
    Rule(
        PRESET,
        "duplicate_line_character_fraction",
        "duplicate_line_character_fraction",
        maximum=0.1,
        source=f"{PAPER}: 0.1 ({CODE} has 0.01)",
    ),
    Rule(PRESET, "line_word_ratio", "line_word_ratio", maximum=0.3, source=CODE),
)
