"""A pass over a DataFrame in Arrow batches that is not yet run: whoever stores what comes out may choose how."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

Batches = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Pass:
    """`batches` makes batches of `schema` out of those of `source`; it runs on the workers, and may not hold a Pass."""

    source: DataFrame
    batches: Batches
    schema: StructType

    def frame(self) -> DataFrame:
        """What comes out, as a DataFrame."""
        return self.source.mapInArrow(self.batches, self.schema)
