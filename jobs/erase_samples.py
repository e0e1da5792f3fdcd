"""What a person sees of an erasure before it is done: some of the documents, and where the subject stands, masked."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import functions as F

from corpusmill.jobs.erase_find import Found, Subject
from corpusmill.jobs.stage import Context
from corpusmill.transforms.text import anonymiser, mask
from corpusmill.transforms.text.subject import subject

SHOWN = 20  # documents
AROUND = 60  # code points before and after the subject
BEGINNING = 120  # of a document that was named
PLACEHOLDER = "<SUBJECT>"


def samples(context: Context, found: Found, person: Subject | None) -> list[dict[str, Any]]:
    """doc_id, source, found (where, and in which spelling) and context of some documents; no value is shown."""
    copies = set(found.copies)
    chosen = sorted([*found.doc_ids, *found.earlier], key=lambda d: d in copies)[:SHOWN]
    texts = _texts(context, chosen)
    return [
        {
            "doc_id": doc_id,
            "source": texts[doc_id]["source"] if doc_id in texts else None,
            "found": _where(found, doc_id),
            "context": _context(context, texts.get(doc_id), person),
        }
        for doc_id in chosen
    ]


def _texts(context: Context, doc_ids: list[str]) -> dict[str, dict[str, Any]]:
    wanted = F.col("doc_id").isin(doc_ids)
    raw = context.read("raw_documents").where(wanted).select("doc_id", "source", "text", F.lit("und").alias("language"))
    clean = context.read("documents").where(wanted).select("doc_id", "source", "text", "language")
    return {r["doc_id"]: r.asDict() for frame in (raw, clean) for r in frame.collect()}


def _where(found: Found, doc_id: str) -> str:
    """In words.

    >>> _where(Found(fields={"a": {"text": "initials,name", "uri": "name"}}), "a"), _where(Found(copies=["b"]), "b")
    ('text: initials, name; uri: name', 'exact copy')
    """
    if doc_id in found.fields:
        named = (f"{name}: {kinds.replace(',', ', ')}" for name, kinds in sorted(found.fields[doc_id].items()))
        return "; ".join(named) + (" (an earlier content only)" if doc_id in found.earlier else "")
    return "exact copy" if doc_id in found.copies else "named"


def _context(context: Context, row: Mapping[str, Any] | None, person: Subject | None) -> str:
    """The first place of the subject, or the beginning of a document that was named; masked."""
    if row is None or not row["text"]:
        return ""
    recognisers, text = anonymiser.load(context.masking), row["text"]
    if person is None:
        return mask.masked(text, recognisers, row["language"], BEGINNING)
    hits = subject(person.text).find(text)
    if not hits:
        return ""
    span = (max(0, hits[0].start - AROUND), min(len(text), hits[0].end + AROUND))
    marks = [(hit.start, hit.end) for hit in hits]
    pieces = mask.excerpts(text, [span], marks, recognisers, row["language"])[0]
    return "".join(PLACEHOLDER if marked else piece for piece, marked in pieces)
