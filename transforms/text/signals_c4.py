"""Placeholder text, code and notices, after C4: Raffel et al. 2020, JMLR 21(140), section 2.2; code: TFDS c4_utils.py.

Of whole documents only. What C4 does line by line (cut lines without an end mark, with few words, with "javascript" or
a policy phrase) comes with edits in a later issue; until then such notices do not count as sentences. Not taken over:
the list of bad words, the length limit of 190,000 characters, the language test (a stage of its own).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpusmill.transforms.text.signals_types import Rule, Signal

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.words import Documents

PRESET = "c4"
PAPER = "Raffel et al. 2020 (JMLR 21/140), section 2.2"
CODE = "TFDS c4_utils.py"

CLOSING = r"""["'\u2019\u201d\u201c\u00ab\u00bb\u203a\u2039\u300d\u300f\uff09)\]*_]*"""  # “ and « close in German
END_MARK = r"[.!?\u2026\u3002\uff01\uff1f\u0964\u061f\u06d4\u0589\u17d4\u104b]"
LINE_END = f"{END_MARK}{CLOSING}$"

# A sentence ends after a word of two letters or digits, or a closing mark: not after the number of a list's item or an
# initial ("1. ", "z. B."). Marks of scripts without spaces need no space after them.
SENTENCE_END = (
    rf"""(?:[\p{{L}}\p{{M}}\d]{{2}}|[)\]"'\u2019\u201d\u201c\u00bb\u00ab>`])[.!?\u2026]+{CLOSING}(?:\s|$)"""
    r"|[\u3002\uff01\uff1f\u0964\u061f\u06d4\u0589\u17d4\u104b]"
)
# C4 cuts any line with the word "javascript", meaning the warnings of pages; a manual of the language is no warning.
# (No \b: Rust's regex becomes 30 times slower by one.)
NOTICE = (
    r"(?i)javascript.*(?:enable|disabled|activate|turned|require|browser|aktivier|deaktivier|erforderlich|ben\u00f6tig)"
    r"|(?:enable|disabled|activate|aktivier|deaktivier|require|ben\u00f6tig).*javascript"
    # C4's phrases, then their German counterparts, which are ours.
    r"|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
    r"|datenschutzerkl\u00e4rung|datenschutzrichtlinie|nutzungsbedingungen|cookie-richtlinie"
    r"|(?:verwende[nt]|nutz(?:en|t)|einsatz von|verwendung von) cookies"
)


def _sentences(d: Documents) -> pl.Series:
    ends = d.lines.values.str.count_matches(SENTENCE_END).to_numpy()
    return d.where_punctuated(d.lines.totals(ends * ~d.lines.matching(NOTICE)))


def _curly_brackets(d: Documents) -> pl.Series:
    sentence = d.lines.matching(LINE_END)
    return d.lines.share(sentence & d.lines.matching(r"\{"), among=sentence)


SIGNALS = (
    Signal(
        "lorem_ipsum_count",
        "int",
        "times",
        "how often 'lorem ipsum' stands in it, in any case",
        PAPER,
        lambda d: d.texts.str.count_matches(r"(?i)lorem ipsum"),
    ),
    Signal(
        "curly_bracket_line_fraction",
        "float",
        "0..1",
        "share of the lines with an end mark that have a '{'; code, whose lines have no end mark, does not count",
        f"{CODE}, which looks for '{{' in the lines left by its end mark rule; a share instead of any is ours",
        _curly_brackets,
    ),
    Signal(
        "notice_line_fraction",
        "float",
        "0..1",
        "share of the lines that warn of missing JavaScript or point to policies and cookies, in English or German",
        f"{PAPER}, where such lines are cut; 'javascript' only in a warning, and the German phrases, are ours",
        lambda d: d.lines.share(d.lines.matching(NOTICE)),
    ),
    Signal(
        "sentence_count",
        "int",
        "sentences",
        "ends of sentences in lines that are no notices; null for Thai and other scripts without end marks",
        f"{CODE}, with end marks of more scripts instead of English punkt",
        _sentences,
    ),
)

RULES = (
    Rule(PRESET, "lorem_ipsum_count", "lorem_ipsum_count", maximum=0, source=PAPER),
    Rule(
        PRESET,
        "curly_bracket_line_fraction",
        "curly_bracket_line_fraction",
        maximum=0.1,
        source=f"own: {PAPER} drops at the first, which costs manuals that name a {{placeholder}}",
    ),
    Rule(
        PRESET,
        "notice_line_fraction",
        "notice_line_fraction",
        maximum=0.3,
        source=f"own: {PAPER} cuts the lines; a page of hardly anything else is left by this rule to be dropped",
    ),
    Rule(PRESET, "sentence_count", "sentence_count", minimum=3, source=f"{CODE}: 3 (the paper's text says 5)"),
)
