"""Encrypted values from the recipe to `corpusmill reveal`: who holds the key sees them, and that is written down."""

import json

import pytest

from corpusmill.jobs import key, light
from corpusmill.jobs.cli import app
from corpusmill.jobs.reveal import reveal
from corpusmill.schemas.errors import UserError

from .mill import Mill, prose

KEY, OTHER = "a key of this test, long enough", "another key of this test, long"
MAIL, PHONE = "jana.lind@beispiel.example", "030 23125-417"


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    mill = Mill(
        tmp_path_factory.mktemp("mill"),
        anonymise={
            "mode": "patterns",
            "key": "env:KEY_OF_REVEAL",
            "operator": {"PERSON": "pseudonym", "EMAIL_ADDRESS": "encrypt", "default": "hash"},
        },
        outputs=["corpus"],
    )
    for stage in ("near_dedup", "tokenise", "exact_dedup"):
        del mill.recipe[stage]
    mill.write(
        "one.jsonl",
        {"id": "a", "text": f"{prose(1)}\nDear Mr. Lindgren,\nwrite to {MAIL}, call {PHONE}.", "author": MAIL},
        {"id": "b", "text": f"{prose(2)}\nMr. LINDGREN wrote, and {MAIL} did not."},
        {"id": "c", "text": prose(3)},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEY_OF_REVEAL", KEY)
        mill.result = mill.run()
        mill.again = mill.run()
    return mill


@pytest.fixture
def with_key(monkeypatch):
    monkeypatch.setenv("KEY_OF_REVEAL", KEY)


def doc_id(mill, own):
    return next(row["doc_id"] for row in mill.rows("raw_documents") if row["source_id"] == own)


def corpus(mill):
    return {row["source_id"]: row for row in mill.rows("corpus")}


def reveals(mill):
    return mill.rows("reveals") if light.exists(mill.warehouse, "reveals") else []


def test_what_is_published_holds_no_value_and_one_person_has_one_name(mill):
    rows = corpus(mill)
    assert not [value for value in (MAIL, PHONE, "Lindgren", "LINDGREN") if value in str(rows)]
    name = rows["a"]["text"].split("Dear Mr. ")[1].split(",")[0]
    assert f"Mr. {name.upper()} wrote" in rows["b"]["text"]
    findings = mill.rows("pii_findings")
    assert {row["operator"] for row in findings} == {"pseudonym", "encrypt", "hash"}
    assert not [value for value in (MAIL, PHONE, "Lindgren", "LINDGREN") if value in str(findings)]


def test_a_second_run_finds_nothing_to_do(mill):
    assert not any(stage["n_done"] for stage in mill.again.stages)


def test_the_version_names_the_key_by_its_id(mill):
    (version,) = mill.rows("dataset_versions")
    assert version["models"]["anonymise.key"] == key.key_id(KEY.encode())
    assert KEY not in json.dumps(version, default=str)


def test_whoever_holds_the_key_reads_the_text_and_that_is_written_down(mill, with_key):
    before = len(reveals(mill))
    this = doc_id(mill, "a")
    found = reveal(mill.warehouse, this[:8])
    assert f"write to {MAIL}, call <PHONE_NUMBER:" in found.text
    assert (found.doc_id, found.n_values, found.n_closed) == (this, 1, 0)
    assert reveal(mill.warehouse, this, "metadata.author").text == MAIL
    rows = reveals(mill)[before:]
    assert [(r["doc_id"], r["n_values"]) for r in rows] == [(this, 1), (this, 1)]
    assert {r["field"] for r in rows} == {"text", "metadata.author"}
    assert {r["key_id"] for r in rows} == {key.key_id(KEY.encode())} and all(r["user"] for r in rows)
    assert MAIL not in str(rows) and MAIL not in repr(found)
    log = (mill.folder / "warehouse" / "reveals" / "_delta_log").glob("*.json")
    assert not [file for file in log if MAIL in file.read_text()]


def test_without_the_right_key_nothing_is_shown_and_nothing_written(mill, monkeypatch, tmp_path):
    before, this = len(reveals(mill)), doc_id(mill, "a")
    monkeypatch.delenv("KEY_OF_REVEAL", raising=False)
    with pytest.raises(UserError, match=r"KEY_OF_REVEAL is not set.*--key"):
        reveal(mill.warehouse, this)
    monkeypatch.setenv("KEY_OF_REVEAL", OTHER)
    ids = rf"key {key.key_id(KEY.encode())}; .* holds the key {key.key_id(OTHER.encode())}"
    with pytest.raises(UserError, match=ids):
        reveal(mill.warehouse, this)
    with pytest.raises(UserError, match="--key: 'vault:x' is none of env:NAME"):
        reveal(mill.warehouse, this, key_place="vault:x")
    assert len(reveals(mill)) == before
    (tmp_path / "key").write_text(KEY)
    assert MAIL in reveal(mill.warehouse, this, key_place=f"file:{tmp_path / 'key'}").text


def test_what_cannot_be_written_down_is_not_shown(mill, with_key, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("corpusmill.jobs.warehouse.Warehouse.write_rows", full)
    with pytest.raises(OSError, match="no space"):
        reveal(mill.warehouse, doc_id(mill, "a"))


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        ("c", "text", "holds nothing that is encrypted"),
        ("a", "metadata.title", "has no metadata.title"),
        ("a", "messages[0].content", r"has no messages\[0\].content"),
        ("ffffffff", "text", "no document that begins with ffffffff"),
        ("a.html", "text", "is no doc_id"),
    ],
)
def test_what_cannot_be_shown_is_said(mill, with_key, wanted, field, said):
    with pytest.raises(UserError, match=said):
        reveal(mill.warehouse, doc_id(mill, wanted) if len(wanted) == 1 else wanted, field)


def test_the_command_shows_it_on_a_terminal_and_nowhere_else(mill, with_key, capsys, monkeypatch):
    before = len(reveals(mill))
    command = ["reveal", "--doc-id", doc_id(mill, "b"), "--warehouse", mill.warehouse]
    with pytest.raises(SystemExit) as end:
        app(command, prog_name="corpusmill")
    said = capsys.readouterr()
    assert end.value.code == 2 and "on a terminal only" in said.err and MAIL not in said.out + said.err
    assert len(reveals(mill)) == before
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(SystemExit) as end:
        app(command, prog_name="corpusmill")
    said = capsys.readouterr()
    assert not end.value.code and f"and {MAIL} did not." in said.out
    assert "1 encrypted value in clear" in said.out
    assert len(reveals(mill)) == before + 1
