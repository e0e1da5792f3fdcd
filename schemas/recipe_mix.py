"""The mixture: which documents go in, and how often."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from corpusmill.schemas.recipe_models import BUCKETS, PERPLEXITY
from corpusmill.schemas.recipe_values import LanguageCode, Name, Part, Seed, Text, Weight, one_or, wrong

DIMENSIONS = ("source", "language", "quality")
OTHERS = "default"  # in max_epochs: sources that are not named

Temperature = Annotated[float, Field(ge=1)]


class Weights(Part):
    """Shares of the mixture's tokens, in any unit: what counts is each one's part of their sum."""

    source: dict[Name, Weight] | None = Field(default=None, min_length=1, description="weight of each source")
    language: dict[LanguageCode, Weight] | None = Field(
        default=None, min_length=1, description="weight of each language"
    )
    quality: dict[Name, Weight] | None = Field(default=None, min_length=1, description="weight of each bucket")


class Temperatures(Part):
    """Shares in proportion to tokens ** (1 / temperature): 1 leaves them, more brings them closer to each other.

    As for languages in mT5 (Xue et al. 2021, arXiv 2010.11934, section 3.2: exponent 0.3).
    """

    source: Temperature | None = Field(default=None, description="of sources")
    language: Temperature | None = Field(default=None, description="of languages")
    quality: Temperature | None = Field(default=None, description="of buckets")


class Buckets(Part):
    """Buckets of documents by a signal or score: each is in the one with the greatest limit that it reaches.

    The buckets of perplexity are head, middle and tail, with the limits of each language's model.
    """

    signal: Text = Field(description="a signal, the name of a classifier, or perplexity")
    at_least: dict[Name, float] = Field(
        default={}, validate_default=True, description="least value of each bucket: {low: 0, high: 0.5}"
    )

    @field_validator("at_least")
    @classmethod
    def _apart(cls, at_least: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        if bool(at_least) == (info.data.get("signal") == PERPLEXITY):
            wrong("goes with a signal or a classifier; the limits of perplexity stand with its models")
        values = list(at_least.values())
        for name, value in at_least.items():
            if values.count(value) > 1:
                wrong(f"two buckets begin at {value:g}", name)
        return at_least

    @property
    def names(self) -> tuple[str, ...]:
        """The buckets."""
        return tuple(self.at_least) or BUCKETS


class Mix(Part):
    """Which documents, how often."""

    weights: Weights = Field(
        default=Weights(), description="shares by source, language, quality; what is not listed goes"
    )
    temperature: Temperatures = Field(default=Temperatures(), description="in place of weights: shares by size")
    quality: Buckets | None = Field(default=None, description="buckets for the weights by quality")
    max_epochs: Annotated[
        dict[Name, Weight], one_or(lambda n: {OTHERS: float(n)}, Weight | dict[Name, Weight], (int, float))
    ] = Field(
        default={OTHERS: 1.0},
        description="how often a document may be repeated: one number for all, or one for each source and `default`",
    )
    max_tokens: int | None = Field(
        default=None, gt=0, description="tokens of the mixture; default: what the weights allow"
    )
    seed: Seed = Field(default=1, description="seed of the choice")

    @field_validator("temperature")
    @classmethod
    def _not_both(cls, temperature: Temperatures, info: ValidationInfo) -> Temperatures:
        weights = info.data.get("weights", Weights())
        for dimension in DIMENSIONS:
            if getattr(temperature, dimension) is not None and getattr(weights, dimension) is not None:
                wrong(f"mix.weights.{dimension} is given too; leave one out", dimension)
        return temperature

    @field_validator("quality")
    @classmethod
    def _bucketed(cls, quality: Buckets | None, info: ValidationInfo) -> Buckets | None:
        weights, temperature = (info.data.get(name) for name in ("weights", "temperature"))
        listed = (weights and weights.quality) or {}
        for name in listed:
            if quality is None or name not in quality.names:
                known = ", ".join(quality.names) if quality else "none"
                wrong(f"mix.weights.quality names '{name}', which is no bucket; there are: {known}")
        if quality is None and temperature and temperature.quality is not None:
            wrong("mix.temperature.quality needs buckets")
        return quality

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what the mixture's groups are told apart: source, language, quality where they are weighed or capped."""
        given = [self.weights, self.temperature]
        capped = {"source"} if set(self.max_epochs) - {OTHERS} else set()
        return tuple(d for d in DIMENSIONS if d in capped or any(getattr(part, d) is not None for part in given))

    def cap(self, values: Sequence[str]) -> float:
        """How often a document may be in the mixture. values: of each of the dimensions."""
        source = dict(zip(self.dimensions, values, strict=True)).get("source", OTHERS)
        return self.max_epochs.get(source, self.max_epochs.get(OTHERS, 1.0))
