"""What each operator leaves behind, and what it never does."""

import re

import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.operators import OPERATORS, apply, value_hmac
from corpusmill.transforms.text.sealed import opened

TEXT = "Ask Änne😀 or Änne😀 at anna@example.org."
FINDINGS = [
    Finding(4, 9, "PERSON", 0.8, "title"),
    Finding(13, 18, "PERSON", 0.8, "title"),
    Finding(22, 38, "EMAIL_ADDRESS", 1.0, "email"),
]


@pytest.mark.parametrize(
    ("operators", "expected"),
    [
        ({"default": "replace"}, "Ask <PERSON> or <PERSON> at <EMAIL_ADDRESS>."),
        ({}, "Ask <PERSON> or <PERSON> at <EMAIL_ADDRESS>."),
        ({"default": "redact"}, "Ask  or  at ."),
        ({"default": "mask"}, "Ask ******** or ******** at ****************."),
        ({"default": "replace", "PERSON": "keep"}, "Ask Änne😀 or Änne😀 at <EMAIL_ADDRESS>."),
    ],
)
def test_operators(operators, expected):
    assert apply(TEXT, FINDINGS, operators, b"key")[0] == expected


def test_a_keyed_hash_is_the_same_for_equal_values_and_another_under_another_key():
    text, applied = apply(TEXT, FINDINGS, {"default": "hash"}, b"key")
    assert applied[0].replacement == applied[1].replacement
    assert text.count(str(applied[0].replacement)) == 2
    assert apply(TEXT, FINDINGS, {"default": "hash"}, b"other")[1][0].replacement != applied[0].replacement
    assert value_hmac(b"key", "PERSON", "Anna") != value_hmac(b"key", "LOCATION", "Anna")
    assert len(applied[0].value_hmac) == 32


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_what_is_recorded_never_holds_the_value_and_has_offsets_of_the_text_before(operator):
    _, applied = apply(TEXT, FINDINGS, {"default": operator}, b"key")
    assert [(a.start, a.end) for a in applied] == [(f.start, f.end) for f in FINDINGS]
    assert {a.operator for a in applied} == {operator}
    for a in applied:
        assert TEXT[a.start : a.end] not in repr(a)


def test_encrypted_values_open_with_the_key_and_the_document():
    text, applied = apply(TEXT, FINDINGS, {"default": "encrypt"}, b"key", "d1")
    assert applied[0].replacement == applied[1].replacement
    assert opened(text, b"key", "d1") == (TEXT, 3, 0)
    assert opened(text, b"key", "d2")[1] == 0


def test_each_type_has_its_operator():
    operators = {"PERSON": "pseudonym", "EMAIL_ADDRESS": "encrypt", "default": "replace"}
    text, applied = apply(TEXT, FINDINGS, operators, b"key", "d1")
    assert [a.operator for a in applied] == ["pseudonym", "pseudonym", "encrypt"]
    assert re.fullmatch(r"Ask ([A-Z]\w+)😀 or \1😀 at <EMAIL_ADDRESS:enc:[\w-]+>\.", text)


def test_an_operator_that_does_not_exist_is_refused_by_name():
    with pytest.raises(UserError, match=r"no operator 'blur' for PERSON\. There are: replace"):
        apply(TEXT, FINDINGS, {"PERSON": "blur"}, b"key")
