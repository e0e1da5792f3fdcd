"""What is measured of texts as they came, and again of edited ones: columns of `documents` and `edited_documents`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from corpusmill.schemas.recipe_quality import Definitions
from corpusmill.transforms.text import scores, shingles, signals

COLUMNS = ("exact_hash", "n_chars", "signals", "scores")


@dataclass(frozen=True)
class Measuring:
    """signals: measured or not. normalise: as for `shingles.normalised_hash`. scoring: the models that give scores.

    definitions: of signals, as in the recipe.
    """

    signals: bool
    normalise: tuple[str, ...] = shingles.NORMALISE
    scoring: scores.Scoring = scores.NONE
    definitions: Definitions = "papers"


def measure(texts: pl.Series, languages: Sequence[str | None], wanted: Measuring) -> dict[str, Sequence[Any]]:
    """Of each text the values of COLUMNS; signals and scores are dicts, or None where they are not wanted.

    >>> measured = measure(pl.Series(["one two two"]), ["en"], Measuring(signals=True))
    >>> measured["n_chars"], measured["signals"][0]["word_count"]
    ([11], 3)
    """
    nothing = [None] * len(texts)
    measured: Sequence[Any] = nothing
    if wanted.signals:
        measured = signals.measure(texts, pl.Series(languages, dtype=pl.String), wanted.definitions).to_dicts()
    scored: Sequence[Any] = nothing
    if wanted.scoring:
        scored = [list(one.items()) for one in scores.score(texts.to_list(), languages, wanted.scoring)]
    return {
        "exact_hash": shingles.normalised_hash(texts, wanted.normalise).to_list(),
        "n_chars": texts.str.len_chars().to_list(),
        "signals": measured,
        "scores": scored,
    }
