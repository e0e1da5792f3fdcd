"""The fused pass over a batch of raw documents: extract, clean, language, signals; one Arrow batch in, one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl
import pyarrow as pa

from corpusmill.transforms.text import chat, clean, html, identity, language, shingles, signals

Row = dict[str, Any]


@dataclass(frozen=True)
class PrepareOptions:
    """What the recipe asks of the pass. language_model: path of a fastText model; None: the embedded one."""

    clean: bool
    signals: bool
    language_model: str | None


def prepare(batch: pa.RecordBatch, options: PrepareOptions, schema: pa.Schema) -> pa.RecordBatch:
    """Documents of a batch of raw documents, in the columns of `schema`; `error` where one is not readable.

    batch: doc_id, source, source_id, uri, locator, content_type, text, bytes, metadata, made_from. A document with an error
    has no text. The message of an error never holds the document's words.
    """
    rows = [_readable(row, options) for row in batch.to_pylist()]
    texts = [row["text"] for row in rows]
    languages, confidences = language.load(options.language_model).identify(texts)
    series = pl.Series(texts, dtype=pl.String)
    measured: Sequence[Any] = [None] * len(rows)
    if options.signals:
        measured = signals.measure(series, pl.Series(languages, dtype=pl.String)).to_dicts()
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    columns |= {
        "text": [None if row["error"] else row["text"] for row in rows],
        "exact_hash": shingles.normalised_hash(series).to_list(),
        "n_chars": series.str.len_chars().to_list(),
        "language": languages,
        "language_confidence": confidences,
        "signals": measured,
    }
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _readable(row: Row, options: PrepareOptions) -> Row:
    """The row with text, messages and content_hash, or with an error and an empty text."""
    row = {**row, "messages": None, "error": None}
    try:
        if row["content_type"] == "conversation":
            messages = chat.messages_of(orjson.loads(row["text"]), None)
            row["messages"] = [_cleaned(m) for m in messages] if options.clean else messages
            row["text"] = chat.joined(row["messages"])
        else:
            row["text"] = _text(row, options)
    except chat.ChatError as error:
        return row | {"text": "", "messages": None, "error": str(error)}
    except Exception as error:  # one unreadable document must not end the run; its words stay out of the message
        return row | {"text": "", "messages": None, "error": f"cannot be read: {type(error).__name__}"}
    carried = dict(row["metadata"] or {})
    if row["messages"]:
        carried["\0messages"] = orjson.dumps(row["messages"]).decode()
    row["content_hash"] = identity.content_hash(row["content_type"], row["text"], None, carried)
    return row


def _text(row: Row, options: PrepareOptions) -> str:
    text = row["text"] if row["text"] is not None else html.decode(row["bytes"] or b"")
    if row["content_type"] == "text/html":
        text = html.main_text(text)
    return clean.clean(text) if options.clean else text


def _cleaned(message: dict[str, str]) -> dict[str, str]:
    return message | {"content": clean.clean(message["content"])}
