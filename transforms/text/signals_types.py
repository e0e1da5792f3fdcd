"""What a signal and a rule are. Imports nothing heavy, so that a recipe can be checked at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.words import Documents


@dataclass(frozen=True)
class Signal:
    """A measured property of a document: a column of `documents.signals`.

    dtype: "int" (64 bits), "float" (64 bits) or "bool". source: where the definition is from, and what differs.
    measure: the column for a batch of documents; null where the measure means nothing for the document.
    """

    name: str
    dtype: Literal["int", "float", "bool"]
    unit: str
    description: str
    source: str
    measure: Callable[[Documents], pl.Series] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Rule:
    """A signal and its limits: a document is kept if minimum <= value <= maximum, or if the value is null.

    languages, sources: the rule is asked of documents in these only; none: of all. source: where the limits are from.
    action: "drop", or "flag": the document stays, and is marked in `flags`.
    column: where the value stands, in `documents.signals` or in `documents.scores`.
    """

    preset: str
    name: str
    signal: str
    minimum: float | None = None
    maximum: float | None = None
    source: str = ""
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    action: Literal["drop", "flag"] = "drop"
    column: Literal["signals", "scores"] = "signals"

    @property
    def full_name(self) -> str:
        """As in a recipe's `limits` and in `decisions.rule`.

        >>> Rule("gopher_quality", "word_count", "word_count", minimum=50).full_name
        'gopher_quality.word_count'
        """
        return f"{self.preset}.{self.name}"
