"""Names that what stands beside them gives away: other people in a list or dialogue, English words that announce one.

A model reads a few words around each word, and trusts lists of names. Here a whole list counts, or a phrase that is
hardly followed by anything else, so that names are found that are in no list.
"""

import re
from collections.abc import Iterator, Sequence

from corpusmill.transforms.text.findings import Finding, overlaps
from corpusmill.transforms.text.name_lists import LEGAL_FORMS, TIMES_OF_YEAR
from corpusmill.transforms.text.recognisers_names import Document
from corpusmill.transforms.text.recognisers_person import NAME
from corpusmill.transforms.text.recognisers_rule import SPACE, words

BESIDE_SCORE = 0.55

_MEMBER = rf"{NAME}(?:{SPACE}{NAME}){{0,2}}"
_AND = rf"{SPACE}(?:and|or|und|oder|&){SPACE}"
#: `Anna, Bert and Carla`; `Anna and Bert`. Two with a comma between them may be a person and a day, or a place.
LIST = re.compile(rf"(?<![\w.-]){_MEMBER}(?:(?:,{SPACE}{_MEMBER})*,?{_AND}{_MEMBER}|(?:,{SPACE}{_MEMBER}){{2,}})(?!\w)")
MEMBER = re.compile(_MEMBER)
#: Who speaks, at the beginning of a line: `Anna: Hello`, `Bert: "Who is there?"`
SPEAKER = re.compile(
    rf"^{SPACE}{{0,3}}(?P<value>{NAME}(?:{SPACE}{NAME})?):(?=[{SPACE[1:-1]}]|[\"\u201c\u201e])", re.MULTILINE
)
#: What follows a list of names where they are those of a firm.
FIRM = re.compile(
    rf",?{SPACE}(?:Co|Company|Sons?|Partners?|Brothers|Group|Associates|{'|'.join(sorted(LEGAL_FORMS))})\b"
)


def beside(found: Sequence[Finding], document: Document) -> Iterator[Finding]:
    """People in lists and dialogues in which another one was found."""
    people = {(f.start, f.end) for f in found if f.entity_type == "PERSON"}
    if not people or document.nouns:
        return
    text = document.text
    for members in groups(text):
        known = sum(span in people for span in members)
        others = [span for span in members if not overlaps(*span, found)]
        if 2 * known >= len(members):
            for start, end in others:
                if may_name(text[start:end], document):
                    yield Finding(start, end, "PERSON", BESIDE_SCORE, "beside")


#: English words that say of the next one whom or what it names: `my brother Ubul`, `originally from Porvoo`.
WHOSE = r"(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Yy]our|[Tt]heir)"
RELATION = (
    r"(?:son|daughter|kid|child|baby|boy|girl|wife|husband|spouse|partner|brother|sister|mother|father|mum|mom|dad|uncle|"
    r"aunt|cousin|nephew|niece|grand(?:mother|father|ma|pa|son|daughter)|friend|girlfriend|boyfriend|fianc[eé]e?|"
    r"neighbou?r|colleague|boss|roommate|flatmate|teacher|tutor|landlord|landlady|doctor|nurse|dentist|lawyer|assistant)"
)
NAMES = rf"(?P<value>{NAME}(?:{SPACE}{NAME}){{0,2}})(?![\w-])"
START = r"(?:^|[.!?]['\"\u201d]?)"
CUES = (
    (
        "PERSON",
        rf"\b{WHOSE}{SPACE}(?:[a-z]+{SPACE})?(?:{RELATION},?|name(?:'s|{SPACE}is|{SPACE}was|\?|:)){SPACE}{NAMES}",
    ),
    (
        "PERSON",
        rf"\b(?:call(?:s|ed|ing)?{SPACE}(?:me|him|her|us)|starring|directed{SPACE}by|portrayed{SPACE}by|"
        rf"coached{SPACE}by|married{SPACE}to|divorced{SPACE}from){SPACE}{NAMES}",
    ),
    (
        "PERSON",
        rf"[,?!]['\"\u201d\u2019]{SPACE}?(?:says?|said|asks|asked|replie[sd]|add(?:s|ed)|recall(?:s|ed)){SPACE}{NAMES}",
    ),
    (
        "PERSON",
        rf"{START}{SPACE}{{0,2}}{NAMES}(?={SPACE}(?:(?:shouted|whispered|smiled|laughed|nodded|sighed|grinned|shrugged|"
        rf"frowned|blushed|wept|was{SPACE}born|grew{SPACE}up|got{SPACE}married|passed{SPACE}away|"
        rf"lives?{SPACE}(?:in|on|at|with))\b|"
        rf"(?:ha[sd]{SPACE})?(?:given|gave|told|asked|took|showed){SPACE}[^.\n]{{1,40}}\bh(?:is|er)\b))",
    ),
    (
        "LOCATION",
        rf"\b(?:(?:born|grew{SPACE}up|growing{SPACE}up|raised|live[sd]?|living|reside[sd]?|residing|based|hometown){SPACE}"
        rf"(?:in|near)|(?:arrived|landed){SPACE}(?:in|at)|(?:flew|fly|flies|flying|returned|emigrated|moved)"
        rf"(?:{SPACE}(?:here|back))?{SPACE}(?:to|from)|originally{SPACE}from|native{SPACE}of|"
        rf"(?:trip|flight|train|bus){SPACE}(?:to|from)|(?:city|town|village|suburb|municipality|outskirts|mayor){SPACE}of|"
        rf"(?:home|native|birth){SPACE}(?:city|town|village|country|place)){SPACE}{NAMES}",
    ),
    (
        "LOCATION",
        rf"^{SPACE}{{0,3}}(?:[Ww]here|[Ll]ocation|[Cc]ity|[Tt]own|[Vv]enue|[Hh]ometown):{SPACE}{{1,3}}{NAMES}",
    ),
)
_CUES = tuple((kind, re.compile(cue, re.MULTILINE)) for kind, cue in CUES)
#: What such words may announce, too.
DATES = TIMES_OF_YEAR | words("Christmas Easter Ramadan Parliament Congress")


def announced(found: Sequence[Finding], document: Document) -> Iterator[Finding]:
    """People and places of which the words around them say what they are."""
    if document.nouns:
        return
    for kind, cue in _CUES:
        for match in cue.finditer(document.text):
            (start, end), value = match.span("value"), match["value"]
            free = not overlaps(start, end, found) and value.split()[0] not in DATES
            in_capitals = kind == "LOCATION" and value.isupper() and len(value) > 3
            if free and (in_capitals or may_name(value, document)):
                yield Finding(start, end, kind, BESIDE_SCORE, "announced")


def groups(text: str) -> Iterator[list[tuple[int, int]]]:
    """The spans of each list of names, and of those who speak."""
    for match in LIST.finditer(text):
        if not FIRM.match(text, match.end()):
            yield [member.span() for member in MEMBER.finditer(text, *match.span())]
    yield [match.span("value") for match in SPEAKER.finditer(text)]


def may_name(value: str, document: Document) -> bool:
    """Every word could name somebody.

    >>> document = Document("The cursor is Cursor.")
    >>> [may_name(value, document) for value in ("Ubul", "Jean-Luc Vsevolod", "Cursor", "South Korean", "GIMP")]
    [True, True, False, False, False]
    """
    return all(document.distinctive(part) for part in re.split(rf"{SPACE}|-", value))
