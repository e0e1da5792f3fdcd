"""The content hash of a table, in Arrow batches on the workers; a row a batch comes back."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame


def partial_hashes(table: DataFrame) -> DataFrame:
    """One row a batch: `partial`, to be put together by `content_hash.combine`."""
    from corpusmill.transforms.text.content_hash import IGNORED

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text import content_hash

        partials = [str(content_hash.add(batch)) for batch in source]
        yield pa.RecordBatch.from_arrays([pa.array(partials, pa.string())], names=["partial"])

    return table.drop(*IGNORED).mapInArrow(batches, "partial string")
