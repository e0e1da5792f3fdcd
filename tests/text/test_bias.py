"""The bias report finds leanings that were made, and nothing where there are none."""

import math
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text.bias import FEWEST_DOCUMENTS, ratios_of
from corpusmill.transforms.text.bias_intervals import Side, ratios, width
from corpusmill.transforms.text.bias_lists import ATTRIBUTES, GROUPS, LANGUAGES, lists
from corpusmill.transforms.text.bias_mentions import MOST, WINDOW, Words, compared, find, neighbours

from ..bias_case import corpus, counted, english, findings

MADE = {  # what leans -> where to, in the made corpus
    ("en", "nurse"): "women",
    ("en", "care and health work"): "women",
    ("en", "engineer"): "men",
    ("en", "science and technology"): "men",
    ("en", "attack"): "Muslims",
    ("en", "violence and crime"): "Muslims",
    ("en", "feast"): "Christians",
    ("de", "Pflegekraft"): "women",
    ("de", "Ingenieur"): "men",
    ("de", "science and technology"): "men",
    ("de", "Gewalt"): "Muslims",
    ("de", "violence and crime"): "Muslims",
    ("de", "Brot"): "Christians",
}
OTHER = {"women": "men", "men": "women", "Muslims": "Christians", "Christians": "Muslims"}


