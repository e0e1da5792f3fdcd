"""Perplexity by a KenLM model that a counting script wrote: lower for text like the one it was made of."""

import math
from collections import Counter

import pytest

from corpusmill.schemas.recipe_models import LanguageModel
from corpusmill.transforms.text import scores
from corpusmill.transforms.text.scores import Scoring

pytestmark = pytest.mark.train

TEXT = "der hund läuft durch den wald . die katze schläft im haus . der wald ist groß . das haus ist klein ."


def arpa(text):
    """The words' model in ARPA's format. KenLM wants a bigram too: the last word before the first, which is rare."""
    words = text.split()
    counts = Counter(words) + Counter({"</s>": 4, "<unk>": 1})
    total = counts.total()
    lines = [f"{math.log10(n / total):.6f}\t{word}\t0" for word, n in sorted(counts.items())]
    head = ["\\data\\", f"ngram 1={len(counts) + 1}", "ngram 2=1", "", "\\1-grams:", "-99\t<s>\t0"]
    tail = ["", "\\2-grams:", f"-0.1\t{words[-1]} {words[0]}", "", "\\end\\", ""]
    return "\n".join([*head, *lines, *tail])


def test_text_like_the_models_has_a_lower_perplexity(tmp_path):
    path = tmp_path / "de.arpa"
    path.write_text(arpa(TEXT), encoding="utf-8")
    scoring = Scoring(languages=(("de", LanguageModel(path=str(path))),))
    like, unlike, other = scores.score(
        ["Der Hund ist im Haus.", "qwe rtz uio pas", "The dog."], ["de", "de", "en"], scoring
    )
    assert like["perplexity"] < unlike["perplexity"] and other == {}


def test_the_perplexity_is_the_one_counted_by_hand(tmp_path):
    path = tmp_path / "de.arpa"
    path.write_text(arpa("a a b"), encoding="utf-8")
    found = scores.load_language_model(str(path), None).perplexity("a b")
    # a: 2 of 8, b: 1 of 8, the end: 4 of 8
    assert found == pytest.approx((2 / 8 * 1 / 8 * 4 / 8) ** (-1 / 3), rel=1e-4)
