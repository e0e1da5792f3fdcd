"""Keeper order as one number a document: the one with the higher number stays, of equal ones the lower doc_id."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from corpusmill.schemas.recipe_stages import Keep

# Numbers of a rule lie between -BOUND and BOUND; what is published already stands before all of them.
BOUND = 2**60
PUBLISHED = 2 * BOUND
# And a corpus outside of the dataset before that.
FOREIGN = 2 * PUBLISHED


def priority(keep: Keep) -> Column:
    """The number by a recipe's rule, over the columns of `documents`; a document without the value comes last."""
    if keep.newest is not None:
        when = F.try_to_timestamp(F.col("metadata")[keep.newest])
        return _bounded(F.unix_micros(when))
    if keep.sources is not None:
        place = F.array_position(F.array(*map(F.lit, keep.sources)), F.col("source"))
        return F.when(place > 0, -place).otherwise(-len(keep.sources) - 1).cast("bigint")
    if keep.signal is not None:
        value = F.col("signals")[keep.signal].cast("double")
        millionths = F.round(F.nanvl(value, F.lit(None).cast("double")) * 1e6).cast("bigint")
        return _bounded(-millionths if keep.prefer == "lowest" else millionths)
    return _bounded(F.col("n_chars").cast("bigint"))


def is_published(priority: Column) -> Column:
    """Is it the number of a published document?"""
    return (priority >= PUBLISHED - BOUND) & (priority < FOREIGN)


def by_rule(priority: Column) -> Column:
    """The number without what a published document has before others: it is the same in every version."""
    return F.when(is_published(priority), priority - F.lit(PUBLISHED)).otherwise(priority)


def _bounded(number: Column) -> Column:
    inside = F.greatest(F.least(number, F.lit(BOUND - 1)), F.lit(1 - BOUND))
    return F.when(number.isNull(), F.lit(-BOUND)).otherwise(inside).cast("bigint")
