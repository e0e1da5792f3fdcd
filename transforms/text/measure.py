"""What is measured of texts as they came, and again of edited ones: columns of `documents` and `edited_documents`."""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from corpusmill.transforms.text import shingles, signals


def measure(
    texts: pl.Series,
    languages: Sequence[str | None],
    with_signals: bool,
    normalise: Collection[str] = shingles.NORMALISE,
) -> dict[str, Sequence[Any]]:
    """exact_hash, n_chars, and signals: a dict for each text, or None. normalise: as for `shingles.normalised_hash`.

    >>> measured = measure(pl.Series(["one two two"]), ["en"], with_signals=True)
    >>> measured["n_chars"], measured["signals"][0]["word_count"]
    ([11], 3)
    """
    found: Sequence[Any] = [None] * len(texts)
    if with_signals:
        found = signals.measure(texts, pl.Series(languages, dtype=pl.String)).to_dicts()
    return {
        "exact_hash": shingles.normalised_hash(texts, normalise).to_list(),
        "n_chars": texts.str.len_chars().to_list(),
        "signals": found,
    }
