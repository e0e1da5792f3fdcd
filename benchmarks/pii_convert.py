"""Labelled text of other projects as the lines that `pii.py` and `train_names.py` read.

    python benchmarks/pii_convert.py columns LANGUAGE FILE... > LABELLED.jsonl
    python benchmarks/pii_convert.py presidio LANGUAGE synth_dataset_v2.json > LABELLED.jsonl

A line is {"text": ..., "language": "de", "spans": [{"start": 0, "end": 4, "type": "PERSON"}]}; start and end count code
points, types are those of DESIGN.md, besides ORGANIZATION and MISC for names of other things.

columns: a token a line and a blank line after each sentence, as GermEval 2014, MobIE, Legal-Entity-Recognition, UNER,
WNUT17, BTC and wikigold have it; which column holds the tag is seen from the first lines. Sentences are one document
where the file says so (`# newdoc`, `-DOCSTART-`), else each is its own. Line ends inside a document are not known.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Token = tuple[str, str]

#: The label of a data set, in lower case and without B- or I-, to a type.
TYPES = {
    **dict.fromkeys(("per", "person", "rr", "an"), "PERSON"),
    **dict.fromkeys(("loc", "location", "location-city", "location-street", "location-stop"), "LOCATION"),
    **dict.fromkeys(("gpe", "ld", "st", "str", "lds", "street_address", "zip_code"), "LOCATION"),
    **dict.fromkeys(("org", "organization", "organisation", "organization-company", "un", "inn"), "ORGANIZATION"),
    **dict.fromkeys(("grt", "mrk", "corporation", "group"), "ORGANIZATION"),
    **dict.fromkeys(("misc", "oth", "product", "creative-work", "lit", "gs", "location-route"), "MISC"),
    **{
        kind.lower(): kind
        for kind in ("PHONE_NUMBER", "CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "US_SSN")
    },
}
TAG = re.compile(r"O|[BIES]-[\w-]+")
NEW_DOCUMENT = ("# newdoc", "-DOCSTART-")
COMMENT = ("# ", "#\t", "-DOCSTART-")
CLOSING = frozenset(".,;:!?)]}%'\u201d\u2019\u201c\u00bb")
OPENING = frozenset("([{\u201e\u00ab\u201a@#")


def type_of(tag: str) -> str | None:
    """The type that a tag stands for; None for `O` and for what is no name (GermEval's LOCderiv, dates, laws).

    >>> type_of("B-PER"), type_of("I-location-city"), type_of("B-LOCderiv"), type_of("O")
    ('PERSON', 'LOCATION', None, None)
    """
    return TYPES.get(tag.partition("-")[2].lower())


def joined(tokens: Iterable[Token]) -> tuple[str, list[dict[str, Any]]]:
    """The text of tokens, spaced as it would be printed, and its spans.

    >>> joined([("Frau", "O"), ("Ann", "B-PER"), ("Lee", "I-PER"), (",", "O"), ("Ulm", "B-LOC")])[0]
    'Frau Ann Lee, Ulm'
    """
    text, spans, before, quoted = "", [], "O", False
    for token, tag in tokens:
        if not token:
            continue
        glued = not text or token[0] in CLOSING or text[-1] in OPENING or token == "n't"
        if token == '"':
            glued, quoted = glued or quoted, not quoted
        elif text.endswith('"') and quoted:
            glued = True
        start = len(text) + (not glued)
        text += token if glued else f" {token}"
        kind = None if "@" in text[start - 1 : start + 1] else type_of(tag)  # `@name` is an account, no name
        goes_on = kind and spans and not tag.startswith("B") and type_of(before) == kind
        if goes_on:
            spans[-1]["end"] = len(text)
        elif kind:
            spans.append({"start": start, "end": len(text), "type": kind})
        before = tag
    return text, spans


def _places(rows: list[list[str]]) -> tuple[int, int]:
    """In which columns words and tags stand; a number before the word is its place in the sentence."""
    tags = [at for at in range(1, len(rows[0])) if all(len(row) > at and TAG.fullmatch(row[at]) for row in rows)]
    return int(tags[0] > 1 and all(row[0].isdigit() for row in rows)), tags[0]


def columns(path: Path) -> Iterator[list[Token]]:
    """The documents of a file of columns, as tokens with tags."""
    lines = path.read_text(encoding="utf-8").splitlines()
    grouped = any(line.startswith(NEW_DOCUMENT) for line in lines)
    rows = [line.split("\t") if "\t" in line else line.split() for line in lines if not line.startswith(COMMENT)]
    word_at, tag_at = _places([row for row in rows if len(row) > 1][:200])
    document: list[Token] = []
    for line in lines:
        row = line.split("\t") if "\t" in line else line.split()
        ends = line.startswith(NEW_DOCUMENT) if grouped else not line.strip()
        if ends and document:
            yield document
            document = []
        elif len(row) > tag_at and not line.startswith(COMMENT):
            document.append((row[word_at], row[tag_at]))
    if document:
        yield document


def presidio(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The documents of presidio-research's JSON; its labels that have no type here (TITLE, AGE, ...) are left out."""
    for one in json.loads(path.read_text(encoding="utf-8")):
        spans = [
            {"start": s["start_position"], "end": s["end_position"], "type": TYPES[s["entity_type"].lower()]}
            for s in one["spans"]
            if s["entity_type"].lower() in TYPES
        ]
        yield one["full_text"], sorted(spans, key=lambda s: s["start"])


def main(form: str, language: str, *files: str) -> None:
    for name in files:
        path = Path(name)
        found = presidio(path) if form == "presidio" else map(joined, columns(path))
        for text, spans in found:
            print(json.dumps({"text": text, "language": language, "spans": spans}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
