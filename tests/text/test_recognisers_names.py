"""What the same document says for and against a name."""

import pytest

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.recognisers_names import Document, repeated


@pytest.mark.parametrize(
    ("text", "value", "is_plausible"),
    [
        ("Ask Rose about it.", "Rose", True),
        ("A rose is a rose. Rose is a colour, says the rose.", "Rose", False),
        ("Will you? Will they? Ask Will, Will knows. I will.", "Will", True),
        ("Pick the tool. Tool Tip is new; tip the tool.", "Tool Tip", False),
        ("Baker Smith knows the baker.", "Baker Smith", True),
        ("Runs on GNU/Linux", "GNU/Linux", False),
        ("Linux Torvalds", "Linux", False),
    ],
)
def test_a_word_that_the_text_mostly_writes_small_is_no_name(text, value, is_plausible):
    assert Document(text).plausible(value) is is_plausible


def test_a_surname_that_stands_alone_is_found_where_the_whole_name_was():
    text = "Jutta Brandner came late. Brandner's car broke down; Brandners of Ulm, and Juttas, too."
    whole = [Finding(0, 14, "PERSON", 0.85, "model")]
    found = [text[f.start : f.end] for f in repeated(whole, Document(text))]
    assert found == ["Brandner", "Brandners", "Juttas"]


def test_parts_of_a_name_that_mean_something_else_in_the_text_are_left():
    text = "Mark Baker came. The baker asked the baker; Baker Street is near."
    whole = [Finding(0, 10, "PERSON", 0.85, "model")]
    assert [text[f.start : f.end] for f in repeated(whole, Document(text))] == []


def test_what_is_found_already_is_not_found_again():
    text = "Jutta Brandner lives in Brandner Lane."
    found = [Finding(0, 14, "PERSON", 0.85, "model"), Finding(24, 37, "LOCATION", 0.8, "address")]
    assert list(repeated(found, Document(text))) == []
