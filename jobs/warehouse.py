"""Where the tables are: a folder, or a Unity Catalog schema. The only code that creates, reads and commits tables.

The heart is `replace`: the rows of some keys become these rows, in one Delta commit or none. Stages compute the rows
that should be there; `sync` finds out which differ. So a first run, an increment, a re-run and the repair after a kill
are one and the same thing.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from corpusmill.jobs import delta_folder, light
from corpusmill.jobs.locate import is_catalog
from corpusmill.schemas.contract import Table, conform
from corpusmill.schemas.errors import RunFailed

if TYPE_CHECKING:
    from pyspark.sql.types import StructField, StructType

WORK = "_work"
# Keys that may stand in Delta's log, and up to how many of them are replaced by a predicate instead of a MERGE.
HASHED = ("doc_id", "sequence_id")
FEW = 1_000
# Rows that one process commits; more of them are Spark's.
MANY = 1_000_000
# Of tables that DataFusion looks through in this process; more of them are Spark's.
ROWS_WITHOUT_SPARK = 5_000_000
HISTORY = "interval 3650 days"

# Derived tables are made again when a release changes their columns; these hold what cannot be.
NOT_DERIVED = {"raw_documents", "quarantine", "input_files", "stage_runs", "dataset_versions", "corpus"}


class Warehouse:
    """The tables at a location, read and committed with one Spark session, in the name of one run."""

    def __init__(self, spark: SparkSession, location: str, run_id: str = "") -> None:
        self.spark = spark
        self.run_id = run_id
        self.catalog = is_catalog(location)
        self.local = not self.catalog and "://" not in location
        self.location = str(Path(location).absolute()) if self.local else location

    def name(self, table: str) -> str:
        """How SQL calls the table."""
        return f"{self.location}.{table}" if self.catalog else f"delta.`{self.path(table)}`"

    def path(self, table: str) -> str:
        """The table's folder (of a warehouse in a folder)."""
        return f"{self.location.rstrip('/')}/{table}"

    def version(self, table: str) -> int | None:
        """The table's Delta version; None where there is no such table."""
        if self.local:
            return delta_folder.version(self.path(table))
        if not self.exists(table):
            return None
        return self.spark.sql(f"DESCRIBE HISTORY {self.name(table)} LIMIT 1").select("version").collect()[0][0]

    def versions(self, tables: Sequence[str]) -> dict[str, int]:
        """Delta versions of those of the tables that exist."""
        found = {t: self.version(t) for t in tables}
        return {t: v for t, v in found.items() if v is not None}

    def exists(self, table: str) -> bool:
        """Is there such a table?"""
        if self.catalog:
            return self.spark.catalog.tableExists(self.name(table))
        if self.local:
            return delta_folder.version(self.path(table)) is not None
        try:
            self.spark.read.format("delta").load(self.path(table)).schema  # noqa: B018  (forces the look-up)
        except Exception:
            return False
        return True

    def read(self, table: str, version: int | None = None) -> DataFrame:
        """The table, now or at a version."""
        if self.catalog:
            at = "" if version is None else f" VERSION AS OF {version}"
            return self.spark.sql(f"SELECT * FROM {self.name(table)}{at}")
        if self.local:
            # Delta's reader takes half a second more for each version that it sees first.
            path = self.path(table)
            return self._parquet(delta_folder.files(path, version), delta_folder.schema(path, version))
        reader = self.spark.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return reader.load(self.path(table))

    def ask(self, sql: str, *tables: str) -> list[dict[str, Any]]:
        """Rows of a small answer. sql: what Spark and DataFusion both know, with `{name}` for each of the tables."""
        paths = {t: self.path(t) for t in tables}
        if self.local and sum(map(delta_folder.count, paths.values())) <= ROWS_WITHOUT_SPARK:
            opened = {t: light.open_table(self.location, t) for t in tables}
            return light.query(sql.format(**{t: t for t in tables}), opened)
        frames: dict[str, Any] = {t: self.read(t) for t in tables}
        return [r.asDict() for r in self.spark.sql(sql, **frames).collect()]

    def ensure(self, table: Table) -> None:
        """Create the table where it is missing; make a derived one anew where a release changed its columns."""
        found = self._types(table.name)
        if found == {f.name: f.dataType.jsonValue() for f in table.schema}:
            return
        if found and table.name in NOT_DERIVED:
            raise RunFailed(
                f"table {table.name} in {self.location} was made by a release with other columns. "
                "Use that release, or start a new warehouse from the inputs."
            )
        if self.local:
            delta_folder.create(self.path(table.name), table, _properties(table))
            return
        columns = ", ".join(_column_ddl(f) for f in table.schema)
        properties = ", ".join(f"'{k}' = '{v}'" for k, v in _properties(table).items())
        self.spark.sql(
            f"CREATE OR REPLACE TABLE {self.name(table.name)} ({columns}) USING delta TBLPROPERTIES ({properties})"
        )

    def _types(self, table: str) -> dict[str, Any]:
        """Types of the columns of a table that exists, as JSON."""
        if not self.exists(table):
            return {}
        schema = delta_folder.schema(self.path(table)) if self.local else self.read(table).schema
        return {f.name: f.dataType.jsonValue() for f in schema}

    def count(self, table: str, version: int) -> int:
        """Rows of a table at a version."""
        if self.local:
            return delta_folder.count(self.path(table), version)
        return self.read(table, version).count()

    def is_empty(self, table: Table, stage: str | None = None) -> bool:
        """Has the table no row (of that stage)?"""
        if self.local:
            return delta_folder.is_empty(self.path(table.name), stage)
        return _of_stage(self.read(table.name), stage).limit(1).isEmpty()

    def append(self, table: Table, rows: DataFrame) -> None:
        """Commit the rows as they are."""
        rows = conform(rows.withColumn("run_id", F.lit(self.run_id)), table)
        writer = rows.write.format("delta").mode("append")
        writer.saveAsTable(self.name(table.name)) if self.catalog else writer.save(self.path(table.name))

    def write_rows(self, table: Table, rows: Sequence[Mapping[str, Any]], mode: str = "append") -> None:
        """Commit rows that fit the memory, run_id with them; mode `overwrite` makes them the whole table."""
        if self.local:
            delta_folder.write(self.path(table.name), table, rows, mode)
            return
        frame = self.spark.createDataFrame([dict(row) for row in rows], schema=table.schema).coalesce(1)
        writer = frame.write.format("delta").mode(mode)
        writer.saveAsTable(self.name(table.name)) if self.catalog else writer.save(self.path(table.name))

    def replace(self, table: Table, rows: DataFrame, keys: DataFrame, stage: str | None = None) -> None:
        """Make `rows` the only rows of `keys` (a column named as `table.changes_by`), in one commit.

        stage: of a table that several stages write, only the rows of this stage are replaced.
        """
        if self.is_empty(table):
            self.append(table, rows)
            return
        few = _at_most(keys.select(table.changes_by).distinct(), FEW) if table.changes_by in HASHED else None
        if few is None:
            self._merge(table, rows, keys, stage)
        elif few:
            self._overwrite(table, rows, _predicate(table.changes_by, few, stage))

    def _overwrite(self, table: Table, rows: DataFrame, predicate: str) -> None:
        """The rows that fulfil the predicate are replaced: rewrites the files they stand in, without MERGE's join."""
        if self.local:
            # What takes Spark seconds for a single row takes a tenth of one here.
            delta_folder.commit(self.path(table.name), table, self._aside(table, rows), predicate)
            return
        rows = conform(rows.withColumn("run_id", F.lit(self.run_id)), table)
        writer = rows.write.format("delta").mode("overwrite").option("replaceWhere", predicate)
        writer.saveAsTable(self.name(table.name)) if self.catalog else writer.save(self.path(table.name))

    def _fill(self, table: Table, rows: DataFrame) -> int:
        """Append rows to a table that has none (of their stage); returns how many they are. No rows, no commit."""
        if not self.local:
            before = self.version(table.name)
            self.append(table, rows)
            return 0 if self.version(table.name) == before else self._rows_committed(table)
        folder = self._aside(table, rows)
        n_rows = delta_folder.parquet_rows(folder)
        if n_rows > MANY:
            self._parquet([folder], table.schema).write.format("delta").mode("append").save(self.path(table.name))
        elif n_rows:
            delta_folder.commit(self.path(table.name), table, folder)
        return n_rows

    def _aside(self, table: Table, rows: DataFrame) -> str:
        """Where the rows are written to, ready to be committed."""
        name = f"{table.name}_rows"
        self.work(name, conform(rows.withColumn("run_id", F.lit(self.run_id)), table))
        return self.path(f"{WORK}/{name}")

    def _merge(self, table: Table, rows: DataFrame, keys: DataFrame, stage: str | None) -> None:
        by, columns = table.changes_by, table.schema.fieldNames()
        # MERGE reads its source twice, so that the rows are written once here and not computed twice.
        staged = self.work(f"{table.name}_rows", conform(rows.withColumn("run_id", F.lit(self.run_id)), table))
        gone = keys.select(F.col(by).alias("_key")).distinct().withColumn("_insert", F.lit(False))
        source = gone.unionByName(staged.withColumn("_insert", F.lit(True)), allowMissingColumns=True)
        source.createOrReplaceTempView("corpusmill_changes")
        only = "" if stage is None else f" AND t.stage = '{stage}'"
        self.spark.sql(
            f"MERGE INTO {self.name(table.name)} t USING corpusmill_changes s ON t.`{by}` = s._key{only} "
            "WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND s._insert THEN INSERT "
            f"({', '.join(f'`{c}`' for c in columns)}) VALUES ({', '.join(f's.`{c}`' for c in columns)})"
        ).collect()

    def sync(self, table: Table, rows: DataFrame, stage: str | None = None) -> int:
        """Make `rows` the table's rows (of that stage); commit only what differs, or nothing.

        Returns the number of keys whose rows changed; of rows, where there were none before.
        """
        by = table.changes_by
        if self.is_empty(table, stage):
            return self._fill(table, rows)
        columns = [c for c in table.schema.fieldNames() if c != "run_id"]
        old = _fingerprints(_of_stage(self.read(table.name), stage), by, columns).withColumnRenamed("_print", "_old")
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

    def work(self, name: str, df: DataFrame) -> DataFrame:
        """Write a DataFrame aside and read it back: it is computed once, and its rows no longer depend on its plan.

        Plain Parquet where the warehouse is a folder: nobody else reads it, and a Delta commit costs time.
        """
        if not self.catalog:
            path = self.path(f"{WORK}/{name}")
            df.write.mode("overwrite").parquet(path)
            return self._parquet([path], df.schema)
        table = f"work_{name}"
        writer = df.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
        # No statistics: these tables hold text, and the log is no place for it.
        writer.option("delta.dataSkippingNumIndexedCols", "0").saveAsTable(self.name(table))
        return self.read(table)

    def _rows_committed(self, table: Table) -> int:
        """Rows that the last commit wrote, as Delta wrote it down."""
        last = self.spark.sql(f"DESCRIBE HISTORY {self.name(table.name)} LIMIT 1").collect()[0]
        return int(last["operationMetrics"]["numOutputRows"])

    def _parquet(self, files: Sequence[str], schema: "StructType") -> DataFrame:
        if not files:
            return self.spark.createDataFrame([], schema)
        return self.spark.read.schema(schema).parquet(*files)

    def clear_work(self) -> None:
        """Remove what `work` wrote: it may hold raw text."""
        if self.catalog:
            for table in self.spark.sql(f"SHOW TABLES IN {self.location} LIKE 'work_*'").collect():
                self.spark.sql(f"DROP TABLE {self.name(table['tableName'])}")
        elif self.local:
            shutil.rmtree(self.path(WORK), ignore_errors=True)


def _at_most(keys: DataFrame, limit: int) -> list[str] | None:
    """The keys, a single column, where they are no more than `limit`."""
    found = [r[0] for r in keys.limit(limit + 1).collect()]
    return found if len(found) <= limit else None


def _of_stage(df: DataFrame, stage: str | None) -> DataFrame:
    return df if stage is None else df.where(F.col("stage") == stage)


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


def _column_ddl(column: "StructField") -> str:
    comment = column.metadata["comment"].replace("\\", "\\\\").replace("'", "\\'")
    return f"`{column.name}` {column.dataType.simpleString()} COMMENT '{comment}'"


def _properties(table: Table) -> dict[str, str]:
    properties = {
        "delta.enableDeletionVectors": "false",
        "delta.checkpointPolicy": "classic",
        "delta.dataSkippingStatsColumns": ",".join(table.statistics_columns()),
    }
    if table.keep_history:
        properties |= {"delta.logRetentionDuration": HISTORY, "delta.deletedFileRetentionDuration": HISTORY}
    return properties
