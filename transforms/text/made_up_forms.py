"""Made-up addresses, numbers and links: in ranges that are nobody's, where there are such ranges.

E-mail and links stand at example.org (RFC 2606). Telephone numbers are those that regulators keep for films and books:
Bundesnetzagentur (`Rufnummern für Medienproduktionen`), Ofcom (numbers for drama use), in North America 555-0100 to
555-0199. Of addresses in the post there are none; those here are composed.
"""

import re
import string
from collections.abc import Callable
from functools import cache
from itertools import product

from corpusmill.transforms.text.made_up import choose, names
from corpusmill.transforms.text.name_words import WORD, folded
from corpusmill.transforms.text.recognisers_rule import words

Number = Callable[..., int]

GERMAN_PHONES = ("30 23125", "40 66969", "69 90009", "89 99998")  # and three digits
BRITISH_PHONES = ("20 7946 0", "113 496 0", "121 496 0", "131 496 0", "161 496 0")  # and three digits
AMERICAN_AREAS = words("202 206 212 303 305 312 404 415 503 512 602 615 617 702 713 718 801 816 901 919")
AMERICAN = re.compile(r"(?:\+?1[-. ])?\(?[2-9]\d{2}\)?[-. ]{1,2}\d{3}[-. ]\d{4}(?!\d)|\+1")

STREET = re.compile(
    r"(stra(?:ß|ss)e|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|graben|promenade|markt|hof)$",
    re.IGNORECASE,
)
#: Words of an address that say nothing of where it is.
KEPT = words(
    "straße strasse str weg platz allee gasse ring damm ufer chaussee markt am an der den dem auf in im bei ob vor zum "
    "zur unter the of and street st avenue ave road rd boulevard blvd lane ln drive dr court ct square sq terrace "
    "place pl way close crescent parkway highway hwy circle row apt apartment suite ste unit flat floor room po box "
    "postfach"
)


def email(value: str, number: Number) -> str:
    """An address at example.org; 40 bits tell two of them apart.

    >>> email("Anna@Example.net", lambda *what: 0x7f3a)
    'user0000007f3a@example.org'
    """
    return f"user{number('email', value.casefold()) % 16**10:010x}@example.org"


def url(value: str, number: Number) -> str:
    """A link to example.org; 40 bits tell two of them apart."""
    return f"https://example.org/{number('url', value) % 16**10:010x}"


def phone(value: str, language: str, number: Number) -> str:
    """A number kept for films, of the same country if that is Germany, Britain or one in North America; else German.

    However a number is written, it gets the same one. language: `en` takes a bare 0 for British.

    >>> [phone(v, "de", lambda *what: 1234) for v in ("+49 (0)171 1234567", "01711234567", "(212) 555-9876")]
    ['+49 69 90009 308', '069 90009 308', '713-555-0161']
    """
    digits = "".join(c for c in re.sub(r"\(0\)", "", value) if c.isdigit())
    international = value.lstrip("( ").startswith(("+", "00"))
    digits = digits.removeprefix("00")
    if AMERICAN.match(value):
        made = choose(_american(), number("phone", "1" + digits[-10:]), digits, _digits)
        return f"+1-{made}" if international else made
    country = "44" if (digits.startswith("44") if international else language == "en") else "49"
    national = digits if international else country + digits.removeprefix("0")
    made = choose(_pool(country), number("phone", national), digits, _digits)
    return f"+{country} {made}" if international else f"0{made}"


def place(value: str, language: str, number: Number) -> str:
    """Its words and numbers replaced one by one, so that a town is the same with a postcode and without one.

    >>> place("Rosenstraße 5, 12345 Köln", "de", lambda *what: 20_000)
    'Lanelrodestraße 1, 28833 Lanelrode'
    """

    def replaced(match: re.Match[str]) -> str:
        piece = match[0]
        if any(c.isdigit() for c in piece) or (len(piece) < 4 and piece.isupper()):
            return _other_characters(piece, number("characters", piece))
        street = STREET.search(piece)
        if piece.lower() in KEPT:
            return piece
        name = folded(piece[: street.start()] if street and street.start() > 1 else piece)
        made = choose(names(language).places, number("place", name), piece)
        if street and street.start() > 1:
            made += street[0]
        return made.upper() if piece.isupper() else made

    return WORD.sub(replaced, value)


def _other_characters(text: str, number: int) -> str:
    """As many letters and digits, each another one; the first digit no zero."""
    made = []
    for at, character in enumerate(text):
        pool = "0123456789" if character.isdecimal() else string.ascii_lowercase
        pool = pool[1:] if at == 0 and character.isdecimal() else pool
        others = [other for other in pool if other != character.lower()]
        number, place_in = divmod(number, len(others))
        made.append(others[place_in].upper() if character.isupper() else others[place_in])
    return "".join(made)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


@cache
def _pool(country: str) -> list[str]:
    """3,000 and more numbers of a country, as they follow its code."""
    beginnings = GERMAN_PHONES if country == "49" else BRITISH_PHONES
    space = " " if country == "49" else ""
    return [f"{begin}{space}{last:03d}" for last, begin in product(range(1000), beginnings)]


@cache
def _american() -> list[str]:
    return [f"{area}-555-01{last:02d}" for last, area in product(range(100), sorted(AMERICAN_AREAS))]
