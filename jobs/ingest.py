"""sources -> raw_documents (+ quarantine): files that are new or changed are read, first narrowly, then what is wanted.

The first look gives one narrow row a record, without its text; `transforms/ingest.py` decides on those; the second
look carries over the texts of the records that are new or changed. So texts are written once, and no join moves them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import LongType, StringType, StructType

from corpusmill.jobs import erasures, ledger, session
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.read_fields import ReadOptions, read_options
from corpusmill.jobs.read_files import Listing, list_files
from corpusmill.jobs.read_records import NOT_REACHED
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage, digest
from corpusmill.schemas.contract import field
from corpusmill.schemas.errors import RunFailed, UserError
from corpusmill.schemas.inputs import INPUT_FILES, QUARANTINE, RAW_DOCUMENTS
from corpusmill.schemas.recipe import Source
from corpusmill.transforms import ingest as transform
from corpusmill.transforms.batches import Pass

CODE = ("corpusmill.jobs.read_batches", "corpusmill.transforms.ingest")
BYTES_PER_TASK = 64 * 2**20

FILES = "source string, uri string, path string, size bigint, modified bigint, format string"
SCANNED = ("source", "source_id", "uri", "position", "locator", "content_hash", "error", "snippet")
SCAN = StructType([field(n, LongType() if n == "position" else StringType(), "") for n in (*SCANNED, "doc_id")])
READ = StructType([f for f in RAW_DOCUMENTS.schema if f.name != "run_id"])


def listing_state(loaded: LoadedRecipe) -> list[Any]:
    """Name, size and time of every input file: equal ones mean that there is nothing to ingest."""
    return [
        [s.name, sorted((f.uri, f.size, f.modified) for f in listing.files), [u.uri for u in listing.unreadable]]
        for s in loaded.recipe.sources
        for listing in [list_files(s)]
    ]


def _options(loaded: LoadedRecipe) -> list[Any]:
    return [[_read_with(s), s.deletes] for s in loaded.recipe.sources]


def _read_with(source: Source) -> str:
    return digest(read_options(source).__dict__, source.format, code_hash(*CODE))


def _work(context: Context) -> Outcome:
    warehouse = context.warehouse
    sources = context.recipe.sources
    snapshots = [s.name for s in sources if s.deletes]
    erased = erasures.Erased(erasures.erasures(warehouse.location))
    listings = {s.name: erased.without_files(s.name, list_files(s)) for s in sources}
    known = {(r["source"], r["uri"]): r for r in ledger.rows(warehouse.location, "input_files")}
    files = [f for s in sources for f in _to_read(s, listings[s.name], known)]
    _check_fields(context, files)
    options = {s.name: read_options(s) for s in sources}

    scan = warehouse.work("scan", _scan(context, files, options, erased))
    existing = context.read("raw_documents").drop("text", "bytes", "metadata")
    resolved = warehouse.work("resolved", transform.resolve(scan, existing, snapshots))
    read = {(f["source"], f["uri"]) for f in files}
    n_refused = warehouse.sync(
        QUARANTINE, _all_refused(context, transform.refused(resolved), listings, read, snapshots), stage="ingest"
    )
    chosen = transform.chosen(resolved)
    changed = warehouse.work("changed", transform.changed(chosen, existing))
    gone_files = [key for key in known if key[0] in snapshots and key not in _present(listings)]
    touched_snapshots = sorted({s for s, _ in read if s in snapshots} | {s for s, _ in gone_files})
    gone = transform.vanished(chosen, existing, touched_snapshots)
    n_changed, n_gone = changed.count(), gone.count() if touched_snapshots else 0
    if n_changed or n_gone:
        rows = _rows(warehouse.spark, files, options, transform.wanted_places(changed), context)
        warehouse.replace(RAW_DOCUMENTS, rows, changed.select("doc_id").union(gone))
        _check_all_there(context, changed)
    not_reached = _not_reached(scan)
    _remember(context, [f for f in files if (f["source"], f["uri"]) not in not_reached], gone_files, known)
    done = n_changed + n_gone
    return Outcome(changed=done + n_refused > 0, n_done=done, complete=not not_reached)


def _not_reached(scan: DataFrame) -> set[tuple[str, str]]:
    """Source and uri of files that no permission or no network kept from being read: to be tried again."""
    failed = F.lit(False)
    for beginning in NOT_REACHED:
        failed = failed | F.col("error").startswith(beginning)
    return {(r["source"], r["uri"]) for r in scan.where(failed).select("source", "uri").distinct().collect()}


def _to_read(source: Source, listing: Listing, known: Mapping[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """Files that are new, changed, or were read in another way; of a snapshot all, if any is, or any is gone."""
    read_with = _read_with(source)
    files = [f.__dict__ | {"source": source.name, "read_with": read_with} for f in listing.files]

    def fresh(file: dict[str, Any]) -> bool:
        before = known.get((source.name, file["uri"]))
        return before is None or any(before[k] != file[k] for k in ("size", "modified", "read_with"))

    if source.deletes:
        gone = {uri for name, uri in known if name == source.name} - {f["uri"] for f in files}
        return files if gone or any(fresh(f) for f in files) else []
    return [f for f in files if fresh(f)]


def _present(listings: Mapping[str, Listing]) -> set[tuple[str, str]]:
    return {(name, f.uri) for name, listing in listings.items() for f in listing.files}


def _check_fields(context: Context, files: Sequence[Mapping[str, Any]]) -> None:
    """Raise UserError where the first records of a source all lack the field that the recipe names."""
    from corpusmill.jobs.read_peek import missing_field

    for source in context.recipe.sources:
        first = next((f for f in files if f["source"] == source.name), None)
        problem = first and missing_field(first, read_options(source))
        if problem:
            raise UserError(f"{context.loaded.path}: source `{source.name}`: {problem}")


def file_rows(spark: Any, files: Sequence[Mapping[str, Any]]) -> DataFrame:
    """One row a file, large files first."""
    ordered = sorted(files, key=lambda f: -f["size"])
    columns = [c.split()[0] for c in FILES.split(", ")]
    return spark.createDataFrame([tuple(f[c] for c in columns) for f in ordered], schema=FILES)


def spread(frame: DataFrame, files: Sequence[Mapping[str, Any]]) -> DataFrame:
    """Spread over tasks of at most about 64 MB of files; several a core, so that the cores end together."""
    total = sum(f["size"] for f in files)
    return frame.repartition(max(1, min(len(files), max(4 * session.cores(), total // BYTES_PER_TASK))))


def _scan(
    context: Context, files: Sequence[Mapping[str, Any]], options: Mapping[str, ReadOptions], erased: erasures.Erased
) -> DataFrame:
    schema, spark = to_arrow_schema(SCAN), context.warehouse.spark
    masking = context.masking

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.jobs.read_batches import record_batches
        from corpusmill.transforms.text import anonymiser, identity, mask

        rows = (row for batch in source for row in batch.to_pylist())
        for batch in record_batches(rows, options, SCANNED):
            columns = {name: batch.column(name) for name in SCANNED}
            if columns["error"].null_count < batch.num_rows:
                shown = [s and mask.masked(s, anonymiser.load(masking)) for s in columns["snippet"].to_pylist()]
                columns["snippet"] = pa.array(shown, pa.string())
            named = zip(columns["source"].to_pylist(), columns["source_id"].to_pylist(), strict=True)
            ids = [None if own is None else identity.doc_id(name, own) for name, own in named]
            if erased.rows:
                columns |= erased.refused(columns, ids)
            arrays = [*columns.values(), pa.array(ids, pa.string())]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return spread(file_rows(spark, files), files).mapInArrow(batches, SCAN)


def _rows(
    spark: Any,
    files: Sequence[Mapping[str, Any]],
    options: Mapping[str, ReadOptions],
    wanted: DataFrame,
    context: Context,
) -> Pass:
    """Rows of raw_documents for the wanted places of the files."""
    schema = to_arrow_schema(READ)
    when = {"run_date": date.fromisoformat(context.run_date), "ingested_at": datetime.now(UTC)}

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.jobs.read_batches import record_batches

        for batch in source:
            for row in batch.to_pylist():
                places = pa.Table.from_pylist(row["wanted"], PLACES)
                for records in record_batches([row], options):
                    yield from _at_places(records, places, schema, when)

    return Pass(spread(file_rows(spark, files).join(wanted, transform.FILE), files), batches, READ)


PLACES = pa.schema([("position", pa.int64()), ("doc_id", pa.string()), ("number", pa.int64())])


def _at_places(
    records: pa.RecordBatch, places: pa.Table, schema: pa.Schema, when: Mapping[str, Any]
) -> Iterator[pa.RecordBatch]:
    """The records at the wanted positions, with the id and number given to each, and when they were read."""
    at = pc.index_in(records.column("position"), value_set=places.column("position"))
    keep = pc.is_valid(at)
    kept, at = records.filter(keep), at.filter(keep)
    if kept.num_rows:
        given = {name: places.column(name).take(at).combine_chunks() for name in ("doc_id", "number")}
        given |= {n: pa.repeat(pa.scalar(v, schema.field(n).type), kept.num_rows) for n, v in when.items()}
        arrays = [given.get(f.name) if f.name in given else kept.column(f.name) for f in schema]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _all_refused(
    context: Context,
    refused: DataFrame,
    listings: Mapping[str, Listing],
    read: set[tuple[str, str]],
    snapshots: Sequence[str],
) -> DataFrame:
    """Quarantine of ingest as it should be: of files not read now as it was, of the others as found."""
    spark = context.warehouse.spark
    unreadable = [
        ("ingest", None, name, u.uri, None, u.error, None) for name, li in listings.items() for u in li.unreadable
    ]
    columns = [f for f in QUARANTINE.schema if f.name != "run_id"]
    here = spark.createDataFrame(unreadable, schema=StructType(columns))
    seen = spark.createDataFrame(
        [*read, *{(u[2], u[3]) for u in unreadable}], schema="source string, uri string"
    ).distinct()
    old = context.read("quarantine").where("stage = 'ingest'").join(seen, transform.FILE, "left_anti")
    touched = sorted({source for source, _ in read if source in snapshots})
    old = old.where(~F.col("source").isin(touched)).select(*here.columns)
    return old.unionByName(here).unionByName(refused)


def _check_all_there(context: Context, changed: DataFrame) -> None:
    lost = changed.join(context.read("raw_documents"), ["doc_id", "content_hash"], "left_anti").count()
    if lost:
        raise RunFailed(f"{lost} record(s) changed in the input files while they were being read. Run again.")


def _remember(
    context: Context,
    files: Sequence[Mapping[str, Any]],
    gone: Sequence[tuple[str, str]],
    known: Mapping[tuple[str, str], Any],
) -> None:
    """Write down which files were read, last of all: until then a killed run reads them again."""
    rows = {key: row for key, row in known.items() if key not in gone}
    names = INPUT_FILES.schema.fieldNames()
    for file in files:
        now = {**file, "run_id": context.run_id}
        rows[file["source"], file["uri"]] = {name: now[name] for name in names}
    if files or gone:
        context.warehouse.write_rows(INPUT_FILES, list(rows.values()), mode="overwrite")


STAGE = Stage(
    name="ingest",
    options=_options,
    code=CODE,
    reads=("raw_documents", "input_files"),
    writes=("raw_documents", "quarantine", "input_files"),
    work=_work,
)
