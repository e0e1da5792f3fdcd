"""Limits for each language, after FineWeb-2: Penedo et al. 2025, arXiv 2506.20920; its published configurations.

The signals are those of the presets gopher_repetition, gopher_quality and fineweb, with our definitions: FineWeb-2
made its limits on datatrove's, which counts a repetition from its second occurrence on. As there, paragraphs and short
lines are not judged, and repeated lines may have 0.1 of the characters. A rule is named LANGUAGE.SIGNAL and is asked of
documents in that language; of other languages nothing is asked.
"""

from __future__ import annotations

from typing import NamedTuple

from corpusmill.transforms.text.signals_types import Rule

PRESET = "fineweb2"
CODE = "huggingface/fineweb-2 d0defb2, configs/"


class Limits(NamedTuple):
    """What a configuration says. top: 2- to 4-grams. repeated: 5- to 10-grams."""

    file: str
    lines: float
    top: tuple[float, float, float]
    repeated: tuple[float, float, float, float, float, float]
    shortest: float
    longest: float
    alphabetic: float
    punctuated: float
    newlines: float


LANGUAGES = {
    "cs": Limits(
        "ces_Latn.yml",
        0.311,
        (0.206, 0.183, 0.165),
        (0.168, 0.157, 0.145, 0.133, 0.121, 0.109),
        3,
        11,
        0.781,
        0.06,
        0.182,
    ),
    "da": Limits(
        "dan_Latn.yml",
        0.305,
        (0.367, 0.297, 0.232),
        (0.169, 0.158, 0.147, 0.134, 0.123, 0.112),
        3,
        11,
        0.798,
        0.1,
        0.182,
    ),
    "de": Limits(
        "deu_Latn.yml",
        0.263,
        (0.169, 0.153, 0.137),
        (0.141, 0.134, 0.126, 0.117, 0.108, 0.098),
        0,
        15,
        0.774,
        0.0,
        0.152,
    ),
    "es": Limits(
        "spa_Latn.yml",
        0.252,
        (0.156, 0.14, 0.125),
        (0.145, 0.136, 0.127, 0.117, 0.108, 0.099),
        3,
        14,
        0.825,
        0.182,
        0.138,
    ),
    "fr": Limits(
        "fra_Latn.yml", 0.264, (0.161, 0.149, 0.134), (0.15, 0.141, 0.131, 0.121, 0.111, 0.1), 2, 11, 0.812, 0.1, 0.185
    ),
    "it": Limits(
        "ita_Latn.yml", 0.246, (0.198, 0.156, 0.133), (0.144, 0.136, 0.127, 0.118, 0.109, 0.1), 3, 21, 0.807, 0.025, 0.2
    ),
    "nl": Limits(
        "nld_Latn.yml",
        0.296,
        (0.213, 0.182, 0.158),
        (0.156, 0.146, 0.136, 0.126, 0.115, 0.104),
        3,
        17,
        0.828,
        0.102,
        0.154,
    ),
    "pl": Limits(
        "pol_Latn.yml",
        0.32,
        (0.222, 0.198, 0.176),
        (0.172, 0.16, 0.148, 0.136, 0.123, 0.111),
        3,
        12,
        0.726,
        0.087,
        0.158,
    ),
    "pt": Limits(
        "por_Latn.yml",
        0.287,
        (0.371, 0.191, 0.163),
        (0.163, 0.153, 0.141, 0.13, 0.119, 0.108),
        3,
        13,
        0.814,
        0.077,
        0.186,
    ),
    "ru": Limits(
        "rus_Cyrl.yml",
        0.322,
        (0.184, 0.164, 0.146),
        (0.168, 0.156, 0.145, 0.133, 0.121, 0.109),
        3,
        11,
        0.713,
        0.231,
        0.139,
    ),
    "sv": Limits(
        "swe_Latn.yml",
        0.292,
        (0.242, 0.195, 0.174),
        (0.156, 0.147, 0.136, 0.125, 0.116, 0.105),
        3,
        12,
        0.841,
        0.2,
        0.135,
    ),
}


def _rules(code: str, limits: Limits) -> tuple[Rule, ...]:
    def rule(signal: str, minimum: float | None = None, maximum: float | None = None) -> Rule:
        return Rule(PRESET, f"{code}.{signal}", signal, minimum, maximum, CODE + limits.file, (code,))

    return (
        rule("duplicate_line_fraction", maximum=limits.lines),
        *(rule(f"top_{n}_gram_character_fraction", maximum=most) for n, most in enumerate(limits.top, 2)),
        *(rule(f"duplicate_{n}_gram_character_fraction", maximum=most) for n, most in enumerate(limits.repeated, 5)),
        rule("word_count", minimum=50, maximum=100_000),
        rule("mean_word_length", limits.shortest, limits.longest),
        rule("hash_word_ratio", maximum=0.1),
        rule("ellipsis_word_ratio", maximum=0.1),
        rule("alphabetic_word_fraction", minimum=limits.alphabetic),
        rule("stop_word_count", minimum=2),
        rule("bullet_line_fraction", maximum=0.9),
        rule("ellipsis_line_fraction", maximum=0.3),
        rule("line_punctuation_fraction", minimum=limits.punctuated),
        rule("duplicate_line_character_fraction", maximum=0.1),
        rule("line_word_ratio", maximum=limits.newlines),
    )


RULES = tuple(rule for code, limits in LANGUAGES.items() for rule in _rules(code, limits))
