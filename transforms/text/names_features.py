"""What the names model looks at: tokens, and hashed features of each token and its neighbours.

Features of a word (form, endings, shape, lists that it is in) are hashed once per distinct word; those of a place in
the text are sums of the hashes around it, made for all places at once. So a text costs a few microseconds a word.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusmill.transforms.text.findings import PLACEHOLDER, placeholders
from corpusmill.transforms.text.recognisers_rule import words

#: What an operator left; a word with its hyphens and inner apostrophes; an English 's; a line end; one other character.
TOKEN = re.compile(rf"{PLACEHOLDER.pattern}|[^\W_]+(?:['\u2019](?!s\b)[^\W_]+|-[^\W_]+)*|['\u2019]s\b|\n+|\S")
#: As what an operator's placeholder is read, so that the words beside it are read as they were before.
STAND_INS = {"<PERSON": "Anna", "<LOCATION": "Berlin"}
OTHER_STAND_IN = "1"
IN_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_a-z]{4,}(?![^\W_])")
#: Words and marks in small letters that stand within names; `St. Gallen`, `von der Leyen`, `Frankfurt am Main`.
WITHIN = words(
    "von van vom zu zur zum de der den des del della di da dos la le el al bin ibn ten ter af av am an im in ob bei of "
    "the and und & . - ' \u2019 / d'"
)
WINDOW = 2
PERSON_LISTS, PLACE_LISTS, CASES = 0xFF, 0xFFF00, 0xF00000  # bits
NAME_LISTS = PERSON_LISTS | PLACE_LISTS
#: Of CASES: the word is mostly written small; it is nearly always written with a capital.
SMALL, CAPITAL = 0x100000, 0x200000
#: Of CASES, too: a dictionary has the word as a common one; and as a name besides (`Müller`, `turkey`).
COMMON, EITHER = 0x400000, 0x800000
#: The word is the name of a firm or brand; it is a word of one.
COMPANY, OF_COMPANY = 0x1000000, 0x2000000
#: What German names of places end in (`uropa`: as one reads West-europa): no compound that ends so is a common word.
PLACE_ENDS = words(
    "acker allee alm alpen arena bach bad baden bahnhof berg berge bergen börde bruch brück brücke brücken brunnen "
    "bucht burg chaussee damm dorf eck ecke feld felde fluss förde franken friedhof garten gasse gau gebiet gebirge "
    "graben grund hafen hagen hain halle haus hausen heide heim hellen hessen hof höhe höhen horn insel inseln kamm "
    "kanal kap kirche kloster kreis kreisel kreuz küste land leite mark markt marsch meer mitte moor mühle mündung "
    "park pass pfad pfalz platz pott quelle region reich republik ried ring ringen schloss see spitze stadion stadt "
    "steig stein strand straße strasse sund tal teich tor tunnel turm ufer union uropa viertel vorland wald walde weg "
    "weide weiher werder wiese wiesen winkel"
)
LINKS = ("", "s", "n", "en")  # between the parts of a German compound
LIKELY_NAMES = 0x5511  # bits of lists whose words are read in small letters, too: whole first names and places
NOTHING = "\n"  # what stands before the first word and after the last

FORM, SHAPE, END2, END3, END4, BEGIN3, BEGIN4, LISTS, PLACES, CASE, CLASS, COARSE, FIRM = range(13)
FEATURES = 13
FINE = 512  # classes of words; a word's number is that of a coarser class * FINE + its own
#: Each is a sum over (offset, feature of the word there).
TEMPLATES: tuple[tuple[tuple[int, int], ...], ...] = (
    *(((at, what),) for what in (FORM, SHAPE, LISTS, PLACES, CLASS, COARSE) for at in (-2, -1, 0, 1, 2)),
    *(((at, what),) for what in (END3, BEGIN3) for at in (-1, 0, 1)),
    *(((0, what),) for what in (END2, END4, BEGIN4)),
    *(((-1, what), (0, what)) for what in (FORM, SHAPE, LISTS, PLACES, CLASS)),
    *(((0, what), (1, what)) for what in (FORM, SHAPE, LISTS, PLACES, CLASS)),
    *(((-1, what), (0, what), (1, what)) for what in (SHAPE, LISTS)),
    ((-1, FORM), (0, LISTS)),
    ((-1, FORM), (0, PLACES)),
    ((0, LISTS), (0, PLACES)),
    ((-1, FORM), (0, SHAPE)),
    ((-1, FORM), (0, END3)),
    ((-1, FORM), (1, FORM)),
    ((-2, FORM), (-1, FORM), (0, SHAPE)),
    ((0, SHAPE), (1, FORM)),
    ((0, LISTS), (1, FORM)),
    ((0, PLACES), (1, FORM)),
    ((0, LISTS), (0, SHAPE)),
    ((0, END3), (0, SHAPE)),
    *(((at, CASE),) for at in (-1, 0, 1)),
    ((0, CASE), (0, SHAPE)),
    ((0, CASE), (0, LISTS)),
    ((0, CASE), (0, PLACES)),
    ((-1, SHAPE), (0, CASE)),
    ((-1, CASE), (0, CASE), (1, CASE)),
    ((-1, CLASS), (0, LISTS)),
    ((-1, COARSE), (0, COARSE), (1, COARSE)),
    ((-1, COARSE), (0, SHAPE), (1, COARSE)),
    ((0, LISTS), (1, CLASS)),
    ((-1, FORM), (0, CASE)),
    ((0, CASE), (1, FORM)),
    *(((at, FIRM),) for at in (-1, 0, 1)),
    *(((0, FIRM), (0, what)) for what in (LISTS, PLACES, CASE)),
    ((-1, FIRM), (0, FIRM)),
    ((0, FIRM), (1, FIRM)),
    ((-1, FORM), (0, FIRM)),
    ((0, FIRM), (1, FORM)),
)
_SALTS = np.random.default_rng(20261126).integers(1, 2**32, size=(len(TEMPLATES), 3), dtype=np.uint64) | np.uint64(1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = _SALTS * _GOLDEN

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Tokens:
    """Words of a text with their offsets, and which of them may belong to a name."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def tokens(text: str) -> Tokens:
    """The words of the text, line ends among them.

    >>> tokens("Eva-Maria O'Neill's Hof, St. Gallen").words
    ['Eva-Maria', "O'Neill", "'s", 'Hof', ',', 'St', '.', 'Gallen']
    >>> tokens("Frau <PERSON>, <DE_TAX_ID>").words
    ['Frau', 'Anna', ',', '1']
    """
    spans = [m.span() for m in TOKEN.finditer(text)]
    replaced = {m.span(): _stand_in(m[0]) for m in placeholders(text)}
    found = [replaced[a, b] if (a, b) in replaced else text[a:b] for a, b in spans]
    return Tokens(found, [a for a, _ in spans], [b for _, b in spans])


