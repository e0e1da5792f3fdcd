"""The look-up of hashes finds what a dictionary finds, for keys that share their slots too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text.hash_table import HashTable

# Few values for each 16 bits, so that keys meet in their first slots.
KEY = st.tuples(*[st.integers(0, 3)] * 3, st.integers(0, 2**16 - 1)).map(
    lambda parts: sum(part << (16 * n) for n, part in enumerate(parts))
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEY, st.integers(1, 255), max_size=12), st.lists(KEY, max_size=30))
def test_it_finds_what_a_dictionary_finds(known, asked):
    try:
        table = HashTable(np.array(list(known), np.uint64), np.array(list(known.values()), np.uint8))
    except ValueError:
        return  # so many in one slot at every level: hashes that are well spread do not do that
    asked += list(known)
    assert table.get(np.array(asked, np.uint64)).tolist() == [known.get(key, 0) for key in asked]


def test_thousands_of_spread_keys_find_their_slots():
    keys = np.random.default_rng(1).integers(1, 2**63, 5_000, dtype=np.uint64)
    table = HashTable(keys, np.full(len(keys), 7, np.uint8))
    assert (table.get(keys) == 7).all()
    assert (table.get(keys + np.uint64(1)) == 0).all()


def test_nothing_is_known_by_an_empty_table():
    assert HashTable(np.empty(0, np.uint64), np.empty(0, np.uint8)).get(np.array([0, 5], np.uint64)).tolist() == [0, 0]


def test_keys_that_find_no_slot_are_refused():
    with pytest.raises(ValueError, match="too many"):
        HashTable(np.full(9, 5, np.uint64), np.ones(9, np.uint8))
