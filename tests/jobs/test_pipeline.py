"""The whole way on a small dataset: every fate once, then nothing to do, then one change."""

import json
from pathlib import Path

import pytest

import corpusmill
from corpusmill.jobs.verify import verify
from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import tokens

from .mill import Mill, prose

MAIL = "anna.muster@example.org"
MET = f"Yesterday I met {{}} at the old harbour. {prose(7)}"


def page(name, text, author="Redaktion"):
    return {"id": name, "text": text, "author": author}


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    """Run once; the tests look at what came out."""
    mill = Mill(tmp_path_factory.mktemp("mill"))
    base = prose(1, 200)
    mill.write(
        "a.jsonl",
        page("long", base + " One sentence more than the others."),
        page("near", base),
        page("copy", "  " + base.upper() + "\n"),
        page("mail", f"Write to {MAIL} if you like. {prose(2)}", author=MAIL),
        page("empty", "   "),
        page("twice", "an older record"),
        f'{{"id": "broken", "text": "{MAIL}',
    )
    mill.write("b.jsonl", page("twice", prose(3)), {"id": "nothing", "author": MAIL})
    mill.write("c.jsonl", *(page(f"more {n}", prose(100 + n)) for n in range(40)))
    mill.result = mill.run()
    return mill


@pytest.fixture(scope="module")
def by_id(mill):
    return {r["source_id"]: r for r in mill.rows("raw_documents")}


def test_the_funnel_adds_up_at_every_stage(mill):
    assert mill.funnel() == {
        "ingest": (49, 46, 0, 3),
        "prepare": (46, 46, 0, 0),
        "filter": (46, 45, 1, 0),
        "exact_dedup": (45, 44, 1, 0),
        "near_dedup": (44, 43, 1, 0),
        "mix": (43, 43, 0, 0),
        "anonymise": (43, 43, 0, 0),
        "shape": (43, 43, 0, 0),
        "publish": (43, 43, 0, 0),
    }


def test_each_dropped_document_has_one_decision_that_tells_why(mill, by_id):
    decisions = {r["doc_id"]: r for r in mill.rows("decisions")}
    assert len(decisions) == len(mill.rows("decisions")) == 3
    # Two equal texts, both nearly equal to a longer one: which of the two goes first depends on their ids alone.
    first, second = sorted((decisions[by_id[name]["doc_id"]] for name in ("near", "copy")), key=lambda r: r["stage"])
    assert first["stage"] == "exact_dedup" and first["detail"] == f"duplicate of {second['doc_id']}"
    assert second["stage"] == "near_dedup" and second["detail"] == f"duplicate of {by_id['long']['doc_id']}"
    assert 0.7 <= float(second["measured"]) < 1
    assert decisions[by_id["empty"]["doc_id"]]["rule"] == "empty"


def test_exact_copies_of_a_near_duplicate_name_the_document_that_is_kept_in_the_end(mill, by_id):
    clusters = {r["doc_id"]: r for r in mill.rows("duplicate_clusters")}
    kept = by_id["long"]["doc_id"]
    assert {clusters[by_id[name]["doc_id"]]["kept_doc_id"] for name in ("near", "copy", "long")} == {kept}


def test_broken_records_stand_in_quarantine_with_file_line_and_reason(mill):
    found = {(r["uri"], r["locator"]): r["error"] for r in mill.rows("quarantine")}
    assert set(found) == {("a.jsonl", "line 6"), ("a.jsonl", "line 7"), ("b.jsonl", "line 2")}
    assert "later record has the same id: b.jsonl, line 1" in found["a.jsonl", "line 6"]


