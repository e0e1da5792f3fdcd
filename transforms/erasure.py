"""What `erase` asks of tables: where a person stands, and who keeps a passage that an erased document kept."""

from collections.abc import Iterable, Iterator, Sequence

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StringType, StructField, StructType

FOUND = [StructField("field", StringType()), StructField("spelling", StringType())]


def holding(rows: DataFrame, columns: Sequence[str], subject: str) -> DataFrame:
    """One row for each of the columns of a row in which the subject stands: the other columns, `field`, `spelling`.

    columns: of strings. subject, spelling: as `subject.subject` takes them and tells them.
    """
    carried = [f for f in rows.schema if f.name not in columns]
    result = StructType([*carried, *FOUND])
    schema = to_arrow_schema(result)

    def search(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.subject import subject as spellings_of

        wanted = spellings_of(subject)
        for batch in batches:
            for name in columns:
                texts = pl.Series(pl.from_arrow(batch[name]), dtype=pl.String)
                places = wanted.may_hold(texts).arg_true().to_list()
                kinds = [",".join(sorted({hit.spelling for hit in wanted.find(texts[n])})) for n in places]
                at = pa.array([n for n, kind in zip(places, kinds, strict=True) if kind], pa.int64())
                found = [kind for kind in kinds if kind]
                arrays = [batch[f.name].take(at) for f in carried]
                arrays += [pa.array([name] * len(found), pa.string()), pa.array(found, pa.string())]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return rows.mapInArrow(search, result)


def other_keepers(counts: DataFrame, passages: DataFrame, documents: DataFrame) -> DataFrame:
    """Rows of `passage_counts` with another document that keeps the passage: the longest, then the lowest doc_id.

    counts: the rows whose keeper goes. passages, documents (doc_id, source, n_chars): of those that may keep. A passage
    that nobody else holds has no row.
    """
    held = passages.select("doc_id", F.explode("passages.hash").alias("hash")).join(documents, "doc_id")
    held = held.join(counts.select("source", "hash"), ["source", "hash"], "left_semi")
    first = F.min(F.struct((-F.col("n_chars")).alias("order"), "doc_id"))["doc_id"].alias("kept_doc_id")
    kept = held.groupBy("source", "hash").agg(first)
    return counts.drop("kept_doc_id", "run_id").join(kept, ["source", "hash"]).select(*counts.drop("run_id").columns)
