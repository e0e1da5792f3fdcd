"""raw_documents -> documents (+ quarantine): only what is new, changed, or made with other options or code."""

from typing import Any

from pyspark.sql import functions as F

from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.inputs import QUARANTINE
from corpusmill.transforms import prepare as transform
from corpusmill.transforms.text.prepare import PrepareOptions


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    from corpusmill.transforms.text import language

    recipe = loaded.recipe
    model = recipe.language.model if recipe.language else None
    return {
        "clean": recipe.clean is not None,
        "signals": recipe.quality is not None,
        "language_model": language.load(model).hash,
    }


def _work(context: Context) -> Outcome:
    warehouse, recipe = context.warehouse, context.recipe
    table = context.tables["documents"]
    raw = context.read("raw_documents").withColumn("made_from", transform.made_from(STAGE.made_with(context.loaded)))
    made = context.read("documents").select("doc_id", "made_from")
    first = warehouse.is_empty(table)
    if first:
        todo, gone = raw, None
    else:
        stale = raw.select("doc_id", "made_from").join(made, ["doc_id", "made_from"], "left_anti").select("doc_id")
        stale = warehouse.work("prepare_stale", stale)
        todo = raw.join(stale, "doc_id", "left_semi")
        gone = made.join(raw, "doc_id", "left_anti").select("doc_id")
    options = PrepareOptions(
        clean=recipe.clean is not None,
        signals=recipe.quality is not None,
        language_model=recipe.language.model if recipe.language else None,
        masking=context.masking,
    )
    before = warehouse.version("documents")
    readable = transform.prepare(todo, options, table).where("error IS NULL")
    if gone is None:
        warehouse.append(table, readable)
        n_done = None
    else:
        keys = warehouse.work("prepare_keys", stale.union(gone))
        n_done = stale.count()
        if keys.count():
            warehouse.replace(table, readable, keys)
    # What did not come out is looked at once more, for the reason; nearly always there is nothing.
    missing = raw.join(context.read("documents"), "doc_id", "left_anti")
    refused = transform.prepare(missing, options, table).select(
        F.lit("prepare").alias("stage"), "doc_id", "source", "uri", "locator", "error", "snippet"
    )
    n_refused = warehouse.sync(QUARANTINE, refused, stage="prepare")
    return Outcome(changed=warehouse.version("documents") != before or n_refused > 0, n_done=n_done)


STAGE = Stage(
    name="prepare",
    options=_options,
    code=("corpusmill.transforms.prepare", "corpusmill.transforms.text.prepare"),
    reads=("raw_documents",),
    writes=("documents", "quarantine"),
    work=_work,
)
