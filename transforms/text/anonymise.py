"""The pass over a batch of documents that are to be published: edits, anonymisation of every field, tokens.

Fails closed: a document of which any field could not be anonymised comes out with an error and without its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import anonymiser, operators, tokens
from corpusmill.transforms.text.anonymiser import AnonymiseOptions
from corpusmill.transforms.text.edits import OffsetMap, apply_edits, spans_of
from corpusmill.transforms.text.pseudonyms import Pseudonyms

Row = dict[str, Any]


@dataclass(frozen=True)
class PublishOptions:
    """What is done to a document on its way into the corpus.

    anonymise: None: nothing is replaced. tokenizer: (name, end token) for `tokens.load_tokenizer`; None: no tokens.
    key: of the keyed hashes; never shown.
    """

    anonymise: AnonymiseOptions | None
    tokenizer: tuple[str | None, str | None] | None
    key: bytes = field(repr=False)


def publish(batch: pa.RecordBatch, options: PublishOptions, schema: pa.Schema) -> pa.RecordBatch:
    """Published rows of a batch of documents, in the columns of `schema`.

    batch: doc_id, source, source_id, text, messages, language, metadata, edits (start, end, replacement), made_from.
    """
    rows = [_edited(row) for row in batch.to_pylist(maps_as_pydicts="strict")]
    if options.anonymise is not None:
        _anonymise(rows, options.anonymise, options.key)
    for row in rows:
        row["text"] = _text(row)
    if options.tokenizer is not None:
        _tokenise(rows, tokens.load_tokenizer(*options.tokenizer))
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return pa.RecordBatch.from_arrays([pa.array(columns[f.name], type=f.type) for f in schema], schema=schema)


def _edited(row: Row) -> Row:
    """The row with its edits applied; `offsets` leads back to documents.text."""
    text, offsets = apply_edits(row["text"], spans_of(row.pop("edits") or ()))
    return row | {"text": text, "offsets": offsets, "error": None, "findings": [], "n_tokens": None, "input_ids": None}


def fields(row: Row) -> dict[str, str]:
    """Every string of a document that is published, by the name that findings carry.

    >>> fields({"text": "Hi", "messages": None, "metadata": {"author": "Eva"}, "source_id": "a.html"})
    {'text': 'Hi', 'metadata.author': 'Eva', 'source_id': 'a.html'}
    """
    if row["messages"]:
        fields = {f"messages[{n}].content": m["content"] for n, m in enumerate(row["messages"])}
    else:
        fields = {"text": row["text"]}
    fields |= {f"metadata.{name}": value for name, value in (row["metadata"] or {}).items()}
    if row["source_id"] is not None:
        fields["source_id"] = row["source_id"]
    return {name: value for name, value in fields.items() if value}


def _anonymise(rows: list[Row], options: AnonymiseOptions, key: bytes) -> None:
    """Replace what is found in all fields of all rows; a row with a field that failed gets an error, and no field."""
    documents = [(row, fields(row)) for row in rows]
    texts = [text for _, named in documents for text in named.values()]
    languages = [row["language"] for row, named in documents for _ in named]
    found = iter(anonymiser.load(options).find(texts, languages))
    for row, named in documents:
        try:
            _replace(row, named, {name: next(found) for name in named}, options, key)
        except UserError:
            raise
        except Exception as error:  # as in `find`: this document fails closed, the others go on
            row["error"] = f"anonymise: an operator failed: {anonymiser.where(error)}"
        if row["error"]:
            row |= {"text": "", "messages": None, "metadata": None, "source_id": None, "findings": []}


def _replace(
    row: Row, named: Mapping[str, str], found: Mapping[str, Any], options: AnonymiseOptions, key: bytes
) -> None:
    for name, findings in found.items():
        if isinstance(findings, Exception):
            row["error"] = f"{name} could not be anonymised: {findings}"
            return
    scope = row["doc_id"] if options.pseudonyms == "document" else ""
    pseudonyms = Pseudonyms(key, scope, options.languages[0])
    for name, text in named.items() if "pseudonym" in options.operators.values() else ():
        pseudonyms.meet(text, found[name])
    for name, text in named.items():
        replaced, applied = operators.apply(text, found[name], options.operators, key, row["doc_id"], pseudonyms)
        _set(row, name, replaced)
        row["findings"] += [_finding(name, one, row["offsets"]) for one in applied]


def _set(row: Row, name: str, value: str) -> None:
    kind, _, rest = name.partition(".")
    if kind == "metadata":
        row["metadata"][rest] = value
    elif kind.startswith("messages["):
        row["messages"][int(kind[len("messages[") : -1])]["content"] = value
    else:
        row[name] = value


def _finding(name: str, applied: operators.Applied, offsets: OffsetMap) -> Mapping[str, Any]:
    start, end = (applied.start, applied.end) if name != "text" else offsets.to_original(applied.start, applied.end)
    return {
        "field": name,
        "start": start,
        "end": end,
        "entity_type": applied.entity_type,
        "score": applied.score,
        "recogniser": applied.recogniser,
        "operator": applied.operator,
        "replacement": applied.replacement,
        "value_hmac": applied.value_hmac,
    }


def _text(row: Row) -> str:
    """Of a conversation the published contents, joined."""
    from corpusmill.transforms.text import chat

    return chat.joined(row["messages"]) if row["messages"] else row["text"]


def _tokenise(rows: list[Row], tokenizer: tokens.Tokenizer) -> None:
    for row, ids in zip(rows, tokenizer.encode([row["text"] for row in rows]), strict=True):
        row |= {"n_tokens": len(ids), "input_ids": ids}
