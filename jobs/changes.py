"""What a stage has to make again and what has to go: rows say by `made_from` what they were made of."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.warehouse import Warehouse
from corpusmill.schemas.contract import Table


@dataclass(frozen=True)
class Changes:
    """Keys, in one column each: `stale` are to be made, `keys` are those and the ones that have no input any more.

    since: the first run that wrote an input of a stale key; None where inputs name no run.
    """

    stale: DataFrame
    keys: DataFrame
    n_stale: int
    n_keys: int
    since: str | None

    def todo(self, wanted: DataFrame) -> DataFrame:
        """Of the inputs that were compared those of stale keys.

        New documents stand in new files: asked for by the run first, the texts of all the others are not read.
        """
        (key,) = self.stale.columns
        if self.since is not None:
            wanted = wanted.where(F.col("run_id") >= self.since)
        return wanted.join(self.stale, key, "left_semi")


def changes(warehouse: Warehouse, name: str, wanted: DataFrame, made: DataFrame, by: str = "doc_id") -> Changes:
    """Compare what should be there with what is there; both have the key and made_from. name: of the work table.

    wanted: with run_id, where its rows stand in a table.
    """
    run = F.col("run_id") if "run_id" in wanted.columns else F.lit(None).cast("string")
    want = wanted.select(by, F.col("made_from").alias("want"), run.alias("run"))
    have = made.select(by, F.col("made_from").alias("have"))
    both = (
        want.unionByName(have, allowMissingColumns=True)
        .groupBy(by)
        .agg(*(F.max(c).alias(c) for c in ("want", "have", "run")))
    )
    differs = ~F.col("want").eqNullSafe(F.col("have"))
    found = warehouse.work(name, both.where(differs).select(by, F.col("want").isNotNull().alias("stale"), "run"))
    counted = found.agg(F.count_if("stale"), F.count("*"), F.min("run"))  # of a key without input no run is known
    n_stale, n_keys, since = counted.collect()[0]
    return Changes(found.where("stale").select(by), found.select(by), n_stale, n_keys, since)


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
        warehouse.replace(table, make(found.todo(wanted)), found.keys)
    return found.n_keys
