"""The mixture of a recipe, from documents to packed sequences, and its plan before it is made."""

from collections import Counter

import pytest
from typer.testing import CliRunner

from corpusmill.jobs.cli import app

from .mill import Mill, prose
from .test_keepers import page

SOURCES = {"web": 60, "wiki": 8, "left": 3}
MIX = {"weights": {"source": {"web": 0.75, "wiki": 0.25}}, "max_epochs": {"wiki": 2, "default": 1}}


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    """60 documents of web, 8 of wiki, 3 of a source without weight; mixed."""
    sources = [{"name": name, "path": f"in/{name}.jsonl"} for name in SOURCES]
    mill = Mill(tmp_path_factory.mktemp("mix"), sources=sources, mix=MIX, split={"test": 0.1})
    seed = 0
    for name, n in SOURCES.items():
        mill.write(f"{name}.jsonl", *(page(f"{name}-{k}", prose(seed + k, 60)) for k in range(n)))
        seed += n
    mill.run(last="near_dedup")
    mill.before = dry_run(mill)
    mill.run()
    return mill


def dry_run(mill):
    path = str(mill.folder / "recipe.yml")
    told = CliRunner().invoke(app, ["run", path, "--warehouse", mill.warehouse, "--dry-run"])
    assert told.exit_code == 0, told.output
    return told.output


def copies_of(mill):
    return {r["doc_id"]: r["copies"] for r in mill.rows("mix_plan")}


def test_shares_hold_within_a_percent_of_the_tokens(mill):
    counted = {r["doc_id"]: r["n_tokens"] for r in mill.rows("token_counts")}
    mixed, there = Counter(), Counter()
    for row in mill.rows("mix_plan"):
        mixed[row["group"]] += counted[row["doc_id"]] * row["copies"]
        there[row["group"]] += counted[row["doc_id"]]
    longest = max(counted.values())
    assert mixed["wiki"] == 2 * there["wiki"] and mixed["left"] == 0
    assert 0 <= 3 * mixed["wiki"] - mixed["web"] <= longest


def test_no_document_is_repeated_beyond_its_cap(mill):
    copies = Counter((r["group"], r["copies"]) for r in mill.rows("mix_plan"))
    assert copies["wiki", 2] == 8 and copies["left", 0] == 3
    assert copies["web", 0] + copies["web", 1] == 60 and copies["web", 0] > 0


def test_what_is_not_taken_has_a_decision_and_the_funnel_balances(mill):
    copies = copies_of(mill)
    out = {doc_id for doc_id, n in copies.items() if n == 0}
    decided = {r["doc_id"]: r["rule"] for r in mill.rows("decisions") if r["stage"] == "mix"}
    assert decided.keys() == out and set(decided.values()) == {"mix.weights", "mix.share"}
    assert {r["doc_id"] for r in mill.rows("corpus")} == copies.keys() - out
    assert mill.funnel()["mix"] == (71, 71 - len(out), len(out), 0)


def test_packs_repeat_a_document_as_often_as_planned_and_never_in_one_sequence(mill):
    copies, packed = copies_of(mill), Counter()
    for piece in mill.rows("packing_plan"):
        packed[piece["doc_id"]] += piece["end"] - piece["start"]
    for row in mill.rows("corpus"):
        times = copies[row["doc_id"]] if row["split"] == "train" else 1
        assert packed[row["doc_id"]] == times * (row["n_tokens"] + 1)
    for row in mill.rows("pretraining_sequences"):
        assert len(set(row["doc_ids"])) == len(row["doc_ids"])


def test_the_plan_is_shown_before_and_is_the_one_that_was_made(mill):
    after = dry_run(mill)
    assert "estimated" in mill.before and "mixture:" in after and "estimated" not in after
    wiki = next(line for line in after.splitlines() if line.startswith("wiki"))
    assert "25.0%" in wiki and wiki.rstrip().endswith("2.00")


def test_the_report_tells_wanted_and_reached_shares(mill):
    report = (mill.folder / "warehouse" / "report.html").read_text()
    assert 'id="mixture"' in report and "Wanted share" in report


def test_the_same_is_chosen_again_whatever_the_order_of_records(mill, tmp_path):
    plain = ("anonymise", "tokenise", "outputs", "name")
    other = Mill(tmp_path, **{key: value for key, value in mill.recipe.items() if key not in plain})
    other.recipe["outputs"] = ["corpus"]
    del other.recipe["anonymise"], other.recipe["tokenise"]
    for name in SOURCES:
        lines = (mill.folder / "in" / f"{name}.jsonl").read_text().splitlines()
        other.write(f"{name}.jsonl", *reversed(lines))
    other.run(last="mix")
    assert copies_of(other) == copies_of(mill)


def test_a_recipe_without_mix_takes_all_again(mill):
    del mill.recipe["mix"]
    mill.run()
    assert len(mill.rows("corpus")) == 71 and not mill.rows("mix_plan")
    assert not [r for r in mill.rows("decisions") if r["stage"] == "mix"]
