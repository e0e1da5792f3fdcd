"""What a derived row says of its origin: a hash of its input, and of the options and code that made it."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def made_from(*parts: Column | str) -> Column:
    """32 hex digits over text columns, given by name or as columns; a null one does not count."""
    return F.substring(F.sha2(F.concat_ws("|", *parts), 256), 1, 32)
