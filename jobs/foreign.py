"""Corpora outside of the dataset, as the recipe's `against` names them -> foreign_documents: hashes, never their texts.

They are read whole when one of them, or what is made of it, has changed. The texts of the few that may be like one of
ours are read again, for the comparison.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import LongType

from corpusmill.jobs import session
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.ingest import file_rows, spread
from corpusmill.jobs.read_fields import ReadOptions, read_options
from corpusmill.jobs.read_files import InputFile, list_files
from corpusmill.jobs.read_peek import missing_field
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, digest
from corpusmill.schemas.documents import FOREIGN_DOCUMENTS
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe import Foreign, Source
from corpusmill.transforms import near_dedup
from corpusmill.transforms.exact_dedup import exact_hashes
from corpusmill.transforms.text.measure import Measuring
from corpusmill.transforms.text.prepare import PrepareOptions

CODE = ("corpusmill.jobs.foreign", "corpusmill.transforms.text.clean")
# Of a Delta table whose files can be read by themselves.
PLAIN_FEATURES = {"appendOnly", "invariants", "checkConstraints", "changeDataFeed", "timestampNtz", "domainMetadata"}
RECORDS = "corpus string, uri string, position long, content_type string, text string, bytes binary, doc_id string"
TEXTS = "doc_id string, corpus string, uri string, position long, text string"


def state(loaded: LoadedRecipe) -> list[Any]:
    """What the foreign corpora hold, as far as names, sizes and times tell: part of a stage's options."""
    return [_state(corpus) for corpus in loaded.recipe.against]


def documents(context: Context) -> DataFrame | None:
    """The table `foreign_documents`, up to date; None where the recipe names no foreign corpus."""
    warehouse, recipe = context.warehouse, context.recipe
    if not recipe.against:
        if warehouse.exists(FOREIGN_DOCUMENTS.name) and not warehouse.is_empty(FOREIGN_DOCUMENTS):
            warehouse.sync(FOREIGN_DOCUMENTS, context.read(FOREIGN_DOCUMENTS.name).limit(0))
        return None
    warehouse.ensure(FOREIGN_DOCUMENTS)
    options = None if recipe.near_dedup is None else near_dedup.options_of(recipe.near_dedup)
    version = digest(state(context.loaded), repr(_cleaning(context)), repr(options), code_hash(*CODE))
    held = warehouse.ask("SELECT DISTINCT made_from FROM {foreign_documents}", FOREIGN_DOCUMENTS.name)
    if [row["made_from"] for row in held] != [version]:
        _check_fields(context)
        hashed = exact_hashes(_texts(context, recipe.against, None).where("text != ''"), recipe.exact_normalise)
        hashed = near_dedup.unsigned(hashed) if options is None else near_dedup.signatures(hashed, options)
        rows = warehouse.work("foreign", hashed.drop("text")).dropDuplicates(["doc_id"])
        warehouse.sync(FOREIGN_DOCUMENTS, rows.withColumn("made_from", F.lit(version)))
    return context.read(FOREIGN_DOCUMENTS.name)


def texts(context: Context, members: DataFrame) -> DataFrame:
    """doc_id and clean text of the foreign documents among the members, read again. members: doc_id."""
    wanted = context.read(FOREIGN_DOCUMENTS.name).join(members, "doc_id", "left_semi")
    places = {(r["corpus"], r["uri"]) for r in wanted.select("corpus", "uri").distinct().collect()}
    corpora = [corpus for corpus in context.recipe.against if any(corpus.name == name for name, _ in places)]
    found = _texts(context, corpora, {uri for _, uri in places}) if corpora else None
    if found is None:
        return context.warehouse.spark.createDataFrame([], "doc_id string, text string")
    return (
        found.join(wanted.select("doc_id"), "doc_id", "left_semi").select("doc_id", "text").dropDuplicates(["doc_id"])
    )


def _state(corpus: Foreign) -> list[Any]:
    if corpus.table:
        history = session.get().sql(f"DESCRIBE HISTORY {corpus.table} LIMIT 1").select("version").collect()
        return [corpus.name, corpus.table, history[0][0]]
    files = sorted((f.uri, f.size, f.modified) for f in _files(corpus))
    return [corpus.name, repr(_read_with(corpus)), corpus.format, files]


def _read_with(corpus: Foreign) -> ReadOptions:
    return read_options(_as_source(corpus))


