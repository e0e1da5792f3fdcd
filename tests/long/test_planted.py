"""Made-up personal data, planted everywhere, is looked for in every byte that a run leaves behind or says."""

import json
import sqlite3
from pathlib import Path

import pytest
import yaml
from deltalake import DeltaTable

from ..every_byte import contents
from ..jobs.mill import Mill, prose
from .command import corpusmill, run_arguments
from .dataset import new_mill, page

pytestmark = pytest.mark.long

PLACES = (
    "dropped", "copied", "similar", "kept", "quarantined", "outvoted", "malformed", "changed", "metadata", "title",
    "identity", "chat", "file",
)  # fmt: skip
# The tables that may hold raw values; input_files holds names of files, by which they are known again.
RAW = ("raw_documents", "documents", "edits", "input_files")

# Valid by their check digits, of accounts that nobody has.
IBANS = ("DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19")
PHONES = ("+49 30 23125 501", "+44 20 7946 0958")


def mail(place: str) -> str:
    return f"{place}.mustermann@beispiel-{place}.example.org"


def needles() -> list[str]:
    """What must not be found: the values as written, and without blanks."""
    values = [mail(p) for p in PLACES] + [f"{p}.mustermann" for p in PLACES] + [*IBANS, *PHONES]
    return values + [v.replace(" ", "") for v in (*IBANS, *PHONES)]


def told(place: str) -> str:
    """A sentence with personal data."""
    return f"You may write to {mail(place)}, pay into {IBANS[0]} or {IBANS[1]}, and call {PHONES[0]} or {PHONES[1]}."


def deliver(mill: Mill) -> None:
    base = f"{told('copied')} {prose(1, 200)}"
    mill.write(
        "a.jsonl",
        page("dropped", told("dropped")),  # too short
        page("long", base),
        page("copy", base + "\n"),
        page("near", base.replace("copied", "similar")),
        page("kept", f"{told('kept')} {prose(2)}", author=mail("metadata"), title=told("title")),
        page(mail("identity"), prose(3)),
        page("twice", f"{told('outvoted')} {prose(4)}"),
        page("moving", f"{told('changed')} {prose(5)}"),
        f'{{"id": "broken", "text": "{told("quarantined")}',
        json.dumps({"id": mail("quarantined"), "body": told("quarantined")}),
        json.dumps({"id": "list", "text": [told("quarantined")]}),
        *(page(f"more {n}", prose(100 + n)) for n in range(12)),
    )
    mill.write("b.jsonl", page("twice", prose(6)))
    speak = [{"role": "user", "content": told("chat")}, {"role": "assistant", "content": f"{told('chat')} {prose(7)}"}]
    mill.write(
        "../chats/a.jsonl",
        {"id": "chat", "messages": speak},
        {"id": "malformed", "messages": [{"role": told("malformed"), "content": told("malformed")}]},
    )
    folder = mill.folder / "texts"
    folder.mkdir(exist_ok=True)
    (folder / f"{mail('file')}.txt").write_text(f"{told('file')} {prose(8)}")
    (folder / "latin.txt").write_bytes(f"Größe {told('file')} {prose(9)}".encode("latin-1"))


@pytest.fixture(scope="module")
def mill(tmp_path_factory) -> Mill:
    """Two runs, the second with a changed and a removed record, then every command; what was said stays there."""
    mill = new_mill(tmp_path_factory.mktemp("planted"))
    mill.recipe["sources"][0] |= {"metadata": ["author", "title"], "deletes": True}
    mill.recipe["sources"].append({"name": "texts", "path": "texts"})
    for name in ("tmp", "spark", "said"):
        (mill.folder / name).mkdir()
    deliver(mill)
    say(mill, *run_arguments(mill))
    mill.write("b.jsonl", page("twice", prose(6)), page("moving", f"{told('changed')} {prose(55)}"))
    say(mill, *run_arguments(mill))
    for table in ("raw_documents", "documents", "corpus"):  # as Delta makes it by itself after ten commits
        DeltaTable(f"{mill.warehouse}/{table}").create_checkpoint()
    ids = {r["doc_id"] for t in ("raw_documents", "decisions", "quarantine") for r in mill.rows(t) if r["doc_id"]}
    for doc_id in sorted(ids):
        say(mill, "explain", doc_id, "--warehouse", mill.warehouse)
    for command in ("status", "versions", "verify"):
        say(mill, command, "--warehouse", mill.warehouse)
        say(mill, command, "--warehouse", mill.warehouse, "--json")
    return mill


