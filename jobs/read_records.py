"""The records of any input file."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from corpusmill.jobs.read_csv import read_csv
from corpusmill.jobs.read_fields import ReadOptions, Record, error_record
from corpusmill.jobs.read_files import InputFile
from corpusmill.jobs.read_jsonl import read_jsonl
from corpusmill.jobs.read_parquet import read_parquet
from corpusmill.jobs.read_streams import BrokenStream
from corpusmill.jobs.read_text import read_text
from corpusmill.jobs.read_trees import reason_of
from corpusmill.schemas.errors import UserError

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


def texts(files: Iterable[InputFile], options: ReadOptions, of: str = "") -> Iterator[tuple[Record, str]]:
    """The records of files and their texts, where each must have one.

    Raises UserError naming file and place of the first that has none. of: what the message begins with.
    """
    for file in files:
        for record in read_file(file, options):
            if record.error or record.text is None:
                raise UserError(f"{of}{file.uri}, {record.locator}: {record.error}")
            yield record, record.text


def _end(last: Record | None, reason: str, raw: bytes = b"") -> Record:
    """The bad record that stands for the rest of a file."""
    if last is None:
        return error_record(0, "", reason, raw)
    return error_record(last.position + 1, f"after {last.locator}", reason, raw)
