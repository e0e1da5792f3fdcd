"""Whether a text is a program: what is said in its comments and documentation strings is then part of it."""

import re

import numpy as np
import numpy.typing as npt
import polars as pl

from corpusmill.transforms.text.language_evidence import CODE_LINE, share

LOOK = 6000  # characters of a text that are looked at; more changes few answers and costs time in proportion
CODE = 0.1  # of the characters in lines of code: with less, it is a text in the frame of a comment
COMMENTS = 0.1  # of the characters in comments: with less, it is documentation whose lines are long
FREE = 0.15  # of the characters in neither, at most: documentation with listings has more

# What stands before the quotes that begin a string: nothing, or what makes it no comment (`name = """`).
_OPENING = re.compile(r"(?:^|([=(,]))[ \t]*[rRuUbBfF]{0,2}$")
_CODE = re.compile(CODE_LINE.replace("(?-u:", "(?:"))
_QUOTES = ('"' * 3, "'" * 3)
# A star in a pattern for files (`*/*.html`) is no comment. One that is not ended has a star on every line.
_BLOCKS = (
    ("/*", re.compile(r"(?ms)/\*(?<!\S/\*)(?=[\s*!])(?:.*?\*/|[^\n]*(?:\n[ \t]*\*[^\n]*)*)")),
    ("*/", re.compile(r"\A[^\n]*\n(?:[ \t]*\*[^\n]*\n)*?[ \t]*\*/")),
    ("<!--", re.compile(r"(?s)<!--.*?-->")),
    ("\n=", re.compile(r"(?ms)^=[a-z]\w*\b.*?(?:^=(?:cut|end)\b|\Z)")),  # manuals within Perl, comments of Ruby
)
_CUT = "\ue001"  # between parts of a text, as
_MARK = "\ue000"  # of lines in a comment; for private use, so that it stands in no text
_COMMENT_LINE = rf"^\s*(?:{_MARK}|#|//|--\s|%|;|\x22\s[^\x22]*$)"
_SENTENCE = r"(?:[\p{L}'\x{2019}-]+[,.;:]?\s){8}"  # eight words: no line of code, even with a name or a call in it
_NO_CODE = f"{_COMMENT_LINE}|{_SENTENCE}"
_ANY = r"(?m)\x22{3}|'{3}|/\*|\*/|<!--|^=[a-z]|^[ \t]*(?:#|//|--\s|%|;|\x22\s)"


def are_programs(texts: list[str]) -> list[bool]:
    """Whether all but little of each text is code and comments, both in some number.

    >>> code = "def add(a, b):\\n    # The sum of the two.\\n    return sum([a, b])"
    >>> are_programs([code, "The sum of the two, in Python:\\n\\n" + code, "The sum of the two."])
    [True, False, False]
    """
    parts = [_parts(text) for text in texts]
    try:
        read = pl.Series(parts, dtype=pl.String)
    except UnicodeEncodeError:  # half a surrogate pair
        parts = [part.encode("utf-8", errors="replace").decode() for part in parts]
        read = pl.Series(parts, dtype=pl.String)
    programs = np.zeros(len(texts), dtype=bool)
    asked = np.flatnonzero(read.str.contains(_ANY).to_numpy())
    if len(asked):
        programs[asked] = _mostly_program(["\n".join(map(_marked, parts[i].split(_CUT))) for i in asked.tolist()])
    return list(programs.tolist())


def _mostly_program(marked: list[str]) -> npt.NDArray[np.bool_]:
    lines = pl.Series(marked, dtype=pl.String).str.split("\n")
    comments = share(lines, _COMMENT_LINE)
    program = comments >= COMMENTS
    if program.any():
        lines, comments = lines.filter(program), comments[program]
        code = share(lines, f"{CODE_LINE}|{_NO_CODE}") - share(lines, _NO_CODE)
        program[program] = (code >= CODE) & (code + comments >= 1 - FREE)
    return program


def _parts(text: str) -> str:
    """The text, or of a long one its start, middle and end: programs begin with comments, documentation with prose."""
    if len(text) > LOOK:
        n = LOOK // 3
        middle = (len(text) - n) // 2
        text = _CUT.join([text[:n], text[middle : middle + n], text[-n:]])
    return text


def _marked(text: str) -> str:
    """The text with a mark before each line of a comment of several lines, and of a documentation string."""
    for quote in _QUOTES:
        if quote in text:
            text = _strings_marked(text, quote)
    for part, block in _BLOCKS:
        if part in text:
            text = block.sub(lambda found: _commented(found[0]), text)
    return text


def _strings_marked(text: str, quote: str) -> str:
    if _begins_in_string(text, quote):
        text = quote + text
    read, end = [], 0
    while (start := text.find(quote, end)) >= 0:
        opening = _OPENING.search(text[text.rfind("\n", 0, start) + 1 : start])
        inside = start + len(quote)
        after = text.find(quote, inside) + len(quote) if opening else inside  # in prose, quotes may stand alone
        if after < inside:  # it is not ended
            after = len(text)
        string = text[start:after]
        read += [text[end:start], _commented(string) if opening and not opening[1] else string]
        end = after
    return "".join([*read, text[end:]])


def _commented(text: str) -> str:
    return f"\n{_MARK}" + text.replace("\n", f"\n{_MARK}") + "\n"


def _begins_in_string(text: str, quote: str) -> bool:
    """Whether the first quotes of a part of a program end what began before it."""
    before, _, after = text.partition(quote)
    if text.count(quote) % 2 == 0 or after.partition("\n")[0].strip():
        return False
    *above, own = before.rstrip(" \t").split("\n")
    last = next((line.strip() for line in reversed(above) if line.strip()), "")
    if own.strip():
        return not _OPENING.search(own)
    if last:
        return not last.endswith(":") and last[0] not in "#@"
    return bool(_CODE.search(after.lstrip().partition("\n")[0]))
