"""Clean text: mojibake repaired, Unicode NFC, nothing invisible, line ends and white space in order.

What is not touched: quotes, dashes, ligatures, character widths, non-breaking spaces (an author's typography is not an
error), HTML entities (in plain text `&lt;` may be what is meant; those of a page are resolved when it is parsed), and
runs of spaces inside a line (they align code, tables and man pages).
"""

import re
import unicodedata

import ftfy
import polars as pl
from ftfy.badness import MOJIBAKE_CATEGORIES

# Of ftfy just the repair of mojibake; its other steps change typography, or are done below for the whole batch at once.
MOJIBAKE = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)

# ftfy changes a line only if it has a C1 control or looks bad to it (`ftfy.badness.BADNESS_RE`), and every branch of
# that pattern needs a C1 control, an œ, one of a few letters before a space or a "common" character, or two neighbours
# of which the first is not ASCII and the second is in one of ftfy's other classes, plain Greek and Cyrillic letters
# excepted (these come second only in `вЂ`). So a line without a match comes back from ftfy as it is and need not go
# there; a test tries all pairs of ftfy's characters.
_SECOND = "".join(
    characters
    for name, characters in MOJIBAKE_CATEGORIES.items()
    if name not in ("common", "lower_common", "upper_common")
)
MAY_BE_MOJIBAKE = rf"[\x80-\x9fŒœ]|[ÂÃÎÐØÙ√][ {MOJIBAKE_CATEGORIES['common']}]|[^\x00-\x7f][{_SECOND}Ђ]"
_MAY_BE_MOJIBAKE = re.compile(MAY_BE_MOJIBAKE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_C1_CONTROL = re.compile(r"[\x80-\x9f]")

# (pattern, replacement), in order, in the syntax of Rust's regex. Applied again, none of these lists changes anything.
_INVISIBLE = (
    (r"\r\n?|[\x0b\x0c\u2028\u2029]", "\n"),
    (r"[^\n\x08]\x08", ""),  # nroff's bold and underline: N\bN, _\bN
    (r"\x1b\[[\d;]*[A-Za-z]", ""),  # ANSI colours
    # Tag characters spell invisible text, except after the black flag, where they make the flags of England or Wales.
    (r"(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0000-\U000e007f]", "${1}"),
    # Controls, but not C1, which are mojibake; soft hyphen; zero-width space, word joiner, BOM; directional marks,
    # embeddings, isolates; invisible operators; interlinear annotation, object replacement; noncharacters.
    (
        r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef"
        r"\ufeff\ufff9-\ufffc\ufffe\uffff]",
        "",
    ),
    # Joiners shape Persian, Indic scripts and emoji; after Latin letters they only hide words from filters.
    (r"(^|[\x00-\u036f\u1e00-\u1eff])[\u200c\u200d]+", "${1}"),
)
_ANY_INVISIBLE = (  # one look for all of them
    r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef"
    r"\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e007f]"
)
_WHITE_SPACE = (
    (r"[^\S\n\x85]+\n", "\n"),  # U+0085 is white space in Unicode, here it is a C1 control
    (r"\n{3,}", "\n\n"),
)
_ANY_SPACE = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_MAY_NOT_BE_NFC = r"[\u0300-\u2001\u2126-\U0010ffff]"  # all other characters are NFC wherever they stand

MOST_ROUNDS = 8  # two suffice but for text that was encoded wrongly several times


def clean(text: str) -> str:
    r"""`text` repaired and in order; cleaning it again changes nothing. See `clean_all`, which is faster for many.

    >>> clean("GrÃ¼ÃŸe  aus\u200b Köln \r\n\r\n\r\n\r\n    return „1“;\x00\n")
    'Grüße  aus Köln\n\n    return „1“;'
    """
    return clean_all([text])[0]


def clean_all(texts: list[str]) -> list[str]:
    """`clean` of each text. Lone surrogates become U+FFFD, pairs of them the character they stand for."""
    series = _ordered(_series(texts))
    cleaned: list[str] = series.to_list()
    doubtful = _doubtful(series)
    for _ in range(MOST_ROUNDS):
        if not doubtful:
            break
        repaired = [_repaired(cleaned[i]) for i in doubtful]
        changed = [(i, text) for i, text in zip(doubtful, repaired, strict=True) if text != cleaned[i]]
        series = _ordered(_series([text for _, text in changed]))
        for (i, _), text in zip(changed, series.to_list(), strict=True):
            cleaned[i] = text
        doubtful = [changed[j][0] for j in _doubtful(series)]
    return cleaned


def _ordered(series: pl.Series) -> pl.Series:
    invisible = series.str.contains(_ANY_INVISIBLE)
    if invisible.any():
        series = series.zip_with(~invisible, _replaced(series, _INVISIBLE))
    return _replaced(series, _WHITE_SPACE).str.strip_chars_end(_ANY_SPACE).str.strip_chars_start("\n")


def _replaced(series: pl.Series, replacements: tuple[tuple[str, str], ...]) -> pl.Series:
    for pattern, replacement in replacements:
        series = series.str.replace_all(pattern, replacement)
    return series


def _doubtful(series: pl.Series) -> list[int]:
    """Where a text may be mojibake or is not NFC."""
    mojibake = series.str.contains(MAY_BE_MOJIBAKE)
    candidates = series.str.contains(_MAY_NOT_BE_NFC).arg_true()
    texts = series.gather(candidates)
    return sorted({*mojibake.arg_true(), *candidates.filter(texts != texts.str.normalize("NFC"))})


def _repaired(text: str) -> str:
    """Mojibake repaired line by line, as ftfy does it, skipping the lines that cannot have any; then NFC."""
    lines = _LINE.findall(text)
    for i, line in enumerate(lines):
        if _MAY_BE_MOJIBAKE.search(line):
            lines[i] = _C1_CONTROL.sub("", ftfy.fix_text(line, MOJIBAKE))  # what has no meaning in any encoding
    return unicodedata.normalize("NFC", "".join(lines))


def _series(texts: list[str]) -> pl.Series:
    try:
        return pl.Series(texts, dtype=pl.String)
    except UnicodeEncodeError:  # lone surrogates
        paired = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
        return pl.Series(paired, dtype=pl.String)
