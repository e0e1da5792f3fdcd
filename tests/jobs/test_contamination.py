"""Items of benchmarks on their way through a run."""

import json

import pytest

from corpusmill.jobs.explain import explain
from corpusmill.schemas.errors import UserError

from .mill import Mill, prose
from .test_keepers import page, published

QUESTION, ANSWER = prose(100, 40), prose(101, 30)


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    """The tests run it one after another, each with another recipe or other inputs."""
    tmp_path = tmp_path_factory.mktemp("contamination")
    benchmark = {"name": "gsm8k", "path": "tests.jsonl", "field": ["question", "answer"]}
    mill = Mill(tmp_path, outputs=["corpus"], decontaminate={"benchmarks": [benchmark]}, passages=None)
    del mill.recipe["anonymise"], mill.recipe["tokenise"], mill.recipe["passages"]
    items = [
        {"id": "q1", "question": QUESTION, "answer": ANSWER},
        {"id": "q2", "question": "Which river is the longest?", "answer": "Nile"},
    ]
    (tmp_path / "tests.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
    mill.write(
        "1.jsonl",
        page("question", f"{prose(1, 100)}\n\n{QUESTION.upper()}\n\n{prose(2, 100)}"),
        page("answer", f"{prose(3, 60)} {ANSWER.replace('.', ' !')} {prose(4, 60)}"),
        page("short", f"{prose(5, 60)} which river is the longest, asked {prose(6, 60)}"),
        page("clean", prose(7, 200)),
        {"id": "talk", "messages": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Seven."}]},
    )
    return mill


def rows(mill):
    own = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    return sorted(
        (own[r["doc_id"]], r["benchmark"], r["item_id"], round(r["overlap"], 2)) for r in mill.rows("contamination")
    )


def test_documents_with_items_are_dropped_with_evidence(mill):
    mill.run()
    assert published(mill) == ["clean"]
    found = rows(mill)
    assert [row[:3] for row in found] == [
        ("answer", "gsm8k", "q1"), ("question", "gsm8k", "q1"), ("short", "gsm8k", "q2"), ("talk", "gsm8k", "q1"),
    ]  # fmt: skip
    texts = {r["doc_id"]: r["text"] for r in mill.rows("documents")}
    spans = {
        own: texts[r["doc_id"]][r["start"] : r["end"]] for r in mill.rows("contamination") for own in [r["item_id"]]
    }
    assert spans["q2"].lower() == "which river is the longest"
    decided = {r["rule"] for r in mill.rows("decisions")}
    assert decided == {"decontaminate"}
    assert "dropped by decontaminate" in explain(mill.warehouse, "answer").steps[-1].what
    assert "1 of 4 texts of benchmarks have fewer than 5 words" in " ".join(mill.progress.notes)
    assert "<h2>Benchmarks</h2>" in (mill.folder / "warehouse" / "report.html").read_text()


def test_passages_are_cut_and_conversations_go(mill):
    mill.recipe["decontaminate"]["action"] = "cut"
    mill.run()
    assert published(mill) == ["answer", "clean", "question", "short"]
    texts = {r["source_id"]: r["text"] for r in mill.rows("corpus")}
    assert QUESTION.upper() not in texts["question"] and texts["question"].startswith(prose(1, 100))
    assert "longest" not in texts["short"]


@pytest.mark.long
def test_flagged_ones_stay_and_explain_says_what_they_hold(mill):
    mill.recipe["decontaminate"]["action"] = "flag"
    mill.run()
    assert len(published(mill)) == 5 and len(rows(mill)) == 4
    assert any(
        "holds 1 item of benchmarks: gsm8k: q1 (100%)" in step.what for step in explain(mill.warehouse, "answer").steps
    )


@pytest.mark.long
def test_a_text_is_looked_at_once_and_a_changed_benchmark_makes_all_be_looked_at_again(mill):
    mill.recipe["decontaminate"]["action"] = "drop"
    mill.run()
    mill.write("2.jsonl", page("late", f"{prose(8, 60)} {QUESTION}"), page("fine", prose(9, 200)))
    done = mill.run()
    assert published(mill) == ["clean", "fine"]
    scanned = {r["run_id"] for r in mill.rows("contamination_scans")}
    assert len(scanned) == 2 and done.run_id in scanned
    (mill.folder / "tests.jsonl").write_text(
        json.dumps({"id": "other", "question": prose(7, 200), "answer": prose(55)}) + "\n"
    )
    mill.run()
    assert published(mill) == ["answer", "fine", "late", "question", "short", "talk"]
    del mill.recipe["decontaminate"]
    mill.run()
    assert len(published(mill)) == 7 and mill.rows("contamination") == []


def test_a_benchmark_without_the_field_is_told(mill):
    benchmark = {"name": "gsm8k", "path": "tests.jsonl", "field": "problem"}
    mill.recipe["decontaminate"] = {"benchmarks": [benchmark]}
    with pytest.raises(UserError, match=r"benchmark `gsm8k`: tests.jsonl, line 1: field `problem` is missing"):
        mill.run()
