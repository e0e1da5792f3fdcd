"""Rules of a recipe's own: asked of some languages and sources, and rows of `flags`; signals by other definitions."""

import re

import pytest
from typer.testing import CliRunner

from corpusmill.jobs import recipe
from corpusmill.jobs.cli import app
from corpusmill.jobs.tune import tune
from corpusmill.schemas.errors import UserError

from .mill import Mill, prose
from .test_keepers import page

GERMAN = "Der Garten liegt hinter dem Haus, und die Nachbarn sitzen dort am Abend mit ihren Kindern unter dem Baum. "


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    own = [
        {"name": "german_web", "signal": "word_count", "minimum": 50, "languages": ["de"], "sources": ["web"]},
        {"name": "long", "signal": "word_count", "maximum": 90, "action": "flag"},
    ]
    limits = {"gopher_quality.stop_word_count": {"action": "flag"}}
    mill = Mill(folder, outputs=["corpus"], quality={"rules": ["gopher_quality"], "limits": limits, "own": own})
    del mill.recipe["anonymise"], mill.recipe["tokenise"], mill.recipe["near_dedup"]
    mill.recipe["sources"] = [{"name": name, "path": f"in/{name}.jsonl"} for name in ("web", "wiki")]
    limits["gopher_quality.word_count"] = {"minimum": 10}
    mill.write("web.jsonl", page("short german", GERMAN * 2), page("short english", prose(1, 30)))
    mill.write("wiki.jsonl", page("wiki german", GERMAN * 2 + "Ende."), page("long english", prose(2, 120)))
    mill.run()
    return mill


def named(mill, table, *columns):
    ids = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    return sorted((ids[r["doc_id"]], *(r[c] for c in columns)) for r in mill.rows(table))


def test_a_rule_is_asked_of_its_language_and_source_only(mill):
    decided = named(mill, "decisions", "rule", "measured", "limit")
    assert decided == [("short german", "own.german_web", "38", "at least 50")]


def test_what_a_rule_only_flags_stays_and_has_a_row(mill):
    flagged = named(mill, "flags", "rule", "measured", "limit")
    assert ("long english", "own.long", "120", "at most 90") in flagged
    assert {(name, rule) for name, rule, *_ in flagged if rule != "own.long"} == {
        ("long english", "gopher_quality.stop_word_count"),
        ("short english", "gopher_quality.stop_word_count"),
    }
    assert [name for name, *_ in named(mill, "corpus")] == ["long english", "short english", "wiki german"]


def test_explain_names_the_flags(mill):
    doc_id = next(r["doc_id"] for r in mill.rows("raw_documents") if r["source_id"] == "long english")
    told = CliRunner().invoke(app, ["explain", doc_id, "--warehouse", mill.warehouse])
    assert "flagged by own.long: 120, limit at most 90" in " ".join(told.output.split())


def test_the_report_counts_what_is_flagged(mill):
    report = (mill.folder / "warehouse" / "report.html").read_text().replace("<wbr>", "")
    shown = report.partition("<h3>Flagged</h3>")[2].partition("</table>")[0]
    words = re.sub(r"<[^>]+>", " ", shown.partition("<tbody>")[2]).split()
    assert " ".join(words) == "gopher_quality.stop_word_count limit: at least 2 2 own.long limit: at most 90 1"


def test_tune_judges_own_rules_like_the_run(mill):
    told = tune(mill.warehouse, recipe.load(mill.folder / "recipe.yml"))
    costs = {cost.rule: cost for cost in told.rules}
    assert told.drops == len(mill.rows("decisions")) == 1
    assert (costs["own.german_web"].drops, costs["own.german_web"].first) == (1, 1)
    assert (costs["own.long"].drops, costs["own.long"].alone, costs["own.long"].first) == (1, 0, 0)
    assert costs["own.long"].limit == "at most 90 (flags)"


def test_flags_go_when_no_rule_flags(mill):
    mill.recipe["quality"]["own"][1]["maximum"] = 500
    mill.recipe["quality"]["limits"].pop("gopher_quality.stop_word_count")
    mill.run()
    assert mill.rows("flags") == []


def test_other_definitions_are_measured_again_under_the_same_names(mill):
    path, other = mill.folder / "recipe.yml", "quality.definitions=datatrove"
    with pytest.raises(UserError, match="measured by the definitions of papers"):
        tune(mill.warehouse, recipe.load(path, [other]))
    before = {r["doc_id"]: r["signals"] for r in mill.rows("documents")}
    mill.run(other, last="filter")
    after = {r["doc_id"]: r["signals"] for r in mill.rows("documents")}
    prepared = [r for r in mill.rows("stage_runs") if r["stage"] == "prepare"]
    assert max(prepared, key=lambda r: r["finished_at"])["n_done"] == len(after) == 4
    for doc_id, signals in after.items():
        assert signals["alphabetic_word_fraction"] < before[doc_id]["alphabetic_word_fraction"] == 1  # marks are words
        assert signals["word_count"] == before[doc_id]["word_count"]
    decided = named(mill, "decisions", "rule", "measured")
    assert ("short german", "own.german_web", "38") in decided
    assert tune(mill.warehouse, recipe.load(path, [other])).drops == len(decided)
