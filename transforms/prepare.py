"""raw_documents -> documents: one pass over the texts in Arrow batches."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StringType, StructField, StructType

from corpusmill.schemas.contract import Table
from corpusmill.transforms.batches import Pass
from corpusmill.transforms.text.prepare import PrepareOptions

ERROR = [StructField(name, StringType()) for name in ("uri", "locator", "error", "snippet")]
NEEDED = (
    *("doc_id", "source", "source_id", "uri", "locator", "content_type", "text", "bytes", "metadata", "made_from"),
)


def prepare(raw: DataFrame, options: PrepareOptions, documents: Table) -> Pass:
    """The columns of `documents` but run_id, of those that are readable. raw: raw_documents with `made_from`."""
    whole = examine(raw, options, documents)
    fields = [f for f in whole.schema if f not in ERROR]
    names, examined = [f.name for f in fields], whole.batches

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in examined(source):
            yield batch.filter(pc.is_null(batch["error"])).select(names)

    return Pass(whole.source, batches, StructType(fields))


def examine(raw: DataFrame, options: PrepareOptions, documents: Table) -> Pass:
    """As `prepare`, of all documents, and uri, locator, error, snippet: null error means a readable document."""
    result = StructType([*(f for f in documents.schema if f.name != "run_id"), *ERROR])
    schema = to_arrow_schema(result)

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.prepare import prepare as prepare_batch

        for batch in source:
            yield prepare_batch(batch, options, schema)

    return Pass(raw.select(*NEEDED), batches, result)
