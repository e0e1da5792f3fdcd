"""The records of any input file."""

from collections.abc import Iterator

import pyarrow as pa

from corpusmill.jobs.read_csv import read_csv
from corpusmill.jobs.read_fields import ReadOptions, Record, error_record
from corpusmill.jobs.read_files import InputFile
from corpusmill.jobs.read_jsonl import read_jsonl
from corpusmill.jobs.read_parquet import read_parquet
from corpusmill.jobs.read_streams import BrokenStream
from corpusmill.jobs.read_text import read_text
from corpusmill.jobs.read_trees import reason_of

# How the reason of a record begins that stands for a file, or the rest of one, that could not be got at this time.
NOT_REACHED = ("cannot be read: ", "what follows cannot be read")

READERS = {
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "csv": read_csv,
    "text": read_text,
    "markdown": read_text,
    "html": read_text,
}


def read_file(file: InputFile, options: ReadOptions) -> Iterator[Record]:
    """The records of a file in order, bad ones as records with `error`. No file makes it raise.

    What cannot be read any further (gone, no permission, damaged) ends with one bad record, after those before it.
    """
    last: Record | None = None
    try:
        for last in READERS[file.format](file, options):
            yield last
    except BrokenStream as error:
        yield _end(last, str(error), error.partial)
    except (OSError, pa.ArrowException) as error:
        # Once it could be opened, a library's message might quote what it read.
        yield _end(last, NOT_REACHED[1] if last else NOT_REACHED[0] + reason_of(error))


def _end(last: Record | None, reason: str, raw: bytes = b"") -> Record:
    """The bad record that stands for the rest of a file."""
    if last is None:
        return error_record(0, "", reason, raw)
    return error_record(last.position + 1, f"after {last.locator}", reason, raw)