def test_the_published_text_holds_no_address_and_the_findings_say_where_it_was(mill, by_id):
    row = next(r for r in mill.rows("corpus") if r["source_id"] == "mail")
    assert row["text"].startswith("Write to <EMAIL_ADDRESS> if you like.")
    assert row["metadata"] == {"author": "<EMAIL_ADDRESS>"}
    found = {(r["field"], r["start"], r["end"], r["entity_type"]) for r in mill.rows("pii_findings")}
    assert found == {
        ("text", 9, 9 + len(MAIL), "EMAIL_ADDRESS"),
        ("metadata.author", 0, len(MAIL), "EMAIL_ADDRESS"),
    }
    text = next(r["text"] for r in mill.rows("documents") if r["source_id"] == "mail")
    assert text[9 : 9 + len(MAIL)] == MAIL


def test_raw_personal_data_stands_nowhere_but_in_raw_documents_and_documents(mill):
    for table in ("quarantine", "decisions", "corpus", "pii_findings", "stage_runs", "dataset_versions", "tokens"):
        assert MAIL not in json.dumps(mill.rows(table), default=str), table
    files = [f for f in Path(mill.warehouse).rglob("*") if f.is_file() and f.suffix != ".parquet"]
    assert len(files) > 20
    for file in files:
        assert MAIL.encode() not in file.read_bytes(), file
    assert not Path(mill.warehouse, "_work").exists()


def test_packs_give_back_every_published_document_once_and_in_order(mill):
    tokenizer = tokens.load_tokenizer(None)
    end = tokenizer.end_token_id
    pieces = {}
    for row in mill.rows("pretraining_sequences"):
        length = row["length"]
        assert len(row["input_ids"]) == len(row["position_ids"]) == len(row["segment_ids"]) == 64
        assert row["segment_ids"][length:] == [-1] * (64 - length)
        assert max(row["segment_ids"][:length]) == len(row["doc_ids"]) - 1
        for segment, doc_id in enumerate(row["doc_ids"]):
            at = [n for n, s in enumerate(row["segment_ids"][:length]) if s == segment]
            assert [row["position_ids"][n] for n in at] == list(range(len(at)))
            pieces.setdefault((row["sequence_id"], segment), (doc_id, [row["input_ids"][n] for n in at]))
    plan = sorted(mill.rows("packing_plan"), key=lambda r: (r["doc_id"], r["start"]))
    documents = {}
    for row in plan:
        doc_id, ids = pieces.pop((row["sequence_id"], row["position"]))
        assert doc_id == row["doc_id"] and len(ids) == row["end"] - row["start"]
        assert row["start"] == len(documents.get(doc_id, []))
        documents.setdefault(doc_id, []).extend(ids)
    assert not pieces
    for row in mill.rows("corpus"):
        expected = tokenizer.encode([row["text"]])[0].tolist()
        assert row["n_tokens"] == len(expected)
        assert documents.pop(row["doc_id"]) == [*expected, end]
    assert not documents


def test_the_version_can_be_loaded_and_verified(mill):
    assert mill.result.version == "small@1"
    assert corpusmill.load("small@1", warehouse=mill.warehouse, columns=["doc_id"]).num_rows == 43
    assert verify(mill.warehouse).ok


def test_no_statistics_of_texts_stand_in_the_delta_log(mill):
    for log in Path(mill.warehouse).glob("*/_delta_log/*.json"):
        for action in map(json.loads, log.read_text().splitlines()):
            statistics = json.loads((action.get("add") or {}).get("stats") or "{}")
            strings = {k for k, v in statistics.get("minValues", {}).items() if isinstance(v, str) and len(v) != 32}
            assert strings <= {"sequence_id", "run_date", "ingested_at", "created_at", "finished_at"}, (log, strings)