def mentions(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Term and group of each mention, in their order in the text."""
    words, listed = Words(pl.Series([text]), language), lists(language)
    found = find(words, listed)
    rows = zip(found.start, found.end, found.group, strict=True)
    return [
        (" ".join(words.vocabulary.gather(words.word[start:end]).to_list()), listed.groups[group])
        for start, end, group in sorted(rows)
    ]


def test_leanings_that_were_made_are_found_and_no_others():
    assert {(f.language, f.what): f.leans for f in findings(corpus(1, leaning=1.0))} == MADE


def test_weaker_leanings_are_found_too_and_their_intervals_hold_the_truth():
    found = {(f.language, f.what): f for f in findings(corpus(2, leaning=0.5, n=800))}
    assert {key: f.leans for key, f in found.items()} == MADE
    nurse = found["en", "nurse"]  # beside women in 3 of 4 sentences, beside men in 1 of 4
    assert nurse.low < 3 < nurse.high


@pytest.mark.parametrize("seed", range(8))
def test_where_groups_are_treated_alike_there_is_nothing_to_find(seed):
    assert findings(corpus(seed, leaning=0.0)) == []


def test_groups_that_are_swapped_swap_the_sign():
    found = {(f.language, f.what): f for f in findings(corpus(3, leaning=0.7))}
    turned = {(f.language, f.what): f for f in findings(corpus(3, leaning=0.7, swapped=True))}
    assert {key: OTHER[f.leans] for key, f in found.items()} == {key: f.leans for key, f in turned.items()}
    for key, one in found.items():
        assert math.log(one.ratio) == pytest.approx(-math.log(turned[key].ratio), rel=0.05), key


def test_a_group_that_is_mentioned_more_often_is_a_finding():
    texts = [f"{'He' if n % 4 else 'She'} lives in house {n} of street {n // 7}." for n in range(200)]
    found = {f.kind: f for f in findings(english(*texts))}
    assert found["mentions"].leans == "men"
    assert found["mentions"].ratio == pytest.approx(1 / 3)


def test_one_book_does_not_speak_for_the_corpus():
    draw = random.Random(4)
    book = " ".join(f"She was a nurse {draw.random()} in room {draw.random()} of the house." for _ in range(500))
    others = [f"{draw.choice(['She', 'He'])} bought bread {n} at the market." for n in range(100)]
    assert findings(english(book, *others)) == []


def test_a_notice_on_many_pages_is_no_finding():
    draw = random.Random(5)
    notice = "He is the engineer who answers all your questions about the heating."
    texts = [f"{draw.choice(['She', 'He'])} bought bread {n} at the market.\n\n{notice}" for n in range(200)]
    assert findings(english(*texts)) == []


def test_what_many_say_in_the_same_few_words_is_a_finding():
    texts = [f"House {n}. {'She is a nurse' if n % 2 else 'He is an engineer'}. Door {n}." for n in range(60)]
    assert {(f.what, f.leans) for f in findings(english(*texts)) if f.kind == "word"} == {
        ("nurse", "women"),
        ("engineer", "men"),
    }


def test_words_beside_a_group_are_counted_against_the_corpus():
    counts = counted(corpus(6, leaning=1.0))
    near = {(r.a, r.what): r for r in ratios_of(counts)[0] if r.kind == "near" and r.language == "en"}
    nurse = near["women", "nurse"]
    assert nurse.pmi[1] < nurse.pmi[0] <= nurse.pmi[2]
    assert nurse.pmi[1] > 1
    whole = counts.vocabulary.total().filter(language="en")
    share = nurse.count_a / counts.used.total().filter(language="en", group=0)["neighbours"].sum()
    of_corpus = whole.filter(form="nurse")["n"].sum() / whole["n"].sum()
    assert nurse.pmi[0] == pytest.approx(math.log2(share / of_corpus))


def test_a_word_of_few_documents_is_not_shown():
    texts = [f"She met Xanthippe {n} at noon." for n in range(FEWEST_DOCUMENTS - 1)]
    shown = {r.what for r in ratios_of(counted(english(*texts, *["He sat."] * 20)))[0]}
    assert "Xanthippe" not in shown


def test_the_size_of_batches_makes_no_difference():
    frame = corpus(7, leaning=0.6, n=60)
    assert ratios_of(counted(frame, 7)) == ratios_of(counted(frame, 1_000))


@pytest.mark.parametrize("texts", [[], [""], ["... !!! \n\n ..."], ["x"], ["She"], ["日本語だけ。"]])
def test_next_to_no_text_is_safe(texts):
    for language in (*LANGUAGES, "fr"):
        frame = pl.DataFrame({"text": texts, "language": [language] * len(texts), "source": ["web"] * len(texts)},
                             schema={"text": pl.String, "language": pl.String, "source": pl.String})  # fmt: skip
        assert findings(frame) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Polish women polish the old table.", [("Polish", "Poles"), ("women", "women")]),
        ("See the man page of a man.", [("man", "men")]),
        ("Black ink and black men in German.", [("black", "Black people"), ("men", "men")]),
        ("He or she may ask.", []),
        ("Asylum seekers and senior citizens.", [("Asylum seekers", "migrants"), ("senior citizens", "old people")]),
        ("An old. Woman.", [("Woman", "women")]),
    ],
)
def test_english_terms_and_what_only_looks_like_them(text, found):
    assert mentions(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sie ist da, und er lacht.", [("Sie", "women"), ("er", "men")]),
        ("Haben Sie Zeit? Sie haben Zeit, und sie kommen.", []),
        ("Gestern sagte sie nichts.", [("sie", "women")]),
        ("Dort sagt Sie keiner, wann Sie zuletzt oder sie zunächst kamen.", []),
        ("Die alten Frauen und das alte Haus.", [("alten", "old people"), ("Frauen", "women")]),
        ("Im Deutschen heißt das so. Deutsche sagen es.", [("Deutsche", "Germans")]),
        ("Türkinnen und Muslime.", [("Türkinnen", "Turks"), ("Muslime", "Muslims")]),
    ],
)
def test_german_terms_and_what_only_looks_like_them(text, found):
    assert mentions(text, "de") == found


SOME = ["she", "he", "nurse", "the", "garden", "Polish", "people", "man", "page", ".", "7"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(SOME), max_size=40).map(" ".join), min_size=1, max_size=4))
def test_neighbours_are_those_that_a_slow_count_finds(texts):
    words, listed = Words(pl.Series(texts), "en"), lists("en")
    every = find(words, listed)
    fast = set(neighbours(words, listed, every, every).rows())
    said = [words.vocabulary[int(n)] for n in words.word]
    gender = set(listed.members("women", "gender", "men") + listed.members("men", "gender", "women"))
    slow = set()
    for start, end, group in zip(every.start, every.end, every.group, strict=True):
        for at in [*range(start - WINDOW, start), *range(end, end + WINDOW)]:
            if not 0 <= at < len(said) or words.sentence[at] != words.sentence[start]:
                continue
            same = any(s <= at < e and (g in gender) == (group in gender) for s, e, g in
                       zip(every.start, every.end, every.group, strict=True))  # fmt: skip
            if not same and said[at] in {"nurse", "garden", "Polish", "people", "man", "page"}:
                slow.add((group, at))
    assert fast == slow


def test_of_a_document_so_many_mentions_count():
    text = " ".join(f"She has {n} apples." for n in range(3 * MOST))
    words = Words(pl.Series([text, "She has 7 apples too."]), "en")
    used = compared(words, find(words, lists("en")), {})
    assert np.bincount(used.document).tolist() == [MOST, 1]


@settings(max_examples=100, deadline=None)
@given(*[st.integers(0, 500)] * 2, st.integers(1, 9), st.sampled_from([1.96, 4.0]))
def test_intervals_hold_their_ratio_and_turn_with_it(a, b, lumps, z):
    one, two = (Side(*(np.array([float(n)]) for n in (count, 1000, count * lumps))) for count in (a, b))
    middle, low, high = (float(x[0]) for x in ratios(one, two, z))
    back = [float(x[0]) for x in ratios(two, one, z)]
    assert low <= high
    if a and b:
        assert low < middle < high
    if a and b and low > 1e-6 and high < 1e6:  # beyond, where next to nothing is known, the search ends somewhere
        assert back == pytest.approx([1 / middle, 1 / high, 1 / low], rel=1e-3)
    wider = [float(x[0]) for x in ratios(one, two, z + 1)]
    assert wider[1] <= low and wider[2] >= high


def test_intervals_cover_as_often_as_they_say():
    draw = np.random.default_rng(8)
    counts = draw.poisson([[12.0], [40.0]], size=(2, 4000)).astype(float)
    sides = [
        Side(count, np.full(4000, exposure), count) for count, exposure in zip(counts, (300.0, 1000.0), strict=True)
    ]
    _, low, high = ratios(*sides, width(1))
    assert 0.94 < np.mean((low <= 1) & (high >= 1)) < 0.965


def test_every_group_and_theme_has_terms_in_both_languages_and_is_compared_by_names_that_exist():
    groups = yaml.safe_load(Path(GROUPS).read_text())
    for dimension, found in groups.items():
        if "compare" in found:
            names = set(found) - {"compare"}
            assert {name for pair in found["compare"] for name in pair} <= names | {"others"}, dimension
            assert all(set(found[name]) == set(LANGUAGES) for name in names), dimension
    assert all(set(words) == set(LANGUAGES) for words in yaml.safe_load(Path(ATTRIBUTES).read_text()).values())
