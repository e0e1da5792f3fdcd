"""`corpusmill.load`: a table of a published version, without Spark and Java."""

from collections.abc import Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

from corpusmill.schemas.errors import UserError

FORMS = ("arrow", "polars", "pandas", "batches")


def load(
    dataset: str,
    table: str = "corpus",
    *,
    warehouse: str | None = None,
    columns: Sequence[str] | None = None,
    filter: Any = None,
    as_: str = "arrow",
) -> Any:
    """Read a table of a dataset version as it was published, whatever was written since.

        corpusmill.load("handbook@7", columns=["doc_id", "text"], filter=[("language", "=", "de")])

    dataset: `handbook@7`, `handbook` for the latest.
    warehouse: the folder; default CORPUSMILL_WAREHOUSE, else ./warehouse/<dataset>, else the only one in ./warehouse.
    columns: default all. filter: a pyarrow expression (`pyarrow.compute.field("n_tokens") > 9`), or a list of tuples
    (column, operator, value), as pyarrow.parquet.read_table takes them; its columns need not be among `columns`.
    as_: arrow (pyarrow.Table), polars, pandas (needs pandas), batches (an iterator of pyarrow.RecordBatch, for what
    does not fit in memory).

    Raises UserError where dataset, version, table, column or form do not exist; it names what there is.
    """
    from corpusmill.jobs import light, locate, versions

    if as_ not in FORMS:
        raise UserError(f"as_='{as_}': {_nearest(as_, FORMS)}")
    place = locate.for_command(warehouse, dataset.rpartition("@")[0] or dataset)
    version = versions.resolve(place, dataset)
    if table not in version["tables"]:
        raise UserError(f"{versions.label(version)} has no table '{table}'; {_nearest(table, version['tables'])}")
    opened = light.open_table(place, table, version["tables"][table])
    names = [field.name for field in opened.schema().fields]
    for column in [*(columns or ()), *_filtered(filter)]:
        if column not in names:
            raise UserError(f"{table} has no column '{column}'; {_nearest(column, names)}")
    if as_ == "batches":
        return light.batches(opened, columns, filter)
    found = light.read(place, table, columns, filter, version["tables"][table])
    if as_ == "polars":
        import polars as pl

        return pl.from_arrow(found)
    if as_ == "pandas":
        if find_spec("pandas") is None:
            raise UserError("as_='pandas' needs pandas, which is not installed: pip install pandas")
        return found.to_pandas()
    return found


def _filtered(filter: Any) -> list[str]:
    """Columns that a filter of tuples names; an expression is checked when it is used."""
    if not isinstance(filter, list | tuple):
        return []
    terms = [term for part in filter for term in (part if isinstance(part, list) else [part])]
    for term in terms:
        if not (isinstance(term, tuple) and len(term) == 3 and isinstance(term[0], str)):
            raise UserError("filter: want tuples of column, operator and value, such as [('language', '=', 'de')]")
    return [term[0] for term in terms]


def _nearest(wrong: str, names: "Sequence[str] | dict[str, Any]") -> str:
    """What could have been meant, and what there is.

    >>> _nearest("txet", ["doc_id", "text"])
    "did you mean 'text'? There are: doc_id, text"
    """
    close = get_close_matches(wrong, list(names), n=1)
    return (f"did you mean '{close[0]}'? There" if close else "there") + f" are: {', '.join(names)}"
