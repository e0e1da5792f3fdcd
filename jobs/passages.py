"""The part of filter that cuts: documents that pass the rules -> passages, passage_counts, edits, edited_documents.

Texts are read where they are new; which passages are frequent is asked of their hashes. The counts are made once, so
that a later document is judged like the first ones, until the recipe says `statistics: new`.
"""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.stage import Context, digest
from corpusmill.jobs.tables import EDITED_DOCUMENTS
from corpusmill.schemas.documents import EDITS, PASSAGE_COUNTS, PASSAGES
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms import passages as transform
from corpusmill.transforms.edits import with_edits
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text.passages import PassageOptions

TABLES = (PASSAGES, PASSAGE_COUNTS, EDITED_DOCUMENTS)


def options(recipe: Recipe) -> Any:
    """What the stage's result depends on; None: nothing is cut."""
    return recipe.passages and [recipe.passages.model_dump(), recipe.statistics == "new"]


def cut(context: Context, documents: DataFrame) -> int:
    """Bring `edits`, and what is measured of the edited texts, up to date; returns how many documents that concerned.

    documents: rows of `documents` that pass the rules. Conversations stay whole: their messages are published.
    """
    warehouse = context.warehouse
    if context.recipe.passages is None:
        return 0 if warehouse.is_empty(EDITS, "filter") else _write(context, documents, context.read("edits").limit(0))
    for table in TABLES:
        warehouse.ensure(table)
    passing = documents.where("messages IS NULL")
    ids = warehouse.work("passages_of", passing.select("doc_id", "source", "exact_hash", "n_chars"))
    found = _find(context, passing)
    _count(context, ids)
    limit = context.recipe.passages.minimum_documents
    cuts = transform.cuts(context.read("passages"), ids, context.read("passage_counts"), limit)
    return found + _write(context, documents, warehouse.work("passages_cut", cuts))


def edited(context: Context, documents: DataFrame) -> DataFrame | None:
    """Those of the documents that have edits, with what was measured of the edited texts; None where there are none."""
    if context.warehouse.is_empty(EDITS, "filter"):
        return None
    measured = context.read("edited_documents").select("doc_id", "n_chars", "signals")
    return documents.select("doc_id", "language", "language_confidence").join(measured, "doc_id")


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


def _write(context: Context, documents: DataFrame, edits: DataFrame) -> int:
    """Bring `edits` up to date, and then `edited_documents`."""
    warehouse, signals = context.warehouse, context.recipe.quality is not None
    normalise = context.recipe.exact_normalise
    n_edited = warehouse.sync(EDITS, edits, stage="filter")
    made_with = digest(
        signals, normalise, code_hash("corpusmill.transforms.text.measure", "corpusmill.transforms.text.edits")
    )
    having = documents.join(edits.select("doc_id").distinct(), "doc_id", "left_semi")
    of_edited = made_from("content_hash", F.lit(made_with), F.to_json("edits"))
    wanted = with_edits(having, edits).withColumn("made_from", of_edited)
    return n_edited + bring_up_to_date(
        warehouse,
        EDITED_DOCUMENTS,
        wanted,
        lambda rows: transform.measured(rows, EDITED_DOCUMENTS.schema, signals, normalise),
    )


def _passage_options(recipe: Recipe) -> PassageOptions:
    assert recipe.passages is not None
    return PassageOptions(recipe.passages.minimum_words, salt=digest(recipe.name).encode())


def _version(context: Context) -> str:
    """Names the hashes: those of two versions cannot be compared."""
    return digest(repr(_passage_options(context.recipe)), code_hash("corpusmill.transforms.text.passages"))
