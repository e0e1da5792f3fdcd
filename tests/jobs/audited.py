"""A published, anonymised version written by deltalake: texts go through the real recognisers, no Spark."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from pyspark.sql.pandas.types import to_arrow_schema

from corpusmill.jobs.key import key_id
from corpusmill.jobs.verify import content_hash
from corpusmill.schemas import documents, inputs, ledger, published
from corpusmill.transforms.text.anonymise import PublishOptions, publish
from corpusmill.transforms.text.anonymiser import AnonymiseOptions

from .tiny_warehouse import DOCUMENTS, doc_id, write

KEY = b"a key of sixteen bytes and more"
WRITTEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECIPE = "name: letters\nsources: [{path: in/*.jsonl}]\nanonymise: {mode: patterns}\n"
EDIT = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())])
BATCH = pa.schema(
    [
        *(pa.field(n, pa.string()) for n in ("doc_id", "source", "source_id", "text", "language", "made_from")),
        to_arrow_schema(published.CORPUS.schema).field("messages"),
        to_arrow_schema(published.CORPUS.schema).field("metadata"),
        pa.field(
            "edits", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())]))
        ),
    ]
)
PUBLISHED = pa.schema(
    [
        *(f for f in to_arrow_schema(published.CORPUS.schema) if f.name not in ("split", "run_id")),
        pa.field("findings", pa.list_(pa.struct(list(to_arrow_schema(published.PII_FINDINGS.schema))[1:-1]))),
        pa.field("error", pa.string()),
    ]
)


def document(name: str, text: str, language: str = "en", **more: Any) -> dict[str, Any]:
    """A row of `documents`; `edits` may come with it."""
    row = {"doc_id": doc_id(name), "source": "letters", "source_id": name, "text": text, "language": language}
    return {**row, "metadata": None, "messages": None, "edits": None, "made_from": "x", **more}


def version(folder: Path, number: int, rows: list[dict[str, Any]], operator: str = "replace", **row: Any) -> None:
    """Write the documents, anonymise them by patterns, and publish that as a version."""
    at = WRITTEN + timedelta(days=number)
    options = AnonymiseOptions(mode="patterns", operators={"default": operator})
    out = publish(pa.RecordBatch.from_pylist(rows, BATCH), PublishOptions(options, None, KEY), PUBLISHED).to_pylist()
    findings = [{"doc_id": r["doc_id"], "run_id": f"r{number}", **f} for r in out for f in r["findings"]]
    edits = [{"doc_id": r["doc_id"], "stage": "filter", "rule": "cut", **e} for r in rows for e in r["edits"] or ()]
    split = {"split": "train", "run_id": f"r{number}"}
    new: dict[str, tuple[Any, list[dict[str, Any]]]] = {
        "raw_documents": (inputs.RAW_DOCUMENTS, [{"doc_id": r["doc_id"], "text": r["text"]} for r in rows]),
        "documents": (DOCUMENTS, rows),
        "edits": (documents.EDITS, edits),
        "pii_findings": (published.PII_FINDINGS, findings),
        "corpus": (published.CORPUS, [{**r, **split} for r in out]),
    }
    at_version = {name: write(folder, table, some, mode="overwrite") for name, (table, some) in new.items()}
    ran = {"run_id": f"r{number}", "stage": "anonymise", "input_versions": [*at_version.items()]}
    write(folder, ledger.STAGE_RUNS, [{**ran, "code_version": "0.1.0+0123456789abcdef", "finished_at": at}])
    kept = {name: at_version[name] for name in ("raw_documents", "pii_findings", "corpus")}
    of_version = {
        "name": "letters", "version": number, "tables": [*kept.items()], "recipe": RECIPE, "anonymised": "patterns",
        "row_counts": [(name, DeltaTable(str(folder / name)).to_pyarrow_dataset().count_rows()) for name in kept],
        "models": [("anonymise.key", key_id(KEY))], "code_version": f"0.1.{number}", "parent": number - 1 or None,
        "content_hash": content_hash(str(folder), {"corpus": kept["corpus"]}), "run_id": f"r{number}",
        "created_at": at + timedelta(minutes=1),
    }  # fmt: skip
    write(folder, ledger.DATASET_VERSIONS, [{**of_version, **row}])


LIND = "Dear Mrs. Lind,\nplease write to nora.lind@example.org or call +49 30 23125 471. Lind will know."
MESSAGES = [{"role": "user", "content": "Hello Dr. Moss!"}, {"role": "assistant", "content": "Hello."}]
MENU = {"start": 0, "end": 17, "replacement": ""}
LETTERS = [
    document("nora", LIND),
    document("karl", "Sehr geehrter Herr Wernecke,\ndas Geld liegt auf DE89 3704 0044 0532 0130 00.", "de"),
    document("shop", "Mr. Brown pays by card: 4111 1111 1111 1111. Mr. Brown is happy with it.", source="shop"),
    document("mayor", "The mayor of Derby, aged 42, opened the fair. The baker of Derby, aged 42, baked for it."),
    document("plain", "Good compost needs air and moisture, and that is the whole of it, say the neighbours."),
    document("steuer", "Zur Nummer 86095742719 sagt das Amt nichts.", "de"),
    document("cut", "Skip to content. Ask Mr. Vane about it, or ask nobody.", edits=[MENU]),
    document("chat", "Hello Dr. Moss!\n\nHello.", messages=MESSAGES, metadata=[("author", "Mr. Finch")]),
]
VALUES = ("nora.lind", "23125", "Wernecke", "DE89", "0532", "Brown", "4111", "86095742719", "Vane", "Moss", "Finch")
