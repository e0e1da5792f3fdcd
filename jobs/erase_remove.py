"""The rows of erased documents are taken out of every table, and quarantine says that their records were erased.

For the ledger this is an ingest: what the later stages start from is another set of raw_documents.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import ingest, ledger
from corpusmill.jobs.erase_find import count_rows, frame_of, of_sequences
from corpusmill.jobs.erasures import Erased, erasures, reason
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import PASSAGE_COUNTS
from corpusmill.schemas.inputs import INPUT_FILES, QUARANTINE
from corpusmill.transforms.erasure import other_keepers

HIDE = "source string, uri string, _hidden string, _by string"
TELL = "source string, uri string, _at string, _told string"


def removal(request: Mapping[str, Any]) -> Stage:
    """The stage ingest that takes a request's documents away instead of reading the inputs.

    It counts as incomplete, so that the next run looks at the inputs again.
    """
    return dataclasses.replace(ingest.STAGE, work=lambda context: _work(context, request))


def _work(context: Context, request: Mapping[str, Any]) -> Outcome:
    warehouse, doc_ids = context.warehouse, request["doc_ids"]
    erased = Erased(erasures(warehouse.location))
    warehouse.sync(QUARANTINE, _quarantine(context, erased, request), stage="ingest")
    _forget_files(context, erased)
    _pass_on_passages(context, doc_ids)
    # raw_documents last: until then a killed request finds in it where the records were.
    tables = sorted(count_rows(context, doc_ids), key=lambda table: table == "raw_documents")
    for table in tables:
        if "doc_id" in context.read(table).columns:
            warehouse.delete(table, "doc_id", doc_ids)
        else:
            sequences = [r["sequence_id"] for r in of_sequences(context, table, doc_ids).collect()]
            warehouse.delete(table, "sequence_id", sequences)
    return Outcome(changed=True, n_done=len(doc_ids), complete=False)


def _quarantine(context: Context, erased: Erased, request: Mapping[str, Any]) -> DataFrame:
    """Quarantine of ingest as it should be: as the next look at the inputs would find it."""
    columns = [f for f in QUARANTINE.schema if f.name != "run_id"]
    nothing, by = F.lit(None).cast("string"), F.lit(reason(request["request_id"]))
    old = context.read("quarantine").where("stage = 'ingest'").select(*(f.name for f in columns))
    gone = context.read("raw_documents").join(frame_of(context, request["doc_ids"]), "doc_id", "left_semi")
    gone = gone.select(
        *(F.lit("ingest").alias("stage"), nothing.alias("doc_id"), "source", "uri", "locator"),
        *(by.alias("error"), nothing.alias("snippet")),
    )
    rows = old.unionByName(gone)
    rows = rows.withColumn("_at", F.coalesce("locator", F.lit("")))
    rows = rows.join(_told(context, rows, erased), ["source", "uri", "_at"], "left")
    rows = rows.join(_hidden(context, rows, erased), ["source", "uri"], "left")
    told = F.coalesce("_by", "_told")
    changed = {
        "error": F.coalesce(told, "error"),
        "snippet": F.when(told.isNull(), F.col("snippet")),
        "locator": F.when(F.col("_hidden").isNull(), F.col("locator")),
        "uri": F.coalesce("_hidden", "uri"),
    }
    return rows.select(*(changed.get(f.name, F.col(f.name)).alias(f.name) for f in columns)).distinct()


def _told(context: Context, rows: DataFrame, erased: Erased) -> DataFrame:
    """Places of the rows that told of an erased subject."""
    found: list[tuple[str, str, str, str]] = []
    if erased.places:
        for r in rows.select("source", "uri", "locator", "snippet").distinct().collect():
            request_id = erased.place(r["source"], r["uri"], r["locator"], r["snippet"])
            if request_id:
                found.append((r["source"], r["uri"], r["locator"] or "", reason(request_id)))
    return context.warehouse.spark.createDataFrame(sorted(set(found)), TELL)


def _hidden(context: Context, rows: DataFrame, erased: Erased) -> DataFrame:
    """What stands for the files that are not read any more."""
    found: list[tuple[str, str, str, str]] = []
    if erased.files:
        for r in rows.select("source", "uri").distinct().collect():
            file = erased.hidden(r["source"], r["uri"])
            if file:
                found.append((r["source"], r["uri"], file.uri, file.error))
    return context.warehouse.spark.createDataFrame(found, HIDE)


def _pass_on_passages(context: Context, doc_ids: Sequence[str]) -> None:
    """A repeated passage that an erased document kept for all is kept by another, or it would be cut everywhere."""
    warehouse = context.warehouse
    if not warehouse.exists("passage_counts"):
        return
    going = frame_of(context, doc_ids)
    counts = context.read("passage_counts")
    counts = counts.join(going.withColumnRenamed("doc_id", "kept_doc_id"), "kept_doc_id", "left_semi")
    if counts.isEmpty():
        return
    dropped = context.read("decisions").where("stage = 'filter'").select("doc_id").union(going)
    others = context.read("documents").select("doc_id", "source", "n_chars").join(dropped, "doc_id", "left_anti")
    rows = other_keepers(counts, context.read("passages"), others)
    warehouse.replace(PASSAGE_COUNTS, rows, going.withColumnRenamed("doc_id", "kept_doc_id"))


def _forget_files(context: Context, erased: Erased) -> None:
    rows = ledger.rows(context.warehouse.location, "input_files")
    kept: Sequence[dict[str, Any]] = [r for r in rows if not erased.hidden(r["source"], r["uri"])]
    if len(kept) < len(rows):
        context.warehouse.write_rows(INPUT_FILES, kept, mode="overwrite")
