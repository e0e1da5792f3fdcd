"""Rows of `edits`, brought to the documents whose texts they change."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

EDIT = "array<struct<start: int, end: int, rule: string, replacement: string>>"


def with_edits(documents: DataFrame, edits: DataFrame) -> DataFrame:
    """The documents with their edits in one column, in order; null where a document has none."""
    together = F.sort_array(F.collect_list(F.struct("start", "end", "rule", "replacement"))).alias("edits")
    return documents.join(edits.groupBy("doc_id").agg(together), "doc_id", "left")


def without_edits(documents: DataFrame) -> DataFrame:
    """The documents as `with_edits` gives them where nothing is edited, without a join."""
    return documents.withColumn("edits", F.lit(None).cast(EDIT))
