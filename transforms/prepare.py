"""raw_documents -> documents: one pass over the texts in Arrow batches."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StringType, StructField, StructType

from corpusmill.schemas.contract import Table
from corpusmill.transforms.text.prepare import PrepareOptions

ERROR = [StructField(name, StringType()) for name in ("uri", "locator", "error", "snippet")]


def prepare(raw: DataFrame, options: PrepareOptions, documents: Table) -> DataFrame:
    """The columns of `documents` but run_id, and uri, locator, error, snippet: null error means a readable document.

    raw: raw_documents with `made_from`.
    """
    fields = [f for f in documents.schema if f.name != "run_id"]
    result = StructType([*fields, *ERROR])
    schema = to_arrow_schema(result)

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.prepare import prepare as prepare_batch

        for batch in source:
            yield prepare_batch(batch, options, schema)

    needed = ("doc_id", "source", "source_id", "uri", "locator", "content_type", "text", "bytes", "metadata")
    return raw.select(*needed, "made_from").mapInArrow(batches, result)
