"""Input files to Arrow batches of records: what runs on the workers inside `mapInArrow`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from corpusmill.jobs.read_fields import ReadOptions, Record
from corpusmill.jobs.read_files import InputFile
from corpusmill.jobs.read_records import read_file
from corpusmill.transforms.text.identity import content_hash

BATCH_ROWS = 1_000
BATCH_CHARACTERS = 8_000_000

# A row with `error` has no content_type, text, bytes, metadata and content_hash; `snippet` is raw: mask before storing.
RECORDS = pa.schema(
    {
        "source": pa.string(),
        "source_id": pa.string(),
        "uri": pa.string(),
        "position": pa.int64(),
        "locator": pa.string(),
        "content_type": pa.string(),
        "text": pa.string(),
        "bytes": pa.binary(),
        "metadata": pa.map_(pa.string(), pa.string()),
        "content_hash": pa.string(),
        "error": pa.string(),
        "snippet": pa.string(),
    }
)


def record_batches(
    files: Iterable[Mapping[str, Any]], options: Mapping[str, ReadOptions], columns: Collection[str] = RECORDS.names
) -> Iterator[pa.RecordBatch]:
    """The records of files in batches of schema RECORDS, each of at most BATCH_ROWS rows and about BATCH_CHARACTERS.

    A longer text comes with those before it. files: mappings with the fields of InputFile and `source`, the key into
    `options`. columns: those of RECORDS that are wanted.
    """
    schema = pa.schema([f for f in RECORDS if f.name in columns])
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in files:
        file = InputFile(row["uri"], row["path"], row["size"], row["modified"], row["format"])
        for record in read_file(file, options[row["source"]]):
            rows.append(_row(row["source"], file.uri, record))
            size += len(record.text or record.data or "")
            if len(rows) >= BATCH_ROWS or size >= BATCH_CHARACTERS:
                yield _batch(rows, schema)
                rows, size = [], 0
    if rows:
        yield _batch(rows, schema)


def _row(source: str, uri: str, record: Record) -> tuple[Any, ...]:
    """A record in the order of RECORDS."""
    hashed = record.content_type and content_hash(record.content_type, record.text, record.data, record.metadata)
    return (
        *(source, record.source_id, uri, record.position, record.locator),
        *(record.content_type, record.text, record.data, list(record.metadata.items()) if record.metadata else None),
        *(hashed, record.error, record.snippet),
    )


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = dict(zip(RECORDS.names, zip(*rows, strict=True), strict=True))
    return pa.RecordBatch.from_arrays([pa.array(columns[f.name], type=f.type) for f in schema], schema=schema)
