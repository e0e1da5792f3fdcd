"""What a stage has to make again and what has to go: rows say by `made_from` what they were made of."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.warehouse import Warehouse
from corpusmill.schemas.contract import Table


@dataclass(frozen=True)
class Changes:
    """Keys, in one column each: `stale` are to be made, `keys` are those and the ones that have no input any more."""

    stale: DataFrame
    keys: DataFrame
    n_stale: int
    n_keys: int


def changes(warehouse: Warehouse, name: str, wanted: DataFrame, made: DataFrame, by: str = "doc_id") -> Changes:
    """Compare what should be there with what is there; both have the key and made_from. name: of the work table."""
    want = wanted.select(by, F.col("made_from").alias("_want"), F.lit(None).cast("string").alias("_have"))
    have = made.select(by, F.lit(None).cast("string").alias("_want"), F.col("made_from").alias("_have"))
    both = want.unionByName(have).groupBy(by).agg(F.max("_want").alias("_want"), F.max("_have").alias("_have"))
    differs = ~F.col("_want").eqNullSafe(F.col("_have"))
    found = warehouse.work(name, both.where(differs).select(by, F.col("_want").isNotNull().alias("stale")))
    numbers = {r["stale"]: r["count"] for r in found.groupBy("stale").count().collect()}
    return Changes(found.where("stale").select(by), found.select(by), numbers.get(True, 0), sum(numbers.values()))


def bring_up_to_date(
    warehouse: Warehouse, table: Table, wanted: DataFrame, make: Callable[[DataFrame], DataFrame]
) -> int:
    """Make the rows that are missing or outdated, remove those without input; returns how many keys that concerned.

    wanted: the inputs, with made_from; make: its rows of the table from some of them.
    """
    if warehouse.is_empty(table):
        return warehouse.sync(table, make(wanted))
    found = changes(warehouse, f"{table.name}_changes", wanted, warehouse.read(table.name), table.changes_by)
    if found.n_keys:
        todo = wanted.join(found.stale, table.changes_by, "left_semi")
        warehouse.replace(table, make(todo), found.keys)
    return found.n_keys
