"""What was erased is known again by hashes: records, files, places; and why an older version cannot be read is told."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from corpusmill.jobs import erasures, light
from corpusmill.jobs.erasures import Erased, file_hash, place_hash, snippet_hash
from corpusmill.jobs.read_files import InputFile, Listing, UnreadableFile
from corpusmill.schemas.errors import RunFailed
from corpusmill.schemas.ledger import ERASURES

from .tiny_warehouse import build, write

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def request(name="r1", state="done", **more):
    empty = {"doc_ids": [], "content_hashes": [], "files": [], "places": [], "begun_at": MARCH}
    return {**empty, "request_id": name, "state": state, **more}


def judged(erased, **record):
    """error and snippet of one scanned record."""
    plain = {"source": "pages", "uri": "a.jsonl", "locator": "line 1", "content_hash": "h", "error": None}
    row = {**plain, "snippet": None, **record}
    doc_id = row.pop("doc_id", "d")
    found = erased.refused({name: pa.array([value], pa.string()) for name, value in row.items()}, [doc_id])
    return found["error"].to_pylist()[0], found["snippet"].to_pylist()[0]


@pytest.mark.parametrize(
    ("kept", "record"),
    [
        ({"doc_ids": ["d"]}, {}),
        ({"content_hashes": ["h"]}, {"doc_id": None}),
        ({"places": [place_hash("pages", "a.jsonl", "line 1")]}, {"error": "not JSON", "snippet": "Anna"}),
        ({"places": [snippet_hash("pages", "Anna")]}, {"locator": "line 9", "error": "not JSON", "snippet": "Anna"}),
    ],
)
def test_an_erased_record_is_refused_with_the_request_and_without_its_snippet(kept, record):
    assert judged(Erased([request(**kept)]), **record) == ("erased by request r1", None)


def test_other_records_are_left_as_they_are():
    erased = Erased([request(doc_ids=["x"], content_hashes=["y"], places=[place_hash("pages", "a.jsonl", "line 2")])])
    assert judged(erased) == (None, None)
    assert judged(erased, error="not JSON", snippet="Ben") == ("not JSON", "Ben")
    assert judged(Erased([request(places=[place_hash("pages", "a.jsonl", "line 1")])])) == (None, None), (
        "a readable one"
    )


def test_the_first_request_that_erased_something_is_the_one_named():
    assert judged(Erased([request("r1", doc_ids=["d"]), request("r2", doc_ids=["d"])]))[0] == "erased by request r1"


def test_an_erased_file_is_not_read_and_its_name_not_shown():
    listing = Listing("/in", [InputFile(n, f"/in/{n}", 1, 1, "text") for n in ("anna.txt", "ben.txt")],
                      [UnreadableFile("anna.bin", "unknown format")])  # fmt: skip
    names = [file_hash("texts", n) for n in ("anna.txt", "anna.bin")]
    found = Erased([request(files=names)]).without_files("texts", listing)
    assert [f.uri for f in found.files] == ["ben.txt"]
    assert [(u.uri, u.error) for u in found.unreadable] == [(f"erased:{n}", "erased by request r1") for n in names]
    assert Erased([request(files=names)]).without_files("others", listing).files == listing.files


def test_a_version_whose_files_were_erased_names_the_request_and_a_pruned_one_does_not(tmp_path):
    mill = build(tmp_path)
    write(mill, ERASURES, [request(delta_versions=[("corpus", 5), ("decisions", 0)])])
    for table in ("corpus", "decisions"):
        for file in (mill / table).glob("*.parquet"):
            file.unlink()
    with pytest.raises(RunFailed, match="erased by request r1 of 2026-03-01"):
        light.read(str(mill), "corpus", version=0)
    with pytest.raises(RunFailed, match="erased by request r1"):
        light.rows(light.open_table(str(mill), "corpus"))
    with pytest.raises(RunFailed, match="pruned"):
        light.read(str(mill), "decisions", version=0)


def test_an_erasure_that_did_not_end_is_told(tmp_path):
    build(tmp_path)
    erasures.refuse_unfinished(str(tmp_path))
    write(tmp_path, ERASURES, [request()])
    erasures.refuse_unfinished(str(tmp_path))
    write(tmp_path, ERASURES, [request("r2", state="begun")])
    with pytest.raises(RunFailed, match="r2 was begun and did not end"):
        erasures.refuse_unfinished(str(tmp_path))
