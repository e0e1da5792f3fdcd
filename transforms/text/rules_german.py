"""Limits for German text alone, closer than those of `balanced`, for a corpus of which much may go.

Ours, measured by benchmarks/quality.py on 564 texts of German prose (manuals, articles, sentences), the tuning half:
each limit lies beyond what all but one in 200 of them have. Documents in other languages are not asked.
"""

from __future__ import annotations

from corpusmill.transforms.text.signals_types import Rule

PRESET = "german"


def _rule(signal: str, minimum: float | None = None, maximum: float | None = None, *, measured: str) -> Rule:
    return Rule(PRESET, signal, signal, minimum, maximum, f"ours: {measured} in good German prose", ("de",))


RULES = (
    _rule("word_count", 50, measured="70 at the quantile 0.005"),
    _rule("mean_word_length", 4, 8.5, measured="4.1 at the quantile 0.005, 7.5 at 0.995, with its compounds;"),
    _rule("alphabetic_word_fraction", 0.7, measured="0.70 at the quantile 0.005"),
    _rule("stop_word_count", 12, measured="17 at the quantile 0.005"),
    _rule("word_order", 0.1, measured="0.14 at the quantile 0.005"),
    _rule("sentence_count", 3, measured="3 at the quantile 0.005"),
    _rule("line_word_ratio", maximum=0.35, measured="0.31 at the quantile 0.995"),
    _rule("consent_word_fraction", maximum=0.03, measured="0.02 at the quantile 0.995"),
    _rule("selling_word_fraction", maximum=0.05, measured="0.04 at the quantile 0.995"),
    _rule("often_repeated_10_gram_character_fraction", maximum=0.38, measured="0.35 at the quantile 0.995"),
    _rule("duplicate_10_gram_character_fraction", maximum=0.5, measured="0.48 at the quantile 0.995"),
    _rule("duplicate_line_character_fraction", maximum=0.42, measured="0.40 at the quantile 0.995"),
    _rule("bullet_line_fraction", maximum=0.5, measured="0.43 at the quantile 0.995"),
    _rule("ellipsis_line_fraction", maximum=0.2, measured="0.18 at the quantile 0.995"),
)
