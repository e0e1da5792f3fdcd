"""Workers that write what they make into Parquet files, and give back only which: long texts never go through Spark.

From a worker to Spark's writer and through it costs as much time as many a pass over the texts itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from pyarrow import parquet

from corpusmill.transforms.batches import Batches

WRITTEN = "file string, n_rows long"
ROW_GROUP = 16 * 2**20  # bytes, as of the session's own writer: the pages of one file are spread over the cores


def into_files(batches: Batches, folder: str, schema: pa.Schema, constants: Mapping[str, Any]) -> Batches:
    """A pass that writes the rows of another one into a file of `folder` each time it runs, and yields WRITTEN.

    schema: of the file; its columns come from the rows, or are the same in all of them (constants). A run that failed
    leaves a file that nobody was told of.
    """

    def write(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        path, n_rows = Path(folder, f"part-{uuid4()}.parquet"), 0
        with parquet.ParquetWriter(path, schema, compression="snappy") as writer:
            for group in _groups(_filled(batch, schema, constants) for batch in batches(source)):
                writer.write_table(group, row_group_size=group.num_rows)
                n_rows += group.num_rows
        if not n_rows:
            path.unlink()
            return
        yield pa.RecordBatch.from_pydict({"file": [str(path)], "n_rows": [n_rows]})

    return write


def _filled(batch: pa.RecordBatch, schema: pa.Schema, constants: Mapping[str, Any]) -> pa.RecordBatch:
    """The batch with all columns of the schema."""
    columns = [
        pa.repeat(pa.scalar(constants[f.name], f.type), batch.num_rows) if f.name in constants else batch[f.name]
        for f in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches put together to about ROW_GROUP bytes."""
    waiting: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        if batch.num_rows:
            waiting.append(batch)
            size += batch.nbytes
        if size >= ROW_GROUP:
            yield pa.Table.from_batches(waiting)
            waiting, size = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting)
