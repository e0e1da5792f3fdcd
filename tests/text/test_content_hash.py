"""The content hash: the same for the same rows, however they are held; another for anything else."""

import datetime
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from corpusmill.transforms.text.content_hash import IGNORED, Partial, add, combine


def given(*strategies: Any) -> Any:
    """`hypothesis.given` without a deadline: the first call imports half of Arrow."""
    return lambda test: settings(deadline=None)(drawn(*strategies)(test))


MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
SCHEMA = pa.schema(
    {
        "doc_id": pa.string(),
        "n": pa.int32(),
        "score": pa.float64(),
        "raw": pa.binary(),
        "ids": pa.list_(pa.int32()),
        "doc_ids": pa.list_(pa.string()),
        "messages": MESSAGES,
        "metadata": pa.map_(pa.string(), pa.string()),
    }
)
# Few different values, short ones: two random tables are then often equal, and often nearly.
WORD = st.sampled_from(["", "a", "b", "ab", "\0", "ä"])
ROW = st.fixed_dictionaries(
    {
        "doc_id": st.none() | WORD,
        "n": st.none() | st.integers(0, 2),
        "score": st.none() | st.sampled_from([0.0, 0.5]),
        "raw": st.none() | WORD.map(str.encode),
        "ids": st.none() | st.lists(st.none() | st.integers(0, 1), max_size=2),
        "doc_ids": st.none() | st.lists(st.none() | WORD, max_size=2),
        "messages": st.none()
        | st.lists(
            st.none() | st.fixed_dictionaries({"role": st.none() | WORD, "content": st.none() | WORD}), max_size=2
        ),
        "metadata": st.none() | st.dictionaries(WORD, st.none() | WORD, max_size=2),
    }
)
ROWS = st.lists(ROW, max_size=5)


def batch(rows: list[dict[str, Any]], schema: pa.Schema = SCHEMA) -> pa.RecordBatch:
    listed = [{k: list(v.items()) if k == "metadata" and v is not None else v for k, v in row.items()} for row in rows]
    return pa.RecordBatch.from_pylist(listed, schema=schema)


def digest(*batches: pa.RecordBatch) -> str:
    return combine({"corpus": [add(part) for part in batches]})


def frozen(value: Any) -> Any:
    """A value that Counter can hold: equal if and only if the values are equal, maps in any order."""
    if isinstance(value, dict):
        return ("dict", tuple(sorted((key, repr(frozen(item))) for key, item in value.items())))
    return ("list", tuple(frozen(item) for item in value)) if isinstance(value, list) else (type(value), value)


@given(ROWS.filter(len), ROW, st.sampled_from(SCHEMA.names))
def test_one_changed_value_changes_the_hash(rows, other, column):
    changed = [{**rows[0], column: other[column]}, *rows[1:]]
    same = frozen(rows[0][column]) == frozen(other[column])
    assert (digest(batch(changed)) == digest(batch(rows))) == same


@given(ROWS, ROWS)
def test_two_tables_have_one_hash_if_and_only_if_they_hold_the_same_rows(one, other):
    same = Counter(frozen(row) for row in one) == Counter(frozen(row) for row in other)
    assert (digest(batch(one)) == digest(batch(other))) == same


@given(ROWS, st.randoms(), st.integers(0, 5))
def test_order_and_batches_do_not_matter(rows, random, cut):
    shuffled = random.sample(rows, len(rows))
    assert digest(batch(shuffled[:cut]), batch(shuffled[cut:])) == digest(batch(rows))


@given(ROWS, st.integers(0, 5), st.integers(0, 5))
def test_a_slice_of_a_batch_counts_as_its_rows(rows, start, length):
    assert digest(batch(rows).slice(start, length)) == digest(batch(rows[start : start + length]))


