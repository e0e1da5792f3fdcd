"""The loop over rounds that finds the removal set of near-duplicates: each round is written as a table.

The near_dedup job calls it with `write_round=warehouse.work`.
"""

from collections.abc import Callable
from functools import reduce

from pyspark.sql import DataFrame

from corpusmill.transforms import removal_set as transform

# As many pairs fit one task with ease (about 200 bytes each), and go through it in a few seconds.
PAIRS_IN_ONE_TASK = 3_000_000

WriteRound = Callable[[str, DataFrame], DataFrame]


def removal_set(similar: DataFrame, write_round: WriteRound, pairs_in_one_task: int = PAIRS_IN_ONE_TASK) -> DataFrame:
    """doc_id, kept_doc_id, similarity of each document to remove.

    similar: as `near_dedup.similar_pairs` gives it, read from a table, for it is read several times. write_round writes
    a DataFrame as a table of that name and reads it back.

    In a round, documents that no undecided one stands before are kept, and those similar to them are removed. So the
    result is the one of going through all documents in keeper order, and a round ends with fewer pairs than it began.
    What fits one task is then decided in one.
    """
    undecided = similar
    removed: list[DataFrame] = []
    while undecided.count() > pairs_in_one_task:
        number = len(removed) + 1
        removed.append(write_round(f"near_removed_{number}", transform.removed_at_once(undecided)))
        left = transform.still_undecided(undecided, removed[-1])
        undecided = write_round(f"near_undecided_{number}", left)
    rest = transform.removals(undecided)
    if not removed:
        return rest
    gone = reduce(DataFrame.unionByName, removed, rest.select("doc_id"))
    return transform.keepers(similar, gone)
