"""Ids and content hashes: the same everywhere, different where what they name differs."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.identity import content_hash, doc_id, doc_id_of_content

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
METADATA = st.none() | st.dictionaries(TEXTS, TEXTS, max_size=3)
CONTENTS = st.tuples(TEXTS, st.none() | TEXTS, st.none() | st.binary(max_size=10), METADATA)


def test_a_doc_id_is_the_sha256_of_length_prefixed_parts_so_that_it_can_be_made_anywhere():
    assert doc_id("pages", "ü.html") == hashlib.sha256(b"2:id5:pages7:\xc3\xbc.html").hexdigest()[:32]


def test_a_content_hash_marks_an_absent_part_and_sorts_metadata():
    parts = b"10:text/plain2:Hi-1:a1:11:b1:2"
    assert content_hash("text/plain", "Hi", None, {"b": "2", "a": "1"}) == hashlib.sha256(parts).hexdigest()[:32]


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_two_doc_ids_are_equal_only_for_the_same_source_and_id(one, other):
    assert (doc_id(*one) == doc_id(*other)) == (one == other)


@given(TEXTS, TEXTS, st.integers(0, 5))
def test_an_id_by_content_is_never_an_id_by_name(source, name, number):
    assert doc_id_of_content(source, name, number) != doc_id(source, name)
    assert doc_id_of_content(source, name, number) != doc_id_of_content(source, name, number + 1)


@given(CONTENTS, CONTENTS)
def test_two_content_hashes_are_equal_only_for_equal_content(one, other):
    same = one[:3] == other[:3] and (one[3] or {}) == (other[3] or {})
    assert (content_hash(*one) == content_hash(*other)) == same


@given(st.dictionaries(TEXTS, TEXTS, min_size=2, max_size=4))
def test_the_order_of_metadata_does_not_change_the_hash(metadata):
    turned = dict(reversed(metadata.items()))
    assert content_hash("text/plain", "x", None, metadata) == content_hash("text/plain", "x", None, turned)


def test_text_and_the_same_bytes_do_not_share_a_hash_nor_do_empty_and_absent_text():
    assert content_hash("text/plain", "x", None, None) != content_hash("text/plain", None, b"x", None)
    assert content_hash("text/plain", "", None, None) != content_hash("text/plain", None, None, None)
