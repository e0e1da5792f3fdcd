"""The sample that a reviewer judges: findings of each type and language, and published passages, the same for a seed.

What is shown of them is the published text, masked; of a value only its shape.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.audit_texts import Texts
from corpusmill.transforms.text import mask
from corpusmill.transforms.text.placing import shape

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from corpusmill.transforms.text.anonymiser import Anonymiser

Row = Mapping[str, Any]
Item = dict[str, Any]

FINDINGS, PASSAGES = 120, 40
PASSAGE = 500  # code points of a passage, about
LEAST = 5  # findings of each type and language, where there are as many

FIRST = """
    SELECT * FROM (
        SELECT f.doc_id AS doc_id, f.field AS field, f.start AS start, f."end" AS "end", f.entity_type AS entity_type,
            f.score AS score, f.recogniser AS recogniser, f.operator AS operator,
            coalesce(c.source, '?') AS source, coalesce(c.language, 'und') AS language,
            row_number() OVER (PARTITION BY f.entity_type, coalesce(c.language, 'und')
                ORDER BY md5(concat({seed}, f.doc_id, f.field, cast(f.start AS varchar)))) AS place
        FROM pii_findings f LEFT JOIN corpus c ON f.doc_id = c.doc_id) numbered
    WHERE place <= {most}"""
DRAWN = """
    SELECT doc_id, coalesce(source, '?') AS source, coalesce(language, 'und') AS language
    FROM corpus ORDER BY md5(concat({seed}, doc_id)), doc_id LIMIT {n}"""


def draw_findings(tables: "Mapping[str, DeltaTable]", strata: Sequence[Row], seed: int) -> list[Item]:
    """FINDINGS of them: LEAST of each type and language, the rest in proportion. In the order in which to judge them.

    tables: pii_findings and corpus. strata: as `audit_findings.count` gives them.
    """
    wanted = allot({(s["type"], s["language"]): s["n"] for s in strata}, FINDINGS)
    if not wanted:
        return []
    rows = light.query(FIRST.format(seed=light.quoted(str(seed)), most=max(wanted.values())), tables)
    drawn = [r for r in rows if r["place"] <= wanted[r["entity_type"], r["language"]]]
    drawn.sort(key=lambda r: (r["entity_type"], r["language"], r["place"]))
    return [{"kind": "finding", **{k: v for k, v in r.items() if k != "place"}} for r in drawn]


def draw_documents(tables: "Mapping[str, DeltaTable]", n: int, seed: int) -> list[Item]:
    """At most n published documents: doc_id, source, language; the same for a seed, whatever the order of the table."""
    return light.query(DRAWN.format(seed=light.quoted(str(seed)), n=n), {"corpus": tables["corpus"]})


def allot(sizes: Mapping[Any, int], total: int) -> dict[Any, int]:
    """How many to draw of each part: LEAST, or all where there are fewer, and the rest in proportion.

    >>> allot({"a": 1000, "b": 3, "c": 100}, 30)
    {'a': 21, 'b': 3, 'c': 7}
    """
    least = {name: min(n, LEAST) for name, n in sizes.items()}
    rest = max(0, total - sum(least.values()))
    left = sum(sizes.values()) - sum(least.values())
    more = {name: -(-rest * (n - least[name]) // left) if left else 0 for name, n in sizes.items()}
    return {name: min(n, least[name] + more[name]) for name, n in sizes.items()}


def passages(documents: Iterable[Row], texts: Texts, seed: int) -> list[Item]:
    """Of each of the documents one passage of its published text, whole words; none of an empty one."""
    items = []
    for document in documents:
        for name, text in sorted(texts.published(document["doc_id"]).items()):
            if name == "text" or name.startswith("messages["):
                start, end = _cut(text, hashlib.sha256(f"{seed}{document['doc_id']}".encode()).digest())
                if text[start:end].strip():
                    items.append({"kind": "passage", **document, "field": name, "start": start, "end": end})
                    break
    return items


def _cut(text: str, chance: bytes) -> tuple[int, int]:
    """A span of about PASSAGE code points somewhere in the text, that begins and ends between words."""
    at = int.from_bytes(chance[:6], "big") * max(1, len(text) - PASSAGE // 2) >> 48
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    if len(text) - start <= PASSAGE:
        return start, len(text)
    end = text.rfind(" ", start + PASSAGE // 2, start + PASSAGE)
    return start, end if end > 0 else start + PASSAGE


def shown(items: Iterable[Item], texts: Texts, masker: "Anonymiser") -> list[Item]:
    """The items with `pieces`, what is shown of each: text, and is it what has to be judged? And `shape` of a finding.

    A finding whose place in the published text is not certain has no pieces.
    """
    return [_finding(i, texts, masker) if i["kind"] == "finding" else _passage(i, texts, masker) for i in items]


def _finding(item: Item, texts: Texts, masker: "Anonymiser") -> Item:
    doc_id, name = item["doc_id"], item["field"]
    at = texts.placed_at(doc_id, name, item["start"])
    if at is None:
        return {**item, "pieces": [], "shape": ""}
    text, known = texts.published(doc_id)[name], texts.known(doc_id, name)
    pieces = mask.around(text, (at.start, at.end), known, masker, item["language"])
    return {**item, "pieces": [list(piece) for piece in pieces], "shape": shape(at.value)}


def _passage(item: Item, texts: Texts, masker: "Anonymiser") -> Item:
    text, known = texts.published(item["doc_id"])[item["field"]], texts.known(item["doc_id"], item["field"])
    span = item["start"], item["end"]
    pieces = mask.around(text, span, known, masker, item["language"], reach=0)
    return {**item, "pieces": [[piece, False] for piece, _ in pieces]}


def key(item: Row) -> tuple[str, str, str, int]:
    """What names an item of a sample."""
    return item["kind"], item["doc_id"], item["field"], item["start"]


def by_stratum(items: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Findings of a sample by type and language."""
    parts: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for item in items:
        if item["kind"] == "finding":
            parts[item["entity_type"], item["language"]].append(item)
    return parts
