"""The fused pass over a batch of raw documents: extract, clean, language, signals; one Arrow batch in, one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl
import pyarrow as pa

from corpusmill.transforms.text import anonymiser, chat, clean, html, identity, language, mask, measure
from corpusmill.transforms.text.anonymiser import AnonymiseOptions
from corpusmill.transforms.text.measure import Measuring

Row = dict[str, Any]


@dataclass(frozen=True)
class PrepareOptions:
    """What the recipe asks of the pass.

    language_model: path of a fastText model; None: the embedded one. masking: how a snippet is masked.
    """

    clean: bool
    language_model: str | None
    masking: AnonymiseOptions
    measuring: Measuring


def prepare(batch: pa.RecordBatch, options: PrepareOptions, schema: pa.Schema) -> pa.RecordBatch:
    """Documents of a batch of raw documents, in the columns of `schema`; `error` where one is not readable.

    batch: doc_id, source, source_id, uri, locator, content_type, text, bytes, metadata, made_from. A document with an
    error has no text, but a masked snippet; the message never holds the document's words.
    """
    rows = readable(batch, options)
    for row in rows:
        row["content_hash"] = _content_hash(row)
    texts = [row["text"] for row in rows]
    languages, confidences, shares = language.load(options.language_model).judge(texts)
    columns: dict[str, Sequence[Any]] = {name: [row.get(name) for row in rows] for name in schema.names}
    columns |= measure.measure(pl.Series(texts, dtype=pl.String), languages, options.measuring)
    columns |= {
        "text": [None if row["error"] else row["text"] for row in rows],
        "language": languages,
        "language_confidence": confidences,
        "languages": [list(of.items()) for of in shares],
    }
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def readable(batch: pa.RecordBatch, options: PrepareOptions) -> list[Row]:
    """The rows with clean texts and messages; `error`, and an empty text, where one is not readable."""
    rows = [_readable(row, options) for row in batch.to_pylist()]
    if options.clean:
        _clean(rows)
    for row in rows:
        if row["messages"]:
            row["text"] = chat.joined(row["messages"])
    return rows


def _readable(row: Row, options: PrepareOptions) -> Row:
    """The row with text and messages as they came, or with an error and an empty text."""
    row = {**row, "messages": None, "error": None}
    try:
        if row["content_type"] == "conversation":
            return row | {"messages": chat.messages_of(orjson.loads(row["text"]), None)}
        text = row["text"] if row["text"] is not None else html.decode(row["bytes"] or b"")
        return row | {"text": html.main_text(text) if row["content_type"] == "text/html" else text}
    except chat.ChatError as error:
        reason = str(error)
    except Exception as error:  # one unreadable document must not end the run; its words stay out of the message
        reason = f"cannot be read: {type(error).__name__}"
    snippet = mask.masked(row["text"] or "", anonymiser.load(options.masking))
    return row | {"text": "", "error": reason, "snippet": snippet}


def _clean(rows: list[Row]) -> None:
    """Clean all texts of the batch at once, and the contents of messages."""
    places = [part for row in rows for part in (row["messages"] or [row])]
    names = ["text" if "text" in part else "content" for part in places]
    cleaned = clean.clean_all([part[name] for part, name in zip(places, names, strict=True)])
    for part, name, text in zip(places, names, cleaned, strict=True):
        part[name] = text


def _content_hash(row: Row) -> str:
    carried = dict(row["metadata"] or {})
    if row["messages"]:
        carried["\0messages"] = orjson.dumps(row["messages"]).decode()
    return identity.content_hash(row["content_type"], row["text"], None, carried)
