"""Classifiers of a recipe: scores in documents, decisions by them, buckets of a mixture; the training command."""

import json

import pytest
from typer.testing import CliRunner

from corpusmill.jobs.cli import app
from corpusmill.schemas.errors import UserError

from ..text.test_scores import BAD, GOOD, some
from .mill import Mill
from .test_keepers import page


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The folder of a model that the command made, and what it told."""
    folder = tmp_path_factory.mktemp("model")
    for name, words, seed in (("good", GOOD, 1), ("bad", BAD, 2)):
        lines = [json.dumps({"text": text}) for text in some(words, 200, seed)]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    sides = ["--positive", str(folder / "good.jsonl"), "--negative", str(folder / "bad.jsonl")]
    told = CliRunner().invoke(app, ["quality", "train", str(folder / "edu.bin"), *sides])
    assert told.exit_code == 0, told.output
    return folder, told.output


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory, trained):
    model = {"name": "edu", "path": str(trained[0] / "edu.bin"), "label": "good", "minimum": 0.3}
    mill = Mill(tmp_path_factory.mktemp("scores"), outputs=["corpus"], quality={"rules": [], "classifiers": [model]})
    del mill.recipe["anonymise"], mill.recipe["tokenise"], mill.recipe["near_dedup"]
    mill.recipe["mix"] = {
        "weights": {"quality": {"high": 1.0}},
        "quality": {"signal": "edu", "at_least": {"low": 0.0, "high": 0.5}},
    }
    texts = {"good": some(GOOD, 5, 11), "bad": some(BAD, 5, 12)}
    mill.write("1.jsonl", *(page(f"{kind}{n}", text) for kind in texts for n, text in enumerate(texts[kind])))
    mill.run()
    return mill


def test_the_command_tells_precision_recall_and_calibration(trained):
    folder, told = trained
    assert "AUC 1.000" in told and "precision" in told and "share of good" in told
    assert json.loads((folder / "edu.bin.json").read_text())["label"] == "good"


def test_texts_under_the_minimum_are_dropped_and_say_their_score(mill):
    names = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    decisions = mill.rows("decisions")
    assert {names[r["doc_id"]] for r in decisions} == {f"bad{n}" for n in range(5)}
    assert {(r["stage"], r["rule"], r["limit"]) for r in decisions} == {("filter", "classifiers.edu", "at least 0.3")}
    assert all(float(r["measured"]) < 0.3 for r in decisions)


def test_a_bucket_of_the_mixture_may_be_a_score(mill):
    assert {(r["group"], r["copies"]) for r in mill.rows("mix_plan")} == {("high", 1)}


def test_the_version_names_the_model(mill):
    [row] = mill.rows("dataset_versions")
    assert any("classifier edu" in str(name) for name in row["models"])


def test_a_wrong_label_is_told_before_anything_runs(mill):
    path = mill.recipe["quality"]["classifiers"][0]["path"]
    with pytest.raises(UserError, match="no label 'hq'"):
        mill.run("quality.classifiers=" + json.dumps([{"name": "edu", "path": path, "label": "hq"}]))
