"""Encrypted values: back to the letter with the key and the document, not at all without."""

import re

from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.findings import ENTITY_TYPES, PLACEHOLDER
from corpusmill.transforms.text.sealed import opened, seal

keys = st.binary(min_size=16, max_size=40)


@given(keys, st.sampled_from(ENTITY_TYPES), st.text(), st.text(max_size=20))
def test_what_was_encrypted_comes_back(key, entity_type, value, around):
    token = seal(key, "d1", entity_type, value)
    assert PLACEHOLDER.fullmatch(token)
    text, n_opened, n_closed = opened(f"{around}|{token}|{token}", key, "d1")
    assert (text, n_opened, n_closed) == (f"{around}|{value}|{value}", 2, 0)


@given(keys, keys, st.text(min_size=3, alphabet="abcdefgh "))
def test_another_key_another_document_another_type_or_an_altered_token_opens_nothing(key, other, value):
    token = seal(key, "d1", "PERSON", value)
    altered = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    for text, with_key, doc_id in (
        (token, key + b"x", "d1"),
        (token, other if other != key else key + b"y", "d1"),
        (token, key, "d2"),
        (token.replace("PERSON", "LOCATION"), key, "d1"),
        (altered, key, "d1"),
    ):
        assert opened(text, with_key, doc_id) == (text, 0, 1)
    assert value not in token


def test_equal_values_have_equal_tokens_in_a_document_and_others_elsewhere():
    tokens = [seal(b"k" * 16, doc_id, "PERSON", "Anna") for doc_id in ("d1", "d1", "d2")]
    assert tokens[0] == tokens[1] != tokens[2]
    assert opened(" ".join(tokens), b"k" * 16, "d1") == (f"Anna Anna {tokens[2]}", 2, 1)


def test_the_length_of_a_value_is_told_to_eight_bytes_only():
    lengths = {len(seal(b"k" * 16, "d1", "PERSON", "x" * n)) for n in range(7)}
    assert len(lengths) == 1
    assert re.fullmatch(r"<PERSON:enc:[\w-]{32}>", seal(b"k" * 16, "d1", "PERSON", "Anna"))
