"""What was measured of documents, as polars reads it from the table."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


def frame(table: "pa.Table") -> "pl.DataFrame":
    """Columns of `documents`, a map as a list of its entries: polars has no operations on maps."""
    import polars as pl
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_map(field.type):
            entries = pa.list_(pa.struct([("key", field.type.key_type), ("value", field.type.item_type)]))
            table = table.set_column(place, field.name, table[field.name].cast(entries))
    return pl.DataFrame(table)


def value(column: str, name: str) -> "pl.Expr":
    """A signal (a field of the struct `signals`) or a score (an entry of the map `scores`), as float64.

    >>> import pyarrow as pa
    >>> scores = pa.array([[("edu", 0.5), ("fun", 0.1)], [], None], pa.map_(pa.string(), pa.float64()))
    >>> frame(pa.table({"scores": scores})).select(value("scores", "fun"))["value"].to_list()
    [0.1, None, None]
    """
    import polars as pl

    if column == "signals":
        return pl.col(column).struct.field(name).cast(pl.Float64)
    named = pl.col(column).list.eval(pl.element().filter(pl.element().struct.field("key") == name))
    return named.list.first().struct.field("value").cast(pl.Float64)
