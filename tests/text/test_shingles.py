"""Words, n-gram sets and the hash of exact copies."""

import hashlib
import unicodedata
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
import xxhash
from hypothesis import example, given
from hypothesis import strategies as st

from corpusmill.transforms.text.shingles import (
    NORMALISE,
    lowered,
    ngram_sets,
    normalised_hash,
    set_hashes,
    word_hashes,
)

from ..dedup_reference import ngrams, words

ODD = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio
ANY_TEXTS = st.lists(st.text(max_size=60), max_size=8)
WORDY = st.text(alphabet="aAbÄß é\u0301\u0130Σς_9\n-,.文字ひカー\u200dไทยฟ្ក្\u00a0\U0001d49c", max_size=120)


@given(st.lists(WORDY | st.text(max_size=60), max_size=8))
def test_words_are_those_of_polars_regex_in_any_text(texts: list[str]) -> None:
    hashes, offsets = word_hashes(pl.Series(texts, dtype=pl.String))
    expected = [words(text) for text in texts]
    assert np.diff(offsets).tolist() == [len(found) for found in expected]
    flat = [word for found in expected for word in found]
    assert len(hashes) == len(flat)
    assert len(set(zip(flat, hashes.tolist(), strict=True))) == len(set(flat)) == len(set(hashes.tolist()))


@given(st.lists(WORDY, max_size=8), st.integers(1, 6), st.sampled_from(["words", "characters"]))
def test_ngram_sets_have_the_sizes_and_the_overlaps_of_sets_of_tuples(texts: list[str], n: int, unit: str) -> None:
    values, offsets = ngram_sets(pl.Series(texts, dtype=pl.String), n, unit)
    found = [set(values[a:b].tolist()) for a, b in pairwise(offsets.tolist())]
    expected = [ngrams(text, n, unit) for text in texts]
    assert [len(one) for one in found] == np.diff(offsets).tolist() == [len(one) for one in expected]
    for i in range(len(texts)):
        for j in range(i):
            assert len(found[i] & found[j]) == len(expected[i] & expected[j])


@given(ANY_TEXTS, st.integers(1, 4))
@example(["", "0:0"], 2)
def test_sets_are_sorted_and_do_not_depend_on_the_other_texts_of_the_batch(texts: list[str], n: int) -> None:
    values, offsets = ngram_sets(pl.Series(texts, dtype=pl.String), n)
    for i, text in enumerate(texts):
        alone, _ = ngram_sets(pl.Series([text]), n)
        one = values[offsets[i] : offsets[i + 1]]
        assert one.tolist() == alone.tolist() == sorted(set(one.tolist()))


