"""Parquet: a record a row, read in batches, and of the columns only those that are needed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from corpusmill.jobs.read_fields import BadRecord, ReadOptions, Record, error_record, forms_for, record_of
from corpusmill.jobs.read_files import InputFile
from corpusmill.jobs.read_streams import CHUNK_BYTES, filesystem

BATCH_ROWS = 1_000
BATCH_BYTES = 8 << 20

EXAMPLES: tuple[tuple[Callable[[pa.DataType], bool], Any], ...] = (
    (types.is_boolean, True),
    (types.is_integer, 1),
    (types.is_floating, 1.0),
    (types.is_null, None),
    (types.is_temporal, datetime.min),
    (types.is_nested, []),
)


def read_parquet(file: InputFile, options: ReadOptions) -> Iterator[Record]:
    """The records of a file; one bad record where its columns do not fit. Raises OSError and pyarrow.ArrowException."""
    store, path = filesystem(file.path)
    with store.open_input_file(path) as opened:
        # Buffered: without it a whole column of a row group, which may be gigabytes, is read at once.
        parquet = pq.ParquetFile(opened, buffer_size=CHUNK_BYTES, pre_buffer=False)
        schema = parquet.schema_arrow
        try:
            record_of({field.name: _example(field.type) for field in schema}, options, 0, "")
        except BadRecord as error:
            yield error_record(0, "", f"the file's columns do not fit: {error}")
            return
        columns = _needed(schema.names, options)
        position = 0
        for batch in parquet.iter_batches(_batch_rows(parquet.metadata, columns), columns=columns):
            for row in _rows(batch):
                yield _record(row, options, position)
                position += 1


def _record(row: dict[str, Any] | None, options: ReadOptions, position: int) -> Record:
    locator = f"row {position + 1}"
    if row is None:
        return error_record(position, locator, "a value is not UTF-8 or cannot be read")
    try:
        return record_of(row, options, position, locator)
    except BadRecord as error:
        return error_record(position, locator, str(error), ", ".join(f"{k}: {v!s:.100}" for k, v in row.items()))


def _example(kind: pa.DataType) -> Any:
    """A value of an Arrow type, by which the options are tried on a file before its rows are read."""
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_struct(kind):
        return {field.name: _example(field.type) for field in kind}
    return next((example for fits, example in EXAMPLES if fits(kind)), "text")


def _needed(names: list[str], options: ReadOptions) -> list[str]:
    """The columns that hold the fields; of a dotted path its first part."""
    wanted = [options.text or "text", options.id or "id", *options.metadata]
    wanted += [field for _, needed, optional in forms_for(options) for field in (*needed, *optional)]
    return [name for name in names if any(field == name or field.startswith(f"{name}.") for field in wanted)]


def _batch_rows(metadata: pq.FileMetaData, columns: Iterable[str]) -> int:
    """Rows a batch, so that one holds about BATCH_BYTES: by the mean size of a row in the largest row group."""
    largest = 1.0
    for group in (metadata.row_group(i) for i in range(metadata.num_row_groups)):
        chunks = (group.column(i) for i in range(group.num_columns))
        size = sum(c.total_uncompressed_size for c in chunks if c.path_in_schema.split(".")[0] in columns)
        largest = max(largest, size / max(group.num_rows, 1))
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / largest)))


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | None]:
    """The rows of a batch as objects; None for one that holds a value that Python cannot."""
    maps = [field.name for field in batch.schema if types.is_map(field.type)]
    for row in _objects(batch):
        if row is not None:
            row.update({name: dict(row[name]) for name in maps if row[name] is not None})
        yield row


def _objects(batch: pa.RecordBatch) -> list[dict[str, Any] | None]:
    try:
        return batch.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):  # one bad row must not cost the others
        if batch.num_rows == 1:
            return [None]
        return [row for i in range(batch.num_rows) for row in _objects(batch.slice(i, 1))]