@given(ROWS)
def test_how_arrow_holds_a_column_does_not_matter(rows):
    plain = batch(rows)
    other = pa.RecordBatch.from_arrays(
        [
            plain["metadata"],
            plain["doc_id"].dictionary_encode(),
            plain["n"].cast(pa.int64()),
            plain["raw"].cast(pa.large_binary()),
            plain["ids"].cast(pa.large_list(pa.int64())),
            plain["doc_ids"].cast(pa.list_(pa.large_string())),
            plain["messages"],
            plain["score"],
        ],
        ["metadata", "doc_id", "n", "raw", "ids", "doc_ids", "messages", "score"],
    )
    assert digest(other) == digest(plain)
    views = [plain["doc_id"].cast(pa.string_view()) if name == "doc_id" else plain[name] for name in SCHEMA.names]
    assert digest(pa.RecordBatch.from_arrays(views, SCHEMA.names)) == digest(plain)


def test_what_lies_hidden_under_a_null_does_not_matter():
    hidden = pa.ListArray.from_arrays([0, 1, 3], pa.array([7, 8, 9]), mask=pa.array([False, True]))
    fields = [pa.array(["a", "b"])]
    struct = pa.StructArray.from_arrays(fields, ["role"], mask=pa.array([False, True]))
    bare = pa.array([{"role": "a"}, None], struct.type)
    held = pa.record_batch({"l": hidden, "s": struct})
    assert digest(held) == digest(pa.record_batch({"l": pa.array([[7], None]), "s": bare}))


def test_the_order_of_the_keys_of_a_map_does_not_matter_but_their_values_do():
    kind = pa.map_(pa.string(), pa.string())
    one, two, three = (
        pa.record_batch({"m": pa.array([entries], kind)})
        for entries in ([("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")], [("a", "2"), ("b", "1")])
    )
    assert digest(one) == digest(two) != digest(three)


def test_columns_of_run_time_and_key_are_left_out():
    now = datetime.datetime.now(datetime.UTC)
    noise = {"run_id": ["r1"], "made_from": ["m"], "ingested_at": [now], "value_hmac": ["h"]}
    assert noise.keys() <= IGNORED
    assert digest(pa.record_batch({"text": ["a"], **noise})) == digest(pa.record_batch({"text": ["a"]}))


def test_times_hash_alike_in_every_unit_and_zone():
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    kinds = [pa.timestamp("us", "UTC"), pa.timestamp("ms", "Europe/Berlin"), pa.timestamp("ns", "UTC")]
    assert len({digest(pa.record_batch({"seen": pa.array([moment], kind)})) for kind in kinds}) == 1


def test_zero_has_one_sign_and_nan_one_form():
    def of(value: float) -> str:
        return digest(pa.record_batch({"x": pa.array([value])}))

    assert of(-0.0) == of(0.0) != of(float("nan"))
    assert of(float("nan")) == of(-float("nan"))


def test_a_row_that_stands_twice_counts_twice():
    row = pa.record_batch({"a": [1]})
    assert len({digest(), digest(row), digest(row, row), digest(row, row, row)}) == 4


def test_another_name_of_a_column_or_of_a_table_is_another_hash():
    held = [add(pa.record_batch({"a": [1]}))]
    assert combine({"corpus": held}) != combine({"corpus": [add(pa.record_batch({"b": [1]}))]})
    assert combine({"corpus": held}) != combine({"tokens": held})
    assert combine({"corpus": held}) != combine({"corpus": held, "tokens": []})


def test_the_order_of_tables_does_not_matter():
    one, two = [add(pa.record_batch({"a": [1]}))], [add(pa.record_batch({"a": [2]}))]
    assert combine({"x": one, "y": two}) == combine({"y": two, "x": one}) != combine({"x": two, "y": one})


@given(st.integers(0), st.integers(0, 2**128 - 1))
def test_a_partial_survives_being_written_as_text(rows, total):
    assert Partial.parse(str(Partial(rows, total))) == Partial(rows, total)


def test_a_type_that_no_table_has_is_refused_by_name():
    decimal = pa.array([None], pa.decimal128(5, 2))
    with pytest.raises(TypeError, match="decimal128"):
        add(pa.record_batch({"price": decimal}))
