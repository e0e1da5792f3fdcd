"""Gendered forms of German nouns: each form is counted once, and what only looks like one is not."""

import polars as pl
import pytest

from corpusmill.transforms.text.bias_forms import FORMS, forms, marked, without_marked
from corpusmill.transforms.text.bias_mentions import Words


def found(text: str) -> list[str]:
    texts = pl.Series([text])
    plain = forms(Words(without_marked(texts), "de"))
    return sorted([*marked(texts)["form"].to_list(), *plain["form"].to_list()])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Lehrer streiken.", ["masculine plural"]),
        ("Viele Ärzte helfen den Patienten.", ["masculine plural", "masculine, number unknown"]),
        ("Mit Lehrern reden.", ["masculine plural"]),
        ("Der Lehrer kommt.", ["masculine, number unknown"]),
        ("Eine Ärztin und zwei Lehrerinnen.", ["feminine plural", "feminine singular"]),
        ("Liebe Kolleginnen und Kollegen!", ["pair"]),
        ("Schüler und Schülerinnen, Bürgerinnen/Bürger", ["pair", "pair"]),
        ("Der Arzt oder die Ärztin entscheidet.", ["pair"]),
        ("Lehrerinnen und Schüler", ["feminine plural", "masculine, number unknown"]),
        ("LehrerInnen und UserIn", ["Binnen-I", "Binnen-I"]),
        ("Student*innen, Ärzt*innen, Autor*in", ["star"] * 3),
        ("Nutzer:innen und die Nutzer:in", ["colon", "colon"]),
        ("Leser_innen", ["underscore"]),
        ("Leser/-innen, Leser/innen, Bürger(innen)", ["slash or bracket"] * 3),
        ("Studierende und Lehrkräfte", ["neutral", "neutral"]),
        ("PlugIn LogIn CheckIn std::in UserInterface http://x:in BuiltIn Berlin:in", []),
        ("Die Leere der Lehre.", []),
        ("", []),
    ],
)
def test_forms_are_told_apart(text, expected):
    assert found(text) == expected
    assert set(expected) <= set(FORMS)
