"""What a table is, and the check that a DataFrame is fit to be written to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql.types import DataType, StructField, StructType

from corpusmill.schemas.errors import ContractError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Table:
    """A Delta table of the warehouse.

    key: columns that name a row. changes_by: the column whose rows are replaced together (`doc_id` nearly always).
    keep_history: published tables keep their Delta history for years, the others for Delta's default.
    """

    name: str
    schema: StructType
    key: tuple[str, ...]
    changes_by: str = "doc_id"
    keep_history: bool = False

    def statistics_columns(self) -> list[str]:
        """Columns whose minima and maxima may stand in Delta's log: ids that we made and numbers, never text."""
        numbers = {"tinyint", "smallint", "int", "bigint", "float", "double", "timestamp", "date"}
        ours = {"doc_id", "chunk_id", "sequence_id"}
        return [f.name for f in self.schema if f.name in ours or f.dataType.simpleString() in numbers]


def field(name: str, kind: DataType, comment: str, nullable: bool = True) -> StructField:
    """A field with its comment; Delta keeps the comment and `DESCRIBE TABLE` shows it."""
    return StructField(name, kind, nullable, {"comment": comment})


def conform(df: "DataFrame", table: Table) -> "DataFrame":
    """Select the table's columns in their order, or say which are missing or of another type.

    Raises ContractError naming each column, what the schema wants and what the DataFrame has.
    """
    found = {f.name: f.dataType.simpleString() for f in df.schema}
    wrong = [
        f"{want.name}: want {want.dataType.simpleString()}, got {found.get(want.name, 'nothing')}"
        for want in table.schema
        if found.get(want.name) != want.dataType.simpleString()
    ]
    if wrong:
        raise ContractError(f"table {table.name}: {'; '.join(wrong)}. Columns present: {', '.join(found)}")
    return df.select(*table.schema.fieldNames())
