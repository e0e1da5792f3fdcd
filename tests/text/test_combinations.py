"""Rare combinations: found in both languages where they stand together, and counted over documents."""

import pytest

from corpusmill.transforms.text.combinations import FEW, Combination, combinations, rare


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mayor of Derby, aged 42, opened it.", Combination("mayor", "Derby", 42)),
        ("Die 42-jährige Bürgermeisterin aus Celle kam.", Combination("Bürgermeister", "Celle", 42)),
        ("<PERSON> (58), Tierärztin in Stade, half ihm.", Combination("Tierärztin", "", 58)),
        ("<PERSON>, 34, a nurse, was there.", Combination("nurse", "", 34)),
        ("Der Lehrer, 61 Jahre alt, wohnt in Kiel.", Combination("Lehrer", "Kiel", 61)),
        ("A 19-year-old sailor.", Combination("sailor", "", 19)),
    ],
)
def test_what_stands_together_is_one_combination(text, found):
    assert combinations(text) == {found}


@pytest.mark.parametrize(
    "text",
    [
        "The mayor spoke.",
        "Berlin, Hamburg, Bremen and Kiel.",
        "The mayor spoke. " + "Nothing else happened. " * 20 + "Derby won.",
        "Page 42 of the teaching guide, version 3 (58).",
        "Die Lehrerzimmer in der Kieler Straße.",
        "A tree aged 400 in Derby.",
        "",
    ],
)
def test_one_kind_alone_or_far_apart_is_none(text):
    assert combinations(text) == set()


def test_a_combination_that_few_documents_share_is_rare():
    common, alone = Combination("mayor", "Derby", 42), Combination("nurse", "", 30)
    told = rare({**{f"d{n}": [common] for n in range(FEW)}, "x": [alone]})
    assert told["rows"][0] == {
        "kinds": ["job", "town", "age"], "combinations": 1, "documents": FEW, "rare": 0, "rare_documents": 0,
    }  # fmt: skip
    assert told["first"] == [{"job": "nurse", "town": False, "decade": 30, "k": 1, "doc_ids": ["x"]}]
    assert told["k"] == {"1": 1, "5": 1}


def test_neither_town_nor_exact_age_is_told():
    told = str(rare({"x": [Combination("mayor", "Derby", 42)]}))
    assert "Derby" not in told and "42" not in told
