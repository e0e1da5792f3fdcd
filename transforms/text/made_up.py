"""Made-up names of people and places: a keyed number picks one, so that nobody without the key can say which.

The names are data (`data/made_up_names.json`): given names that are common in a language, surnames and places composed
of pieces. A surname or a place that is composed may be somebody's by chance; it says nothing about the one replaced.
"""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from corpusmill.transforms.text.name_words import folded, stem

DATA = Path(__file__).parent / "data" / "made_up_names.json"
LANGUAGES = ("de", "en")
GENDERS = ("female", "male", "neutral")


@dataclass(frozen=True)
class Names:
    """Of one language. given: gender form -> initial, in lower case -> names."""

    given: dict[str, dict[str, list[str]]]
    surnames: Sequence[str]
    places: Sequence[str]

    @property
    def initials(self) -> list[str]:
        """Letters with which names of every gender form begin: an initial tells no gender."""
        return sorted(set.intersection(*(set(names) for names in self.given.values())))


@cache
def names(language: str) -> Names:
    """The made-up names of `de` or `en`."""
    pieces = {name: text.split() for name, text in _data()[language].items()}
    begins, joints = pieces["surname_begins"], [joint.strip("-") for joint in pieces["joints"]]
    given: dict[str, dict[str, list[str]]] = {gender: defaultdict(list) for gender in GENDERS}
    for gender in GENDERS:
        for name in pieces[gender]:
            given[gender][name[0].lower()].append(name)

    def composed(ends: str) -> list[str]:
        return sorted({"".join(parts) for parts in product(begins, joints, pieces[ends])})

    return Names(given, composed("surname_ends"), composed("place_ends"))


@cache
def known_given() -> dict[str, tuple[str, str]]:
    """Common given names, folded -> their language (empty where both have it) and gender form."""
    known: dict[str, tuple[str, str]] = {}
    for language, gender in product(LANGUAGES, GENDERS):
        for name in _data()[language][gender].split():
            there = known.get(folded(name))
            if there is None:
                known[folded(name)] = language, gender
            else:
                known[folded(name)] = "", gender if there[1] == gender else "neutral"
    return known


def language_of(name: str) -> str | None:
    """de or en by the look of a folded surname or place; None where it does not say.

    Never by the document's language: a person has one name in all of them.

    >>> [language_of(folded(name)) for name in ("Schneider", "Whitfield", "\u738b")]
    ['de', 'en', None]
    """
    odds = sum(_odds().get(piece, 0.0) for piece in _pieces(name))
    return None if abs(odds) < 0.5 else "de" if odds > 0 else "en"


def choose(pool: Sequence[str], number: int, original: str, form: Callable[[str], str] = folded) -> str:
    """The `number`-th of the pool, counted around, or the next that is neither part of the original nor the reverse.

    form: what makes no difference between the two.

    >>> choose(["Lena", "Anna", "Tina"], 4, "Annalena")
    'Tina'
    """
    own = form(original)
    for step in range(len(pool)):
        made = pool[(number + step) % len(pool)]
        if form(made) not in own and own not in form(made):
            return made
    return pool[number % len(pool)]


def version() -> str:
    """Changes with the names: another list gives other pseudonyms."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()[:16]


@cache
def _odds() -> dict[str, float]:
    """Runs of two to four letters in common names -> how much more often a German name has it: a logarithm."""
    counts = {language: Counter[str]() for language in LANGUAGES}
    for language in LANGUAGES:
        for name in _data()[language]["common"].split():
            counts[language].update(_pieces(stem(name)[0]))
    german, english = counts["de"], counts["en"]
    return {piece: math.log((german[piece] + 0.5) / (english[piece] + 0.5)) for piece in german | english}


def _pieces(name: str) -> list[str]:
    marked = f"^{name}$"
    return [marked[at : at + size] for size in (2, 3, 4) for at in range(len(marked) - size + 1)]


@cache
def _data() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found
