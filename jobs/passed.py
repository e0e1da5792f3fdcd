"""Documents that the stages before have let through."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.stage import Context
from corpusmill.transforms.balance import DROPPING


def passed(context: Context, before: str) -> DataFrame:
    """Rows of `documents` without a decision of a dropping stage that comes before the named one."""
    earlier = DROPPING[: DROPPING.index(before)] if before in DROPPING else DROPPING
    dropped = context.read("decisions").where(F.col("stage").isin(list(earlier))).select("doc_id")
    return context.read("documents").join(dropped, "doc_id", "left_anti")
