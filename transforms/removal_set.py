"""Who of the similar pairs is removed, and for whom: the removal set, and the clusters that it makes.

Keeper order is `priority` descending, then doc_id. Going through the documents in it, one is removed if and only if a
kept one before it is similar.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.transforms.exact_dedup import equal_clusters
from corpusmill.transforms.text import pairs

REMOVED = "doc_id string, kept_doc_id string, similarity double, method string"


def removals(similar: DataFrame) -> DataFrame:
    """doc_id, kept_doc_id, similarity, method of each document to remove; all pairs go through one task."""

    def remove(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        gathered = list(batches)
        if gathered:
            yield from pairs.removals(pa.Table.from_batches(gathered)).to_batches()

    return similar.coalesce(1).mapInArrow(remove, REMOVED)


def removed_at_once(undecided: DataFrame) -> DataFrame:
    """doc_id of each document that is similar to one that is kept because no undecided one stands before it."""
    later = undecided.select(F.col("b").alias("a")).distinct()
    return undecided.join(later, "a", "left_anti").select(F.col("b").alias("doc_id")).distinct()


def still_undecided(undecided: DataFrame, removed: DataFrame) -> DataFrame:
    """The pairs of which neither is removed."""
    for side in ("a", "b"):
        undecided = undecided.join(removed.select(F.col("doc_id").alias(side)), side, "left_anti")
    return undecided


def keepers(similar: DataFrame, removed: DataFrame) -> DataFrame:
    """doc_id, kept_doc_id, similarity, method of each removed document: of the kept ones like it the first."""
    gone = removed.select("doc_id")
    by_kept = similar.join(gone.withColumnRenamed("doc_id", "a"), "a", "left_anti")
    by_kept = by_kept.join(gone.withColumnRenamed("doc_id", "b"), "b", "left_semi")
    first = F.min(F.struct((-F.col("a_priority")).alias("order"), "a", "method", "similarity")).alias("first")
    return (
        by_kept.groupBy(F.col("b").alias("doc_id"))
        .agg(first)
        .select("doc_id", F.col("first.a").alias("kept_doc_id"), "first.similarity", "first.method")
    )


def near_clusters(removed: DataFrame, signed: DataFrame) -> DataFrame:
    """Rows for `duplicate_clusters` from the removal set, with the documents of equal n-gram sets added.

    removed: doc_id, kept_doc_id, similarity, method. signed: as for `proposed_pairs`.
    """
    equal = equal_clusters(signed, "ngrams_hash", "minhash")
    return merge_clusters(equal, removed)


def merge_clusters(first: DataFrame, then: DataFrame) -> DataFrame:
    """The clusters of two steps, of which the second looked only at what the first kept: one row a document.

    Where the second removes a document that the first kept for others, they get the final one, with the similarity
    to it (that of the document they equal). Columns of both: doc_id, kept_doc_id, method, similarity.
    """
    columns = ["doc_id", "kept_doc_id", "method", "similarity"]
    last = then.where("doc_id != kept_doc_id").select(*columns)
    moved = last.select(
        F.col("doc_id").alias("kept_doc_id"),
        F.col("kept_doc_id").alias("final"),
        F.col("similarity").alias("to_final"),
        F.when(F.col("method") == "semantic", "semantic").alias("by_meaning"),
    )
    copies = first.where("doc_id != kept_doc_id").select(*columns).join(moved, "kept_doc_id", "left")
    copies = copies.select(
        "doc_id",
        F.coalesce("final", "kept_doc_id").alias("kept_doc_id"),
        F.coalesce("by_meaning", "method").alias("method"),
        F.coalesce("to_final", "similarity").alias("similarity"),
    )
    gone = copies.unionByName(last)
    # A keeper's row has the method of the last step in which it keeps anything: exact < minhash < semantic.
    kept = gone.groupBy("kept_doc_id").agg(F.max("method").alias("method"))
    kept = kept.select(F.col("kept_doc_id").alias("doc_id"), "kept_doc_id", "method", F.lit(1.0).alias("similarity"))
    return gone.unionByName(kept).select("doc_id", F.col("kept_doc_id").alias("cluster_id"), *columns[1:])
