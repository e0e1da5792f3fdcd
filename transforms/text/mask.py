"""Text for a human eye that may hold personal data: masked, short, and harmless on a terminal or a page."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpusmill.transforms.text.anonymiser import AnonymiseOptions, Anonymiser, load
from corpusmill.transforms.text.findings import Finding, resolve

Span = tuple[int, int]
Piece = tuple[str, bool]

NOT_SHOWN = "(not shown: could not be masked)"
READ_AHEAD = 2_000  # code points searched beyond what is shown, so that a value at the end is recognised as a whole


def default_masker() -> Anonymiser:
    """Patterns for German and English: for recipes that do not anonymise."""
    return load(AnonymiseOptions(languages=("de", "en"), mode="patterns"))


def masked(text: str, anonymiser: Anonymiser, language: str = "und", limit: int = 200) -> str:
    """The beginning of the text, at most `limit` code points, with `<TYPE>` for all that the anonymiser finds.

    Control characters are shown as escapes. Where the search fails nothing of the text is shown.

    >>> masked("Ask anna@example.org.\\nSoon.", default_masker())
    'Ask <EMAIL_ADDRESS>.\\\\nSoon.'
    """
    try:
        return _masked(text, anonymiser, language, limit)
    except Exception:  # a mask that fails must neither show the text nor end the run
        return NOT_SHOWN


def excerpts(
    text: str, spans: Sequence[Span], marks: Sequence[Span], anonymiser: Anonymiser | None, language: str = "und"
) -> list[list[Piece]]:
    """Each of the spans of the text, masked, in pieces: what is shown, and whether it lies in one of `marks`.

    Spans and marks come in order and do not overlap. A value that touches a span or a mark is shown, or marked, as a
    whole: as its `<TYPE>`. anonymiser: None shows the text as it is, for `--raw` alone.

    >>> excerpts("Ask anna@example.org or Ben.", [(4, 16)], [(4, 8)], default_masker())
    [[('… ', False), ('<EMAIL_ADDRESS>', True), (' …', False)]]
    """
    if not spans:
        return []
    try:
        found = _found(text[: spans[-1][1] + READ_AHEAD], anonymiser, language) if anonymiser else []
    except Exception:  # as in `masked`
        return [[(NOT_SHOWN, False)]]
    before, after = [("… ", False)], [(" …", False)]
    return [
        before[: start > 0] + _pieces(text, (start, end), marks, found) + after[: end < len(text)]
        for start, end in spans
    ]


def around(
    text: str, span: Span, known: Sequence[Finding], anonymiser: Anonymiser, language: str = "und", reach: int = 160
) -> list[Piece]:
    """What stands around a span, `reach` code points to either side, in pieces: what is shown, and is it the span?

    known: what is personal data for sure, the span itself among it: shown as `<TYPE>` whatever the anonymiser says.

    >>> at = Finding(4, 8, "PERSON", 0.9, "x")
    >>> around("Ask Nora or ben@example.org.", (4, 8), [at], default_masker())
    [('Ask ', False), ('<PERSON>', True), (' or <EMAIL_ADDRESS>.', False)]
    """
    try:
        begin, end = max(0, span[0] - reach - READ_AHEAD), span[1] + reach + READ_AHEAD
        window = text[begin:end]
        here = [
            replace(f, start=max(0, f.start - begin), end=f.end - begin, score=2.0)
            for f in known
            if f.end > begin and f.start < end
        ]
        found = resolve([*here, *_found(window, anonymiser, language)])
        at = (span[0] - begin, span[1] - begin)
        shown = (max(0, at[0] - reach), min(len(window), at[1] + reach))
        pieces = _pieces(window, shown, [at], found)
    except Exception:  # as in `masked`
        return [(NOT_SHOWN, False)]
    before, after = [("… ", False)], [(" …", False)]
    return before[: begin + shown[0] > 0] + pieces + after[: begin + shown[1] < len(text)]


def _masked(text: str, anonymiser: Anonymiser, language: str, limit: int) -> str:
    shown = min(len(text), 4 * limit)
    window = text[: shown + READ_AHEAD]
    pieces = _pieces(window, (0, shown), (), _found(window, anonymiser, language))
    line = "".join(piece for piece, _ in pieces)
    if len(line) <= limit and shown == len(text):
        return line
    # The last word may be half a value or half a placeholder.
    return f"{line[: max(0, line.rfind(' ', 0, limit - 1))].rstrip()} …".strip()[:limit]


def _found(text: str, anonymiser: Anonymiser, language: str) -> list[Finding]:
    # In a raw record a line break may be written \n, which would glue an n to the number after it.
    found = anonymiser.find([re.sub(r"\\[nrtu]", "  ", text)], [language])[0]
    if isinstance(found, Exception):
        raise found
    return found


def _pieces(text: str, span: Span, marks: Sequence[Span], found: Sequence[Finding]) -> list[Piece]:
    """The span with `<TYPE>` for each finding, control characters as escapes; what is empty is left out."""
    at, end = span
    marks = [mark for mark in marks if mark[0] < end and at < mark[1]]
    pieces: list[Piece] = []
    for finding in found:
        if finding.start >= end:
            break
        if finding.end > at:
            pieces += _plain(text, at, finding.start, marks)
            touched = any(start < finding.end and finding.start < stop for start, stop in marks)
            pieces.append((f"<{finding.entity_type}>", touched))
            at = finding.end
    pieces += _plain(text, at, end, marks)
    runs = itertools.groupby((piece for piece in pieces if piece[0]), key=lambda piece: piece[1])
    return [(_harmless("".join(piece for piece, _ in run)), marked) for marked, run in runs]


def _plain(text: str, at: int, end: int, marks: Sequence[Span]) -> Iterator[Piece]:
    """Text without a finding, divided where marks begin and end."""
    for start, stop in marks:
        if at < stop and start < end:
            yield text[at : max(at, start)], False
            at = max(at, start)
            yield text[at : min(stop, end)], True
            at = min(stop, end)
    yield text[at : max(at, end)], False


def _harmless(text: str) -> str:
    return "".join(c if c == " " or _printable(c) else c.encode("unicode_escape").decode() for c in text)


def _printable(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ" or character in "\u00a0\u202f"
