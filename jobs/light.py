"""Reading a warehouse in a folder without Spark and Java, by deltalake: for the loader and the small commands.

`rows` and `query` are for what fits on a screen: they give dictionaries and import neither pyarrow nor polars (a third
of a second). `read` and `batches` give Arrow. All of them see whole commits only.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusmill.jobs.locate import is_catalog
from corpusmill.schemas.errors import RunFailed, UserError

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

Row = dict[str, Any]


def open_table(warehouse: str, name: str, version: int | None = None) -> "DeltaTable":
    """The table, now or at a Delta version. Raises UserError where it or the version is missing."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError, TableNotFoundError

    if is_catalog(warehouse):
        raise UserError(
            f"{warehouse} is a schema of Unity Catalog, which cannot be read without Spark. On Databricks read it with "
            f"spark.read.table('{warehouse}.{name}'), or give the folder of a warehouse."
        )
    try:
        return DeltaTable(f"{warehouse.rstrip('/')}/{name}", version=version)
    except TableNotFoundError as error:
        raise UserError(f"no table {name} in {warehouse}; there are: {_names(warehouse)}") from error
    except DeltaError as error:
        raise UserError(
            f"table {name} in {warehouse} has no Delta version {version}: it was never made, or was pruned"
        ) from error


def tables(warehouse: str) -> list[str]:
    """Names of the tables in a local folder; of another place none are known."""
    return sorted(log.parent.name for log in Path(warehouse).glob("*/_delta_log"))


def exists(warehouse: str, name: str) -> bool:
    """Is there such a table?"""
    from deltalake import DeltaTable

    return not is_catalog(warehouse) and DeltaTable.is_deltatable(f"{warehouse.rstrip('/')}/{name}")


def rows(table: "DeltaTable", columns: Sequence[str] | None = None, where: str | None = None) -> list[Row]:
    """Rows as dictionaries (a map is a list of pairs). where: SQL; values in it through `quoted`."""
    with _telling_what_is_gone(table):
        return _dictionaries(table.scan(columns=list(columns) if columns else None, predicate=where))


def query(sql: str, tables: Mapping[str, "DeltaTable"]) -> list[Row]:
    """Rows of a SQL query (DataFusion's dialect) over the named tables."""
    from deltalake import QueryBuilder

    builder = QueryBuilder()
    for name, table in tables.items():
        builder = builder.register(name, table)
    with _telling_what_is_gone(*tables.values()):
        return _dictionaries(builder.execute(sql))


def quoted(value: str) -> str:
    """A value as a SQL string.

    >>> quoted("O'Neill")
    "'O''Neill'"
    """
    return "'" + value.replace("'", "''") + "'"


def batches(
    table: "DeltaTable", columns: Sequence[str] | None = None, filter: Any = None
) -> "Iterator[pa.RecordBatch]":
    """Record batches, as they are read. filter: a pyarrow expression, or tuples as pyarrow's `filters` takes them.

    Raises UserError for a filter that does not fit the columns, RunFailed where a file of the table is gone.
    """
    import pyarrow as pa

    dataset = table.to_pyarrow_dataset()
    try:
        yield from dataset.to_batches(columns=list(columns) if columns else None, filter=_expression(filter))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError) as error:
        first = str(error).splitlines()[0][:200]
        raise UserError(f"filter: {first}; columns: {', '.join(dataset.schema.names)}") from error
    except FileNotFoundError as error:
        raise _gone(table) from error


def read(
    warehouse: str,
    name: str,
    columns: Sequence[str] | None = None,
    filter: Any = None,
    version: int | None = None,
) -> "pa.Table":
    """The table, or some of it, as an Arrow table."""
    import pyarrow as pa

    table = open_table(warehouse, name, version)
    schema = pa.schema(table.schema().to_arrow())
    chosen = schema if columns is None else pa.schema([schema.field(column) for column in columns])
    return pa.Table.from_batches(batches(table, chosen.names, filter), chosen)


@contextlib.contextmanager
def _telling_what_is_gone(*tables: "DeltaTable") -> Iterator[None]:
    """Raise RunFailed where a file of a table is gone; the engine's own error does not say why."""
    try:
        yield
    except Exception as error:
        for table in tables:
            if not all("://" in file or Path(file).exists() for file in table.file_uris()):
                raise _gone(table) from error
        raise


def _gone(table: "DeltaTable") -> RunFailed:
    from corpusmill.jobs.erasures import why_gone

    return RunFailed(
        f"{table.table_uri} at Delta version {table.version()}: {why_gone(table.table_uri, table.version())}"
    )


def _expression(filter: Any) -> Any:
    if not isinstance(filter, list | tuple):
        return filter
    from pyarrow.parquet import filters_to_expression

    return filters_to_expression(list(filter))


def _dictionaries(reader: Any) -> list[Row]:
    return [row.as_py() for batch in reader.read_all().to_batches() for row in batch.to_struct_array()]


def _names(warehouse: str) -> str:
    return ", ".join(tables(warehouse)) or "none"
