"""Passages that stand in many documents of a source are cut: rows of `edits`. Between tables only hashes move.

passages(documents)  ->  counts, once  ->  cuts  ->  measured: what the edited texts are
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from corpusmill.schemas.documents import PASSAGES
from corpusmill.transforms.text.edits import edited_texts
from corpusmill.transforms.text.passages import PassageOptions

RULE = "passages"
MEASURED = StructType([f for f in PASSAGES.schema if f.name != "run_id"])


def passages(documents: DataFrame, options: PassageOptions) -> DataFrame:
    """The passages of each document. documents: doc_id, text, made_from."""
    schema = to_arrow_schema(MEASURED)

    def found(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.passages import passages as of_texts

        for batch in batches:
            lists = of_texts(edited_texts(batch), options).cast(schema.field("passages").type)
            yield pa.RecordBatch.from_arrays([batch["doc_id"], lists, batch["made_from"]], schema=schema)

    return documents.select("doc_id", "text", "made_from").mapInArrow(found, MEASURED)


def counts(passages: DataFrame, documents: DataFrame, made_from: str) -> DataFrame:
    """Rows of `passage_counts`: the passages that stand in at least two different documents of a source.

    documents: doc_id, source, exact_hash, n_chars, of those that may be kept. Equal texts count once: they are
    exact_dedup's, which keeps one of them whole. The longest document keeps the passage: near_dedup keeps it too.
    """
    held = passages.select("doc_id", F.explode("passages.hash").alias("hash")).join(documents, "doc_id")
    first = F.min(F.struct((-F.col("n_chars")).alias("order"), "doc_id"))["doc_id"]
    counted = held.groupBy("source", "hash").agg(
        F.count_distinct("exact_hash").alias("n_documents"), first.alias("kept_doc_id")
    )
    return counted.where("n_documents > 1").withColumn("made_from", F.lit(made_from))


def cuts(passages: DataFrame, documents: DataFrame, counts: DataFrame, minimum_documents: int) -> DataFrame:
    """Rows of `edits`: each passage of so many documents, but for the document that keeps it.

    documents: doc_id, source. A passage goes with the white space after it; one that only others that are cut follow,
    with that before it: so what stays is separated as it was, and neither begins nor ends with an empty line.
    """
    frequent = counts.where(F.col("n_documents") >= minimum_documents).select("source", "hash", "kept_doc_id")
    held = passages.select("doc_id", F.explode("passages").alias("p")).select("doc_id", "p.*")
    found = held.join(documents.select("doc_id", "source"), "doc_id").join(frequent, ["source", "hash"])
    found = found.where("doc_id != kept_doc_id")
    # Of the passages from this one to the last all are cut.
    at_end = F.row_number().over(Window.partitionBy("doc_id").orderBy(F.desc("start"))) == F.col("left")
    return found.select(
        "doc_id",
        F.lit("filter").alias("stage"),
        F.lit(RULE).alias("rule"),
        F.when(at_end, F.col("before")).otherwise(F.col("start")).alias("start"),
        F.when(at_end, F.col("end")).otherwise(F.col("after")).alias("end"),
        F.lit("").alias("replacement"),
    )
