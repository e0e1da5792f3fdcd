"""What findings say about the words beside them: lists of people, speakers, postcodes behind towns.

A model reads a few words around each word. Here a whole list counts, so that a name that no list of names has is found
between those that are known.
"""

import re
from collections.abc import Iterator, Sequence

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.recognisers_names import Document
from corpusmill.transforms.text.recognisers_person import NAME
from corpusmill.transforms.text.recognisers_rule import SPACE

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
    rf",?{SPACE}(?:Inc|Ltd|LLC|LLP|PLC|GmbH|AG|KG|Co|Corp|Company|Sons?|Partners?|Brothers|Group|Associates)\b"
)


def beside(found: Sequence[Finding], document: Document) -> Iterator[Finding]:
    """People in lists and dialogues in which another one was found."""
    people = {(f.start, f.end) for f in found if f.entity_type == "PERSON"}
    if not people or document.nouns:
        return
    text = document.text
    taken = [(f.start, f.end) for f in found]
    for members in groups(text):
        known = sum(span in people for span in members)
        others = [(a, b) for a, b in members if not any(start < b and a < end for start, end in taken)]
        if 2 * known >= len(members):
            for start, end in others:
                if may_name(text[start:end], document):
                    yield Finding(start, end, "PERSON", BESIDE_SCORE, "beside")


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
