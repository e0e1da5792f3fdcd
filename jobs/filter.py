"""documents -> decisions, flags, edits: the recipe's rules over the columns, before and after passages are cut.

All are judged again, only changes are written.
"""

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame

from corpusmill.jobs import contamination, edited, lines, passages
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS
from corpusmill.schemas.filtered import FLAGS
from corpusmill.transforms import contamination as decontaminate
from corpusmill.transforms import filter as transform
from corpusmill.transforms.text.rules import Rule


def _options(loaded: LoadedRecipe) -> list[Any]:
    language = loaded.recipe.language
    rules = [repr(r) for r in selected_rules(loaded.recipe)]
    parts = (part.options(loaded.recipe) for part in (passages, contamination, lines))
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
    for part in (lines, passages):
        n_new, cut_lines = part.cuts(context, passing)
        n_changed += n_new
        if cut_lines is not None:
            cuts.append(cut_lines)
    n_changed += edited.write(context, passing, cuts)
    measured = edited.read(context, passing)
    if measured is not None:
        decisions = decisions.unionByName(transform.decide_again(measured, language, rules))
    n_changed += context.warehouse.sync(DECISIONS, decisions, stage="filter") + _flag(context, documents, rules)
    return Outcome(changed=n_changed > 0)


def _flag(context: Context, documents: DataFrame, rules: Sequence[Rule]) -> int:
    """Bring `flags` up to date; there is none before a rule flags. Of documents as they came, dropped ones too."""
    if all(rule.action == "drop" for rule in rules) and not context.warehouse.exists(FLAGS.name):
        return 0
    context.warehouse.ensure(FLAGS)
    return context.warehouse.sync(FLAGS, transform.flags(documents, rules), stage="filter")


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
    code=(
        "corpusmill.transforms.filter",
        "corpusmill.transforms.measure",
        "corpusmill.transforms.passages",
        *contamination.CODE,
        *lines.CODE,
    ),
    reads=("documents",),
    writes=(
        "contamination_scans",
        "contamination",
        "line_cuts",
        "passages",
        "passage_counts",
        "edits",
        "edited_documents",
        "decisions",
        "flags",
    ),
    work=_work,
)
