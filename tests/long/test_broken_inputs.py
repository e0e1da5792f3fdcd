"""Broken inputs cost their own records only; wrong paths, keys and arguments end at once, with one clear message."""

import bz2
import gzip
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ..jobs.mill import Mill, prose
from .command import corpusmill, recipe_of, run_arguments

pytestmark = pytest.mark.long

GOOD = json.dumps({"id": "good", "text": prose(1)})


def jsonl(*lines: str | bytes) -> bytes:
    return b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n"


def parquet(**columns: list) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


def record(name: str, text: object, **more: object) -> str:
    return json.dumps({"id": name, "text": text, **more})


# File, what it holds, ids that come through, and for each broken record its place and what the reason says.
BROKEN = (
    ("cut.jsonl", jsonl(record("cut-1", prose(2)), '{"id": "x", "text": "cut'), ["cut-1"], [("line 2", "not JSON")]),
    ("list.jsonl", jsonl("[1, 2]", record("list-2", prose(3))), ["list-2"], [("line 1", "not an object")]),
    ("notext.jsonl", jsonl('{"id": "a"}', record("notext-2", prose(4))), ["notext-2"], [("line 1", "text")]),
    ("number.jsonl", jsonl(record("n", 7), record("number-2", prose(5))), ["number-2"], [("line 1", "text")]),
    ("null.jsonl", jsonl(record("n", None), record("null-2", prose(6))), ["null-2"], [("line 1", "text")]),
    ("idlist.jsonl", jsonl(record([1], prose(7)), record("idlist-2", prose(8))), ["idlist-2"], [("line 1", "id")]),
    ("latin.jsonl", jsonl(b'{"id": "l", "text": "\xdf"}', record("latin-2", prose(9))), ["latin-2"],
     [("line 1", "UTF-8")]),
    ("half.jsonl", jsonl('{"id": "h", "text": "\\ud83d"}', record("half-2", prose(10))), ["half-2"], [("line 1", "")]),
    ("deep.jsonl", jsonl("[" * 100_000, record("deep-2", prose(11))), ["deep-2"], [("line 1", "not JSON")]),
    ("same.jsonl", jsonl(record("same", prose(12)), record("same", prose(13))), ["same"], [("line 1", "later record")]),
    ("torn.jsonl.gz", gzip.compress(jsonl(*(record(f"torn-{n}", prose(20 + n, 200)) for n in range(20))))[:-40], None,
     [("after line", "ends early")]),
    ("plain.jsonl.gz", jsonl(record("p", prose(14))), [], [("", "gzip")]),
    ("torn.jsonl.bz2", bz2.compress(jsonl(record("b", prose(15))))[:-9], ["b"], [("after line 1", "ends early")]),
    ("empty.jsonl", b"", [], []),
    ("no.parquet", b"this is no Parquet file", [], [("", "")]),
    ("columns.parquet", parquet(body=["a"]), [], [("", "columns")]),
    ("ragged.csv", b"id,text\nragged-1,fine words here\nx,too,many\n", ["ragged-1"], [("row 3", "fields")]),
    ("quote.csv", b'id,text\nquote-1,fine words here\nx,"never closed\ny,lost\n', ["quote-1"], [("row 3", "CSV")]),
    ("header.csv", b"a,b\n1,2\n", [], [("row 1", "header")]),
    ("picture.png", b"\x89PNG\r\n", [], [("", "unknown format .png")]),
    ("pages.zip", b"PK\x03\x04", [], [("", "unpack")]),
)  # fmt: skip


@pytest.fixture(scope="module")
def mill(tmp_path_factory) -> Mill:
    """One run over all broken files and one that is whole."""
    mill = Mill(tmp_path_factory.mktemp("broken"))
    mill.recipe["sources"] = [
        {"name": "files", "path": "in"},
        {"name": "chats", "path": "chats.jsonl", "content_type": "conversation"},
        {"name": "pages", "path": "pages", "content_type": "text/html"},
    ]
    mill.recipe["outputs"] = ["corpus", "pretraining_sequences", "sft_conversations"]
    for name, content, _, _ in BROKEN:
        (mill.folder / "in" / name).write_bytes(content)
    (mill.folder / "in" / "good.jsonl").write_text(GOOD + "\n")
    whole = [{"role": "user", "content": prose(40, 20)}, {"role": "assistant", "content": prose(41, 20)}]
    (mill.folder / "chats.jsonl").write_bytes(
        jsonl(
            json.dumps({"id": "whole", "messages": whole}),
            json.dumps({"id": "role", "messages": [{"role": "wizard", "content": "x"}, *whole]}),
            json.dumps({"id": "nobody", "messages": []}),
            json.dumps({"id": "silent", "messages": [{"role": "user"}, {"role": "assistant"}]}),
        )
    )
    (mill.folder / "pages").mkdir()
    (mill.folder / "pages" / "binary.html").write_bytes(bytes(range(256)) * 20)
    (mill.folder / "pages" / "script.html").write_text("<html><script>let a = 1</script></html>")
    (mill.folder / "pages" / "fine.html").write_text(f"<html><body><p>{prose(50)}</p></body></html>")
    mill.code, mill.said = corpusmill(*run_arguments(mill), folder=mill.folder)
    return mill


