"""Repeated passages through the whole pipeline: what is cut, what follows from it, and what a later run does."""

import json
import textwrap

import pytest

from corpusmill.jobs.erase import erase
from corpusmill.jobs.explain import explain
from corpusmill.jobs.verify import verify

from .mill import Mill, Quiet, prose

MAIL = "rights@example.org"
NOTICE = (
    "All rights reserved to the authors of the pages. No part of this site may be copied, kept or sent to others "
    f"without the consent of the owner, which you can have if you write to {MAIL} and wait for an answer of ours. "
    "That holds for the texts and for the pictures that we have made with those who work here."
)
WORDS = "That is what we have to be with, and the rest of it is for those who read on."


def page(name, *passages):
    return {"id": name, "text": "\n\n".join(passages)}


def wrapped(text):
    return textwrap.fill(text, 70, break_long_words=False, break_on_hyphens=False)


def own(seed, n_words=60):
    return f"{prose(seed, n_words)} {WORDS}"


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    """Run once; the tests look at what came out."""
    quality = {"rules": ["gopher_quality"], "limits": {"gopher_quality.word_count": {"minimum": 50}}}
    mill = Mill(tmp_path_factory.mktemp("mill"), quality=quality, passages={"minimum_documents": 5})
    mill.write(
        "a.jsonl",
        *(page(f"p{n}", own(n), NOTICE) for n in range(3)),
        page("longest", own(10, 300), NOTICE),
        page("wrapped", wrapped(NOTICE.upper()), wrapped(own(11))),
        page("between", own(12), NOTICE, own(13)),
        page("short", own(14, 20), NOTICE),
        page("nothing", NOTICE),
        page("twin with", own(15), NOTICE),
        page("twin", own(15)),
    )
    mill.write("b.jsonl", *(page(f"more {n}", own(100 + n)) for n in range(5)))
    mill.result = mill.run()
    mill.ids = {r["source_id"]: r["doc_id"] for r in mill.rows("raw_documents")}
    return mill


def published(mill):
    return {r["source_id"]: r["text"] for r in mill.rows("corpus")}


def decided(mill):
    names = {doc_id: name for name, doc_id in mill.ids.items()}
    return {names[r["doc_id"]]: r for r in mill.rows("decisions")}


def test_one_document_keeps_the_passage_and_the_others_are_published_without_it(mill):
    texts = published(mill)
    assert [name for name, text in texts.items() if "rights reserved" in text.lower()] == ["longest"]
    assert texts["p0"] == own(0) and texts["wrapped"] == wrapped(own(11))
    assert texts["between"] == f"{own(12)}\n\n{own(13)}"
    assert texts["more 1"] == own(101)


def test_edits_say_what_was_cut_of_the_text_that_stays_as_it_was(mill):
    text = {r["doc_id"]: r["text"] for r in mill.rows("documents")}
    cut = {r["doc_id"]: text[r["doc_id"]][r["start"] : r["end"]].strip() for r in mill.rows("edits")}
    assert cut[mill.ids["p0"]] == NOTICE
    assert len(cut) == len(mill.rows("edits")) == 8
    assert {(r["stage"], r["rule"], r["replacement"]) for r in mill.rows("edits")} == {("filter", "passages", "")}


def test_a_document_that_shrinks_under_a_limit_is_dropped_in_filter(mill):
    short = decided(mill)["short"]
    assert (short["stage"], short["rule"]) == ("filter", "gopher_quality.word_count")
    assert int(short["measured"]) < 50 and short["detail"].startswith("after cuts")


def test_a_document_of_which_nothing_is_left_is_empty(mill):
    nothing = decided(mill)["nothing"]
    assert (nothing["stage"], nothing["rule"], nothing["detail"]) == ("filter", "empty", "after cuts")


def test_documents_that_are_equal_after_the_cuts_are_duplicates(mill):
    twins = [decided(mill).get(name) for name in ("twin", "twin with")]
    assert sorted(t["stage"] for t in twins if t) == ["exact_dedup"]
    assert len(mill.rows("minhash_signatures")) == len(mill.rows("corpus"))


def test_the_version_names_the_counts_and_verifies(mill):
    assert "passage_counts" in mill.rows("dataset_versions")[0]["tables"]
    assert [(r["source"], r["n_documents"]) for r in mill.rows("passage_counts") if r["n_documents"] > 4] == [
        ("pages", 9)
    ]
    assert verify(mill.warehouse).ok


def test_explain_and_report_show_what_was_cut_masked(mill):
    steps = {s.stage: s for s in explain(mill.warehouse, "p0").steps}
    assert steps["filter"].what.startswith("1 passage cut, ") and '"All rights reserved' in steps["filter"].what
    report = (mill.folder / "warehouse" / "report.html").read_text()
    assert "Passages cut" in report and "All rights reserved" in report
    assert MAIL not in report and MAIL not in json.dumps([s.what for s in steps.values()])


def test_the_tables_of_passages_hold_no_text(mill):
    for table in ("passages", "passage_counts", "edited_documents", "edits"):
        assert "rights" not in json.dumps(mill.rows(table), default=str)


class TestAfterwards:
    """In order: each goes on from where the one before left the warehouse."""

    def test_a_second_run_does_nothing(self, mill):
        assert mill.run().stages == []

    def test_a_later_document_is_cut_by_the_same_counts_and_changes_its_own_rows_only(self, mill):
        tables = ("documents", "passages", "edited_documents", "edits", "minhash_signatures", "corpus")
        before = {t: {r["doc_id"]: r for r in mill.rows(t)} for t in (*tables, "decisions")}
        counts = mill.rows("passage_counts")
        mill.write("c.jsonl", page("late", own(50, 400), NOTICE), page("p1", own(1), "A line of its own here."))
        mill.run()
        mill.ids = {r["source_id"]: r["doc_id"] for r in mill.rows("raw_documents")}
        assert published(mill)["late"] == own(50, 400)
        assert published(mill)["p1"] == f"{own(1)}\n\nA line of its own here."
        assert mill.rows("passage_counts") == counts
        touched = {mill.ids["late"], mill.ids["p1"]}
        for table in before:
            now = {r["doc_id"]: r for r in mill.rows(table)}
            changed = {d for d in now.keys() | before[table].keys() if now.get(d) != before[table].get(d)}
            assert changed <= touched, table
        assert mill.ids["p1"] not in {r["doc_id"] for r in mill.rows("edits")}

    @pytest.mark.long
    def test_new_statistics_are_made_when_asked_for(self, mill):
        mill.run("statistics=new")
        assert {r["n_documents"] for r in mill.rows("passage_counts") if r["n_documents"] > 4} == {9}
        assert "rights" in published(mill)["late"] and "rights" not in published(mill)["longest"]

    def test_another_document_keeps_what_an_erased_one_kept(self, mill):
        mill.run()
        counts = {(r["hash"], r["n_documents"]) for r in mill.rows("passage_counts")}
        erase(mill.warehouse, doc_ids=[mill.ids["late"]], confirm=lambda found: True, progress=Quiet())
        assert {name for name, text in published(mill).items() if "rights reserved" in text.lower()} == {"longest"}
        assert {(r["hash"], r["n_documents"]) for r in mill.rows("passage_counts")} <= counts
        assert verify(mill.warehouse).ok

    def test_without_the_key_nothing_is_cut(self, mill):
        del mill.recipe["passages"]
        mill.run()
        assert mill.rows("edits") == [] == mill.rows("edited_documents")
        assert published(mill)["p0"].startswith(f"{own(0)}\n\nAll rights reserved")
        assert {name for name, r in decided(mill).items() if r["stage"] == "filter"} == set()
