"""documents with edits -> edited_documents: what is measured of the edited texts, in Arrow batches."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from corpusmill.transforms.text.edits import edited_texts
from corpusmill.transforms.text.measure import Measuring


def measured(documents: DataFrame, table: StructType, wanted: Measuring) -> DataFrame:
    """Rows of `edited_documents`. documents: doc_id, text, edits, language, made_from; table: its schema."""
    result = StructType([f for f in table if f.name != "run_id"])
    schema = to_arrow_schema(result)

    def measure(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.measure import measure as of_texts

        for batch in batches:
            languages = batch["language"].to_pylist()
            columns = {name: batch[name] for name in ("doc_id", "made_from")}
            columns |= of_texts(edited_texts(batch), languages, wanted)
            yield pa.RecordBatch.from_pydict({n: columns[n] for n in schema.names}, schema)

    return documents.select("doc_id", "text", "edits", "language", "made_from").mapInArrow(measure, result)
