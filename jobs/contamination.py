"""The part of filter that decontaminates: documents that pass the rules -> contamination, and what follows from it.

A text is looked at once, and again only if a benchmark or the way of looking changed.
"""

from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.read_fields import ReadOptions
from corpusmill.jobs.read_files import list_files
from corpusmill.jobs.read_records import texts
from corpusmill.jobs.stage import Context, digest
from corpusmill.schemas.documents import CONTAMINATION, CONTAMINATION_SCANS
from corpusmill.schemas.recipe import Recipe, Source
from corpusmill.schemas.recipe_stages import Benchmark, Decontaminate
from corpusmill.transforms import contamination as transform
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text.contamination import SHORTEST, Index, Item, index

CODE = ("corpusmill.transforms.contamination", "corpusmill.jobs.contamination")


def options(recipe: Recipe) -> Any:
    """What the result depends on, the benchmarks' files by size and time; None: nothing is looked for."""
    wanted = recipe.decontaminate
    if wanted is None:
        return None
    return [wanted.action, _sought(wanted)]


def find(context: Context, documents: DataFrame) -> tuple[int, DataFrame | None]:
    """Bring `contamination` up to date; how many documents that concerned, and its rows (None: nothing is looked for).

    documents: rows of `documents` that pass the rules.
    """
    warehouse, wanted = context.warehouse, context.recipe.decontaminate
    if wanted is None:
        if warehouse.is_empty(CONTAMINATION):
            return 0, None
        return warehouse.sync(CONTAMINATION, context.read("contamination").limit(0)), None
    warehouse.ensure(CONTAMINATION_SCANS)
    sought = _index(context, wanted)
    version = digest(_sought(wanted), code_hash(*CODE))
    rows = documents.withColumn("made_from", made_from("content_hash", F.lit(version)))
    n_scanned = bring_up_to_date(warehouse, CONTAMINATION_SCANS, rows, lambda some: transform.scans(some, sought))
    scans = context.read("contamination_scans")
    found = warehouse.work("contaminated", transform.contamination(scans, scans.count()))
    return n_scanned + warehouse.sync(CONTAMINATION, found), found


def _sought(wanted: Decontaminate) -> list[Any]:
    """What a scan of a text depends on: not what is done about what it finds."""
    files = [(f.uri, f.size, f.modified) for b in wanted.benchmarks for f in list_files(_source(b)).files]
    return [wanted.model_dump(exclude={"action"}), files]


def _index(context: Context, wanted: Decontaminate) -> Index:
    items = reduce(list.__add__, (_items(b) for b in wanted.benchmarks))
    found = index(items, {b.name: b.ngram or wanted.ngram for b in wanted.benchmarks}, wanted.minimum_overlap)
    if found.n_short:
        context.progress.note(
            f"{found.n_short:,} of {len(items):,} texts of benchmarks have fewer than {SHORTEST} words, and are not "
            "looked for"
        )
    return found


def _items(benchmark: Benchmark) -> list[Item]:
    """The items of a benchmark, each field of it by itself. Raises UserError where one cannot be read."""
    files, of = list_files(_source(benchmark)).files, f"benchmark `{benchmark.name}`: "
    return [
        Item(benchmark.name, record.source_id or str(record.position), text)
        for name in benchmark.field
        for record, text in texts(files, ReadOptions(benchmark.name, text=name), of)
    ]


def _source(benchmark: Benchmark) -> Source:
    return Source(name=benchmark.name, path=benchmark.path)