def say(mill: Mill, *arguments: str) -> None:
    """Run a command; what it says, what Spark logs and what it leaves in temporary folders stays in the mill's."""
    places = {"TMPDIR": str(mill.folder / "tmp"), "SPARK_LOCAL_DIRS": str(mill.folder / "spark")}
    code, said = corpusmill(*arguments, folder=mill.folder / "said", **places)
    assert code == 0, said


def found_in(text: str) -> list[str]:
    return [n for n in needles() if n in text]


def allowed(mill: Mill, file: Path) -> bool:
    """Is this a data file of a table that may hold raw values? Their logs may not."""
    inside = file.relative_to(mill.warehouse).parts
    return inside[0] in RAW and "_delta_log" not in inside


def test_the_planted_values_went_in(mill):
    raw = str(mill.rows("raw_documents"))
    expected = set(needles()) - {n for n in needles() if n.startswith(("quarantined", "outvoted"))}
    expected -= {n for n in needles() if n in ("DE89370400440532013000", "GB29NWBK60161331926819")}
    expected -= {p.replace(" ", "") for p in PHONES}
    assert expected <= set(found_in(raw))
    fates = {r["source_id"]: r["doc_id"] for r in mill.rows("raw_documents")}
    decided = {r["doc_id"]: r["stage"] for r in mill.rows("decisions")}
    assert decided[fates["dropped"]] == "filter"
    assert {decided.get(fates[n]) for n in ("long", "copy", "near")} == {None, "exact_dedup", "near_dedup"}
    assert len([r for r in mill.rows("quarantine") if r["stage"] == "ingest"]) >= 4


def test_no_file_of_the_warehouse_but_the_raw_tables_holds_a_planted_value(mill):
    holding = {
        (str(file.relative_to(mill.warehouse)), needle)
        for file, text in contents(Path(mill.warehouse))
        if not allowed(mill, file)
        for needle in found_in(text)
    }
    assert holding == set()


def test_no_row_of_a_table_but_the_raw_ones_holds_a_planted_value(mill):
    tables = {log.parent.name for log in Path(mill.warehouse).glob("*/_delta_log")} - set(RAW)
    assert {"quarantine", "decisions", "pii_findings", "corpus", "stage_runs", "dataset_versions"} <= tables
    assert {t: found_in(str(mill.rows(t))) for t in tables} == {t: [] for t in tables}


def test_no_text_of_mlflow_holds_a_planted_value(mill):
    with sqlite3.connect(Path(mill.warehouse, "mlflow", "mlflow.db")) as store:
        dump = "\n".join(store.iterdump())
    assert "small@2" in dump and found_in(dump) == []
    assert list(Path(mill.warehouse, "mlflow", "artifacts").rglob("report.html"))


def test_nothing_that_was_said_or_left_in_temporary_folders_holds_a_planted_value(mill):
    places = [(file, text) for name in ("tmp", "spark", "said") for file, text in contents(mill.folder / name)]
    assert any("spark.log" in file.name for file, _ in places), "the log of Spark is among them"
    assert any("duplicate" in text for _, text in places), "what explain said is among them"
    assert {(str(file), n) for file, text in places for n in found_in(text)} == set()


def test_the_report_shows_samples_with_the_values_masked(mill):
    report = Path(mill.warehouse, "report.html").read_text()
    assert "EMAIL_ADDRESS" in report and "IBAN_CODE" in report and "You may write to" in report


def test_what_is_published_has_each_value_replaced(mill):
    corpus = {r["source_id"]: r for r in mill.rows("corpus")}
    kept = corpus["kept"]
    assert kept["text"].startswith("You may write to <EMAIL_ADDRESS>, pay into <IBAN_CODE> or <IBAN_CODE>")
    assert kept["metadata"]["author"] == "<EMAIL_ADDRESS>" and "<IBAN_CODE>" in kept["metadata"]["title"]
    assert "<EMAIL_ADDRESS>" in corpus
    assert yaml.safe_load(mill.rows("dataset_versions")[-1]["recipe"])["name"] == "small"
