"""A look at the first records of a file, to tell a wrong recipe from a broken record."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from corpusmill.jobs.read_fields import ReadOptions
from corpusmill.jobs.read_files import InputFile
from corpusmill.jobs.read_records import read_file

FIRST = 20


def missing_field(file: Mapping[str, Any], options: ReadOptions) -> str | None:
    """What is wrong with the recipe's fields, if the first records of the file all have the same fault about a field.

    A file with fewer than two such records says nothing about the recipe: its record goes to quarantine.
    """
    opened = InputFile(**{k: file[k] for k in ("uri", "path", "size", "modified", "format")})
    records = list(islice(read_file(opened, options), FIRST))
    errors = {r.error for r in records}
    error = next(iter(errors), None)
    if len(records) > 1 and len(errors) == 1 and error and "field" in error:
        return f"{file['uri']}: {error}. Name the right one in its `fields`."
    return None
