"""Reading: each format under each compression, damaged files, round trips, and batches for the workers."""

import bz2
import csv
import gzip
import io
import json
import pickle
from dataclasses import asdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusmill.jobs.read_batches import RECORDS, record_batches
from corpusmill.jobs.read_fields import ReadOptions, read_options
from corpusmill.jobs.read_files import InputFile, format_of
from corpusmill.jobs.read_records import read_file
from corpusmill.schemas.recipe import Source
from corpusmill.transforms.text.identity import content_hash

PLAIN = ReadOptions("s")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
anywhere = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


def parquet(**columns) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


COMPRESS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".zst": zstd}


def texts(records):
    return [record.text for record in records]


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv", "a.txt", "a.md", "a.html"])
def test_every_format_reads_the_same_under_every_compression(read, name, suffix):
    data = {
        "a.jsonl": '\ufeff{"id": 1, "text": "Grüße"}\r\n\r\n{"text": ""}',
        "a.csv": '\ufeffid,text\r\n1,Grüße\r\n\r\n,""\r\n',
        "a.tsv": "id\ttext\n1\tGrüße\n\t\n",
    }.get(name, "\ufeffGrüße")
    records = read(name + suffix, COMPRESS[suffix](data.encode()))
    many = name in ("a.jsonl", "a.csv", "a.tsv")
    assert texts(records) == (["Grüße", ""] if many else ["Grüße"])
    assert [r.source_id for r in records] == (["1", None] if many else [name + suffix])
    kinds = {"a.md": "text/markdown", "a.html": "text/html"}
    assert {r.content_type for r in records} == {kinds.get(name, "text/plain")}


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_all_members_of_a_file_of_several_are_read(read, suffix):
    lines = [f'{{"text": "{i} {"x" * i}"}}\n'.encode() for i in range(2000)]
    data = b"".join(COMPRESS[suffix](b"".join(lines[i : i + 100])) for i in range(0, 2000, 100))
    assert len(texts(read("a.jsonl" + suffix, data))) == 2000


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_of_a_truncated_file_every_record_before_the_end_is_kept(read, suffix):
    lines = [json.dumps({"text": f"{i:04d}"}).encode() + b"\n" for i in range(1000)]
    whole = [COMPRESS[suffix](line) for line in lines]
    records = read("a.jsonl" + suffix, b"".join(whole)[: -len(whole[-1]) // 2])
    assert texts(records[:-1]) == [f"{i:04d}" for i in range(len(records) - 1)]
    assert len(records) == 1000
    assert (records[-1].error, records[-1].locator) == ("the compressed file ends early", "after line 999")


def test_damage_in_the_middle_keeps_what_stands_before_and_says_so(read):
    good = gzip.compress(b'{"text": "one"}\n{"text": "two')
    records = read("a.jsonl.gz", good + b"damaged")
    assert texts(records) == ["one", None]
    assert records[1].error == "the gzip compression is damaged, or the file is not gzip"
    assert records[1].snippet == '{"text": "two'


def test_a_text_file_that_is_not_utf8_stays_bytes_and_an_empty_one_is_empty_text(read):
    (record,) = read("a.html", b"<p>Gr\xfc\xdfe</p>")
    assert (record.text, record.data, record.content_type) == (None, b"<p>Gr\xfc\xdfe</p>", "text/html")
    assert texts(read("a.txt", "")) == [""]
    (record,) = read("LICENSE", "x", ReadOptions("s", content_type="text/markdown"), "text")
    assert record.content_type == "text/markdown"


def test_empty_files_of_records_have_none(read):
    assert read("a.jsonl", "") == read("a.jsonl", "\n \n") == read("a.csv", "") == read("a.csv", "text\n") == []
    assert read("a.parquet", {"text": pa.array([], pa.string())}) == []


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "text", "html"])
def test_a_file_that_is_gone_or_has_become_a_folder_is_one_error(tmp_path, kind):
    (record,) = read_file(InputFile("a", str(tmp_path / "a"), 0, 0, kind), PLAIN)
    assert (record.error, record.position) == ("cannot be read: it is not there (any more)", 0)
    (record,) = read_file(InputFile("a", str(tmp_path), 0, 0, kind), PLAIN)
    assert record.error.startswith("cannot be read: ")


@anywhere
@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS), max_size=8))
def test_what_is_written_is_read_back_from_every_format_of_records(read, rows):
    ids, bodies = [r[0] for r in rows], [r[1] for r in rows]
    lines = "".join(json.dumps({"id": i, "text": t}, ensure_ascii=len(t) % 2 == 0) + "\n" for i, t in rows)
    sheet = io.StringIO(newline="")
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    columns = {"id": pa.array(ids, pa.string()), "text": pa.array(bodies, pa.string())}
    for name, data in (("a.jsonl", lines), ("a.csv", sheet.getvalue()), ("a.parquet", columns)):
        records = read(name, data)
        assert texts(records) == bodies
        assert [r.source_id for r in records] == ids


VALID = {
    "jsonl": b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n' * 3,
    "csv": b'id,text\n1,"a"\n2,b\n' * 3,
    "parquet": parquet(id=[1, 2], text=["a", "b"]),
    "text": b"a",
}


@anywhere
@given(st.data())
def test_no_bytes_make_a_reader_raise(read, data):
    kind, suffix = data.draw(st.sampled_from(sorted(VALID))), data.draw(st.sampled_from(sorted(COMPRESS)))
    content = bytearray(COMPRESS[suffix](VALID[kind]))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    whole = bytes(content[: data.draw(st.integers(0, len(content)))])
    for record in read(f"a{suffix}", data.draw(st.sampled_from([whole, b"x" + whole])), PLAIN, kind):
        assert (record.error is None) != (record.text is None and record.data is None)


def test_batches_carry_every_record_and_are_bounded(tmp_path):
    rows = [{"id": i, "text": "x" * 3_000_000 if i in (5, 6, 7) else str(i), "n": i} for i in range(1500)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "broken\n")
    (tmp_path / "b.html").write_bytes(b"\xff")
    listed = [InputFile(name, str(tmp_path / name), 0, 0, format_of(name)) for name in ("a.jsonl", "b.html")]
    files = [{"source": "s", **asdict(file)} for file in listed]
    options = pickle.loads(pickle.dumps({"s": ReadOptions("s", metadata=("n",))}))
    batches = list(record_batches(files, options))
    assert [b.num_rows for b in batches] == [8, 1000, 494]
    assert all(b.schema == RECORDS for b in batches)
    found = pa.Table.from_batches(batches).to_pylist()
    assert [r["source_id"] for r in found] == [*map(str, range(1500)), None, "b.html"]
    assert found[3]["content_hash"] == content_hash("text/plain", "3", None, {"n": "3"})
    assert found[3]["metadata"] == [("n", "3")]
    bad = found[1500]
    assert (bad["content_hash"], bad["snippet"], bad["locator"]) == (None, "broken", "line 1501")
    assert (found[1501]["uri"], found[1501]["bytes"], found[1501]["error"]) == ("b.html", b"\xff", None)


def test_the_options_of_a_recipe_tell_what_was_asked_for_from_what_is_default():
    assert read_options(Source(name="s", path="p")) == ReadOptions("s")
    spelt = Source(
        name="s", path="p", fields={"id": "id", "text": "html"}, metadata=("url",), content_type="text/plain"
    )
    assert read_options(spelt) == ReadOptions("s", "html", "id", None, ("url",), "text/plain")
