"""Where the tables are: a folder, or a Unity Catalog schema; found, created, read, asked. `warehouse.py` commits."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from corpusmill.jobs import delta_folder, light
from corpusmill.jobs.locate import is_catalog
from corpusmill.schemas.contract import Table
from corpusmill.schemas.errors import RunFailed

if TYPE_CHECKING:
    from pyspark.sql.types import StructField

WORK = "_work"
# Of tables that DataFusion looks through in this process; more of them are Spark's.
ROWS_WITHOUT_SPARK = 5_000_000
HISTORY = "interval 3650 days"
RETENTION, LOG_RETENTION = "delta.deletedFileRetentionDuration", "delta.logRetentionDuration"

# Derived tables are made again when a release changes their columns; these hold what cannot be.
NOT_DERIVED = {
    "raw_documents", "quarantine", "input_files", "stage_runs", "dataset_versions", "erasures", "corpus",
    "audit_verdicts", "audit_sign_offs", "reveals",
}  # fmt: skip


class Tables:
    """The tables at a location, read with one Spark session, in the name of one run."""

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

    def names(self) -> list[str]:
        """All tables that are there, those of another release too."""
        if self.catalog:
            listed = self.spark.sql(f"SHOW TABLES IN {self.location}").collect()
            return sorted(r["tableName"] for r in listed if not r["tableName"].startswith("work_"))
        if self.local:
            return light.tables(self.location)
        from corpusmill.jobs.tables import TABLES

        return sorted(t.name for t in TABLES if self.exists(t.name))

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

    def ever(self, table: str, columns: Sequence[str], versions: Sequence[int] = ()) -> DataFrame:
        """Rows of all data that is still there, `current` telling those of the present version from earlier ones.

        In a folder that is every data file, whatever version it was of, `file` its name; elsewhere the table at the
        versions given, without file.
        """
        file = F.element_at(F.split(F.input_file_name(), "/"), -1).alias("file")
        current, earlier = ([F.lit(is_current).alias("current"), file] for is_current in (True, False))
        if self.local:
            path = self.path(table)
            used = delta_folder.files(path)
            old = [str(f) for f in delta_folder.unused(path, set(used)) if f.suffix == ".parquet"]
            schema = StructType([f for f in delta_folder.schema(path) if f.name in columns])
            now, before = self._parquet(used, schema), self._parquet(old, schema)
            return now.select(*columns, *current).unionByName(before.select(*columns, *earlier))
        found = self.read(table).select(*columns, *current)
        for version in versions:
            found = found.unionByName(self.read(table, version).select(*columns, *earlier))
        return found

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

    def count(self, table: str, version: int | None = None) -> int:
        """Rows of a table at a version."""
        if self.local:
            return delta_folder.count(self.path(table), version)
        return self.read(table, version).count()

    def is_empty(self, table: Table, stage: str | None = None) -> bool:
        """Has the table no row (of that stage)?"""
        if self.local:
            return delta_folder.is_empty(self.path(table.name), stage)
        return of_stage(self.read(table.name), stage).limit(1).isEmpty()

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

    def _parquet(self, files: Sequence[str], schema: StructType) -> DataFrame:
        if not files:
            # The limit tells Spark that nothing is there, so that it plans no join with it.
            return self.spark.createDataFrame([], schema).limit(0)
        return self.spark.read.schema(schema).parquet(*files)

    def clear_work(self) -> None:
        """Remove what `work` wrote: it may hold raw text."""
        if self.catalog:
            for table in self.spark.sql(f"SHOW TABLES IN {self.location} LIKE 'work_*'").collect():
                self.spark.sql(f"DROP TABLE {self.name(table['tableName'])}")
        elif self.local:
            shutil.rmtree(self.path(WORK), ignore_errors=True)


def of_stage(df: DataFrame, stage: str | None) -> DataFrame:
    return df if stage is None else df.where(F.col("stage") == stage)


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
        properties |= {LOG_RETENTION: HISTORY, RETENTION: HISTORY}
    return properties


def retention(table: Table | None) -> str | None:
    """How long the table keeps files that it no longer uses; None: as long as Delta's default says."""
    return HISTORY if table is not None and table.keep_history else None
