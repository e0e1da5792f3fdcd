"""Edits are applied, and every span of the result can be found again in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.edits import apply_edits


@st.composite
def edited_texts(draw):
    text = draw(st.text(alphabet="abcdeäß😀\n ", max_size=40))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from(["", "X", "<cut>", "😀"]))
    return text, [(min(a, b), max(a, b), new) for a, b, new in draw(st.lists(spans, max_size=6))]


@given(edited_texts())
def test_what_was_not_edited_stays_and_maps_to_where_it_stood(case):
    text, edits = case
    new, offsets = apply_edits(text, edits)
    touched = {i for start, end, _ in edits for i in range(start, end)}
    kept = [i for i in range(len(text)) if i not in touched]
    back = [offsets.to_original(i, i + 1) for i in range(len(new))]
    copied = [(i, start) for i, (start, end) in enumerate(back) if end == start + 1 and start not in touched]
    assert [start for _, start in copied] == kept
    assert all(new[i] == text[start] for i, start in copied)


@given(edited_texts(), st.data())
def test_a_span_maps_to_a_span_that_holds_all_that_it_was_made_from(case, data):
    text, edits = case
    new, offsets = apply_edits(text, edits)
    start = data.draw(st.integers(0, len(new)))
    end = data.draw(st.integers(start, len(new)))
    first, last = offsets.to_original(start, end)
    assert 0 <= first <= last <= len(text)
    for i in range(start, end):
        one = offsets.to_original(i, i + 1)
        assert first <= one[0] and one[1] <= last


@given(st.text(max_size=30))
def test_without_edits_nothing_changes(text):
    new, offsets = apply_edits(text, [])
    assert new == text
    assert offsets.to_original(0, len(text)) == (0, len(text))


def test_overlapping_edits_become_one_with_the_replacement_of_the_first_rule():
    assert apply_edits("0123456789", [(4, 8, "later"), (2, 6, "earlier in the text")])[0] == "01later89"
    assert apply_edits("0123456789", [(2, 4, "a"), (4, 6, "b")])[0] == "01ab6789", "spans that touch do not overlap"
    assert apply_edits("0123456789", [(0, 10, ""), (3, 4, "x")])[0] == ""


def test_a_span_over_a_cut_includes_the_cut_and_one_beside_it_does_not():
    new, offsets = apply_edits("Anna [advert] Muster", [(5, 14, "")])
    assert new == "Anna Muster"
    assert offsets.to_original(0, 11) == (0, 20)
    assert offsets.to_original(0, 5) == (0, 5)
    assert offsets.to_original(5, 11) == (14, 20)


def test_a_span_outside_the_text_is_refused_without_quoting_the_text():
    with pytest.raises(ValueError, match="outside the text of 3 code points"):
        apply_edits("abc", [(2, 9, "")])
