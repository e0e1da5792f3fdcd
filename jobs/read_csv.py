"""CSV and TSV: a record a row, under a header."""

import csv
from collections.abc import Iterator
from itertools import chain

from corpusmill.jobs import read_streams
from corpusmill.jobs.read_fields import SNIPPET_CHARACTERS, BadRecord, ReadOptions, Record, error_record, record_of
from corpusmill.jobs.read_files import InputFile

# In order of preference where several occur equally often; German spreadsheets write semicolons.
DELIMITERS = (",", ";", "\t")


class _Lines:
    """The lines of a file for the csv module; `start` keeps the first characters of the row that is being read."""

    def __init__(self, path: str) -> None:
        self._lines = read_streams.read_lines(path)
        self.start = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if len(line) > read_streams.MAX_RECORD_BYTES:
            raise csv.Error(f"the line is longer than {read_streams.MAX_RECORD_BYTES:,} bytes")
        # What is not UTF-8 becomes lone surrogates, by which the row is recognised, and only that row is lost.
        text = line.decode("utf-8", "surrogateescape") + "\n"
        if len(self.start) < SNIPPET_CHARACTERS:
            self.start += text[:SNIPPET_CHARACTERS]
        return text


def read_csv(file: InputFile, options: ReadOptions) -> Iterator[Record]:
    """The records of a file; one bad record where its header does not fit. Raises as `read_lines`.

    Rows are counted as a spreadsheet shows them: the header is row 1. A quotation mark that is never closed takes all
    that follows into one bad record.
    """
    csv.field_size_limit(read_streams.MAX_RECORD_BYTES)
    lines = _Lines(file.path)
    first = next(lines, None)
    if first is None:
        return
    rows = csv.reader(chain([first], lines), delimiter=_delimiter(first), strict=True)
    header: list[str] = []
    try:
        header = _text(next(rows))
        _check(header, options)
    except (csv.Error, BadRecord) as error:
        reason = error.reason if isinstance(error, BadRecord) else f"not CSV: {error}"
        # The names are not shown: a file without a header has data in their place.
        yield error_record(
            0, "row 1", f"the header does not fit: {reason}; the first row must name the columns", lines.start
        )
        return
    yield from _records(rows, header, lines, options)


def _records(rows: Iterator[list[str]], header: list[str], lines: _Lines, options: ReadOptions) -> Iterator[Record]:
    position, number = 0, 1
    while True:
        number += 1
        lines.start = ""
        try:
            row = _text(next(rows))
            if not row:
                continue
            if len(row) != len(header):
                raise BadRecord(f"the row has {len(row)} fields, the header {len(header)}")
            yield record_of(dict(zip(header, row, strict=True)), options, position, f"row {number}")
        except StopIteration:
            return
        except csv.Error as error:
            yield error_record(position, f"row {number}", f"not CSV: {error}", lines.start)
        except BadRecord as error:
            yield error_record(position, f"row {number}", str(error), lines.start)
        position += 1


def _delimiter(header: str) -> str:
    """What separates the columns, judging by the header.

    >>> _delimiter("id;text;note, if any"), _delimiter("text")
    (';', ',')
    """
    return max(DELIMITERS, key=header.count)


def _text(row: list[str]) -> list[str]:
    """The row. Raises BadRecord where it is not UTF-8."""
    try:
        "".join(row).encode()
    except UnicodeEncodeError:
        raise BadRecord("not UTF-8") from None
    return row


def _check(header: list[str], options: ReadOptions) -> None:
    """Raises BadRecord where the columns do not hold what is needed, or a name stands twice."""
    if len(set(header)) < len(header):
        raise BadRecord("two columns have one name")
    record_of(dict.fromkeys(header, "text"), options, 0, "")