def _as_source(corpus: Foreign) -> Source:
    given = {name: getattr(corpus, name) for name in ("name", "path", "format", "fields", "content_type")}
    return Source(**{name: value for name, value in given.items() if name in corpus.model_fields_set})


def _files(corpus: Foreign) -> list[InputFile]:
    """The files of a path; of a Delta table those that belong to its last version."""
    assert corpus.path is not None
    if not DeltaTable.is_deltatable(corpus.path):
        return list_files(_as_source(corpus)).files
    table = DeltaTable(corpus.path)
    features = set(table.protocol().reader_features or ()) - PLAIN_FEATURES
    if features:
        raise UserError(
            f"against `{corpus.name}`: the Delta table {corpus.path} uses {', '.join(sorted(features))}, so that its "
            "files cannot be read by themselves. Give its name as `table`, or a copy of it."
        )
    rows = pa.table(table.get_add_actions()).to_pylist()
    return [
        InputFile(unquote(r["path"]), f"{corpus.path.rstrip('/')}/{unquote(r['path'])}", r["size_bytes"], 0, "parquet")
        for r in rows
    ]


def _check_fields(context: Context) -> None:
    """Raise UserError where the first records of a corpus all lack the field that the recipe names."""
    for corpus in context.recipe.against:
        files = [] if corpus.table else _files(corpus)
        problem = files and missing_field(files[0].__dict__, _read_with(corpus))
        if problem:
            raise UserError(f"{context.loaded.path}: against `{corpus.name}`: {problem}")


def _cleaning(context: Context) -> PrepareOptions:
    recipe = context.recipe
    return PrepareOptions(recipe.clean is not None, None, context.masking, Measuring(False, recipe.exact_normalise))


def _texts(context: Context, corpora: Iterable[Foreign], uris: set[str] | None) -> DataFrame:
    """TEXTS of the corpora, of the files at these uris (None: of all); null text where a record is not readable."""
    records = [_records(context, corpus, uris) for corpus in corpora]
    cleaning = _cleaning(context)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.prepare import readable

        for batch in batches:
            metadata = pa.nulls(batch.num_rows, pa.map_(pa.string(), pa.string()))
            rows = readable(batch.append_column("metadata", metadata), cleaning)
            clean = pa.array([None if row["error"] else row["text"] for row in rows], pa.string())
            named = {n: batch[n] for n in ("doc_id", "corpus", "uri", "position")}
            yield pa.RecordBatch.from_pydict(named | {"text": clean})

    return reduce(DataFrame.unionByName, records).mapInArrow(read, TEXTS)


def _records(context: Context, corpus: Foreign, uris: set[str] | None) -> DataFrame:
    """RECORDS of one corpus."""
    if corpus.table:
        return _of_table(context, corpus)
    files = [f.__dict__ | {"source": corpus.name} for f in _files(corpus) if uris is None or f.uri in uris]
    options = {corpus.name: _read_with(corpus)}

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.jobs.read_batches import record_batches

        rows = (row for batch in batches for row in batch.to_pylist())
        for records in record_batches(rows, options):
            yield _named(records)

    return spread(file_rows(context.warehouse.spark, files), files).mapInArrow(read, RECORDS)


def _of_table(context: Context, corpus: Foreign) -> DataFrame:
    field = corpus.fields.text
    rows = context.warehouse.spark.table(str(corpus.table)).select(
        F.lit(corpus.name).alias("source"),
        F.lit(corpus.table).alias("uri"),
        F.lit(None).cast(LongType()).alias("position"),
        F.lit(corpus.content_type or "text/plain").alias("content_type"),
        F.col(field).cast("string").alias("text"),
        F.lit(None).cast("binary").alias("bytes"),
        F.lit(None).cast("string").alias("source_id"),
        F.sha2(F.col(field).cast("string"), 256).alias("content_hash"),
    )

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _named(batch)

    return rows.where("text IS NOT NULL").mapInArrow(read, RECORDS)


def _named(records: pa.RecordBatch) -> pa.RecordBatch:
    """Readable records with the ids of their documents, as RECORDS has them."""
    from corpusmill.transforms.text.identity import foreign_id

    records = records.filter(records["content_hash"].is_valid())
    parts = (records[name].to_pylist() for name in ("source", "source_id", "content_hash"))
    ids = [foreign_id(*part) for part in zip(*parts, strict=True)]
    kept = {n: records[n] for n in ("uri", "position", "content_type", "text", "bytes")}
    return pa.RecordBatch.from_pydict({"corpus": records["source"], **kept, "doc_id": pa.array(ids, pa.string())})
