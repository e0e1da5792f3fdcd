"""Firms that bear people's names: `Otto Bock SE`, `Becker Logistik`, `John Deere`, `Merck` are no people."""

import re
from functools import cache
from pathlib import Path

from corpusmill.transforms.text.name_lists import BUSINESSES, LEGAL_FORMS

FIRMS = Path(__file__).parent / "data" / "firms.txt"  # licences and sources: firms.LICENCE.md beside it

# After a comma others say something of the person: `Anna Dorsch, AG Hamburg` sits in a court.
FORM = re.compile(rf"[ \xa0](?:{'|'.join(sorted(LEGAL_FORMS))})\b|,[ \xa0](?:Inc|Ltd|LLC|LLP)\b")
# With more capitals after it, it is the beginning of something else: `Dorsch Energie Beratung`.
BUSINESS = re.compile(rf"[ \xa0](?:{'|'.join(sorted(BUSINESSES))})\b(?!-|[ \xa0][A-ZÄÖÜ])")
WORD_BEFORE = re.compile(r"[^\s,;:()]+[ \xa0]$")
WORD_AFTER = re.compile(r"[ \xa0]([^\s,;:()]*[^\s,;:().!?])")
REACH = 40  # code points before a name in which a word is looked for


def of_a_firm(text: str, start: int, end: int) -> bool:
    """A name in a text is that of a firm, or a part of it.

    A legal form stands in it or right after it; or what it does for a living, and the name is one word, since more of
    them may be a person of a trade (`Peter Klein Immobilien`); or it is a firm that is well known.

    >>> text = "Karl Meyer AG, Becker Logistik, John Deere, Peter Klein Immobilien and Karl, AG Hof."
    >>> names = ("Karl Meyer", "Becker", "John Deere", "Deere", "Peter Klein", "Karl,")
    >>> [of_a_firm(text, text.rindex(name), text.rindex(name) + len(name.strip(","))) for name in names]
    [True, True, True, True, False, False]
    """
    if FORM.match(text, end) or FORM.search(text, start, end):
        return True
    name = text[start:end]
    if " " not in name and BUSINESS.match(text, end):
        return True
    if name.count(" ") == 1 and BUSINESS.fullmatch(text, start + name.index(" "), end):
        return True
    return of_a_well_known_one(text, start, end)


def of_a_well_known_one(text: str, start: int, end: int) -> bool:
    """A name is that of a well-known firm, or a part of it.

    >>> of_a_well_known_one("a Texas Instruments calculator", 2, 7), of_a_well_known_one("in Texas", 3, 8)
    (True, False)
    """
    return any(written in _well_known() for written in _with_neighbours(text, start, end))


def _with_neighbours(text: str, start: int, end: int) -> list[str]:
    """The name with up to one word before and two after it."""
    before = WORD_BEFORE.search(text, max(0, start - REACH), start)
    ends = [end]
    while len(ends) < 3 and (after := WORD_AFTER.match(text, ends[-1])):
        ends.append(after.end())
    starts = [start, before.start()] if before else [start]
    return [text[begin:stop].replace("\xa0", " ") for begin in starts for stop in ends]


@cache
def _well_known() -> frozenset[str]:
    return frozenset(FIRMS.read_text(encoding="utf-8").splitlines())
