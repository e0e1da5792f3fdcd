"""documents -> decisions, edits: the recipe's rules over the columns, before and after passages are cut.

All are judged again, only changes are written.
"""

from typing import Any

from corpusmill.jobs import passages
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
    rules = [repr(r) for r in selected_rules(loaded.recipe)]
    return [language and language.model_dump(), rules, passages.options(loaded.recipe)]


def _work(context: Context) -> Outcome:
    language, rules = context.recipe.language, selected_rules(context.recipe)
    documents = context.read("documents")
    decisions = transform.decide(documents, language, rules)
    passing = documents.join(decisions.select("doc_id"), "doc_id", "left_anti")
    n_changed = passages.cut(context, passing)
    edited = passages.edited(context, passing)
    if edited is not None:
        decisions = decisions.unionByName(transform.decide_again(edited, language, rules))
    n_changed += context.warehouse.sync(DECISIONS, decisions, stage="filter")
    return Outcome(changed=n_changed > 0)


STAGE = Stage(
    name="filter",
    options=_options,
    code=("corpusmill.transforms.filter", "corpusmill.transforms.passages"),
    reads=("documents",),
    writes=("passages", "passage_counts", "edits", "edited_documents", "decisions"),
    work=_work,
)
