"""Scores of texts by fastText classifiers; training one, and how good it is."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_models import Classifier
from corpusmill.transforms.text import classifier, scores
from corpusmill.transforms.text.scores import Scoring

GOOD = "the river carries water from the mountain to the sea and the valley keeps its green fields"
BAD = "buy cheap offer click now free discount deal winner cash bonus limited order today sale"


def some(words, n, seed):
    chosen = random.Random(seed)
    return [" ".join(chosen.choices(words.split(), k=30)) for _ in range(n)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "quality.bin"
    return path, classifier.train(some(GOOD, 200, 1), some(BAD, 200, 2), path, "good", held_out=0.2, seed=1)


def test_a_classifier_tells_apart_texts_that_it_has_not_seen(trained):
    _, found = trained
    assert 20 < found.positives < 60 and 20 < found.negatives < 60 and found.auc > 0.99
    assert next(row for row in found.limits if row.minimum == 0.5).recall > 0.95


def test_scores_are_given_by_name_and_for_its_languages_only(trained):
    path, _ = trained
    one = Classifier(name="edu", path=str(path), label="good", languages=("en",))
    texts = [GOOD, BAD, GOOD, "  "]
    first, second, german, empty = scores.score(texts, ["en", "en", "de", "en"], Scoring((one,)))
    assert first["edu"] > 0.7 > 0.3 > second["edu"] and german == empty == {}


def test_the_same_texts_give_the_same_model(trained, tmp_path):
    path, found = trained
    again = tmp_path / "again.bin"
    assert classifier.train(some(GOOD, 200, 1), some(BAD, 200, 2), again, "good", 0.2, 1) == found
    assert again.read_bytes() == path.read_bytes()


def test_a_wrong_label_names_those_that_are_there(trained):
    with pytest.raises(UserError, match="no label 'hq'; its labels are: good, other"):
        scores.load_classifier(str(trained[0]), "hq")


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(UserError, match="there is no such file"):
        scores.load_classifier(str(tmp_path / "none.bin"), "good")
    (tmp_path / "text.bin").write_text("no model")
    with pytest.raises(UserError, match="fastText cannot read it"):
        scores.load_classifier(str(tmp_path / "text.bin"), "good")


def test_too_few_texts_are_refused(tmp_path):
    with pytest.raises(UserError, match="different texts for 'good'"):
        classifier.train(["a b"] * 100, some(BAD, 100, 1), tmp_path / "m.bin", "good", 0.2, 1)


def test_the_fingerprint_of_a_file_tells_where_it_differs(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(bytes(3_000_000))
    before = scores.fingerprint(str(path))
    path.write_bytes(bytes(1_500_000) + b"x" + bytes(1_499_999))
    assert scores.fingerprint(str(path)) != before


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_figures_of_an_evaluation_are_those_counted_one_by_one(positive, negative):
    found = classifier.evaluate(np.array(positive), np.array(negative))
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    assert found.auc == pytest.approx(wins / len(positive) / len(negative))
    assert sum(row.texts for row in found.calibration) == len(positive) + len(negative)
    for row in found.limits:
        kept = sum(p >= row.minimum for p in positive)
        assert row.recall == pytest.approx(kept / len(positive))
        assert row.precision == pytest.approx(kept / max(1, kept + sum(n >= row.minimum for n in negative)))