def mixed(value: int) -> int:
    """MurmurHash3's finaliser in Python's integers."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = ((value ^ value >> 33) * factor) % 2**64
    return value ^ value >> 33


def word_hash(word: str) -> int:
    raw = word.encode()
    if len(raw) > 64:
        return xxhash.xxh64_intdigest(raw)
    value = mixed(int.from_bytes(raw[:8], "little"))
    for at in range(8, len(raw), 8):
        value = mixed((value * ODD + int.from_bytes(raw[at : at + 8], "little")) % 2**64)
    return value


def test_hashes_are_those_of_plain_integer_arithmetic() -> None:
    """A change here makes every stored signature worthless: then HASH_VERSION must change too."""
    text = "the quick brown füchse jumped over donaudampfschifffahrtsgesellschaften " + "x" * 70
    one, two, three = (word_hash(word) for word in ("the", "quick", "brown"))
    hashes, _ = word_hashes(pl.Series([text]))
    assert hashes.tolist() == [word_hash(word) for word in text.split()]
    assert ngram_sets(pl.Series(["the quick brown"]), 3)[0].tolist() == [
        mixed(((one * ODD + two) * ODD + three) % 2**64)
    ]


def test_the_hash_of_exact_copies_is_blake2b_of_the_normalised_text() -> None:
    expected = hashlib.blake2b("grüße an alle".encode(), digest_size=16, person=b"exact-2ucw").hexdigest()
    assert normalised_hash(pl.Series([" Grüße\u00a0 an\nalle "])).to_list() == [expected]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("今天天气很好 我们一起去公园散步 然后在湖边吃午饭 下午再去图书馆看书", "午饭", "晚饭"),
        ("今日は天気がいいので公園を散歩してから図書館で本を読みました", "読み", "借り"),
        ("วันนี้อากาศดีมากเราจึงไปเดินเล่นในสวนสาธารณะด้วยกัน", "เดิน", "วิ่ง"),
    ],
)
def test_a_changed_word_in_text_without_spaces_leaves_most_ngrams_the_same(text: str, old: str, new: str) -> None:
    values, offsets = ngram_sets(pl.Series([text, text.replace(old, new)]), 5)
    shared = len(np.intersect1d(values[: offsets[1]], values[offsets[1] :]))
    assert 0.6 < shared / (len(values) - shared) < 1


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 200])
def test_words_of_any_length_differ_by_their_last_letter_and_not_by_what_follows_them(length: int) -> None:
    word = "abcdefghij" * 20
    hashes, _ = word_hashes(pl.Series([f"{word[:length]} z", word[:length], word[: length - 1] + "Z"]))
    assert hashes[0] == hashes[2]
    assert hashes[0] != hashes[3]


def test_words_do_not_run_from_one_text_into_the_next() -> None:
    _, offsets = word_hashes(pl.Series(["one", "two", "", "three four", None, "five"]))
    assert offsets.tolist() == [0, 1, 2, 2, 4, 4, 5]


def test_texts_with_fewer_words_than_an_ngram_have_none_and_take_none_from_their_neighbours() -> None:
    values, offsets = ngram_sets(pl.Series(["a b", "c", "", "d e f", "g"]), 3)
    assert offsets.tolist() == [0, 0, 0, 0, 1, 1]
    assert values.tolist() == ngram_sets(pl.Series(["D, e; F!"]), 3)[0].tolist()


@pytest.mark.parametrize("texts", [[], [None], [""], ["", ""], ["..."], ["a"]])
def test_nothing_to_hash_gives_empty_sets(texts: list[str | None]) -> None:
    values, offsets = ngram_sets(pl.Series(texts, dtype=pl.String), 2)
    assert len(values) == 0
    assert offsets.tolist() == [0] * (len(texts) + 1)


def test_a_slice_of_a_series_gives_what_the_texts_give_alone() -> None:
    texts = pl.Series(["zero one two", "Äpfel und Birnen", "three four five"])
    assert ngram_sets(texts[1:2], 2)[0].tolist() == ngram_sets(pl.Series(["Äpfel und Birnen"]), 2)[0].tolist()


def test_a_text_of_one_endless_word_and_a_text_of_many_words_cost_little() -> None:
    values, offsets = ngram_sets(pl.Series(["x" * 5_000_000, "the same again " * 300_000]), 5)
    assert np.diff(offsets).tolist() == [0, 3]
    assert len(values) == 3


def test_set_hashes_are_equal_for_equal_sets_only() -> None:
    values, offsets = ngram_sets(pl.Series(["a b c d", "A-B-C-D", "a b c e", "a", "a b c d a b c d"]), 3)
    one, same, other, none, repeated = set_hashes(values, offsets)
    assert one == same
    assert none is None
    assert len({one, other, repeated}) == 3


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Two words", "two\u00a0\n\twords  "),
        ("Zwölf", unicodedata.normalize("NFD", "zwölf")),
        ("a\u2003b", "A b"),
    ],
)
def test_case_white_space_and_unicode_form_make_no_difference_to_exact_copies(left: str, right: str) -> None:
    one, other = normalised_hash(pl.Series([left, right]))
    assert one == other


@pytest.mark.parametrize(("left", "right"), [("two words", "twowords"), ("a.", "a"), ("Zwölf", "Zwolf"), ("1", "2")])
def test_anything_else_makes_a_difference_to_exact_copies(left: str, right: str) -> None:
    one, other = normalised_hash(pl.Series([left, right]))
    assert one != other


@pytest.mark.parametrize(
    ("part", "left", "right"),
    [
        ("case", "Zwölf", "zwölf"),
        ("white_space", "a  b", "a b\n"),
        ("unicode", "Zwölf", unicodedata.normalize("NFD", "Zwölf")),
    ],
)
def test_each_part_of_the_normalisation_can_be_left_out(part: str, left: str, right: str) -> None:
    texts = pl.Series([left, right])
    assert normalised_hash(texts, [part]).n_unique() == 1
    assert normalised_hash(texts, [name for name in NORMALISE if name != part]).n_unique() == 2
    assert normalised_hash(texts, []).n_unique() == 2


@given(ANY_TEXTS)
def test_lowered_is_lower_case_of_the_nfc_text(texts: list[str]) -> None:
    expected = pl.Series(texts, dtype=pl.String).str.normalize("NFC").str.to_lowercase()
    assert lowered(pl.Series(texts, dtype=pl.String)).to_list() == expected.to_list()
