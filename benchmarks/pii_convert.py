"""Labelled text of other projects as the lines that `pii.py` and `train_names.py` read.

    python benchmarks/pii_convert.py columns LANGUAGE FILE... > LABELLED.jsonl
    python benchmarks/pii_convert.py presidio|smartdata|grascco|gum|manuals LANGUAGE FILE... > LABELLED.jsonl

A line is {"text": ..., "language": "de", "spans": [{"start": 0, "end": 4, "type": "PERSON"}]}; start and end count code
points, types are those of DESIGN.md, besides ORGANIZATION and MISC for names of other things.

columns: a token a line and a blank line after each sentence, as GermEval 2014, MobIE, Legal-Entity-Recognition, UNER,
WNUT17, BTC and wikigold have it; which column holds the tag is seen from the first lines. Sentences are one document
where the file says so (`# newdoc`, `-DOCSTART-`), else each is its own. Line ends inside a document are not known.
presidio: presidio-research's synth_dataset_v2.json. smartdata: the JSON of the DFKI SmartData Corpus, unpacked.
grascco: grascco_ner_data.csv of redakt-grascco. gum: GUM's dep/*.conllu, of whose entities the names are taken: what is
a person, place or organisation, and of that the proper nouns. manuals: *.jsonl with the key text, of which the lines
are taken to hold no names that show no sign of one (an author, an address, thanks).
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Token = tuple[str, str]
Labelled = tuple[str, list[dict[str, Any]]]

#: The label of a data set, in lower case and without B- or I-, to a type.
TYPES = {
    **dict.fromkeys(("per", "person", "rr", "an"), "PERSON"),
    **dict.fromkeys(("loc", "location", "location-city", "location-street", "location-stop"), "LOCATION"),
    **dict.fromkeys(("gpe", "ld", "st", "str", "lds", "street_address", "zip_code"), "LOCATION"),
    **dict.fromkeys(("org", "organization", "organisation", "organization-company", "un", "inn"), "ORGANIZATION"),
    **dict.fromkeys(("name_patient", "name_doctor", "name_relative", "name_ext"), "PERSON"),
    **dict.fromkeys(("location_city", "location_zip", "location_street", "location_country"), "LOCATION"),
    **dict.fromkeys(("location_hospital", "location_organization", "organization_company"), "ORGANIZATION"),
    **{"contact_phone": "PHONE_NUMBER", "contact_fax": "PHONE_NUMBER", "contact_email": "EMAIL_ADDRESS"},
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


def joined(tokens: Iterable[Token]) -> Labelled:
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
    """In which columns words and tags stand; a number before the word is its place in the sentence.

    CoNLL-2003 has chunks beside the names, which look like tags.

    >>> _places([["U.N.", "NNP", "I-NP", "I-ORG"], ["official", "NN", "I-NP", "O"]])
    (0, 3)
    """
    tags = [at for at in range(1, len(rows[0])) if all(len(row) > at and TAG.fullmatch(row[at]) for row in rows)]
    if not tags:
        raise ValueError("no column holds tags such as O, B-PER and I-LOC in each of its first rows")
    tag = next((at for at in tags if any(type_of(row[at]) for row in rows)), tags[0])
    return int(tag > 1 and all(row[0].isdigit() for row in rows)), tag


def columns(path: Path) -> Iterator[Labelled]:
    """The documents of a file of columns; spaced as a line `# text =` says where there is one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    grouped = any(line.startswith(NEW_DOCUMENT) for line in lines)
    rows = [line.split("\t") if "\t" in line else line.split() for line in lines if not line.startswith(COMMENT)]
    word_at, tag_at = _places([row for row in rows if len(row) > 1][:200])
    document: list[Token] = []
    printed: list[str] = []
    for line in [*lines, NEW_DOCUMENT[0] if grouped else ""]:
        row = line.split("\t") if "\t" in line else line.split()
        if line.startswith("# text = "):
            printed.append(line[len("# text = ") :])
        elif len(row) > tag_at and not line.startswith(COMMENT):
            document.append((row[word_at], row[tag_at]))
        ends = line.startswith(NEW_DOCUMENT) if grouped else not line.strip()
        if ends and document:
            yield placed(" ".join(printed), document) if printed else joined(document)
            document, printed = [], []


def placed(text: str, tokens: Iterable[Token]) -> Labelled:
    """The text and the spans of tokens found in it, in order; what a token stands for need not be printed (`in dem`).

    >>> placed("Im Ulmer Zoo", [("In", "O"), ("dem", "O"), ("Ulmer", "B-LOC"), ("Zoo", "I-LOC")])[1]
    [{'start': 3, 'end': 12, 'type': 'LOCATION'}]
    """
    spans: list[dict[str, Any]] = []
    at, before = 0, "O"
    for token, tag in tokens:
        start = text.find(token, at, at + len(token) + 20)
        kind = type_of(tag)
        if start >= 0:
            at = start + len(token)
            if kind and spans and not tag.startswith("B") and type_of(before) == kind:
                spans[-1]["end"] = at
            elif kind:
                spans.append({"start": start, "end": at, "type": kind})
        before = tag
    return text, spans