class TestAfterwards:
    """In order: each goes on from where the one before left the warehouse."""

    def test_a_second_run_does_nothing(self, mill):
        before = {t: mill.rows(t) for t in ("stage_runs", "dataset_versions")}
        result = mill.run()
        assert not result.stages and len(result.skipped) == 9
        assert before == {t: mill.rows(t) for t in before}

    def test_another_recipe_is_refused(self, mill):
        mill.recipe["name"] = "other"
        with pytest.raises(UserError, match="holds the dataset 'small'"):
            mill.run()
        mill.recipe["name"] = "small"

    def test_a_changed_document_changes_its_own_rows_only(self, mill):
        before = {t: {r["doc_id"]: r for r in mill.rows(t)} for t in ("documents", "corpus", "minhash_signatures")}
        mill.write("d.jsonl", page("more 7", MET.format("someone")))
        result = mill.run()
        assert result.version == "small@2"
        for table, old in before.items():
            changed = [r for r in mill.rows(table) if r != old[r["doc_id"]]]
            assert [r["doc_id"] for r in changed] == [corpusmill_id("more 7")], table
        assert {s["stage"]: s["n_done"] for s in result.stages}["anonymise"] == 1

    def test_the_old_version_is_still_there(self, mill):
        old, new = (
            {r["source_id"]: r["text"] for r in corpusmill.load(v, warehouse=mill.warehouse).to_pylist()}
            for v in ("small@1", "small@2")
        )
        assert "Yesterday" not in old["more 7"] and "Yesterday" in new["more 7"]
        assert {k: v for k, v in old.items() if k != "more 7"} == {k: v for k, v in new.items() if k != "more 7"}

    def test_an_increment_ends_where_a_fresh_run_does(self, mill, tmp_path):
        fresh = Mill(tmp_path)
        for file in (mill.folder / "in").iterdir():
            (fresh.folder / "in" / file.name).write_bytes(file.read_bytes())
        fresh.run()
        assert fresh.content_hash() == mill.content_hash()
        assert fresh.funnel() == mill.funnel()

    def test_a_stage_that_is_left_out_takes_its_decisions_back(self, mill):
        del mill.recipe["near_dedup"], mill.recipe["exact_dedup"]
        mill.run()
        assert mill.funnel()["anonymise"] == (45, 45, 0, 0)
        assert [r["stage"] for r in mill.rows("decisions")] == ["filter"]
        assert mill.rows("duplicate_clusters") == []


def corpusmill_id(own):
    from corpusmill.transforms.text.identity import doc_id

    return doc_id("pages", own)


def test_a_field_that_no_record_has_is_the_recipes_fault(spark, tmp_path):
    mill = Mill(tmp_path)
    mill.recipe["sources"][0]["fields"] = {"id": "id", "text": "txet"}
    mill.write("a.jsonl", page("1", "one"), page("2", "two"))
    with pytest.raises(UserError, match="field `txet`"):
        mill.run()


@pytest.mark.long
def test_a_file_that_could_not_be_reached_is_tried_again_by_the_next_run(spark, tmp_path):
    mill = Mill(tmp_path)
    mill.write("a.jsonl", page("a", prose(1)))
    unreachable = tmp_path / "in" / "b.jsonl"
    unreachable.symlink_to("/proc/self/mem")  # its first byte gives an input/output error, even to root
    mill.run()
    assert [(r["uri"], r["error"]) for r in mill.rows("quarantine")] == [
        ("b.jsonl", "cannot be read: Input/output error")
    ]
    again = mill.run()
    assert "ingest" not in again.skipped and "prepare" in again.skipped
    unreachable.unlink()
    mill.write("b.jsonl", page("b", prose(2)))
    mill.run()
    assert mill.rows("quarantine") == [] and len(mill.rows("corpus")) == 2
    assert "ingest" in mill.run().skipped


def test_a_stage_alone_needs_the_one_before_it(spark, tmp_path):
    mill = Mill(tmp_path)
    mill.write("a.jsonl", page("1", prose(1)))
    with pytest.raises(UserError, match="needs stage ingest"):
        mill.run(first="prepare", last="prepare")
    with pytest.raises(UserError, match="Stages, in order: ingest, prepare"):
        mill.run(first="clean")


def test_no_documents_at_all_make_an_empty_version(spark, tmp_path):
    mill = Mill(tmp_path)
    mill.write("a.jsonl", page("1", "  "))
    assert mill.run().version == "small@1"
    assert mill.rows("corpus") == [] and verify(mill.warehouse).ok
