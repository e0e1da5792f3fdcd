"""How tables change. The only code that commits.

The heart is `replace`: the rows of some keys become these rows, in one Delta commit or none. Stages compute the rows
that should be there; `sync` finds out which differ. So a first run, an increment, a re-run and the repair after a kill
are one and the same thing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from corpusmill.jobs import delta_folder
from corpusmill.jobs.parquet_files import WRITTEN, into_files
from corpusmill.jobs.warehouse_tables import LOG_RETENTION, RETENTION, WORK, Tables, of_stage
from corpusmill.schemas.contract import Table, conform
from corpusmill.transforms.batches import Pass

# Keys that may stand in Delta's log, and up to how many of them are replaced by a predicate instead of a MERGE.
HASHED = ("doc_id", "sequence_id")
FEW = 1_000


class Warehouse(Tables):
    """The tables at a location, read and committed with one Spark session, in the name of one run."""

    def append(self, table: Table, rows: DataFrame | Pass) -> int:
        """Commit rows of keys that the table has none of; returns how many they are. No rows, no commit."""
        if self.local:
            # Delta's writer takes seconds to get going.
            return delta_folder.adopt(self.path(table.name), table, self._files(table, rows))
        rows = _frame(rows)
        before = self.version(table.name)
        self._save(table, self._stamped(table, rows), "append")
        return 0 if self.version(table.name) == before else self._rows_committed(table)

    def write_rows(self, table: Table, rows: Sequence[Mapping[str, Any]], mode: str = "append") -> None:
        """Commit rows that fit the memory, run_id with them; mode `overwrite` makes them the whole table."""
        if self.local:
            delta_folder.write(self.path(table.name), table, rows, mode)
            return
        frame = self.spark.createDataFrame([dict(row) for row in rows], schema=table.schema).coalesce(1)
        self._save(table, frame, mode)

    def replace(self, table: Table, rows: DataFrame | Pass, keys: DataFrame, stage: str | None = None) -> None:
        """Make `rows` the only rows of `keys` (a column named as `table.changes_by`), in one commit.

        stage: of a table that several stages write, only the rows of this stage are replaced.
        """
        if self.is_empty(table):
            self.append(table, rows)
            return
        few = _at_most(keys.select(table.changes_by).distinct(), FEW) if table.changes_by in HASHED else None
        if few is None and self._has_none(table, keys):
            self.append(table, rows)
            return
        rows = _frame(rows)
        if few is None:
            self._merge(table, rows, keys, stage)
        elif few:
            self._overwrite(table, rows, _predicate(table.changes_by, few, stage))

    def _has_none(self, table: Table, keys: DataFrame) -> bool:
        """Does the table hold none of the keys? New documents need no look at the rows of the old ones."""
        return self.read(table.name).join(keys, table.changes_by, "left_semi").limit(1).isEmpty()

    def sync(self, table: Table, rows: DataFrame, stage: str | None = None) -> int:
        """Make `rows` the table's rows (of that stage); commit only what differs, or nothing.

        Returns the number of keys whose rows changed; of rows, where there were none before.
        """
        by = table.changes_by
        if self.is_empty(table, stage):
            return self.append(table, rows)
        columns = [c for c in table.schema.fieldNames() if c != "run_id"]
        old = _fingerprints(of_stage(self.read(table.name), stage), by, columns).withColumnRenamed("_print", "_old")
        new = _fingerprints(rows, by, columns)
        differs = ~F.col("_old").eqNullSafe(F.col("_print"))
        changed = old.join(new, by, "full_outer").where(differs).select(by)
        few = _at_most(changed, FEW)
        if few is None:
            changed = self.work(f"{table.name}_changed", changed)
            self.replace(table, rows.join(changed, by, "left_semi"), changed, stage)
            return changed.count()
        if few:
            only = rows.where(F.col(by).isin(few))
            if by in HASHED:
                self._overwrite(table, only, _predicate(by, few, stage))
            else:
                self._merge(table, only, self.spark.createDataFrame([(k,) for k in few], f"{by} string"), stage)
        return len(few)

    def delete(self, table: str, by: str, keys: Sequence[str]) -> None:
        """Commit the table without the rows of these keys; `by` is a column of HASHED, which Delta's log may hold."""
        for begin in range(0, len(keys), FEW):
            predicate = _predicate(by, keys[begin : begin + FEW], None)
            if self.local:
                delta_folder.delete(self.path(table), predicate)
            else:
                self.spark.sql(f"DELETE FROM {self.name(table)} WHERE {predicate}").collect()

    def purge(self, table: str, retention: str | None) -> None:
        """Remove from the disk what the table's present version does not use. retention: the property afterwards.

        By a table property, since serverless refuses the session's setting; it makes three commits without data, and in
        a folder of this machine none.
        """
        if self.local:
            delta_folder.purge(self.path(table))
            return
        name = self.name(table)
        self.spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('{RETENTION}' = 'interval 0 hours')")
        self.spark.sql(f"VACUUM {name}").collect()
        # Delta refuses the one without the other, though the other stands there already.
        kept = f"SET TBLPROPERTIES ('{RETENTION}' = '{retention}', '{LOG_RETENTION}' = '{retention}')"
        default = f"UNSET TBLPROPERTIES ('{RETENTION}')"
        self.spark.sql(f"ALTER TABLE {name} {kept if retention else default}")

    def _overwrite(self, table: Table, rows: DataFrame, predicate: str) -> None:
        """The rows that fulfil the predicate are replaced: rewrites the files they stand in, without MERGE's join."""
        if self.local:
            # What takes Spark seconds for a single row takes a tenth of one here.
            delta_folder.overwrite(self.path(table.name), table, self._aside(table, rows), predicate)
            return
        self._save(table, self._stamped(table, rows), "overwrite", replaceWhere=predicate)

    def _files(self, table: Table, rows: DataFrame | Pass) -> list[Path]:
        """The rows as Parquet files, ready to be committed; a pass writes them where it makes them."""
        if not isinstance(rows, Pass):
            return list(Path(self._aside(table, rows)).glob("*.parquet"))
        folder = Path(self.path(f"{WORK}/{table.name}_files"))
        folder.mkdir(parents=True, exist_ok=True)
        write = into_files(rows.batches, str(folder), to_arrow_schema(table.schema), {"run_id": self.run_id})
        return [Path(r["file"]) for r in rows.source.mapInArrow(write, WRITTEN).collect()]

    def _aside(self, table: Table, rows: DataFrame) -> str:
        """Where the rows are written to, ready to be committed."""
        self._staged(table, rows)
        return self.path(f"{WORK}/{table.name}_rows")

    def _staged(self, table: Table, rows: DataFrame) -> DataFrame:
        return self.work(f"{table.name}_rows", self._stamped(table, rows))

    def _stamped(self, table: Table, rows: DataFrame) -> DataFrame:
        """The rows as the table has them, with the run that writes them."""
        return conform(rows.withColumn("run_id", F.lit(self.run_id)), table)

    def _save(self, table: Table, rows: DataFrame, mode: str, **options: str) -> None:
        """Commit with Spark."""
        writer = rows.write.format("delta").mode(mode).options(**options)
        writer.saveAsTable(self.name(table.name)) if self.catalog else writer.save(self.path(table.name))

    def _merge(self, table: Table, rows: DataFrame, keys: DataFrame, stage: str | None) -> None:
        by, columns = table.changes_by, table.schema.fieldNames()
        # MERGE reads its source twice, so that the rows are written once here and not computed twice.
        staged = self._staged(table, rows)
        gone = keys.select(F.col(by).alias("_key")).distinct().withColumn("_insert", F.lit(False))
        source = gone.unionByName(staged.withColumn("_insert", F.lit(True)), allowMissingColumns=True)
        source.createOrReplaceTempView("corpusmill_changes")
        only = "" if stage is None else f" AND t.stage = '{stage}'"
        self.spark.sql(
            f"MERGE INTO {self.name(table.name)} t USING corpusmill_changes s ON t.`{by}` = s._key{only} "
            "WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND s._insert THEN INSERT "
            f"({', '.join(f'`{c}`' for c in columns)}) VALUES ({', '.join(f's.`{c}`' for c in columns)})"
        ).collect()

    def _rows_committed(self, table: Table) -> int:
        """Rows that the last commit wrote, as Delta wrote it down."""
        last = self.spark.sql(f"DESCRIBE HISTORY {self.name(table.name)} LIMIT 1").collect()[0]
        return int(last["operationMetrics"]["numOutputRows"])


def _frame(rows: DataFrame | Pass) -> DataFrame:
    return rows.frame() if isinstance(rows, Pass) else rows


def _at_most(keys: DataFrame, limit: int) -> list[str] | None:
    """The keys, a single column, where they are no more than `limit`."""
    found = [r[0] for r in keys.limit(limit + 1).collect()]
    return found if len(found) <= limit else None


def _predicate(by: str, keys: Sequence[str], stage: str | None) -> str:
    """Delta keeps it in its log: keys are hashes of ours, never an id or a path of the input.

    >>> _predicate("doc_id", ["a1", "b2"], "filter")
    "`doc_id` IN ('a1', 'b2') AND `stage` = 'filter'"
    """
    listed = ", ".join(f"'{key}'" for key in sorted(keys)) or "''"
    return f"`{by}` IN ({listed})" + (f" AND `stage` = '{stage}'" if stage else "")


def _fingerprints(df: DataFrame, by: str, columns: list[str]) -> DataFrame:
    """One row a key with a hash of its rows in any order; run_id apart."""
    text = F.to_json(F.struct(*columns))
    return df.groupBy(by).agg(F.sort_array(F.collect_list(F.sha2(text, 256))).alias("_print"))
