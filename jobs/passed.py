"""Documents that the stages before have let through, and what their edits make of them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.stage import Context
from corpusmill.schemas.documents import EDITS
from corpusmill.transforms.balance import DROPPING
from corpusmill.transforms.edits import with_edits, without_edits
from corpusmill.transforms.text.measure import COLUMNS


def passed(context: Context, before: str) -> DataFrame:
    """Rows of `documents` without a decision of a dropping stage that comes before the named one."""
    earlier = DROPPING[: DROPPING.index(before)] if before in DROPPING else DROPPING
    dropped = context.read("decisions").where(F.col("stage").isin(list(earlier))).select("doc_id")
    return context.read("documents").join(dropped, "doc_id", "left_anti")


def edited(context: Context, documents: DataFrame) -> DataFrame:
    """The documents with their `edits`, still to apply, and with what was measured of the edited texts."""
    if context.warehouse.is_empty(EDITS):
        return without_edits(documents)
    measured = context.read("edited_documents").select("doc_id", *(F.col(c).alias(f"_{c}") for c in COLUMNS))
    joined = with_edits(documents, context.read("edits")).join(measured, "doc_id", "left")
    return joined.withColumns({c: F.coalesce(f"_{c}", c) for c in COLUMNS}).drop(*(f"_{c}" for c in COLUMNS))
