"""All signals of a batch of documents, one column each."""

from collections.abc import Iterator

import polars as pl

from corpusmill.schemas.recipe_quality import Definitions
from corpusmill.transforms.text import (
    signals_balanced,
    signals_c4,
    signals_fineweb,
    signals_gopher_quality,
    signals_gopher_repetition,
    signals_toxicity,
)
from corpusmill.transforms.text.signals_types import Signal
from corpusmill.transforms.text.words import Documents

__all__ = ["SIGNALS", "Signal", "measure"]

SIGNALS: tuple[Signal, ...] = (
    *signals_gopher_repetition.SIGNALS,
    *signals_gopher_quality.SIGNALS,
    *signals_c4.SIGNALS,
    *signals_fineweb.SIGNALS,
    *signals_balanced.SIGNALS,
    *signals_toxicity.SIGNALS,
)

DTYPES = {"int": pl.Int64, "float": pl.Float64, "bool": pl.Boolean}

# Text measured at once; the arrays over its words and n-grams take up to 60 times as much memory.
LARGEST_BATCH = 2_000_000  # bytes, for the processor's cache; a larger document is a batch by itself


def measure(texts: pl.Series, languages: pl.Series, definitions: Definitions = "papers") -> pl.DataFrame:
    """A column for each of SIGNALS, in that order, and a row for each text; null where a measure means nothing.

    >>> measure(pl.Series(["one two two"]), pl.Series(["en"]))["word_count"].to_list()
    [3]

    languages: ISO 639-1 codes, for the stop words. Null texts count as empty. definitions: as in the recipe.
    """
    batches = [_measure(texts.slice(at, n), languages.slice(at, n), definitions) for at, n in _slices(texts)]
    return pl.concat(batches)


def _measure(texts: pl.Series, languages: pl.Series, definitions: Definitions) -> pl.DataFrame:
    documents, others = Documents(texts, languages), pl.DataFrame()
    if definitions != "papers":
        from corpusmill.transforms.text import signals_datatrove  # it takes spaCy, and its time

        others = signals_datatrove.measure(texts, languages, in_turn=definitions == "datatrove_in_turn")
    columns = {s.name: others[s.name] if s.name in others.columns else s.measure(documents) for s in SIGNALS}
    return pl.DataFrame({s.name: columns[s.name].cast(DTYPES[s.dtype]) for s in SIGNALS})


def _slices(texts: pl.Series) -> Iterator[tuple[int, int]]:
    """(start, length) of runs of texts of at most LARGEST_BATCH bytes together; at least one run, if an empty one."""
    start = total = 0
    for at, size in enumerate(texts.str.len_bytes().fill_null(0).to_list()):
        if total and total + size > LARGEST_BATCH:
            yield start, at - start
            start, total = at, 0
        total += size
    yield start, len(texts) - start
