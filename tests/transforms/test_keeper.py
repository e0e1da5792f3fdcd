"""Keeper order by each rule of a recipe."""

from itertools import pairwise

import pytest

from corpusmill.schemas.recipe_stages import Keep
from corpusmill.transforms import keeper

SCHEMA = "doc_id string, source string, n_chars int, metadata map<string, string>, signals struct<word_count: double>"
DOCUMENTS = [
    ("a", "web", 100, {"fetched": "2026-03-01"}, (5.0,)),
    ("b", "wiki", 300, {"fetched": "2026-03-01T10:00:00Z"}, (float("nan"),)),
    ("c", "mail", 200, {"fetched": "yesterday"}, (7.5,)),
    ("d", "web", 200, None, (None,)),
    ("e", "wiki", 50, {"fetched": "2025-12-31"}, (-1.0,)),
]


@pytest.mark.parametrize(
    ("keep", "order"),
    [
        (Keep(longest=True), "b cd a e"),
        (Keep(newest="fetched"), "b a e cd"),
        (Keep(sources=("wiki", "mail")), "be c ad"),
        (Keep(signal="word_count"), "c a e bd"),
        (Keep(signal="word_count", prefer="lowest"), "e a c bd"),
    ],
)
def test_documents_stand_in_the_order_of_the_rule_and_those_without_the_value_last(spark, keep, order):
    rows = spark.createDataFrame(DOCUMENTS, SCHEMA).select("doc_id", keeper.priority(keep).alias("priority")).collect()
    found = {row.doc_id: row.priority for row in rows}
    assert all(-keeper.BOUND <= number < keeper.BOUND for number in found.values())
    groups = [{found[doc_id] for doc_id in group} for group in order.split()]
    assert all(len(group) == 1 for group in groups), "equal ones are equal"
    assert all(min(before) > max(after) for before, after in pairwise(groups))
