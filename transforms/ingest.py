"""Which of the records that were read become documents: identity and updates, as columns.

A first look at the files gives a `scan`: one narrow row a record, without its text. From it and from what the warehouse
holds already, `resolve` says which records to read in full, and which are refused.

The state is a function of the inputs seen, in whatever order. With an id, the last record by file and position stays.
Without one, the content is the id and equal contents are numbered. A source with `deletes` is a snapshot: all of its
files are scanned whenever one changed, and what is not among them goes.
"""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

FILE = ["source", "uri"]
PLACE = ["doc_id", "number", "source", "uri", "position", "locator", "content_hash"]


def resolve(scan: DataFrame, existing: DataFrame, snapshots: Sequence[str]) -> DataFrame:
    """Decide among scanned records and existing documents: PLACE, and error and snippet of those that are refused.

    scan: source, source_id, uri, position, locator, doc_id (null without id), content_hash, error, snippet.
    existing: raw_documents without texts. snapshots: names of the sources with `deletes`.
    """
    readable = scan.where("error IS NULL")
    existing = existing.where(~F.col("source").isin(list(snapshots)))
    with_id = _last_of_each_id(readable.where("source_id IS NOT NULL"), existing.where("source_id IS NOT NULL"))
    without_id = _numbered(readable.where("source_id IS NULL"), existing.where("source_id IS NULL"))
    later = F.concat(F.lit("a later record has the same id: "), "winner_uri", F.lit(", "), "winner_locator")
    judged = with_id.where("rank > 1 OR scanned").withColumn("error", F.when(F.col("rank") > 1, later))
    nothing = F.lit(None).cast("string")
    rows = (judged, without_id.withColumn("error", nothing))
    unreadable = scan.where("error IS NOT NULL").withColumn("number", F.lit(None).cast("bigint"))
    decided = (r.withColumn("snippet", nothing).select(*PLACE, "error", "snippet") for r in rows)
    return reduce(DataFrame.unionByName, decided, unreadable.select(*PLACE, "error", "snippet"))


def chosen(resolved: DataFrame) -> DataFrame:
    """doc_id, number, content_hash and place of each record that is a document (of the files scanned)."""
    return resolved.where("error IS NULL").select(*PLACE)


def refused(resolved: DataFrame) -> DataFrame:
    """Rows of `quarantine` for records that cannot be used, or that a later one with the same id replaces."""
    stage, no_document = F.lit("ingest").alias("stage"), F.lit(None).cast("string").alias("doc_id")
    return resolved.where("error IS NOT NULL").select(
        stage, no_document, "source", "uri", "locator", "error", "snippet"
    )


def changed(chosen: DataFrame, existing: DataFrame) -> DataFrame:
    """The chosen records that are new, hold something else than before, or moved to another place."""
    before = existing.select("doc_id", *(F.col(c).alias(f"_{c}") for c in ("content_hash", "uri", "position")))
    same = F.lit(True)
    for c in ("content_hash", "uri", "position"):
        same = same & F.col(c).eqNullSafe(F.col(f"_{c}"))
    columns = chosen.columns
    return chosen.join(before, "doc_id", "left").where(~same).select(*columns)


def vanished(chosen: DataFrame, existing: DataFrame, snapshots: Sequence[str]) -> DataFrame:
    """doc_id of documents of snapshot sources that no scanned record stands for any more."""
    return existing.where(F.col("source").isin(list(snapshots))).join(chosen, "doc_id", "left_anti").select("doc_id")


def wanted_places(changed_rows: DataFrame) -> DataFrame:
    """One row a file: positions to read in full, and the doc_ids at them, as arrays of one order."""
    pairs = F.sort_array(F.collect_list(F.struct("position", "doc_id", "number")))
    return changed_rows.groupBy(*FILE).agg(pairs.alias("wanted"))


def _last_of_each_id(scanned: DataFrame, existing: DataFrame) -> DataFrame:
    """Candidates with their rank; of existing documents those that a scanned record meets from another file."""
    columns = ["doc_id", "source", "uri", "position", "locator", "content_hash"]
    # A file read again speaks for itself: what it held under this id before is no candidate.
    ids = scanned.select("doc_id").distinct()
    old = existing.select(*columns).join(ids, "doc_id", "left_semi")
    old = old.join(scanned.select("doc_id", "uri").distinct(), ["doc_id", "uri"], "left_anti")
    both = scanned.select(*columns).withColumn("scanned", F.lit(True))
    both = both.unionByName(old.withColumn("scanned", F.lit(False)))
    latest = Window.partitionBy("doc_id").orderBy(F.desc("uri"), F.desc("position"))
    return (
        both.withColumn("rank", F.row_number().over(latest))
        .withColumn("winner_uri", F.first("uri").over(latest))
        .withColumn("winner_locator", F.first("locator").over(latest))
        .withColumn("number", F.lit(None).cast("bigint"))
    )


def _numbered(scanned: DataFrame, existing: DataFrame) -> DataFrame:
    """Records without an id beyond what the warehouse holds of that content from that file, with their numbers."""
    content = ["source", "content_hash"]
    per_file = existing.groupBy(*content, "uri").agg(F.count("*").alias("_held_of_file"))
    held = existing.groupBy(*content).agg(F.count("*").alias("_held"))
    in_file = Window.partitionBy(*content, "uri").orderBy("position")
    in_order = Window.partitionBy(*content).orderBy("uri", "position")
    more = (
        scanned.withColumn("_nth", F.row_number().over(in_file))
        .join(per_file, [*content, "uri"], "left")
        .where("_nth > coalesce(_held_of_file, 0)")
        .join(held, content, "left")
        .withColumn("number", F.expr("coalesce(_held, 0)") + F.row_number().over(in_order) - 1)
    )
    return more.withColumn("doc_id", content_doc_id(F.col("source"), F.col("content_hash"), F.col("number")))


def content_doc_id(source: Column, content_hash: Column, number: Column) -> Column:
    """`identity.doc_id_of_content` as a column; a test holds them equal."""
    parts = [F.lit("content"), source, content_hash, number.cast("string")]
    encoded = F.concat(*(p for part in parts for p in (F.octet_length(part).cast("string"), F.lit(":"), part)))
    return F.substring(F.sha2(encoded, 256), 1, 32)
