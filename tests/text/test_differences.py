"""The passages that stand in one text only."""

from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.differences import only_here, windows

WORDS = st.lists(st.sampled_from(["ab", "cd", "ef", "gh", "ij", "kl"]), max_size=40)


def passages(text, other, ngram=3):
    return [text[start:end] for start, end in only_here(text, other, ngram)]


def test_a_sentence_that_was_put_in_is_found_in_one_and_nothing_in_the_other():
    text = "The first part of it stands here. The second part of it stands there."
    longer = text.replace("here. ", "here. This one is new. ")
    assert passages(longer, text) == ["This one is new"]
    assert passages(text, longer) == []


def test_a_passage_that_only_moved_is_no_difference():
    assert passages("one two three four five six", "four five six one two three") == []


def test_case_and_unicode_form_are_no_difference():
    assert passages("Der Müll von gestern", "der mu\u0308ll VON gestern") == []


def test_short_texts_are_compared_word_by_word():
    assert passages("red pears", "red apples", 5) == ["pears"]
    assert passages("", "red apples", 5) == []


@given(WORDS, WORDS, st.integers(1, 6))
def test_passages_and_windows_lie_in_the_text_in_order_and_apart(one, other, ngram):
    text = " ".join(one)
    found = only_here(text, " ".join(other), ngram)
    for spans in (found, windows(text, found)):
        ends = [0, *(end for _, end in spans)]
        assert all(before <= start < end <= len(text) for before, (start, end) in zip(ends, spans, strict=False))
    assert only_here(text, text, ngram) == []


def test_in_scripts_without_spaces_a_character_is_a_word():
    text = "今天天气很好 我们一起去公园散步 然后在湖边吃午饭"
    other = text.replace("午饭", "晚饭")
    assert passages(text, other, 5) == ["午饭"]


def test_characters_are_compared_where_the_recipe_compares_characters():
    found = only_here("the colour of apples", "the color of apples", 4, "characters")
    assert ["the colour of apples"[start:end] for start, end in found] == ["u"]
