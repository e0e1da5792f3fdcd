"""raw_documents -> documents (+ quarantine): only what is new, changed, or made with other options or code."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import changes
from corpusmill.jobs.measuring import measuring, signals_made_with
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.inputs import QUARANTINE
from corpusmill.transforms import prepare as transform
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text.prepare import PrepareOptions


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    from corpusmill.transforms.text import language, scores

    recipe = loaded.recipe
    model = recipe.language.model if recipe.language else None
    wanted = measuring(recipe)
    options = {
        "clean": recipe.clean is not None,
        "signals": signals_made_with(wanted),
        "language_model": language.load(model).hash,
        "normalise": wanted.normalise,
    }
    return options | {"scores": scores.hashes(wanted.scoring)} if wanted.scoring else options


def _work(context: Context) -> Outcome:
    warehouse, recipe = context.warehouse, context.recipe
    table = context.tables["documents"]
    raw = context.read("raw_documents").withColumn(
        "made_from", made_from("content_hash", F.lit(STAGE.made_with(context.loaded)))
    )
    made = context.read("documents").select("doc_id", "made_from")
    options = PrepareOptions(
        clean=recipe.clean is not None,
        language_model=recipe.language.model if recipe.language else None,
        masking=context.masking,
        measuring=measuring(recipe),
    )
    before = warehouse.version("documents")
    n_done = None
    if warehouse.is_empty(table):
        warehouse.append(table, transform.prepare(raw, options, table))
    else:
        found = changes(warehouse, "prepare_changes", raw, made)
        n_done = found.n_stale
        if found.n_keys:
            warehouse.replace(table, transform.prepare(found.todo(raw), options, table), found.keys)
    n_refused = warehouse.sync(QUARANTINE, _refused(context, raw, options), stage="prepare")
    return Outcome(changed=warehouse.version("documents") != before or n_refused > 0, n_done=n_done)


def _refused(context: Context, raw: DataFrame, options: PrepareOptions) -> DataFrame:
    """Rows of quarantine: what did not come out is looked at once more, for the reason; nearly always nothing."""
    missing = raw.select("doc_id").join(context.read("documents"), "doc_id", "left_anti")
    missing = context.warehouse.work("prepare_missing", missing)
    todo = raw.limit(0) if missing.isEmpty() else raw.join(missing, "doc_id", "left_semi")
    return (
        transform.examine(todo, options, context.tables["documents"])
        .frame()
        .select(F.lit("prepare").alias("stage"), "doc_id", "source", "uri", "locator", "error", "snippet")
    )


STAGE = Stage(
    name="prepare",
    options=_options,
    code=("corpusmill.transforms.prepare", "corpusmill.transforms.text.prepare"),
    reads=("raw_documents",),
    writes=("documents", "quarantine"),
    work=_work,
)
