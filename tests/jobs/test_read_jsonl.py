"""JSON Lines: ids, fields, conversations, and bad lines that cost themselves only."""

import json

import pytest

from corpusmill.jobs import read_streams
from corpusmill.jobs.read_fields import ReadOptions

PLAIN = ReadOptions("s")
SECRET = "anna.schmidt@example.org"


def texts(records):
    return [record.text for record in records]


def test_ids_are_strings_and_integers_over_64_bits_stay_apart(read):
    lines = ['"a"', "7", "1.5", "12345678901234567890123", "12345678901234567890124"]
    records = read("a.jsonl", "".join(f'{{"id": {i}, "text": "x"}}\n' for i in lines))
    assert [r.source_id for r in records] == ["a", "7", "1.5", lines[3], lines[4]]


def test_fields_are_found_by_name_then_by_dotted_path_and_metadata_is_strings(read):
    row = {"meta": {"id": 7, "tags": ["ä", 1], "none": None}, "a.b": "x", "a": {"b": "y"}, "ok": True, "body": "t"}
    options = ReadOptions("s", "body", "meta.id", None, ("meta.tags", "a.b", "ok", "meta.none", "absent"))
    (record,) = read("a.jsonl", json.dumps(row), options)
    assert (record.source_id, record.text) == ("7", "t")
    assert record.metadata == {"meta.tags": '["ä",1]', "a.b": "x", "ok": "true"}


def test_nan_which_python_writes_is_read(read):
    (record,) = read("a.jsonl", '{"text": "x", "score": NaN}', ReadOptions("s", metadata=("score",)))
    assert (record.text, record.metadata) == ("x", {"score": "null"})


CONVERSATIONS = [
    ({"messages": [{"role": "user", "content": "Hi"}]}, "conversation"),
    ({"conversations": [{"from": "human", "value": "Hi"}], "system": "Be brief"}, "conversation"),
    ({"instruction": "Add", "input": "1 2", "output": "3"}, "conversation"),
    ({"prompt": "Hi", "completion": "Ho"}, "conversation"),
    ({"query": "Hi", "response": "Ho"}, "conversation"),
    ({"prompt": "Hi", "chosen": "Ho", "rejected": "No"}, "preference"),
]


@pytest.mark.parametrize(("row", "kind"), CONVERSATIONS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_conversations_and_preferences_are_known_by_their_fields(read, name, row, kind):
    more = {"id": 1, "other": SECRET, **row}
    data = json.dumps(more) if name == "a.jsonl" else {k: [v] for k, v in more.items()}
    for options in (PLAIN, ReadOptions("s", content_type=kind)):
        (record,) = read(name, data, options)
        assert (record.content_type, json.loads(record.text)) == (kind, row)


def test_a_record_with_text_is_text_unless_the_recipe_says_conversation(read):
    line = '{"text": "t", "turns": [1], "messages": [2]}'
    assert read("a.jsonl", line)[0].text == "t"
    assert read("a.jsonl", line, ReadOptions("s", content_type="conversation"))[0].text == '{"messages":[2]}'
    assert read("a.jsonl", line, ReadOptions("s", messages="turns"))[0].text == '{"turns":[1]}'
    (record,) = read("a.jsonl", '{"messages": [2]}', ReadOptions("s", content_type="text/html"))
    assert record.error == "field `text` is missing; it has: messages"


BAD_LINES = [
    (b'{"text": "%s"', "not JSON: unexpected end of data, at character"),
    (b'{"text": "%s"} {}', "not JSON: unexpected content after document, at character"),
    (b'{"text": "%s\x01"}', "not JSON: unexpected control character in string, at character"),
    (b"%s", "not JSON: unexpected character"),
    (b'["%s"]', "the line is JSON, but not an object"),
    (b'{"text": "%s\xff"}', "not UTF-8 at byte"),
    (b'{"text": "%s\\ud800"}', "half of a surrogate pair"),
    (b'{"text": null, "a": "%s"}', "field `text` is null, wants a string"),
    (b'{"text": ["%s"]}', "field `text` is a list, wants a string"),
    (b'{"text": 5, "a": "%s"}', "field `text` is a number, wants a string"),
    (b'{"html": "%s", "x y": 1}', "field `text` is missing; it has: html and 1 other"),
    (b'{"%s": 1}', "field `text` is missing; it has: 1 other"),
    (b'{"id": true, "text": "%s"}', "field `id` (the id) is true or false, wants a string or a number"),
    (b'{"id": {"a": "%s"}, "text": ""}', "field `id` (the id) is an object, wants a string or a number"),
    (b'{"id": NaN, "text": "%s"}', "field `id` (the id) is a number, wants"),
    (b'{"text": "%s", "a": ' + b"[" * 2000 + b"]" * 2000 + b"}", "not JSON: depth limit exceeded"),
]


@pytest.mark.parametrize(("line", "says"), BAD_LINES)
def test_a_bad_line_costs_itself_only_and_its_error_quotes_nothing_of_it(read, line, says):
    lines = (b'{"text": "a"}', line.replace(b"%s", SECRET.encode()), b'{"text": "b"}')
    first, bad, last = read("a.jsonl", b"\n".join(lines))
    assert (first.text, last.text, last.position, last.locator) == ("a", "b", 2, "line 3")
    assert says in bad.error
    assert (bad.locator, bad.text, bad.content_type) == ("line 2", None, None)
    assert SECRET not in bad.error
    assert SECRET in bad.snippet


def test_a_named_id_must_be_there_and_an_unnamed_one_need_not(read):
    for line in ('{"text": "x"}', '{"text": "x", "id": null}', '{"text": "x", "id": ""}'):
        assert read("a.jsonl", line)[0].source_id is None
        assert read("a.jsonl", line, ReadOptions("s", id="id"))[0].error.startswith("field `id` (the id) is")


def test_one_json_document_over_many_lines_is_one_clear_error(read):
    for document in ('[\n{"text": "x"},\n{"text": "y"}\n]', '{\n"text": "x"\n}', '[{"text": "x"},\n{"text": "y"}]'):
        (record,) = read("a.json", document)
        assert "one JSON document" in record.error
    assert texts(read("b.json", '{"text": "x"}\n{"text": "y"}')) == ["x", "y"]


def test_a_line_of_many_chunks_is_read_and_one_over_the_limit_costs_itself_only(read, monkeypatch):
    text = "ab" * 5_000_000
    assert texts(read("a.jsonl", f'{{"text": "{text}"}}\n{{"text": "b"}}')) == [text, "b"]
    monkeypatch.setattr(read_streams, "MAX_RECORD_BYTES", 1000)
    for name, data in (("a.jsonl", f'{{"text": "{text}"}}\n{{"text": "b"}}'), ("a.csv", f"text\n{text}\nb")):
        long, short = read(name, data)
        assert long.error.endswith("the line is longer than 1,000 bytes")
        assert short.text == "b"
    assert read("a.txt", text)[0].error == "the file is longer than 1,000 bytes; split it"
