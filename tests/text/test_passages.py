"""Passages of texts: which they are, where they stand, and by which hash they are known."""

import unicodedata

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.edits import apply_edits, edited_texts
from corpusmill.transforms.text.passages import PASSAGE, WRAPPED, PassageOptions, passages

LONG = "This line is longer than a line of a wrapped text, so that each line is a passage by itself: yes."
texts = st.lists(
    st.text("ab \n\t\u00a0äA", max_size=30) | st.text(max_size=20) | st.just(LONG + "\nb a\n\na b"), max_size=6
)


def found(*documents, words=1, salt=b""):
    return passages(pl.Series(documents, dtype=pl.String), PassageOptions(words, salt)).to_pylist()


def shown(text, **options):
    return [text[p["start"] : p["end"]] for p in found(text, **options)[0]]


def by_hand(text):
    """The pieces of a text as (start, end), a line at a time."""
    pieces, at, goes_on = [], 0, False
    wrapped = max(map(len, text.split("\n"))) <= WRAPPED
    for line in text.split("\n"):
        end = at + len(line)
        if pl.Series([line]).str.strip_chars()[0] == "":
            goes_on = False
        elif goes_on:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((at, end))
            goes_on = wrapped
        at = end + 1
    return pieces


@given(texts)
def test_pieces_and_their_neighbours_are_those_found_a_line_at_a_time(documents):
    for text, one in zip(documents, found(*documents, words=1), strict=True):
        pieces = by_hand(text)
        at = {start: number for number, (start, _) in enumerate(pieces)}
        for p in one:
            n = at[p["start"]]
            assert (p["start"], p["end"]) == pieces[n]
            assert p["before"] == (pieces[n - 1][1] if n else 0)
            assert p["after"] == (pieces[n + 1][0] if n + 1 < len(pieces) else len(text))
            assert p["left"] == len(pieces) - n
        missing = [text[s:e] for s, e in pieces if s not in {p["start"] for p in one}]
        assert not any(any(c.isascii() and c.isalpha() for c in piece) for piece in missing)


@given(texts, st.data())
def test_a_text_is_found_the_same_in_any_batch(documents, data):
    order = data.draw(st.permutations(range(len(documents))))
    together = found(*(documents[n] for n in order))
    assert [together[order.index(n)] for n in range(len(documents))] == [found(text)[0] for text in documents]


@given(st.text("ab \n", max_size=40))
def test_two_passages_are_the_same_one_if_they_are_equal_but_for_white_space_and_case(text):
    hashes = {}
    for start, end in by_hand(text):
        hashes.setdefault(" ".join(text[start:end].split()), set()).add(found(text[start:end].upper())[0][0]["hash"])
    assert all(len(of_one) == 1 for of_one in hashes.values())
    assert len(set.union(set(), *hashes.values())) == len(hashes)


def test_a_wrapped_paragraph_is_the_one_that_stands_on_a_line_elsewhere():
    wrapped = "All rights reserved. No part of this page\n   may be copied or kept without\nthe consent of its owner."
    assert shown(wrapped) == [wrapped]
    assert found(wrapped)[0][0]["hash"] == found(LONG + "\n" + " ".join(wrapped.split()))[0][1]["hash"]


def test_in_a_text_with_long_lines_each_line_is_a_passage():
    assert shown(f"{LONG}\nA footer on every page.\nAnother footer.") == [
        LONG,
        "A footer on every page.",
        "Another footer.",
    ]


def test_the_unicode_form_of_a_passage_does_not_matter():
    text = "Änderungen vorbehalten, alle Angaben ohne Gewähr."
    other = unicodedata.normalize("NFD", text)
    assert other != text and found(text)[0][0]["hash"] == found(other)[0][0]["hash"]


@pytest.mark.parametrize(
    ("text", "n_words"), [("one two three", 3), ("geht's, E-Mail-Adresse", 2), ("全部の内容", 5), ("- - -", 0)]
)
def test_words_of_a_passage_are_those_of_the_quality_rules(text, n_words):
    assert len(shown(text, words=max(1, n_words))) == (n_words > 0)
    assert shown(text, words=n_words + 1) == []


def test_another_salt_gives_other_hashes():
    assert found("a b", salt=b"one")[0][0]["hash"] != found("a b", salt=b"other")[0][0]["hash"]


def test_null_and_empty_texts_and_empty_batches_have_no_passages():
    assert found(None, "", " \n\n") == [[], [], []]
    assert found() == []
    assert passages(pl.Series([], dtype=pl.String), PassageOptions(1, b"")).type == pa.list_(PASSAGE)


def test_edits_are_applied_to_those_texts_of_a_batch_that_have_some():
    edits = [[{"start": 1, "end": 2, "rule": "r", "replacement": "__"}], None, [], None]
    batch = pa.record_batch({"text": ["abc", "abc", "d", None], "edits": edits})
    assert edited_texts(batch).to_list() == [apply_edits("abc", [(1, 2, "__")])[0], "abc", "d", None]
    assert edited_texts(batch.select(["text"])).to_list() == ["abc", "abc", "d", None]
