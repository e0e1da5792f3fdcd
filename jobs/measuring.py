"""What a recipe measures of each text: for prepare, and for filter after something was cut."""

from importlib.metadata import version
from typing import Any

from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms.text.measure import Measuring
from corpusmill.transforms.text.scores import Scoring


def measuring(recipe: Recipe) -> Measuring:
    """Signals and scores where the recipe has `quality`."""
    quality = recipe.quality
    scoring = Scoring(quality.classifiers, tuple(sorted(quality.perplexity.items()))) if quality else Scoring()
    definitions = quality.definitions if quality else "papers"
    return Measuring(quality is not None, recipe.exact_normalise, scoring, definitions)


def signals_made_with(wanted: Measuring) -> Any:
    """What signals depend on beside text and code: whether they are wanted, and what cuts the words."""
    return wanted.signals if wanted.definitions == "papers" else [wanted.definitions, version("spacy")]
