"""Files of fastText models, opened."""

from pathlib import Path
from typing import Any

import fasttext  # type: ignore[import-untyped]

from corpusmill.schemas.errors import UserError

LABEL = "__label__"  # before the name of each label


def load(path: Path, what: str, hint: str) -> Any:
    """The model of a file. Raises UserError, with what the file is meant to be and what to give instead."""
    if not path.is_file():
        raise UserError(f"{what} {path}: there is no such file. {hint}")
    fasttext.FastText.eprint = lambda *_, **__: None  # load_model warns about its own return type
    try:
        return fasttext.load_model(str(path))
    except (ValueError, RuntimeError, MemoryError) as error:
        raise UserError(f"{what} {path}: fastText cannot read it ({error}). {hint}") from error
