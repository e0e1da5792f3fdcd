"""A person is erased: seen first, gone from every byte after it, not brought back, and finished after a kill."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import corpusmill
from corpusmill.jobs import erase as job
from corpusmill.jobs import erasures, light
from corpusmill.jobs.erase import erase
from corpusmill.jobs.explain import explain
from corpusmill.jobs.verify import verify
from corpusmill.jobs.versions import listing
from corpusmill.jobs.warehouse import Warehouse
from corpusmill.schemas.errors import RunFailed, UserError
from corpusmill.transforms.text import identity, tokens
from corpusmill.transforms.text.subject import subject

from ..every_byte import contents
from .mill import Mill, Quiet, prose

NAME = "Anna Müller"
PAGES = {
    "name": f"Gestern kam Anna Müller. {prose(1)}",
    "capitals": f"GESTERN KAM ANNA MUELLER. {prose(2)}",
    "turned": f"Unterschrift: Müller, Anna. {prose(3)}",
    "initials": f"Gezeichnet A. Müller. {prose(4)}",
    "long": f"{prose(10, 200)} Anna Müller wrote this.",
    "moving": f"Anna Müller stood here first. {prose(5)}",
}
CLEAN = {
    "near": prose(10, 200),  # removed in favour of `long`
    "another": f"Johanna Müller und Anna Müllerin. {prose(6)}",
    "pair one": prose(7),
    "pair two": prose(7).upper(),  # an exact copy
    **{f"more {n}": prose(100 + n) for n in range(12)},
}
EXPECTED = {"name", "capitals", "turned", "initials", "long", "author", "anna_mueller.txt", "chat"}


def page(name, text, author="Redaktion"):
    return {"id": name, "text": text, "author": author}


def deliver(mill: Mill) -> None:
    mill.write("a.jsonl", *(page(*item) for item in {**PAGES, **CLEAN}.items()))
    mill.write("b.jsonl", page("author", prose(8), author=NAME), f'{{"id": "broken", "text": "{NAME} war hier')
    turns = [
        {"role": "user", "content": f"Hier ist Anna Müller. {prose(20, 10)}"},
        {"role": "assistant", "content": "Ja."},
    ]
    mill.write("../chats/a.jsonl", {"id": "chat", "messages": turns})
    (mill.folder / "texts" / "anna_mueller.txt").write_text(prose(21))
    (mill.folder / "texts" / "other.txt").write_text(prose(22))


def new_mill(folder: Path) -> Mill:
    mill = Mill(folder, outputs=["corpus", "pretraining_sequences", "sft_conversations"])
    mill.recipe["sources"] += [
        {"name": "chats", "path": "chats/*.jsonl", "content_type": "conversation"},
        {"name": "texts", "path": "texts"},
    ]
    for name in ("chats", "texts"):
        (folder / name).mkdir()
    return mill


def gone(mill: Mill, **what):
    return erase(mill.warehouse, confirm=lambda found: True, progress=Quiet(), **what)


def told(mill: Mill) -> set[str]:
    """Files of the warehouse in which the person stands."""
    wanted = subject(NAME)
    found = {str(f.relative_to(mill.warehouse)) for f, text in contents(Path(mill.warehouse)) if wanted.find(text)}
    return found | {name for name in map(str, Path(mill.warehouse).rglob("*")) if wanted.find(name)}


def data_files(mill: Mill) -> list[Path]:
    """Parquet files of all tables but the record of erasures."""
    files = [f for f in Path(mill.warehouse).rglob("*.parquet") if not {"_delta_log", "erasures"} & set(f.parts)]
    assert files
    return files


def ids(mill: Mill) -> dict[str, str]:
    return {r["source_id"]: r["doc_id"] for r in mill.rows("raw_documents")}


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    """Two versions, the second with another content of `moving`; then looked at, and erased."""
    mill = new_mill(tmp_path_factory.mktemp("erase"))
    deliver(mill)
    mill.run()
    mill.write("c.jsonl", page("moving", prose(55)))
    mill.run()
    mill.ids, mill.held = ids(mill), told(mill)
    audit = Path(mill.warehouse, "audits", "small@1")
    audit.mkdir(parents=True)
    for name in ("report.html", "report.json"):
        (audit / name).write_text(f"{NAME} stands here")
    mill.dry = erase(mill.warehouse, subject=NAME, dry_run=True, confirm=None, progress=Quiet())
    mill.unchanged = ids(mill) == mill.ids and not light.exists(mill.warehouse, "erasures")
    mill.done = gone(mill, subject=NAME)
    mill.left = told(mill)
    mill.hidden = identity.doc_id("texts", "anna_mueller.txt")
    return mill


def test_a_dry_run_shows_what_would_go_and_changes_nothing(mill):
    assert mill.dry.state == "found" and mill.unchanged
    assert set(mill.dry.documents) == {mill.ids[name] for name in EXPECTED}
    assert mill.dry.earlier == [mill.ids["moving"]]
    assert mill.dry.versions == ["small@1", "small@2"] and len(mill.dry.mlflow_runs) == 2
    assert (mill.dry.files, mill.dry.records) == (1, 2)
    assert mill.dry.tables["raw_documents"] == mill.dry.tables["documents"] == len(EXPECTED)
    assert mill.dry.tables["sft_conversations"] == 1 and mill.dry.tables["pretraining_sequences"] >= 1


def test_what_is_shown_is_masked(mill):
    shown = {row["doc_id"]: row for row in mill.dry.samples}
    assert shown[mill.ids["name"]]["context"].startswith("Gestern kam <SUBJECT>. The")
    assert shown[mill.ids["initials"]]["found"] == "text: initials"
    assert shown[mill.ids["author"]]["found"] == "metadata: name"
    assert not subject(NAME).find(str(mill.dry.to_dict()))


def test_the_person_stood_in_many_files_and_stands_in_no_byte_now(mill):
    held = {name.split("/")[0] for name in mill.held}
    assert {"raw_documents", "documents", "corpus", "sft_conversations", "input_files", "quarantine"} <= held
    assert mill.left == set()


def test_no_sequence_of_tokens_holds_the_person(mill):
    tokenizer = tokens.load_tokenizer(None, None)
    rows = mill.rows("pretraining_sequences") + mill.rows("sft_conversations")
    texts = [tokenizer.backend.decode(r["input_ids"][: r["length"]]) for r in rows]
    assert any("garden" in text for text in texts) and not any(subject(NAME).find(text) for text in texts)


def test_no_data_file_but_the_record_names_an_erased_document(mill):
    rows = {f: str(pq.read_table(f).to_pylist()).replace(f"'erased:{mill.hidden}'", "") for f in data_files(mill)}
    assert [f for f, text in rows.items() for doc_id in mill.done.documents if doc_id in text] == []


def test_others_stay_and_what_was_removed_for_an_erased_one_is_judged_again(mill):
    now = {r["source_id"] for r in mill.rows("raw_documents")}
    assert now == set(mill.ids) - EXPECTED
    kept = {r["source_id"] for r in mill.rows("corpus")}
    assert {"near", "another", "moving", "other.txt", "pair one"} <= kept
    assert not [r for r in mill.rows("duplicate_clusters") if r["kept_doc_id"] in mill.done.documents]


def test_the_result_is_a_version_that_verifies_and_the_older_ones_say_why_not(mill):
    assert mill.done.published == "small@3"
    assert verify(mill.warehouse).ok
    for version in ("small@1", "small@2"):
        found = verify(mill.warehouse, version)
        wrong = {check.what: check.found for check in found.checks if not check.ok}
        assert f"erased by request {mill.done.request_id}" in wrong["table corpus"]
        with pytest.raises(RunFailed, match=f"erased by request {mill.done.request_id}"):
            corpusmill.load(version, warehouse=mill.warehouse)
    assert corpusmill.load("small", warehouse=mill.warehouse).num_rows == len(mill.rows("corpus"))


def test_versions_are_listed_with_their_hashes_and_what_was_erased_of_them(mill):
    rows = {row["version"]: row for row in listing(mill.warehouse)}
    assert rows["small@1"]["erased"] == rows["small@2"]["erased"] == [mill.done.request_id]
    assert rows["small@3"]["erased"] == [] and rows["small@1"]["content_hash"] and rows["small@1"]["tokens"] is None


def test_the_record_holds_hashes_only(mill):
    (row,) = mill.rows("erasures")
    assert (row["request_id"], row["state"]) == (mill.done.request_id, "done")
    assert row["subject_hmac"] and row["key_id"] and row["doc_ids"] == mill.done.documents
    assert row["versions"] == ["small@1", "small@2"] and row["tables"]["corpus"] >= 6
    assert "reports/small@1.html" in row["artifacts"] and len(row["artifacts"]) == 6
    assert row["finished_at"] >= row["begun_at"]


def test_reports_of_the_older_versions_are_notes_and_the_new_one_is_whole(mill):
    folder = Path(mill.warehouse)
    pages = [folder / "reports" / "small@1.html", *(folder / "mlflow" / "artifacts").rglob("report.html")]
    notes = [page for page in pages if "was removed" in page.read_text()]
    assert len(notes) == 3 and len(pages) == 4
    audits = list((folder / "audits").rglob("*.*"))
    assert [f.name for f in audits] == ["report.html"] and "was removed" in audits[0].read_text()
    assert "near_dedup" in (folder / "report.html").read_text()


def test_explain_says_that_a_document_was_erased(mill):
    with pytest.raises(UserError, match=f"was erased by request {mill.done.request_id}"):
        explain(mill.warehouse, mill.done.documents[0])


def test_the_same_document_again_is_nothing_to_do(mill):
    assert erase(mill.warehouse, doc_ids=mill.done.documents[:1], confirm=None, progress=Quiet()).state == "nothing"


def test_an_unknown_document_and_no_name_at_all_are_refused(mill):
    with pytest.raises(UserError, match="no document 0123"):
        gone(mill, doc_ids=["0123"])
    with pytest.raises(UserError, match="nothing is named"):
        gone(mill)


@pytest.fixture(scope="module")
def again(mill):
    """All files are read anew, with a copy of an erased record under another id among them."""
    mill.before = mill.funnel()["ingest"]
    deliver(mill)
    mill.write("d.jsonl", page("under another id", PAGES["name"]))
    mill.run()
    return mill


def test_the_same_source_ingested_again_leaves_the_person_out(again):
    assert EXPECTED.isdisjoint({r["source_id"] for r in again.rows("raw_documents")})
    assert told(again) == set()
    assert verify(again.warehouse).ok


def test_each_record_left_out_is_accounted_for_in_quarantine(again):
    rows = [r for r in again.rows("quarantine") if r["error"] == f"erased by request {again.done.request_id}"]
    assert {r["snippet"] for r in rows} == {None}
    hidden = [r for r in rows if r["uri"].startswith("erased:")]
    assert len(hidden) == 1 and hidden[0]["uri"] == f"erased:{again.hidden}"
    # Seven records, the broken one, the earlier content of `moving`, the file, and the copy under another id.
    assert len(rows) == 7 + 1 + 1 + 1 + 1
    assert again.funnel()["ingest"][0] == again.before[0] + 1, "the copy"


STEPS = ("remove", "half of the stages", "reports", "half of the purge", "the last word")


class Killed(Exception):
    pass


def killed_at(step: str, patch: pytest.MonkeyPatch) -> None:
    def die(*args, **kwargs):
        raise Killed(step)

    if step == "remove":
        patch.setattr(job, "run_stages", die)
    elif step == "half of the stages":
        patch.setattr("corpusmill.jobs.near_dedup._sign", die)
    elif step == "reports":
        patch.setattr(job.erase_artifacts, "replace_reports", die)
    elif step == "half of the purge":
        whole, seen = Warehouse.purge, []
        patch.setattr(Warehouse, "purge", lambda *args: die() if len(seen) > 3 else seen.append(whole(*args)))
    else:
        whole = job.purge
        patch.setattr(job, "purge", lambda *args: (whole(*args), die()))


def kill_and_complete(mill: Mill, steps: tuple[str, ...], name: str) -> job.Erasure:
    """Erase a document, killed at each of the steps one after the other; then once more, to the end."""
    doc_id = ids(mill)[name]
    for n, step in enumerate(steps):
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed, match=step):
            killed_at(step, patch)
            gone(mill, **({"doc_ids": [doc_id]} if n == 0 else {}))
        assert [r["state"] for r in erasures.erasures(mill.warehouse)][-1] == "begun"
        with pytest.raises(RunFailed, match="was begun and did not end"):
            mill.run()
    return gone(mill, doc_ids=[doc_id])


def completed(mill: Mill, done: job.Erasure) -> None:
    assert done.state == "done" and {r["state"] for r in mill.rows("erasures")} == {"done"}
    assert verify(mill.warehouse).ok
    assert set(done.documents).isdisjoint(ids(mill).values())
    files = data_files(mill)
    assert not [f for f in files for doc_id in done.documents if doc_id in str(pq.read_table(f).to_pylist())]


@pytest.mark.long
def test_killed_in_the_middle_and_run_again_it_completes_exact_copies_with_it(again):
    pair = sorted(ids(again)[name] for name in ("pair one", "pair two"))
    before = len(again.rows("dataset_versions"))
    done = kill_and_complete(again, ("half of the purge",), "pair one")
    completed(again, done)
    assert (done.documents, done.published) == (pair, f"small@{before + 1}")
    assert again.run().version == done.published, "the next run changes nothing"


@pytest.mark.long
def test_killed_at_any_step_it_completes(again):
    before = len(again.rows("dataset_versions"))
    done = kill_and_complete(again, STEPS, "more 3")
    completed(again, done)
    assert done.published == f"small@{before + 1}", "and publishes one version"


@pytest.mark.long
def test_who_says_no_keeps_everything(again):
    before = ids(again)
    refused = erase(again.warehouse, doc_ids=[before["more 4"]], confirm=lambda found: False, progress=Quiet())
    assert refused.state == "declined" and ids(again) == before


def test_a_recipe_that_lies_nowhere_is_asked_for(again, tmp_path):
    shutil.copytree(Path(again.warehouse, "dataset_versions"), tmp_path / "dataset_versions")
    with pytest.raises(UserError, match="Name its file: --recipe"):
        erase(str(tmp_path), subject=NAME, confirm=None, progress=Quiet())
    assert erasures.erasures(str(tmp_path)) == []
