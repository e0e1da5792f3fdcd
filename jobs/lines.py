"""The part of filter that cuts lines: documents that pass the rules -> line_cuts, edits. A text is looked at once."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.stage import Context, digest
from corpusmill.schemas.filtered import LINE_CUTS
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms import lines as transform
from corpusmill.transforms.made_from import made_from

CODE = ("corpusmill.transforms.lines", "corpusmill.transforms.text.lines")


def options(recipe: Recipe) -> list[str]:
    """What the stage's result depends on: the sets of rules for lines."""
    return list(recipe.quality.lines) if recipe.quality else []


def cuts(context: Context, documents: DataFrame) -> tuple[int, DataFrame | None]:
    """How many documents are new to this, and rows of `edits` (None: the recipe cuts no lines).

    documents: rows of `documents` that pass the rules. Conversations stay whole: their messages are published.
    """
    presets = options(context.recipe)
    if not presets:
        return 0, None
    context.warehouse.ensure(LINE_CUTS)
    version = digest(presets, code_hash(*CODE))
    wanted = documents.where("messages IS NULL").withColumn("made_from", made_from("content_hash", F.lit(version)))
    n_new = bring_up_to_date(context.warehouse, LINE_CUTS, wanted, lambda rows: transform.line_cuts(rows, presets))
    return n_new, transform.edits(context.read("line_cuts"))