def of_type(text: str, found: Iterable[tuple[int, int, str]]) -> Labelled:
    """A text and those of its spans whose label has a type here."""
    spans = [{"start": a, "end": b, "type": TYPES[label.lower()]} for a, b, label in found if label.lower() in TYPES]
    return text, sorted(spans, key=lambda s: s["start"])


def presidio(path: Path) -> Iterator[Labelled]:
    for one in json.loads(path.read_text(encoding="utf-8")):
        yield of_type(
            one["full_text"], ((s["start_position"], s["end_position"], s["entity_type"]) for s in one["spans"])
        )


def smartdata(path: Path) -> Iterator[Labelled]:
    """One JSON object after another, without commas."""
    content, at = path.read_text(encoding="utf-8").strip(), 0
    while at < len(content):
        one, at = json.JSONDecoder().raw_decode(content, at)
        at += len(content[at:]) - len(content[at:].lstrip())
        mentions = (one["conceptMentions"] or {"array": []})["array"]
        yield of_type(one["text"]["string"], ((m["span"]["start"], m["span"]["end"], m["type"]) for m in mentions))


def grascco(path: Path) -> Iterator[Labelled]:
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entities = json.loads(row["entities"])
            yield of_type(row["document_text"], ((e["begin"], e["end"], e["label"]) for e in entities))


TITLES = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Professor", "President", "Minister", "Senator", "King", "Queen", "Sir")
NAMED = {"person": "per", "place": "loc", "organization": "org"}


def gum(path: Path) -> Iterator[Labelled]:
    """GUM marks every mention, `(12-person-...` to `12)`; a name is the longest run of proper nouns in it."""
    words: list[tuple[str, str]] = []  # token, part of speech
    found: list[tuple[int, int, str]] = []
    opened: list[tuple[str, str, int]] = []
    text, places = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if len(row) < 10 or not row[0].isdigit():
            continue
        places.append((len(text), len(text) + len(row[1])))
        text += row[1] + ("" if "SpaceAfter=No" in row[9] else " ")
        words.append((row[1], row[4]))
        for mark in re.findall(r"\([^()]+\)?|[^()]+\)", next(iter(re.findall(r"Entity=([^|]+)", row[9])), "")):
            if mark[0] == "(":
                number, kind = re.split(r"[-)]", mark[1:])[:2]
                opened.append((number, kind, len(words) - 1))
            if mark[-1] == ")":
                number = re.split(r"[-)]", mark.lstrip("("))[0]
                at = max(n for n, one in enumerate(opened) if one[0] == number)
                _, kind, start = opened.pop(at)
                if kind in NAMED and (name := _proper(words, start, len(words), kind != "person")):
                    found.append((places[name[0]][0], places[name[1] - 1][1], NAMED[kind]))
    kept: list[tuple[int, int, str]] = []
    for one in sorted(found, key=lambda f: f[0] - f[1]):  # the outer name where one holds another
        if all(one[1] <= other[0] or other[1] <= one[0] for other in kept):
            kept.append(one)
    yield of_type(text, kept)


def _proper(words: list[tuple[str, str]], start: int, end: int, joined_by: bool) -> tuple[int, int] | None:
    """The last run of proper nouns, without titles, with `of` and the like in it where asked; none if the mention ends
    in something else."""
    first = end
    while first > start and (words[first - 1][1].startswith("NNP") or (first < end and words[first - 1][1] == "HYPH")):
        first -= 1
        link = first - 1
        while joined_by and link > start and words[link][0].lower() in ("of", "the", "and", "for"):
            link -= 1
        if link < first - 1 and words[link][1].startswith("NNP"):
            first = link + 1
    while first < end and (words[first][0] in TITLES or words[first][1] == "HYPH"):
        first += 1
    return (first, end) if first < end else None


MAY_NAME = re.compile(r"@|\u00a9|opyright|uthor|[Tt]hank|[Dd]ank|\b(?:by|von) [A-Z]|Dr\.|Mr|ritten|<|\b[A-Z]\. [A-Z]")


def manuals(path: Path) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        lines = [one for one in json.loads(line)["text"].split("\n") if not MAY_NAME.search(one)]
        yield "\n".join(lines)[:3000], []


FORMS = {
    "manuals": manuals,
    "columns": columns,
    "presidio": presidio,
    "smartdata": smartdata,
    "grascco": grascco,
    "gum": gum,
}


def main(form: str, language: str, *files: str) -> None:
    for name in files:
        path = Path(name)
        for text, spans in FORMS[form](path):
            print(json.dumps({"text": text, "language": language, "spans": spans}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
