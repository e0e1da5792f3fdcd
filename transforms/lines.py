"""Lines that the recipe's rules for lines cut: line_cuts(documents) -> edits."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from corpusmill.schemas.filtered import LINE_CUTS

FOUND = StructType([f for f in LINE_CUTS.schema if f.name != "run_id"])


def line_cuts(documents: DataFrame, presets: Sequence[str]) -> DataFrame:
    """Rows of `line_cuts`. documents: doc_id, text, made_from."""
    schema = to_arrow_schema(FOUND)

    def found(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import polars as pl

        from corpusmill.transforms.text.lines import cuts

        for batch in batches:
            texts = pl.Series(pl.from_arrow(batch["text"]), dtype=pl.String)
            lists = pa.array(cuts(texts, presets), schema.field("cuts").type)
            yield pa.RecordBatch.from_arrays([batch["doc_id"], lists, batch["made_from"]], schema=schema)

    return documents.select("doc_id", "text", "made_from").mapInArrow(found, FOUND)


def edits(line_cuts: DataFrame) -> DataFrame:
    """Rows of `edits`: nothing stands where a line was."""
    cut = line_cuts.select("doc_id", F.explode("cuts").alias("c"))
    empty = F.lit("").alias("replacement")
    return cut.select("doc_id", F.lit("filter").alias("stage"), "c.rule", "c.start", "c.end", empty)
