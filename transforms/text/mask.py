"""Text for a human eye that may hold personal data: masked, short, and harmless on a terminal or a page."""

import re
import unicodedata

from corpusmill.transforms.text.anonymiser import AnonymiseOptions, Anonymiser, load

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


def _masked(text: str, anonymiser: Anonymiser, language: str, limit: int) -> str:
    shown = min(len(text), 4 * limit)
    window = text[: shown + READ_AHEAD]
    # In a raw record a line break may be written \n, which would glue an n to the number after it.
    found = anonymiser.find([re.sub(r"\\[nrtu]", "  ", window)], [language])[0]
    if isinstance(found, Exception):
        return NOT_SHOWN
    pieces, at = [], 0
    for finding in found:
        if finding.start >= shown:
            break
        pieces += [window[at : finding.start], f"<{finding.entity_type}>"]
        at = finding.end
    pieces.append(window[at : max(at, shown)])
    line = "".join(c if c == " " or _printable(c) else c.encode("unicode_escape").decode() for c in "".join(pieces))
    if len(line) <= limit and shown == len(text):
        return line
    # The last word may be half a value or half a placeholder.
    return f"{line[: max(0, line.rfind(' ', 0, limit - 1))].rstrip()} …".strip()[:limit]


def _printable(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ" or character in "\u00a0\u202f"
