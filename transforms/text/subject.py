"""The spellings in which a person may stand in a text: what `erase --subject` looks for.

A subject is a name, an e-mail address, a number (phone, IBAN, tax id) or a phrase with digits (an address). Of a name
are found: any case; ä, ae and (in a name of several words) a; ß and ss; letters with and without accents, composed or
not; `Meier, Anna` and `Meier Anna`; some of the given names; `A. Meier` and `Meier, A.`; the genitive. Of a number: any
way of grouping its digits, of a phone number with and without the country's code.

Each spelling is a regular expression that polars' engine and Python's both know; polars' says quickly which texts may
hold one, Python's where, with the boundaries around it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.name_lists import PARTICLES, TITLES

MINIMUM = 3  # letters or digits; a shorter subject stands in every text

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
DIGRAPHS = {two: one for one, two in UMLAUTS.items()}
# Small letters of Latin-1 and Latin Extended-A by the letter below their accent; ä, ö and ü are letters of their own.
ACCENTED: dict[str, str] = {"o": "ø", "l": "ł", "d": "đ"}
for _code in range(0xE0, 0x180):
    _letter = chr(_code)
    _base = unicodedata.normalize("NFD", _letter)[0]
    if _letter.islower() and _base != _letter and _letter not in UMLAUTS:
        ACCENTED[_base] = ACCENTED.get(_base, "") + _letter
DIAERESIS = "\u0308"
ACCENTS = "[\u0300-\u0307\u0309-\u036f]*"  # combining ones, but for that of ä

BETWEEN = r"(?:[\s_.+\-\u2010\u2011]|%20){1,3}"  # words of a name, in prose, file names and addresses
GROUPING = r"[\s\-/.()\u2010\u2011]{0,3}"  # digits of a number
TITLE = r"(?:(?:dr|prof)\.?\s+)*"
GENITIVE = r"(?:['\u2019]?s)?"
AT, DOT = r"\s*(?:@|%40|[\[(]\s*at\s*[\])])\s*", r"(?:\.|\s*[\[(]\s*(?:dot|punkt)\s*[\])]\s*)"

IN_WORD = (r"(?<![^\W_])", r"(?![^\W_])")
IN_NUMBER = (r"(?<!\d)", r"(?!\d)")
IN_ADDRESS = (r"(?<![\w.+%\-])", r"(?![\w\-]|\.\w)")


@dataclass(frozen=True)
class Hit:
    """Where a subject stands in a text, [start, end) in code points, and in which kind of spelling."""

    start: int
    end: int
    spelling: str


@dataclass(frozen=True)
class Spelling:
    """kind: name, turned, initials, e-mail, number, phrase. body: the expression; around: what must not touch it."""

    kind: str
    body: str
    around: tuple[str, str] = IN_WORD


@dataclass(frozen=True)
class Subject:
    """A subject's spellings, ready to be looked for. Make one by `subject`."""

    spellings: tuple[Spelling, ...]
    _compiled: list[tuple[str, re.Pattern[str]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        compiled = [
            (s.kind, re.compile(f"{s.around[0]}(?:{s.body}){s.around[1]}", re.IGNORECASE)) for s in self.spellings
        ]
        object.__setattr__(self, "_compiled", compiled)

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Which of the texts may hold it: true for all that do, and for few that do not; false for a null."""
        bodies = "|".join(s.body for s in self.spellings)
        return texts.str.contains(f"(?i)(?:{bodies})").fill_null(False)

    def find(self, text: str) -> list[Hit]:
        """Where it stands, in order and without overlaps; of two that overlap the one that begins first, the longer.

        >>> subject("Anna Meier").find("A. MEIER kam.")
        [Hit(start=0, end=8, spelling='initials')]
        """
        found = [
            Hit(m.start(), m.end(), kind) for kind, expression in self._compiled for m in expression.finditer(text)
        ]
        kept: list[Hit] = []
        for hit in sorted(found, key=lambda h: (h.start, -h.end)):
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        return kept


def subject(text: str) -> Subject:
    """The spellings of a name, an e-mail address, a number or a phrase.

    Raises UserError for one of fewer than three letters or digits: it would stand everywhere.

    >>> [s.kind for s in subject("Dr. Anna Müller").spellings], [s.kind for s in subject("+49 30 23125 501").spellings]
    (['name', 'turned', 'initials', 'initials'], ['number'])
    """
    plain = _plain(text)
    if sum(c.isalnum() for c in plain) < MINIMUM:
        raise UserError(f"a subject has at least {MINIMUM} letters or digits: shorter ones stand in every text")
    if re.fullmatch(r"[^\s@]+@[^\s@]+", plain):
        return Subject((Spelling("e-mail", _address(plain), IN_ADDRESS),))
    if re.fullmatch(r"\+?[\d\s()/.\-]+", plain):
        return Subject((Spelling("number", _number(plain), IN_NUMBER),))
    if any(c.isdigit() for c in plain):
        is_code = all(re.fullmatch(r"[a-z]{0,3}\d[a-z\d]*|[\dx]+", word) for word in re.split(r"[\s\-./]+", plain))
        body = _code_of(plain) if is_code else _phrase(plain)
        return Subject((Spelling("number" if is_code else "phrase", body),))
    return Subject(tuple(_name(plain)))


def values(text: str) -> list[str]:
    """How the subject may stand as a value that a recogniser found: for looking up its keyed hash.

    >>> values("Anna Müller")[:4], values("Anna Müller")[4:]  # doctest: +NORMALIZE_WHITESPACE
    (['Anna Müller', 'Müller, Anna', 'Müller Anna', 'A. Müller'],
     ['Anna Mueller', 'Mueller, Anna', 'Mueller Anna', 'A. Mueller'])
    """
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    forms = [clean]
    if not any(c.isdigit() or c == "@" for c in clean):
        given, family = _parts(clean)
        whole, last = " ".join(given), " ".join(family)
        if given:
            forms = [f"{whole} {last}", f"{last}, {whole}", f"{last} {whole}", f"{given[0][0]}. {last}"]
    else:
        forms += [clean.lower(), re.sub(r"[\s()/.\-]", "", clean)]
    swaps = (lambda s: s, _without_umlauts, _with_umlauts)
    return list(dict.fromkeys(swap(form) for swap in swaps for form in forms))


def same(text: str) -> str:
    """One form for all ways of typing a subject: what its keyed hash is made of.

    >>> same(" Anna  MÜLLER") == same("anna mueller")
    True
    """
    return _without_umlauts(_plain(text))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()).split())


def _without_umlauts(text: str) -> str:
    for one, two in UMLAUTS.items():
        text = text.replace(one, two).replace(one.upper(), two.capitalize())
    return text.replace("ß", "ss")


def _with_umlauts(text: str) -> str:
    for two, one in DIGRAPHS.items():
        text = text.replace(two, one).replace(two.capitalize(), one.upper())
    return text


def _parts(text: str) -> tuple[list[str], list[str]]:
    """Given names and family name, titles left out.

    >>> _parts("Prof. Dr. Anna von der Heide"), _parts("Meier, Anna"), _parts("Meier")
    ((['Anna'], ['von', 'der', 'Heide']), (['Anna'], ['Meier']), ([], ['Meier']))
    """
    last, comma, first = text.partition(",")
    words = [w for w in (first if comma else text).split() if w.rstrip(".").casefold() not in TITLES]
    if comma:
        return words, last.split()
    if len(words) < 2:
        return [], words or text.split()
    begin = next((n for n, w in enumerate(words[1:], 1) if w.casefold() in PARTICLES), len(words) - 1)
    return words[:begin], words[begin:]


def _name(plain: str) -> Iterator[Spelling]:
    given, family = _parts(plain)
    last = _joined(family, loose=bool(given))
    if not given:
        around = IN_WORD if plain.upper() != plain else ("", "")  # scripts without case put no space between words
        yield Spelling("name", last + GENITIVE, around)
        return
    each = [_joined([word], loose=True) for word in given]
    first = each[0] + "".join(f"(?:{BETWEEN}{one})?" for one in each[1:])
    letters = [_letters(part[0], loose=True) for word in given for part in word.split("-") if part]
    initial = letters[0]
    initials = rf"{initial}\." + "".join(rf"(?:[\s\-]{{0,2}}{letter}\.)?" for letter in letters[1:])
    yield Spelling("name", rf"{first}(?:{BETWEEN}[^\W\d_]\.)?{BETWEEN}{last}{GENITIVE}")
    yield Spelling("turned", rf"{last}(?:\s*,\s*{TITLE}|{BETWEEN}){first}")
    yield Spelling("initials", rf"{initials}[\s\-]{{0,2}}{last}{GENITIVE}")
    yield Spelling("initials", rf"{last}\s*,\s*{TITLE}(?:{initials}|{initial})")


def _joined(words: list[str], loose: bool) -> str:
    """Words one after another; the parts of a name with a hyphen may also stand apart or together."""
    spelled = [f"(?:{BETWEEN})?".join(_letters(p, loose) for p in w.split("-") if p) for w in words]
    return BETWEEN.join(spelled)


def _letters(word: str, loose: bool = False) -> str:
    """An expression for a word in any of its spellings. word: in lower case; loose: ä may have lost its dots."""
    pieces, at = [], 0
    while at < len(word):
        one, two = word[at], word[at : at + 2]
        run = re.match("[sß]*", word[at:])[0]  # type: ignore[index]
        umlaut = one if one in UMLAUTS else DIGRAPHS.get(two)
        if umlaut:
            bare = f"|{UMLAUTS[umlaut][0]}" if loose and one in UMLAUTS else ""
            pieces.append(f"(?:{UMLAUTS[umlaut]}|{umlaut}|{UMLAUTS[umlaut][0]}{DIAERESIS}{bare})")
        elif len(run) > 1 or one == "ß":
            n = len(run) + run.count("ß")
            pieces.append("(?:ss|ß)" if n == 2 else f"[sß]{{2,{n}}}")
        elif one.isalpha():
            base = next((b for b, letters in ACCENTED.items() if one in letters), one)
            pieces.append(f"[{base}{ACCENTED[base]}]{ACCENTS}" if base in ACCENTED else re.escape(one))
        else:
            pieces.append(re.escape(one))
        at += (1 if one in UMLAUTS else 2) if umlaut else max(1, len(run))
    return "".join(pieces)


def _address(plain: str) -> str:
    local, _, domain = plain.rpartition("@")
    return re.escape(local) + AT + DOT.join(map(re.escape, domain.split(".")))


def _number(plain: str) -> str:
    """Digits in any grouping; of a phone number with the country's code or with 0."""
    digits = re.sub(r"\D", "", plain)
    whole = plain.lstrip().startswith(("+", "00"))
    if whole:
        digits = digits.removeprefix("00")
        sizes = [2] if digits.startswith("49") else [n for n in (1, 2, 3) if len(digits) - n >= 7]
        national = "|".join(rf"0{GROUPING}{_grouped(digits[n:])}" for n in sizes)
        trunk = [rf"{_grouped(digits[:n])}{GROUPING}\(0\){GROUPING}{_grouped(digits[n:])}" for n in sizes]
        return rf"(?:\+|00)?{GROUPING}(?:{'|'.join([_grouped(digits), *trunk])})" + (f"|{national}" if national else "")
    if digits.startswith("0") and len(digits) >= 7:
        return rf"(?:0|(?:\+|00)\d{{1,3}}{GROUPING}(?:\(0\))?){GROUPING}{_grouped(digits[1:])}"
    return _grouped(digits)


def _grouped(digits: str) -> str:
    return GROUPING.join(digits)


def _code_of(plain: str) -> str:
    return r"[\s\-./]?".join(re.escape(c) for c in plain if c.isalnum())


def _phrase(plain: str) -> str:
    return r"[\s,;.\-]{1,4}".join(_street(word) for word in re.split(r"[\s,;.]+", plain) if word)


def _street(word: str) -> str:
    """A word of an address: Hauptstraße, Hauptstrasse and Hauptstr. are one.

    >>> bool(re.fullmatch(_street("hauptstr"), "hauptstraße")), bool(re.fullmatch(_street("hauptstrasse"), "hauptstr"))
    (True, True)
    """
    stem = re.fullmatch(r"(.*)str(?:a(?:ss|ß)e)?", word)
    return _letters(stem[1]) + "str(?:a(?:ss|ß)e)?" if stem else _letters(word)
