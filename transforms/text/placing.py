"""Where findings stand in the published text, and what stood there: by making it again from the text before.

`pii_findings` counts code points of `documents`. What is published differs from that by edits and by what was put in
place of findings. Where all of it, applied again, gives exactly the published field, each place is certain.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpusmill.transforms.text.edits import Edit, apply_edits


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding's span [start, end) in the published field, and the value that stood there: never to be shown."""

    start: int
    end: int
    entity_type: str
    value: str = field(repr=False)


def place(original: str, edits: Iterable[Edit], findings: Sequence[Mapping[str, Any]], published: str) -> list[Placed]:
    """Where each finding of a field stands in its published text, in text order; nothing where that cannot be said.

    findings: rows of pii_findings of this field, in any order. edits: of documents.text; none for other fields.

    >>> found = {"start": 4, "end": 8, "entity_type": "PERSON", "replacement": "<PERSON>"}
    >>> [(p.start, p.end) for p in place("Ask Nora, please.", [(8, 16, "")], [found], "Ask <PERSON>.")]
    [(4, 12)]
    >>> place("Ask Nora.", [], [found], "Something else.")
    []
    """
    edited, offsets = apply_edits(original, edits)
    placed: list[Placed] = []
    pieces: list[str] = []
    at = length = 0
    for finding in sorted(findings, key=lambda f: f["start"]):
        start, end = offsets.to_edited(finding["start"], finding["end"])
        if start < at or end > len(edited):
            return []
        value = edited[start:end]
        put = value if finding["replacement"] is None else finding["replacement"]
        length += start - at
        placed.append(Placed(length, length + len(put), finding["entity_type"], value))
        length += len(put)
        pieces += [edited[at:start], put]
        at = end
    return placed if "".join([*pieces, edited[at:]]) == published else []


def shape(value: str) -> str:
    """What a value looked like, without what it was: runs of capitals, small letters, digits as one A, a, 9 each.

    >>> shape("Anna-Lena Lüders"), shape("GIMP"), shape("+49 171 2345"), shape("ice cream")
    ('Aa-Aa Aa', 'A', '+9 9 9', 'a a')
    """
    kinds = "".join("A" if c.isupper() else "a" if c.isalpha() else "9" if c.isdigit() else c for c in value)
    plain = re.sub(r"[^Aa9 .,:;@/+()\-]", "·", re.sub(r"\s+", " ", kinds))
    return re.sub(r"(.)\1+", r"\1", plain)
