"""documents -> decisions: the recipe's rules over the columns. All are judged again, only changes are written."""

from typing import Any

from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms import filter as transform
from corpusmill.transforms.text import rules


def selected_rules(recipe: Recipe) -> tuple[rules.Rule, ...]:
    """The recipe's quality rules in order, with its limits."""
    if recipe.quality is None:
        return ()
    limits = {name: limit.model_dump(exclude_none=True) for name, limit in recipe.quality.limits.items()}
    return rules.select(recipe.quality.rules, limits)


def _options(loaded: LoadedRecipe) -> list[Any]:
    language = loaded.recipe.language
    return [language and language.model_dump(), [repr(r) for r in selected_rules(loaded.recipe)]]


def _work(context: Context) -> Outcome:
    decisions = transform.decide(context.read("documents"), context.recipe.language, selected_rules(context.recipe))
    n_changed = context.warehouse.sync(DECISIONS, decisions, stage="filter")
    return Outcome(changed=n_changed > 0)


STAGE = Stage(
    name="filter",
    options=_options,
    code=("corpusmill.transforms.filter",),
    reads=("documents",),
    writes=("decisions",),
    work=_work,
)
