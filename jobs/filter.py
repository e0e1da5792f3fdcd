"""documents -> decisions, edits: the recipe's rules over the columns, before and after passages are cut.

All are judged again, only changes are written.
"""

from typing import Any

from pyspark.sql import DataFrame

from corpusmill.jobs import contamination, edited, passages
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS
from corpusmill.transforms import contamination as decontaminate
from corpusmill.transforms import filter as transform


def _options(loaded: LoadedRecipe) -> list[Any]:
    language = loaded.recipe.language
    rules = [repr(r) for r in selected_rules(loaded.recipe)]
    parts = (passages.options(loaded.recipe), contamination.options(loaded.recipe))
    return [language and language.model_dump(), rules, *parts]


def _work(context: Context) -> Outcome:
    language, rules = context.recipe.language, selected_rules(context.recipe)
    documents = context.read("documents")
    decisions = transform.decide(documents, language, rules)
    passing = documents.join(decisions.select("doc_id"), "doc_id", "left_anti")
    n_changed, contaminated = contamination.find(context, passing)
    cuts = []
    if contaminated is not None:
        goes, cut = _contaminated(context, passing, contaminated)
        decisions = decisions.unionByName(goes)
        passing = passing.join(goes.select("doc_id"), "doc_id", "left_anti")
        cuts.append(cut)
    n_new, repeated = passages.cuts(context, passing)
    if repeated is not None:
        cuts.append(repeated)
    n_changed += n_new + edited.write(context, passing, cuts)
    measured = edited.read(context, passing)
    if measured is not None:
        decisions = decisions.unionByName(transform.decide_again(measured, language, rules))
    n_changed += context.warehouse.sync(DECISIONS, decisions, stage="filter")
    return Outcome(changed=n_changed > 0)


def _contaminated(context: Context, passing: DataFrame, found: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Rows of decisions for documents that go, and of edits for passages that do. A conversation cannot be cut."""
    wanted = context.recipe.decontaminate
    assert wanted is not None
    whole = passing.where("messages IS NOT NULL").select("doc_id")
    goes = {"drop": found, "flag": found.limit(0), "cut": found.join(whole, "doc_id", "left_semi")}[wanted.action]
    cut = found.join(whole, "doc_id", "left_anti") if wanted.action == "cut" else found.limit(0)
    return decontaminate.decisions(goes, wanted), decontaminate.cuts(cut)


STAGE = Stage(
    name="filter",
    options=_options,
    code=("corpusmill.transforms.filter", "corpusmill.transforms.passages", *contamination.CODE),
    reads=("documents",),
    writes=(
        "contamination_scans",
        "contamination",
        "passages",
        "passage_counts",
        "edits",
        "edited_documents",
        "decisions",
    ),
    work=_work,
)
