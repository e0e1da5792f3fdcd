"""What the tests of jobs share."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusmill.jobs import audit_scan
from corpusmill.jobs.read_fields import ReadOptions
from corpusmill.jobs.read_files import InputFile, format_of
from corpusmill.jobs.read_records import read_file
from corpusmill.transforms.text.anonymiser import AnonymiseOptions

from . import audited


@pytest.fixture
def read(tmp_path) -> Callable[..., Any]:
    """Writes a file and gives its records: name, content, options, and the format where the name does not tell it.

    The content is bytes, text, or the columns of a Parquet file.
    """

    def run(name, content, options=ReadOptions("s"), kind=None):  # noqa: B008
        path = tmp_path / name
        if isinstance(content, dict):
            pq.write_table(pa.table(content), path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        records = list(read_file(InputFile(name, str(path), 0, 0, kind or format_of(name)), options))
        assert [record.position for record in records] == list(range(len(records)))
        return records

    return run


@pytest.fixture
def fresh(tmp_path) -> str:
    """A warehouse with one anonymised version, made without Spark."""
    audited.version(tmp_path, 1, audited.LETTERS)
    return str(tmp_path)


@pytest.fixture
def quick(monkeypatch) -> None:
    """The second look of an audit without models: seconds less."""
    patterns = AnonymiseOptions(mode="patterns", minimum_score=0.3)
    monkeypatch.setattr(audit_scan, "options_for", lambda applied: patterns)
