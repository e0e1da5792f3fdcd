"""Exact duplicates: texts that are equal but for case, white space and Unicode form."""

from collections.abc import Iterable, Iterator, Sequence

import polars as pl
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from corpusmill.transforms.text.shingles import NORMALISE, normalised_hash


def exact_hashes(documents: DataFrame, normalise: Sequence[str] = NORMALISE) -> DataFrame:
    """The documents with their exact_hash (hex). documents: doc_id, text (with its edits applied), and any others.

    normalise: as for `shingles.normalised_hash`.
    """
    result = StructType([*documents.schema, StructField("exact_hash", StringType())])

    def hashed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            texts = pl.Series(pl.from_arrow(batch["text"]), dtype=pl.String)
            yield batch.append_column("exact_hash", pa.array(normalised_hash(texts, normalise).to_list(), pa.string()))

    return documents.mapInArrow(hashed, result)


def equal_clusters(hashed: DataFrame, column: str = "exact_hash", method: str = "exact") -> DataFrame:
    """Rows for `duplicate_clusters`: each document that equals one before it, and each one kept for others.

    hashed: doc_id, priority (the higher is kept, of equal ones the lower doc_id; n_chars for `keep: longest`), and the
    column that must be equal; a null equals nothing.
    """
    ranked = hashed.where(F.col(column).isNotNull()).select(
        "doc_id",
        first_equal(column).alias("kept_doc_id"),
        F.count(F.lit(1)).over(Window.partitionBy(column)).alias("size"),
    )
    return ranked.where("size > 1").select(
        "doc_id",
        F.col("kept_doc_id").alias("cluster_id"),
        "kept_doc_id",
        F.lit(method).alias("method"),
        F.lit(1.0).alias("similarity"),
    )


def first_equal(column: str) -> Column:
    """The doc_id that stands first in keeper order among the rows with the same value in the column."""
    order = Window.partitionBy(column).orderBy(F.col("priority").desc(), F.col("doc_id"))
    return F.first("doc_id").over(order)


def decisions(clusters: DataFrame, stage: str, limit: float, semantic: float | None = None) -> DataFrame:
    """Rows for `decisions`, one for each removed document of a stage's clusters; the rule has the stage's name.

    limit: of the similarity. semantic: the limit of those found by meaning, whose rule is `semantic`.
    """
    by_meaning = F.col("method") == "semantic"
    # Rounded down: a similarity under the limit must never look as if it had reached it.
    measured = F.format_string("%.2f", F.floor(F.col("similarity") * 100 + 1e-9) / 100)
    return clusters.where("doc_id != kept_doc_id").select(
        "doc_id",
        F.lit(stage).alias("stage"),
        F.when(by_meaning, "semantic").otherwise(stage).alias("rule"),
        measured.alias("measured"),
        F.when(by_meaning, f"{semantic or 0:g}").otherwise(f"{limit:g}").alias("limit"),
        F.concat(F.lit("duplicate of "), "kept_doc_id").alias("detail"),
    )
