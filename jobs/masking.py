"""How a recipe's anonymisation is asked of the text layer, for publishing and for masking what is shown."""

from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.recipe_stages import Anonymise
from corpusmill.transforms.text.anonymiser import AnonymiseOptions


def anonymise_options(anonymise: Anonymise) -> AnonymiseOptions:
    """The options of the recipe's key `anonymise`."""
    return AnonymiseOptions(
        languages=anonymise.languages,
        mode=anonymise.mode,
        operators={str(kind): str(operator) for kind, operator in anonymise.operator.items()},
        pseudonyms=anonymise.pseudonyms,
        minimum_score=anonymise.minimum_score,
        entities=anonymise.entities,
        models=anonymise.models,
        on_missing_model=anonymise.on_missing_model,
    )


def masking(recipe: Recipe) -> AnonymiseOptions:
    """By the recipe's mode; by patterns in German and English where it has no `anonymise`."""
    return anonymise_options(recipe.anonymise or Anonymise(mode="patterns"))
