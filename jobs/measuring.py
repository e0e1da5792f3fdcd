"""What a recipe measures of each text: for prepare, and for filter after something was cut."""

from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms.text.measure import Measuring
from corpusmill.transforms.text.scores import Scoring


def measuring(recipe: Recipe) -> Measuring:
    """Signals and scores where the recipe has `quality`."""
    quality = recipe.quality
    scoring = Scoring(quality.classifiers, tuple(sorted(quality.perplexity.items()))) if quality else Scoring()
    return Measuring(quality is not None, recipe.exact_normalise, scoring)
