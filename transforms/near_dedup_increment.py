"""Near-duplicates where most is settled: whom the new documents meet, and what was removed before and for whom."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.transforms.near_dedup import NearDedupOptions, banded, first_of_equal
from corpusmill.transforms.removal_set import keepers


def reached(signed: DataFrame, judged: DataFrame, options: NearDedupOptions) -> DataFrame:
    """doc_id of each document that shares a bucket with one of the judged, those included.

    signed: as for `proposed_pairs`. judged: doc_id of the documents of which it is not settled whether they stay.
    """
    signed = signed.where("signature is not null").withColumn("priority", F.lit(0))
    # Of the few that are judged first, so that the many are gone through once.
    bands = banded(signed.join(judged, "doc_id", "left_semi"), options).select("band").distinct()
    met = banded(signed, options).join(bands, "band", "left_semi")
    return met.select("doc_id").union(judged).distinct()


def with_one_of(pairs: DataFrame, judged: DataFrame) -> DataFrame:
    """The pairs with one of the judged in them."""
    marked = judged.withColumn("_judged", F.lit(True))
    for side in ("a", "b"):
        pairs = pairs.join(marked.withColumnsRenamed({"doc_id": side, "_judged": f"_{side}"}), side, "left")
    return pairs.where("_a OR _b").drop("_a", "_b")


def earlier_pairs(removed: DataFrame, signed: DataFrame) -> DataFrame:
    """The pairs, as `proposed_pairs` gives them, of what was removed before and of what it was removed for.

    removed: doc_id, kept_doc_id. signed: as for `proposed_pairs`; of equal n-gram sets the first stands for all.
    """
    firsts = first_of_equal(signed).select("doc_id", "first", F.col("priority").cast("long").alias("priority"))
    standing = firsts.where("first = doc_id")
    found = removed.join(firsts.select("doc_id", F.col("first").alias("b")), "doc_id")
    found = found.select(F.col("kept_doc_id").alias("a"), "b").where("a != b").distinct()
    for side in ("a", "b"):
        place = standing.select(F.col("doc_id").alias(side), F.col("priority").alias(f"{side}_priority"))
        found = found.join(place, side)
    in_order = "a_priority > b_priority OR (a_priority = b_priority AND a < b)"
    return found.where(in_order).select("a", "b", "a_priority", "b_priority", F.crc32("a").alias("home"))


def as_before(removed: DataFrame, similar: DataFrame, earlier: DataFrame) -> DataFrame:
    """The removal set in which a document is removed for whom it was before, where that one stays and is similar.

    removed: doc_id, kept_doc_id, similarity, method. similar: as `similar_pairs` gives it. earlier: `earlier_pairs`.
    """
    evidence = F.struct("kept_doc_id", "similarity", "method")
    again = keepers(similar.join(earlier.select("a", "b"), ["a", "b"], "left_semi"), removed)
    again = again.select("doc_id", evidence.alias("again"))
    chosen = removed.join(again, "doc_id", "left").select("doc_id", F.coalesce("again", evidence).alias("chosen"))
    return chosen.select("doc_id", "chosen.*")
