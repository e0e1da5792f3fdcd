"""`corpusmill bias` reads a published version, says what it leans to, and shows no raw personal data."""

import json
import re
from pathlib import Path

import pytest
from deltalake import DeltaTable
from typer.testing import CliRunner

from corpusmill.jobs.bias import bias, write
from corpusmill.jobs.cli import app
from corpusmill.schemas.errors import UserError

from ..bias_case import corpus
from . import tiny_warehouse as tiny

MAIL = "anna.meier@example.org"


def publish(folder, frame, **changed):
    """A version whose corpus is these texts."""
    tiny.write(folder, tiny.TABLES["dataset_versions"], [], mode="overwrite")
    rows = [{**row, "doc_id": tiny.doc_id(f"made {n}"), "source_id": str(n)} for n, row in enumerate(frame.to_dicts())]
    tiny.write(folder, tiny.TABLES["corpus"], rows, mode="overwrite")
    tiny.publish(folder, 1, **changed)
    return str(folder)


@pytest.fixture(scope="module")
def leaning(tmp_path_factory):
    frame = corpus(1, leaning=1.0, n=120)
    mail = frame["text"].str.replace("near the", f"<b>of {MAIL}</b> near the", literal=True)
    return publish(tiny.build(tmp_path_factory.mktemp("leaning")), frame.with_columns(text=mail), anonymised="no")


def test_the_page_says_what_the_corpus_leans_to_and_is_complete_in_itself(leaning):
    found = bias(leaning)
    page = write(leaning, found).read_text()
    assert {f.leans for f in found.findings if f.what == "nurse"} == {"women"}
    assert "words of <strong>care and health work</strong>" in re.sub(r"\s+", " ", page)
    assert "Not anonymised" in page
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|<link rel=\"stylesheet", page)


def test_sentences_are_shown_masked_and_escaped(leaning):
    page = write(leaning, bias(leaning)).read_text()
    assert '<em class="only">nurse</em>' in page
    assert MAIL not in page and "anna.meier" not in page
    assert "EMAIL_ADDRESS" in page and "&lt;b&gt;" in page and "<b>" not in page


def test_a_balanced_corpus_has_a_page_without_findings(tmp_path):
    place = publish(tiny.build(tmp_path), corpus(2, leaning=0.0, n=120))
    found = bias(place)
    assert found.findings == [] and found.samples == {}
    assert "No difference between groups of people" in write(place, found).read_text()


def test_of_a_large_corpus_a_sample_is_read_the_same_each_time(leaning):
    sampled, again = bias(leaning, most=100), bias(leaning, most=100)
    read = sum(row["documents"] for row in sampled.texts)
    assert 60 < read < 140
    assert sampled == again
    assert "a sample of 240" in write(leaning, sampled).read_text()


def test_the_command_prints_findings_and_json_has_all_numbers(leaning):
    told = CliRunner().invoke(app, ["bias", "--warehouse", leaning])
    assert told.exit_code == 0, told.output
    assert "nurse" in told.output and "bias.html" in told.output
    machine = json.loads(CliRunner().invoke(app, ["bias", "handbook@1", "--json", "--warehouse", leaning]).stdout)
    assert machine["n_findings"] == sum(r["leans"] is not None and r["kind"] != "near" for r in machine["ratios"]) > 0
    assert MAIL not in json.dumps(machine)
    kept = json.loads(Path(leaning, "bias.json").read_text())
    assert kept["n_findings"] == machine["n_findings"]


def test_a_warehouse_of_nothing_is_told_plainly(tmp_path):
    place = publish(tiny.build(tmp_path), corpus(3, leaning=0.0, n=0))
    assert bias(place).findings == []
    assert "No group is mentioned" in write(place, bias(place)).read_text()
    with pytest.raises(UserError, match="--documents 0"):
        bias(place, most=0)
    with pytest.raises(UserError, match="no version 7"):
        bias(place, "7")
    assert DeltaTable(f"{place}/corpus").to_pyarrow_dataset().count_rows() == 0
