"""Items of test sets in texts: verbatim, changed, short, and what only looks like one."""

import random
import string

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text.contamination import Item, index, matches, size_for
from corpusmill.transforms.text.shingles import word_places

WORDS = ["".join(random.Random(n).choices(string.ascii_lowercase, k=6)) for n in range(3000)]


def words(seed: int, n: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=n)


def prose(seed: int, n: int) -> str:
    return " ".join(words(seed, n))


def found(text: str, *items: str, ngram: int = 10, minimum: float = 0.35) -> dict[str, float]:
    wanted = index([Item("set", str(n), item) for n, item in enumerate(items)], {"set": ngram}, minimum)
    return {wanted.items[m.item].item_id: round(m.overlap, 2) for m in matches(pl.Series([text]), wanted)}


@pytest.mark.parametrize("n", [5, 7, 12, 30, 45, 120])
@pytest.mark.parametrize("ngram", [8, 10, 13])
def test_an_item_that_stands_in_a_text_is_found_whole(n, ngram):
    item = prose(1, n)
    shouted = item.upper().replace(" ", ", ") + "!"
    for text in (item, f"{prose(2, 300)} {item} {prose(3, 300)}", f"{prose(2, 50)}. {shouted}"):
        assert found(text, item, ngram=ngram) == {"0": 1.0}


@settings(deadline=None)
@given(st.integers(20, 120), st.integers(0, 10**6))
def test_an_item_with_two_words_changed_is_found(n, seed):
    item = words(seed, n)
    changed = list(item)
    for at in random.Random(seed).sample(range(n), 2):
        changed[at] = "changed"
    assert found(f"{prose(7, 100)} {' '.join(changed)} {prose(8, 100)}", " ".join(item)).keys() == {"0"}


def test_parts_far_apart_are_no_item():
    item = words(1, 40)
    pieces = [" ".join(item[at : at + 12]) for at in range(0, 36, 12)]
    scattered = f" {prose(4, 400)} ".join(pieces)
    assert found(scattered, " ".join(item), minimum=0.35) == {}
    assert found(" ".join(pieces), " ".join(item)).keys() == {"0"}


def test_a_short_item_has_to_be_there_whole_and_a_shorter_one_is_not_looked_for():
    assert found("so what is the capital of Peru, they asked", "What is the capital of Peru?") == {"0": 1.0}
    assert found("what is the capital of Chile", "What is the capital of Peru?") == {}
    wanted = index([Item("set", "0", "Forty two"), Item("set", "1", prose(1, 30))], {"set": 10}, 0.35)
    assert wanted.n_short == 1 and [item.item_id for item in wanted.items] == ["1"]


def test_an_ngram_of_two_items_counts_for_both():
    shared = prose(1, 25)
    assert found(f"{prose(5, 40)} {shared} tail", f"{shared} one", f"{shared} two").keys() == {"0", "1"}


def test_repeating_a_passage_does_not_make_it_more():
    item = prose(1, 60)
    start = " ".join(item.split()[:15])
    assert found(f"{start} {start} {start} {start} {start}", item) == {}


def test_the_place_is_that_of_the_item():
    item = "Grüße: how many apples does Zoë have left after she gave two of them away?"
    text = f"{prose(2, 30)}. {item} {prose(3, 30)}"
    wanted = index([Item("set", "0", item)], {"set": 10}, 0.35)
    match = matches(pl.Series(["other", text]), wanted)[0]
    places = word_places(text)
    assert match.text == 1
    assert text[places[match.start][0] : places[match.end - 1][1]] == item.rstrip("?")


def test_nothing_to_look_for_and_nothing_to_look_in():
    assert index([], {}, 0.35).items == ()
    assert matches(pl.Series(["a text"]), index([], {}, 0.35)) == []
    assert matches(pl.Series([None, ""], dtype=pl.String), index([Item("s", "0", prose(1, 20))], {"s": 10}, 0.35)) == []


def test_sizes_grow_with_the_item_up_to_the_wanted_one():
    assert [size_for(n, 13) for n in (5, 19, 28, 40, 52)] == [5, 5, 7, 7, 13]
    assert size_for(100, 3) == 3
