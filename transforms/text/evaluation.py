"""How well personal data is found, measured on labelled text.

A labelled file is JSONL, a document a line:

    {"text": "Write to Anna Berg.", "language": "en", "spans": [{"start": 9, "end": 18, "type": "PERSON"}]}

`start` and `end` are code points, half-open; `type` is one of `findings.ENTITY_TYPES`, or one that is looked for on
request; a document may have no spans. Spans do not overlap. PERSON is the name without the title, LOCATION a whole
address (street, number, postcode, town, in one span). A key `id` may name the document; other keys are ignored.

What counts, here and in the audit report:

* A span is found with the right type where one finding of that type overlaps at least half of it; with any type where
  one finding of whatever type does.
* A finding is right where at least half of it lies in one span of its type; right in any type where at least half of
  it lies in one span.
* recall = spans found / spans. precision = findings that are right / findings.
* Spans of types that are not looked for are left out, and counted as such.
* In documents without a span every code point of a finding is flagged wrongly.
"""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.findings import ENTITY_TYPES, ON_REQUEST, Finding
from corpusmill.transforms.text.intervals import wilson

ALL = "all"  # types together, languages together


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled span [start, end) in code points."""

    start: int
    end: int
    entity_type: str


@dataclass(frozen=True)
class Labelled:
    """A labelled document."""

    text: str = field(repr=False)
    language: str
    spans: tuple[Span, ...]


@dataclass
class Counts:
    """Of one type in one language: spans, those found, findings, those that are right."""

    spans: int = 0
    found: int = 0
    found_any: int = 0
    findings: int = 0
    right: int = 0
    right_any: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The counts, and each rate as share, low, high (95 %, Wilson); None where nothing was counted."""
        rates = {
            "recall": (self.found, self.spans),
            "recall_any": (self.found_any, self.spans),
            "precision": (self.right, self.findings),
            "precision_any": (self.right_any, self.findings),
        }
        shares = {name: [hits / n, *wilson(hits, n)] if n else None for name, (hits, n) in rates.items()}
        return {**vars(self), **shares}


@dataclass
class Evaluation:
    """What was counted. by: (language, type) to counts; clean: documents without a span, their code points, flagged."""

    by: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(Counts))
    documents: Counter[str] = field(default_factory=Counter)
    clean: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    not_looked_for: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def to_dict(self) -> dict[str, Any]:
        """rows: language, type, counts and rates; those of all types, and of all languages, under `all`."""
        order = sorted(self.by, key=lambda k: (k[0] == ALL, k[0], k[1] == ALL, k[1]))
        return {
            "rows": [{"language": lang, "type": kind, **self.by[lang, kind].to_dict()} for lang, kind in order],
            "documents": dict(self.documents),
            "clean": [
                {"language": lang, "documents": n, "characters": size, "flagged": flagged}
                for lang, (n, size, flagged) in sorted(self.clean.items())
            ],
            "not_looked_for": dict(self.not_looked_for),
            "refused": self.refused,
        }


def evaluate(
    documents: Sequence[Labelled], findings: Sequence[Sequence[Finding] | Exception], entities: Iterable[str]
) -> Evaluation:
    """Compare findings with labels, document by document. entities: the types that were looked for.

    A document that a recogniser refused (an error in place of findings) counts as `refused` and nowhere else: it would
    not be published.

    >>> text = Labelled("Ask Anna Berg.", "en", (Span(4, 13, "PERSON"),))
    >>> found = evaluate([text], [[Finding(9, 13, "PERSON", 0.8, "x")]], ["PERSON"])
    >>> found.by["en", "PERSON"]
    Counts(spans=1, found=0, found_any=0, findings=1, right=1, right_any=1)
    """
    wanted = frozenset(entities)
    result = Evaluation()
    for document, found in zip(documents, findings, strict=True):
        if isinstance(found, Exception):
            result.refused += 1
            continue
        result.documents[document.language] += 1
        result.not_looked_for.update(s.entity_type for s in document.spans if s.entity_type not in wanted)
        if document.spans:
            _compare(result, document, found, wanted)
        else:
            totals = result.clean[document.language]
            flagged = sum(f.end - f.start for f in found)
            totals[:] = totals[0] + 1, totals[1] + len(document.text), totals[2] + flagged
            _add_findings(result, document, found)
    return result


def _compare(result: Evaluation, document: Labelled, found: Sequence[Finding], wanted: frozenset[str]) -> None:
    for span in document.spans:
        if span.entity_type in wanted:
            half = [f for f in found if 2 * _overlap(f, span) >= span.end - span.start]
            for counts in _places(result, document.language, span.entity_type):
                counts.spans += 1
                counts.found += any(f.entity_type == span.entity_type for f in half)
                counts.found_any += bool(half)
    _add_findings(result, document, found)


def _add_findings(result: Evaluation, document: Labelled, found: Sequence[Finding]) -> None:
    for finding in found:
        inside = [s for s in document.spans if 2 * _overlap(finding, s) >= finding.end - finding.start]
        for counts in _places(result, document.language, finding.entity_type):
            counts.findings += 1
            counts.right += any(s.entity_type == finding.entity_type for s in inside)
            counts.right_any += bool(inside)


def _places(result: Evaluation, language: str, kind: str) -> Iterator[Counts]:
    """Where a thing counts: in its language and in all, as its type and in all."""
    for one in (language, ALL):
        yield result.by[one, kind]
        yield result.by[one, ALL]


def _overlap(one: Finding | Span, other: Finding | Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def parse(lines: Iterable[str], name: str) -> list[Labelled]:
    """Labelled documents of a JSONL file. name: of the file, for messages, which never quote a text.

    Raises UserError naming file, line, what was found and what is wanted.
    """
    documents = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            documents.append(_document(line, f"{name}, line {number}"))
    if not documents:
        raise UserError(f"{name}: no document in it. Want JSONL: text, language, spans of start, end and type")
    return documents


def _document(line: str, place: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError:
        raise UserError(f"{place}: not JSON") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("language"), str):
        raise UserError(f"{place}: want an object with `text` and `language`, both strings, and `spans`")
    given = row.get("spans")
    if not isinstance(given, list):
        raise UserError(f"{place}: want `spans`, a list (empty where there is no personal data)")
    spans = sorted((_span(one, len(row["text"]), place) for one in given), key=lambda s: s.start)
    for before, after in itertools.pairwise(spans):
        if after.start < before.end:
            raise UserError(f"{place}: the spans at {before.start} and {after.start} overlap")
    return Labelled(row["text"], row["language"], tuple(spans))


def _span(given: Any, length: int, place: str) -> Span:
    start, end, kind = (given.get(k) if isinstance(given, dict) else None for k in ("start", "end", "type"))
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= length:
        raise UserError(f"{place}: span {start}..{end} is not inside of a text of {length} characters")
    if kind not in ENTITY_TYPES + ON_REQUEST:
        raise UserError(f"{place}: no entity type {kind!r}. There are: {', '.join(ENTITY_TYPES + ON_REQUEST)}")
    return Span(start, end, kind)
