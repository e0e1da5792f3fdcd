"""The part of filter that writes what is cut: `edits`, and what is measured of the edited texts."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.measuring import measuring, signals_made_with
from corpusmill.jobs.stage import Context, digest
from corpusmill.jobs.tables import EDITED_DOCUMENTS
from corpusmill.schemas.documents import EDITS
from corpusmill.transforms.edits import with_edits
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.measure import measured
from corpusmill.transforms.text import scores


def write(context: Context, documents: DataFrame, cuts: Sequence[DataFrame]) -> int:
    """Bring `edits` of filter, and `edited_documents`, up to date; returns how many documents that concerned.

    documents: rows of `documents` that pass the rules. cuts: rows of `edits`; none: nothing is cut.
    """
    warehouse, wanted_of_text = context.warehouse, measuring(context.recipe)
    if not cuts and warehouse.is_empty(EDITS, "filter"):
        return 0
    warehouse.ensure(EDITED_DOCUMENTS)
    edits = reduce(DataFrame.unionByName, cuts) if cuts else context.read("edits").limit(0)
    n_edited = warehouse.sync(EDITS, edits, stage="filter")
    made_with = digest(
        *(signals_made_with(wanted_of_text), wanted_of_text.normalise, scores.hashes(wanted_of_text.scoring)),
        code_hash("corpusmill.transforms.text.measure", "corpusmill.transforms.text.edits"),
    )
    having = documents.join(edits.select("doc_id").distinct(), "doc_id", "left_semi")
    of_edited = made_from("content_hash", F.lit(made_with), F.to_json("edits"))
    wanted = with_edits(having, edits).withColumn("made_from", of_edited)
    return n_edited + bring_up_to_date(
        warehouse,
        EDITED_DOCUMENTS,
        wanted,
        lambda rows: measured(rows, EDITED_DOCUMENTS.schema, wanted_of_text),
    )


def read(context: Context, documents: DataFrame) -> DataFrame | None:
    """Those of the documents that have edits, with what was measured of the edited texts; None where there are none."""
    if context.warehouse.is_empty(EDITS, "filter"):
        return None
    of_edited = context.read("edited_documents").select("doc_id", "n_chars", "signals", "scores")
    whole = documents.select("doc_id", "source", "language", "language_confidence", "languages")
    return whole.join(of_edited, "doc_id")
