"""What was measured of documents, as polars reads it from the table."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def value(column: str, name: str) -> "pl.Expr":
    """A signal (a field of the struct `signals`) or a score (an entry of the map `scores`), as float64."""
    import polars as pl

    if column == "signals":
        return pl.col(column).struct.field(name).cast(pl.Float64)
    named = pl.col(column).list.eval(pl.element().filter(pl.element().struct.field("key") == name))
    return named.list.first().struct.field("value").cast(pl.Float64)