def test_the_run_ends_well_and_shows_no_stack_trace(mill):
    assert mill.code == 0, mill.said
    assert "Traceback" not in mill.said
    code, said = corpusmill("verify", "--warehouse", mill.warehouse, folder=mill.folder)
    assert code == 0, said


@pytest.mark.parametrize(("name", "content", "ids", "refused"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_record_stands_in_quarantine_and_the_others_come_through(mill, name, content, ids, refused):
    came = [r["source_id"] for r in mill.rows("raw_documents") if r["uri"] == name]
    if ids is None:  # as many as could be decompressed, from the first on
        assert came and sorted(came) == sorted(f"torn-{n}" for n in range(len(came))) and len(came) < 20
    else:
        assert came == ids
    found = [(r["locator"] or "", r["error"]) for r in mill.rows("quarantine") if r["uri"] == name]
    assert len(found) == len(refused), found
    for (place, reason), (locator, error) in zip(refused, found, strict=True):
        assert locator.startswith(place) and error and reason in error, (locator, error)


def test_the_whole_record_beside_them_is_published(mill):
    assert {"good", "whole", "fine.html"} <= {r["source_id"] for r in mill.rows("corpus")}


@pytest.mark.parametrize("name", ["role", "nobody", "silent"])
def test_a_malformed_conversation_is_quarantined_with_its_reason(mill, name):
    raw = {r["source_id"]: r["doc_id"] for r in mill.rows("raw_documents")}
    found = [r for r in mill.rows("quarantine") if r["doc_id"] == raw[name]]
    assert len(found) == 1 and found[0]["error"], found


@pytest.mark.parametrize("name", ["binary.html", "script.html"])
def test_a_page_without_text_has_one_fate(mill, name):
    doc_id = next(r["doc_id"] for r in mill.rows("raw_documents") if r["source_id"] == name)
    fates = [t for t in ("quarantine", "decisions") for r in mill.rows(t) if r["doc_id"] == doc_id]
    fates += ["corpus" for r in mill.rows("corpus") if r["doc_id"] == doc_id]
    assert len(fates) == 1, fates


# What is wrong, how the recipe differs, arguments after RECIPE, environment, and what the message names.
WRONG: tuple[tuple[str, dict, list[str], dict[str, str], str], ...] = (
    ("no such file", {"path": "in/nothing.jsonl"}, [], {}, "nothing.jsonl"),
    ("a glob that matches nothing", {"path": "in/*.parquet"}, [], {}, "*.parquet"),
    ("a glob in no folder", {"path": "out/*.jsonl"}, [], {}, "out"),
    ("an empty folder", {"path": "empty"}, [], {}, "empty"),
    ("a folder of unknown files", {"path": "pictures"}, [], {}, ".png"),
    ("a variable that is not set", {"path": "$NOT_SET_HERE/a.jsonl"}, [], {}, "NOT_SET_HERE"),
    ("a date in the path without files", {"path": "in/{date}.jsonl"}, ["--run-date", "2020-01-01"], {}, "2020-01-01"),
    ("a date that is none", {}, ["--run-date", "yesterday"], {}, "yesterday"),
    ("a field that no record has", {"fields": {"text": "txet"}}, [], {}, "txet"),
    ("an id that no record has", {"fields": {"id": "identity"}}, [], {}, "identity"),
    ("an unknown format", {"format": "xml"}, [], {}, "jsonl"),
    ("an unknown scheme", {"path": "ftp://example.org/a.jsonl"}, [], {}, "ftp"),
    ("an unknown stage", {}, ["--from", "clean"], {}, "Stages, in order"),
    ("stages in the wrong order", {}, ["--from", "publish", "--until", "ingest"], {}, "after"),
    ("a stage whose input was never made", {}, ["--from", "shape"], {}, "has not run"),
    ("an override of no key", {}, ["--set", "near_dedup.band=20"], {}, "bands"),
    ("an override without a value", {}, ["--set", "near_dedup"], {}, "near_dedup"),
    ("an override of the wrong type", {}, ["--set", "tokenise.sequence_length=many"], {}, "sequence_length"),
    ("a warehouse that is a file", {}, ["--warehouse", "in/good.jsonl"], {}, "good.jsonl"),
    ("a short key", {}, [], {"CORPUSMILL_KEY": "short"}, "at least 16"),
    ("a key variable that is not set", {}, ["--set", "anonymise.key=env:NOT_SET_HERE"], {}, "NOT_SET_HERE"),
    ("a key file that is not there", {}, ["--set", "anonymise.key=file:none.key"], {}, "none.key"),
    ("a tokenizer that is not there", {}, ["--set", "tokenise.tokenizer=./none"], {}, "none"),
    ("a tokenizer file that is none", {}, ["--set", "tokenise.tokenizer=in/good.jsonl"], {}, "good.jsonl"),
    ("a broken tokenizer file", {}, ["--set", "tokenise.tokenizer=broken.json"], {}, "broken.json"),
    ("a language model that is not there", {}, ["--set", "language.model=none.ftz"], {}, "none.ftz"),
    ("a language model that is none", {}, ["--set", "language.model=in/good.jsonl"], {}, "good.jsonl"),
    ("an argument that does not exist", {}, ["--warehoose", "x"], {}, "--warehouse"),
    ("a folder of jars without Delta", {}, [], {"CORPUSMILL_JARS": "empty"}, "delta-spark"),
    ("a Java that is not there", {}, [], {"JAVA_HOME": "/nowhere", "PATH": "/nowhere"}, "Java"),
)  # fmt: skip


@pytest.fixture(scope="module")
def wrong(tmp_path_factory) -> Mill:
    mill = Mill(tmp_path_factory.mktemp("wrong"))
    mill.recipe["sources"] = [{"name": "pages", "path": "in/good.jsonl"}]
    (mill.folder / "in" / "good.jsonl").write_text(GOOD + "\n" + GOOD.replace("good", "better") + "\n")
    (mill.folder / "empty").mkdir()
    (mill.folder / "pictures").mkdir()
    (mill.folder / "pictures" / "a.png").write_bytes(b"\x89PNG")
    (mill.folder / "broken.json").write_text('{"version": "1.0"')
    return mill


@pytest.mark.parametrize(("what", "source", "arguments", "environment", "names"), WRONG, ids=[w[0] for w in WRONG])
def test_what_the_user_got_wrong_ends_with_exit_code_2_and_one_message(
    wrong, what, source, arguments, environment, names
):
    recipe = wrong.recipe | {"sources": [wrong.recipe["sources"][0] | source]}
    (wrong.folder / "recipe.yml").write_text(yaml.safe_dump(recipe))
    place = [] if "--warehouse" in arguments else ["--warehouse", str(wrong.folder / "unused")]
    code, said = corpusmill("run", "recipe.yml", *place, *arguments, folder=wrong.folder, **environment)
    check_message(code, said, names)
    assert not list((wrong.folder / "unused").glob("raw_documents/*.parquet"))


def check_message(code: int, said: str, names: str) -> None:
    assert code == 2, said
    assert "Traceback" not in said
    assert len(re.findall("error:|Error", said)) <= 1 or "╭" in said, said  # typer draws a box
    assert names in said, said


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["run", "none.yml"], "none.yml"),
        (["run", "in"], "in"),
        (["run", "picture.png"], "picture.png"),
        (["status", "--warehouse", "in"], "not a warehouse"),
        (["status", "--warehouse", "nowhere"], "no such folder"),
        (["status"], "--warehouse"),
        (["verify", "9", "--warehouse", "{warehouse}"], "no version 9"),
        (["explain", "no-such-document", "--warehouse", "{warehouse}"], "no-such-document"),
    ],
)
def test_commands_too_say_what_is_wrong(mill, arguments, names):
    (mill.folder / "picture.png").write_bytes(bytes(range(256)))
    code, said = corpusmill(*(a.format(warehouse=mill.warehouse) for a in arguments), folder=mill.folder)
    check_message(code, said, names)


def test_a_warehouse_of_another_dataset_is_refused(mill):
    other = mill.folder / "other.yml"
    other.write_text(Path(recipe_of(mill)).read_text().replace("name: small", "name: other"))
    code, said = corpusmill("run", str(other), "--warehouse", mill.warehouse, folder=mill.folder)
    check_message(code, said, "holds the dataset 'small'")
