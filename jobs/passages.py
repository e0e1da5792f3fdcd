"""The part of filter that cuts what is repeated: documents that pass the rules -> passages, passage_counts, edits.

Texts are read where they are new; which passages are frequent is asked of their hashes. The counts are made once, so
that a later document is judged like the first ones, until the recipe says `statistics: new`.
"""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.stage import Context, digest
from corpusmill.schemas.documents import PASSAGE_COUNTS, PASSAGES
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms import passages as transform
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text.passages import PassageOptions

TABLES = (PASSAGES, PASSAGE_COUNTS)


def options(recipe: Recipe) -> Any:
    """What the stage's result depends on; None: nothing is cut."""
    return recipe.passages and [recipe.passages.model_dump(), recipe.statistics == "new"]


def cuts(context: Context, documents: DataFrame) -> tuple[int, DataFrame | None]:
    """How many documents are new to this, and rows of `edits` (None: the recipe cuts no passages).

    documents: rows of `documents` that pass the rules. Conversations stay whole: their messages are published.
    """
    warehouse = context.warehouse
    if context.recipe.passages is None:
        return 0, None
    for table in TABLES:
        warehouse.ensure(table)
    passing = documents.where("messages IS NULL")
    ids = warehouse.work("passages_of", passing.select("doc_id", "source", "exact_hash", "n_chars"))
    found = _find(context, passing)
    _count(context, ids)
    limit = context.recipe.passages.minimum_documents
    cuts = transform.cuts(context.read("passages"), ids, context.read("passage_counts"), limit)
    return found, warehouse.work("passages_cut", cuts)


def _find(context: Context, documents: DataFrame) -> int:
    """Bring `passages` up to date."""
    wanted = documents.withColumn("made_from", made_from("content_hash", F.lit(_version(context))))
    options = _passage_options(context.recipe)
    return bring_up_to_date(context.warehouse, PASSAGES, wanted, lambda rows: transform.passages(rows, options))


def _count(context: Context, documents: DataFrame) -> None:
    """Make the counts where there are none yet, where they are of other hashes, or where the recipe says so."""
    warehouse, version = context.warehouse, _version(context)
    counts = context.read("passage_counts")
    frozen = context.recipe.statistics == "frozen" and not warehouse.is_empty(PASSAGE_COUNTS)
    if frozen and counts.where(F.col("made_from") != version).isEmpty():
        return
    made = warehouse.work("passages_counted", transform.counts(context.read("passages"), documents, version))
    warehouse.sync(PASSAGE_COUNTS, made)


def _passage_options(recipe: Recipe) -> PassageOptions:
    assert recipe.passages is not None
    return PassageOptions(recipe.passages.minimum_words, salt=digest(recipe.name).encode())


def _version(context: Context) -> str:
    """Names the hashes: those of two versions cannot be compared."""
    return digest(repr(_passage_options(context.recipe)), code_hash("corpusmill.transforms.text.passages"))