def _stand_in(placeholder: str) -> str:
    return STAND_INS.get(re.split("[:>]", placeholder)[0], OTHER_STAND_IN)


def shape(word: str) -> str:
    """The word with its letters and digits as classes, runs of one class shortened to two.

    >>> [shape(word) for word in ("Anna", "GIMP", "iPhone", "Eva-Maria", "10115", ",")]
    ['Xxx', 'XX', 'xXxx', 'Xxx-Xxx', 'dd', ',']
    """
    classes = "".join("d" if c.isdigit() else "x" if c.islower() else "X" if c.isalpha() else c for c in word)
    return re.sub(r"(.)\1+", r"\1\1", classes[:40])


class Words:
    """Hashes of words' features, remembered.

    lists: word in lower case -> bits that say in which lists it is and how it is mostly written; one that ends in s is
        looked for without it, too. classes: word -> the number of its class.
    """

    REMEMBERED = 300_000

    def __init__(self, lists: Mapping[str, int], classes: Mapping[str, int]) -> None:
        self.lists = lists
        self.classes = classes
        self._clear()

    def _clear(self) -> None:
        self._rows: dict[str, int] = {}
        self._hashes = np.zeros((1024, FEATURES), dtype=np.uint64)
        self._capital = np.zeros(1024, dtype=bool)
        self._within = np.zeros(1024, dtype=bool)
        self._listed = np.zeros(1024, dtype=bool)
        self._add(NOTHING)

    def _add(self, word: str) -> int:
        row = self._rows[word] = len(self._rows)
        if row == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
            self._capital = np.concatenate([self._capital, np.zeros_like(self._capital)])
            self._within = np.concatenate([self._within, np.zeros_like(self._within)])
            self._listed = np.concatenate([self._listed, np.zeros_like(self._listed)])
        features = self._features(word)
        self._hashes[row] = [zlib.crc32(f"{n}\0{value}".encode()) for n, value in enumerate(features)]
        common = self.lists.get(word.lstrip("\0").lower(), 0) & COMMON
        self._listed[row] = bool(features[LISTS] or features[PLACES]) and not common
        plain = word.lstrip("\0")
        self._capital[row] = plain[0].isupper() or self.likely(plain)
        self._within[row] = plain in WITHIN
        return row

    def likely(self, word: str) -> bool:
        """A word in small letters may be a name written so: a list knows it, and it is no common word."""
        bits = self.lists.get(word, 0)
        return len(word) > 3 and bool(bits & LIKELY_NAMES) and not bits & (SMALL | COMMON)

    def read(self, text: str) -> str:
        """The text with the names in it that are written in capitals alone as names are: `Mr LEE of PORVOO`.

        >>> Words({"porvoo": 1, "note": 1 | SMALL}, {}).read("NOTE: PORVOO and NATO")
        'NOTE: Porvoo and NATO'
        """
        if text.isupper():  # there capitals say nothing
            return text
        return IN_CAPITALS.sub(lambda m: m[0].capitalize() if self._in_capitals(m[0]) else m[0], text)

    def _in_capitals(self, word: str) -> bool:
        bits = self.lists.get(word.lower(), 0)
        return bool(bits & NAME_LISTS) and not bits & SMALL and len(word.capitalize()) == len(word)

    def person(self, word: str) -> bool:
        """A word, given in small letters, that is in a list of first names or surnames."""
        return bool(self.lists.get(word, 0) & PERSON_LISTS)

    def common(self, word: str) -> bool:
        """A word, given in small letters, that is mostly written so."""
        return bool(self.lists.get(word, 0) & SMALL)

    def doubtful(self, word: str) -> bool:
        """A word, given in small letters, that a dictionary has as a common one and not as a name."""
        return self.lists.get(word, 0) & (COMMON | EITHER) == COMMON

    def compound(self, word: str) -> bool:
        """A German word, given in small letters, that is made of common words, and that no list has as a name.

        >>> known = Words({word: COMMON for word in ("papier", "fach", "prüfen", "plakette", "linde", "hof")}, {})
        >>> [known.compound(word) for word in ("papierfach", "prüfplakette", "lindenhof", "papier", "papierach")]
        [True, True, False, False, False]
        """
        plain = word[:-1] if word[-1:] in ("s", "n") else word
        if (self.lists.get(word, 0) | self.lists.get(plain, 0)) & NAME_LISTS:
            return False
        parted = ((word[:at], word[at:]) for at in range(3, len(word) - 3))
        return any(self._common_end(end) and self._modifier(begin) for begin, end in parted)

    def _modifier(self, begin: str) -> bool:
        """What begins a compound: a word, one with a link after it, one that loses its ending there."""
        stems = {begin.removesuffix(link) for link in LINKS} | {begin + "e", begin + "en"}
        return any(len(stem) > 2 and self.lists.get(stem, 0) & (COMMON | SMALL) for stem in stems)

    def _common_end(self, end: str) -> bool:
        in_places = end in PLACE_ENDS or end.removesuffix("s") in PLACE_ENDS
        return bool(self.lists.get(end, 0) & COMMON) and not in_places

    def _features(self, word: str) -> tuple[object, ...]:
        hidden = word[0] == "\0"  # in training: as if the word were in no list
        word = word[1:] if hidden else "\n" if word[0] == "\n" else word
        low = word.lower()
        bits, klass = self.lists.get(low, 0), self.classes.get(low, -1)
        stem = self.lists.get(low[:-1], 0) if low[-1:] == "s" else 0
        bits |= 0 if bits else stem & COMMON
        listed = 0 if hidden else (bits & NAME_LISTS) or (stem & NAME_LISTS)
        firm = 0 if hidden else (bits | stem) & (COMPANY | OF_COMPANY)
        return (
            low, shape(word), low[-2:], low[-3:], low[-4:], low[:3], low[:4],
            listed & PERSON_LISTS, listed & PLACE_LISTS, bits & CASES, klass % FINE, klass // FINE, firm,
        )  # fmt: skip

    def rows(self, some: Iterable[str]) -> NDArray[np.int64]:
        """A number for each word, with WINDOW numbers of NOTHING before and after."""
        if len(self._rows) > self.REMEMBERED:
            self._clear()
        known, add = self._rows, self._add
        inner = [known[w] if w in known else add(w) for w in some]
        return np.array([0] * WINDOW + inner + [0] * WINDOW, dtype=np.int64)

    def candidates(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places, counted without the padding, of words that may belong to a name: capitalised, or between such."""
        capital, within = self._capital[rows], self._within[rows]
        before = capital[1:-3] | (within[1:-3] & capital[:-4])
        after = capital[3:-1] | (within[3:-1] & capital[4:])
        inner = slice(WINDOW, -WINDOW)
        return np.flatnonzero(capital[inner] | (within[inner] & before & after))

    def listed(self, rows: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the places hold a word that some list has as a name, and no dictionary as a common word."""
        return self._listed[rows[places + WINDOW]]

    def features(self, rows: NDArray[np.int64], places: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """For each of the places the numbers, below 2 ** bits, of its features: one for each of TEMPLATES."""
        around = {at: self._hashes[rows[places + WINDOW + at]] for at in range(-WINDOW, WINDOW + 1)}
        numbers = np.empty((len(places), len(TEMPLATES)), dtype=np.int64)
        for n, template in enumerate(TEMPLATES):
            total: Hashes = np.full(len(places), _SALTS[n, 0], dtype=np.uint64)
            for (at, what), factor in zip(template, _FACTORS[n], strict=False):
                total = (total ^ around[at][:, what]) * factor
                total ^= total >> np.uint64(29)
            numbers[:, n] = (total * _GOLDEN) >> np.uint64(64 - bits)
        return numbers
