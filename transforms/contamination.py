"""Which documents hold items of test sets: scans(documents) -> contamination -> decisions, or edits."""

from collections.abc import Iterable, Iterator

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from corpusmill.schemas.documents import CONTAMINATION_SCANS
from corpusmill.schemas.recipe_stages import Decontaminate
from corpusmill.transforms.text import contamination as text
from corpusmill.transforms.text.shingles import word_places

RULE = "decontaminate"
SCANNED = StructType([f for f in CONTAMINATION_SCANS.schema if f.name != "run_id"])
# A short item in more documents than this, and than one in a thousand, is a common phrase.
COMMON = 10


def scans(documents: DataFrame, wanted: text.Index) -> DataFrame:
    """What each document holds. documents: doc_id, text, made_from."""
    schema = to_arrow_schema(SCANNED)

    def scan(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            texts = pl.Series(pl.from_arrow(batch["text"]), dtype=pl.String)
            found: list[list[dict[str, object]]] = [[] for _ in range(batch.num_rows)]
            for match in text.matches(texts, wanted):
                item = wanted.items[match.item]
                start, end = _span(texts[match.text], match)
                named = {
                    "benchmark": item.benchmark,
                    "item_id": item.item_id,
                    "n_words": int(wanted.n_words[match.item]),
                }
                found[match.text].append(named | {"overlap": match.overlap, "start": start, "end": end})
            columns = [batch["doc_id"], pa.array(found, schema.field("found").type), batch["made_from"]]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return documents.select("doc_id", "text", "made_from").mapInArrow(scan, SCANNED)


def contamination(scans: DataFrame, n_documents: int) -> DataFrame:
    """Rows of `contamination`, an item once a document: where most of it stands. n_documents: that were looked at.

    Short items that very many documents hold are left out: they are phrases that anybody says.
    """
    found = scans.select("doc_id", F.explode("found").alias("f")).select("doc_id", "f.*")
    held = found.where(F.col("n_words") < text.WHOLE).groupBy("benchmark", "item_id", "n_words")
    common = held.agg(F.count_distinct("doc_id").alias("n")).where(F.col("n") > max(COMMON, n_documents / 1000))
    found = found.join(
        common.select("benchmark", "item_id", "n_words"), ["benchmark", "item_id", "n_words"], "left_anti"
    )
    best = F.max_by(F.struct("overlap", "start", "end"), F.struct("overlap", -F.col("start"))).alias("b")
    return found.groupBy("doc_id", "benchmark", "item_id").agg(best).select("doc_id", "benchmark", "item_id", "b.*")


def decisions(contamination: DataFrame, options: Decontaminate) -> DataFrame:
    """Rows of `decisions`, one a document: of its items the one with the greatest overlap."""
    order = F.struct("overlap", "benchmark", "item_id")
    found = contamination.groupBy("doc_id").agg(F.max(order).alias("m"), F.count(F.lit(1)).alias("n"))
    more = F.when(F.col("n") > 1, F.concat(F.lit(" and "), (F.col("n") - 1).cast("string"), F.lit(" more"))).otherwise(
        ""
    )
    return found.select(
        "doc_id",
        F.lit("filter").alias("stage"),
        F.lit(RULE).alias("rule"),
        F.format_string("%.2f", F.floor(F.col("m.overlap") * 100 + 1e-9) / 100).alias("measured"),
        F.lit(f"under {options.minimum_overlap:g} of an item").alias("limit"),
        F.concat("m.benchmark", F.lit(": "), "m.item_id", more).alias("detail"),
    )


def cuts(contamination: DataFrame) -> DataFrame:
    """Rows of `edits`: the passage in which an item stands."""
    return contamination.select(
        "doc_id",
        F.lit("filter").alias("stage"),
        F.lit(RULE).alias("rule"),
        "start",
        "end",
        F.lit("").alias("replacement"),
    ).dropDuplicates(["doc_id", "start"])


def _span(written: str, match: text.Match) -> tuple[int, int]:
    """Code points; all of a text in which places cannot be told."""
    places = word_places(written)
    return (0, len(written)) if places is None else (places[match.start][0], places[match.end - 1][1])
