"""JSON Lines: an object a line."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from corpusmill.jobs import read_streams
from corpusmill.jobs.read_fields import BadRecord, ReadOptions, Record, error_record, lookup, record_of
from corpusmill.jobs.read_files import InputFile

ONE_DOCUMENT = "the file is one JSON document, not an object a line; convert it, for example with `jq -c '.[]'`"


def read_jsonl(file: InputFile, options: ReadOptions) -> Iterator[Record]:
    """The records of a file; blank lines are none. Raises OSError and BrokenStream as `read_lines`."""
    position = 0
    for number, line in enumerate(read_streams.read_lines(file.path), start=1):
        if not line or line.isspace():
            continue
        try:
            yield record_of(_object(line, options.id or "id"), options, position, f"line {number}")
        except BadRecord as error:
            if position == 0 and _opens_document(line, file.uri):
                yield error_record(0, f"line {number}", ONE_DOCUMENT, line)
                return
            yield error_record(position, f"line {number}", str(error), line)
        position += 1


def _object(line: bytes, id_field: str) -> dict[str, Any]:
    """The object of a line. Raises BadRecord."""
    if len(line) > read_streams.MAX_RECORD_BYTES:
        raise BadRecord(f"the line is longer than {read_streams.MAX_RECORD_BYTES:,} bytes")
    try:
        row = orjson.loads(line)
        if isinstance(row, dict) and isinstance(lookup(row, id_field), float):
            row = json.loads(line)  # orjson rounds integers over 64 bits: two ids would become one
    except orjson.JSONDecodeError as error:
        row = _lenient(line, error)
    if not isinstance(row, dict):
        raise BadRecord("the line is JSON, but not an object")
    return row


def _lenient(line: bytes, error: orjson.JSONDecodeError) -> Any:
    """The value of a line with NaN or infinities, which Python's json writes; else BadRecord with the reason."""
    try:
        text = line.decode()
    except UnicodeDecodeError as not_utf8:
        raise BadRecord(f"not UTF-8 at byte {not_utf8.start} of the line") from None
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRecord(f"not JSON: {error.msg}, at character {error.pos} of the line") from None
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadRecord("half of a surrogate pair (\\ud800 to \\udfff) stands alone in a string") from None
    return row


def _opens_document(line: bytes, uri: str) -> bool:
    """Whether a line begins a pretty-printed object or an array, in a file whose name (.json) allows for that."""
    return bool(re.search(r"\.json(\.\w+)?$", uri, re.IGNORECASE)) and line.strip()[:2] in (b"{", b"[", b"[{", b'["')
