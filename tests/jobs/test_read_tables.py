"""CSV and Parquet: the types that columns may have, and bad rows that cost themselves only."""

import io
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusmill.jobs.read_fields import ReadOptions

BAD_CSV = [
    (b"id,text\n1,%s,x\n2,b", "the row has 3 fields, the header 2"),
    (b"id,text\n%s\n2,b", "the row has 1 fields, the header 2"),
    (b"id,text\n1,\xff%s\n2,b", "not UTF-8"),
    (b'id,text\n1,"%s"x\n2,b', "not CSV: ',' expected after '\"'"),
]

SECRET = "anna.schmidt@example.org"


def texts(records):
    return [record.text for record in records]


@pytest.mark.parametrize(("data", "says"), BAD_CSV)
def test_a_bad_row_costs_itself_only(read, data, says):
    bad, good = read("a.csv", data.replace(b"%s", SECRET.encode()))
    assert (bad.error, bad.locator, good.text, good.locator) == (says, "row 2", "b", "row 3")
    assert SECRET in bad.snippet


def test_a_quotation_mark_that_is_never_closed_is_an_error_not_a_long_text(read):
    good, bad = read("a.csv", 'text\na\n"b\nc\nd')
    assert (good.text, bad.error, bad.locator) == ("a", "not CSV: unexpected end of data", "row 3")


@pytest.mark.parametrize("header", [f"Schmidt,{SECRET}", "text,text", "id,\xff"])
def test_a_header_that_does_not_fit_is_one_error_that_quotes_nothing_of_it(read, header):
    (record,) = read("a.csv", f"{header}\n1,2\n3,4\n".encode("latin-1"))
    assert record.error.startswith("the header does not fit: ")
    assert "Schmidt" not in record.error and SECRET not in record.error


def test_semicolons_of_german_spreadsheets_are_found(read):
    assert texts(read("a.csv", 'id;text\n1;"a;b"\n')) == ["a;b"]


def test_parquet_reads_the_column_types_that_hold_strings_and_times(read):
    day = datetime(2026, 11, 24, 12)
    columns = {
        "id": [day, None],
        "text": pa.array(["a", "ä"]).dictionary_encode(),
        "at": pa.array([day, None], "timestamp[ns]"),
    }
    for kind in (pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()):
        columns["body"] = pa.array(["a", "ä"], pa.string()).cast(kind)
        for field in ("text", "body"):
            records = read("a.parquet", columns, ReadOptions("s", field, metadata=("at",)))
            assert texts(records) == ["a", "ä"]
            assert [r.source_id for r in records] == ["2026-11-24T12:00:00", None]
            assert [r.metadata for r in records] == [{"at": "2026-11-24T12:00:00"}, None]
    (record,) = read("b.parquet", {"text": pa.array([b"Gr\xfc\xdfe"])})
    assert (record.text, record.data) == (None, b"Gr\xfc\xdfe")


def test_a_parquet_string_that_is_not_utf8_costs_its_row_only(read):
    bad = pa.array([b"a", b"\xff", b"c"]).view(pa.string())
    records = read("a.parquet", {"text": bad, "id": [1, 2, 3]})
    assert texts(records) == ["a", None, "c"]
    assert (records[1].error, records[1].locator) == ("a value is not UTF-8 or cannot be read", "row 2")


def test_nested_parquet_columns_are_reached_by_a_dotted_path(read):
    tags = pa.array([[("k", "v")], None], pa.map_(pa.string(), pa.string()))
    data = {"doc": [{"body": "x", "n": 1}, {"body": None, "n": 2}], "tags": tags}
    good, bad = read("a.parquet", data, ReadOptions("s", "doc.body", "doc.n", metadata=("tags.k",)))
    assert (good.text, good.source_id, good.metadata) == ("x", "1", {"tags.k": "v"})
    assert bad.error == "field `doc.body` is null, wants a string"


def test_parquet_columns_that_do_not_fit_are_one_error_for_the_file(read):
    (record,) = read("a.parquet", {"html": ["x", "y"], "id": [1, 2]})
    assert record.error == "the file's columns do not fit: field `text` is missing; it has: html, id"
    (record,) = read("a.parquet", {"text": [1, 2]})
    assert record.error == "the file's columns do not fit: field `text` is a number, wants a string"


def test_a_damaged_parquet_file_is_one_error_after_what_could_be_read(read):
    assert "cannot be read" in read("a.parquet", b"PAR1 not really")[0].error
    assert "cannot be read" in read("a.parquet", b"")[0].error
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": [f"{i:06d}" for i in range(9000)]}), sink, row_group_size=3000, compression="gzip")
    data = bytearray(sink.getvalue())
    start = pq.ParquetFile(sink).metadata.row_group(2).column(0).data_page_offset
    data[start : start + 200] = b"\xff" * 200
    *good, bad = read("b.parquet", bytes(data))
    assert texts(good) == [f"{i:06d}" for i in range(6000)]
    assert (bad.error, bad.locator, bad.position) == ("what follows cannot be read", "after row 6000", 6000)
