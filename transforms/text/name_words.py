"""A person's name taken apart: which of its words are given names, which the surname, and what makes no difference.

Spellings of one name that come out alike: case, umlauts (`Müller`, `Mueller`, `Muller`), lost diacritics, the order
`Meier, Anna`, titles, the genitive (`Annas`, `Meiers`, `Meier's`), hyphens.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from corpusmill.transforms.text.name_lists import PARTICLES, TITLES
from corpusmill.transforms.text.recognisers_rule import words

MARKS = "\u0300-\u036f"
LETTERS = rf"(?:[^\W_][{MARKS}]*)+"
WORD = re.compile(rf"{LETTERS}(?:['\u2019]{LETTERS})*")
POSSESSIVE = re.compile(r"(?<=.)['\u2019]s$", re.IGNORECASE)

#: What stays before a name: forms of address and degrees. Abbreviations that may be names (`Phil`) need a dot.
TITLE = re.compile(
    r"(?:(?:Herrn?|Frau|Fräulein|Familie|Mrs?|Ms|Mx|Miss|Sir|Madam|Hr|Fr)\b\.?\s+)?"
    r"(?:(?:Dr|Prof|Dipl|Professor|Doktor|Doctor)\b\.?[\s-]*(?:(?:med|jur|rer|nat|phil|pol|habil|Ing|h\.\s?c)\.[\s-]*)*"
    r"|Mag\.\s*)*",
    re.IGNORECASE,
)
JOINING = PARTICLES | words("und y")
SUFFIX = re.compile(r"(?:Jr|Sr|jun|sen|I{2,3}|IV)$")
PERSONS = re.compile(r"\s(?:und|and)\s|[&;/+|]")

PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "'": "", "\u2019": ""}
)
UMLAUTS = re.compile("([aou])e")


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a value. role: given, initial, surname, or alone: a given name or a surname, the word does not say."""

    start: int
    end: int
    text: str
    role: str


#: What a surname follows, and a given name hardly ever.
TITLED = re.compile(rf"\b(?:{'|'.join(sorted(one.capitalize() for one in TITLES))})\.?\s*$")
BEFORE = 12  # code points in which such a word stands before a value


def folded(word: str) -> str:
    """The word as it counts: no case, no diacritics, no apostrophes, an umlaut and its two letters the plain letter.

    >>> {folded(word) for word in ("Müller", "MUELLER", "Muller")}, folded("Weiß"), folded("O'Neill")
    ({'muller'}, 'weiss', 'oneill')
    """
    apart = unicodedata.normalize("NFKD", word.casefold().translate(PLAIN))
    return UMLAUTS.sub(r"\1", "".join(c for c in apart if not unicodedata.combining(c)))


def stem(word: str) -> tuple[str, str]:
    """The folded word without the s or 's of a genitive, and what was taken off.

    A name that ends in s by itself loses it in every form, so its spellings stay together.

    >>> stem("Meiers"), stem("Meier's"), stem("Weiss"), stem("Peters")
    (('meier', 's'), ('meier', "'s"), ('weiss', ''), ('peter', 's'))
    """
    possessive = POSSESSIVE.search(word)
    taken = possessive[0] if possessive else ""
    whole = folded(word[: len(word) - len(taken)])
    if len(whole) > 3 and whole[-1] == "s" and whole[-2] != "s":
        return whole[:-1], word[len(word) - len(taken) - 1] + taken
    return whole, taken


def parts(value: str, before: str = "") -> list[NameWord]:
    """The words of a value that name somebody, each with its role; titles, particles and suffixes are none of them.

    before: what stands before the value, its last BEFORE code points.

    >>> [(word.text, word.role) for word in parts("Frau Dr. Anna M. von Meier-Lüdke")]
    [('Anna', 'given'), ('M', 'initial'), ('Meier', 'surname'), ('Lüdke', 'surname')]
    >>> [(word.text, word.role) for word in parts("Meier, Anna")]
    [('Meier', 'surname'), ('Anna', 'given')]
    """
    found: list[NameWord] = []
    at = 0
    for cut in [*PERSONS.finditer(value), None]:
        end = cut.start() if cut else len(value)
        found += _person(value, at, end, before if at == 0 else "")
        at = cut.end() if cut else end
    return found


def _person(value: str, start: int, end: int, before: str = "") -> list[NameWord]:
    title = TITLE.match(value, start, end)
    found = list(WORD.finditer(value, title.end() if title else start, end))
    if not found:  # a title by itself may be somebody's name
        return [NameWord(w.start(), w.end(), w[0], "alone") for w in WORD.finditer(value, start, end)]
    if len(found) > 1 and SUFFIX.match(found[-1][0]):
        found.pop()
    comma = value.find(",", found[0].end(), end)
    if comma >= 0 and comma < found[-1].start():
        family = [w for w in found if w.start() < comma]
        if len(list(_named(family))) == 1 or _surname_at(value, family) == 0:
            given = [w for w in found if w.start() > comma]
            title = TITLE.match(value, given[0].start())
            titled = [w for w in given if title and w.start() >= title.end()]
            return [*_with(family, "surname"), *_with(titled or given, "given")]
        return [*_person(value, start, comma, before), *_person(value, comma + 1, end)]
    named = list(_named(found))
    first = _surname_at(value, named)
    if first == 0 and len(found) == len(named) and not TITLED.search(before + value[start : found[0].start()]):
        return list(_with(named, "alone"))
    return [*_with(named[:first], "given"), *_with(named[first:], "surname")]


def _named(found: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The words but particles; one at the end is a name, and where all is written small (`le thi hoa`) each may be."""
    return (w for n, w in enumerate(found) if w[0] not in JOINING or n == len(found) - 1 or w.string.islower())


def _with(found: list[re.Match[str]], role: str) -> Iterator[NameWord]:
    for w in _named(found):
        one_letter = len(folded(w[0])) <= 1
        yield NameWord(w.start(), w.end(), w[0], "initial" if one_letter else role)


def _surname_at(value: str, found: list[re.Match[str]]) -> int:
    """Where the surname begins: the last word, with those that a hyphen joins to it."""
    at = len(found) - 1
    while at > 0 and value[found[at - 1].end() : found[at].start()] == "-":
        at -= 1
    return at
