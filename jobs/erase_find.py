"""What an erasure has to take away: documents, by id or by a person in them, and all that tells of them.

Every data file that is still there is searched, of earlier versions too. Of a document whose present text is clean, and
an earlier one was not, only the earlier is erased.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import delta_folder, erasures, key, ledger, light
from corpusmill.jobs.stage import Context
from corpusmill.schemas.errors import UserError
from corpusmill.transforms.erasure import holding
from corpusmill.transforms.text import identity, operators, subject
from corpusmill.transforms.text.findings import ENTITY_TYPES
from corpusmill.transforms.text.shingles import normalised_hash

RECORD = ("doc_id", "content_hash", "source", "source_id", "uri")
# What is searched, as SQL: the names are the fields that are told.
RAW = {"text": "text", "bytes": "decode(bytes, 'ISO-8859-1')", "metadata": "to_json(metadata)"}
RAW |= {"source_id": "source_id", "uri": "uri"}
CLEAN = {"text": "text", "metadata": "to_json(metadata)"}
PER_QUERY = 1_000  # ids in one predicate
CONTENT_TYPES = ("text/plain", "text/html", "text/markdown")
# Records of nothing are no person's, and would all be refused with one of them.
EMPTY_CONTENTS = {identity.content_hash(kind, text, None, None) for kind in CONTENT_TYPES for text in ("", None)}

Pair = tuple[str, str]


@dataclass(frozen=True)
class Subject:
    """A person that is looked for: as given, and the keyed hash that stands for it in `erasures`."""

    text: str
    hmac: str
    key_id: str
    hmacs_of_values: tuple[str, ...]


@dataclass
class Found:
    """doc_ids: erased whole. fields: where the person stands in each, and in which spelling, for those found so.

    earlier: documents of which only earlier contents are erased. The other names are those of `erasures`.
    """

    doc_ids: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    content_hashes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.doc_ids or self.earlier or self.files or self.places)


def subject_of(context: Context, text: str) -> Subject:
    """The subject, hashed with the recipe's key. Raises UserError for one that would stand everywhere."""
    subject.subject(text)
    secret, _ = key.resolve(context.recipe.anonymise.key if context.recipe.anonymise else None)
    values = [operators.value_hmac(secret, kind, value) for value in subject.values(text) for kind in ENTITY_TYPES]
    hashed = operators.value_hmac(secret, "subject", subject.same(text))
    return Subject(text, hashed, key.key_id(secret), tuple(values))


def find(context: Context, doc_ids: Sequence[str] = (), person: Subject | None = None) -> Found:
    """All that is to be erased for these documents, or for this person.

    Raises UserError for a doc_id that the warehouse does not hold.
    """
    found = Found()
    rows = _hits(context, person) if person else []
    for row in rows:
        found.fields.setdefault(row["doc_id"], {})[row["field"]] = row["spelling"]
    named = {*doc_ids, *(r["doc_id"] for r in rows if r["current"])}
    found.copies = sorted(_exact_copies(context, named) - named)
    found.doc_ids = sorted(named | set(found.copies))
    found.earlier = sorted({r["doc_id"] for r in rows} - set(found.doc_ids))
    records = _records(context, [*found.doc_ids, *found.earlier])
    _check_known(doc_ids, records)
    pairs = _erased_contents(found, records, rows)
    found.content_hashes = sorted({content for _, content in pairs if content not in EMPTY_CONTENTS})
    found.files = sorted(_files(context, found, records, person))
    found.places = sorted(_places(context, person)) if person else []
    found.tables = count_rows(context, found.doc_ids)
    found.versions = _versions(context, pairs, records)
    return found


def _hits(context: Context, person: Subject) -> list[dict[str, Any]]:
    """doc_id, content_hash (of raw_documents), current, field, spelling."""
    found = _search(context, "raw_documents", RAW, person)
    found += _search(context, "documents", CLEAN, person)
    # What is published is made of the documents; of earlier versions it may have outlived them.
    found += [r for r in _search(context, "corpus", CLEAN, person) if not r["current"]]
    findings = _ever(context, "pii_findings", ["doc_id", "field", "value_hmac"])
    by_hash = findings.where(F.col("value_hmac").isin(list(person.hmacs_of_values)))
    keyed = by_hash.select("doc_id", "current", "field").distinct().collect()
    return found + [{**r.asDict(), "spelling": "keyed hash", "content_hash": None} for r in keyed]


def _search(context: Context, table: str, columns: Mapping[str, str], person: Subject) -> list[dict[str, Any]]:
    own = "content_hash" if table == "raw_documents" else "CAST(NULL AS string) AS content_hash"
    rows = _ever(context, table, ["doc_id", *(["content_hash"] if own == "content_hash" else []), *columns])
    rows = rows.selectExpr("doc_id", own, "current", *(f"{sql} AS {name}" for name, sql in columns.items()))
    return [r.asDict() for r in holding(rows, list(columns), person.text).collect()]


def _ever(context: Context, table: str, columns: Sequence[str]) -> DataFrame:
    """Rows of the table in all versions that can still be read."""
    return context.warehouse.ever(table, columns, sorted(_readable(context, table)))


def _readable(context: Context, table: str) -> set[int]:
    """Delta versions of the table that were published, but for those before an erasure."""
    location = context.warehouse.location
    purged = max(((e["delta_versions"] or {}).get(table, 0) for e in erasures.erasures(location)), default=0)
    published = {v["tables"].get(table, -1) for v in ledger.dataset_versions(location)}
    return {version for version in published if version >= purged}


def _exact_copies(context: Context, doc_ids: set[str]) -> set[str]:
    """Documents whose text, edited text or whole input is that of one of these."""
    texts = context.read("documents").select("doc_id", "exact_hash")
    inputs = context.read("raw_documents").where(~F.col("content_hash").isin(sorted(EMPTY_CONTENTS)))
    texts = texts.unionByName(inputs.select("doc_id", F.col("content_hash").alias("exact_hash")))
    if context.warehouse.exists("edited_documents"):
        texts = texts.unionByName(context.read("edited_documents").select("doc_id", "exact_hash"))
    empty = _hash_of_nothing(context)
    texts = texts.where(F.col("exact_hash") != empty)
    ours = texts.join(frame_of(context, sorted(doc_ids)), "doc_id", "left_semi").select("exact_hash").distinct()
    return {r["doc_id"] for r in texts.join(ours, "exact_hash", "left_semi").select("doc_id").distinct().collect()}


def _hash_of_nothing(context: Context) -> str:
    import polars as pl

    return normalised_hash(pl.Series([""]), context.recipe.exact_normalise)[0]


def _records(context: Context, doc_ids: Sequence[str]) -> list[dict[str, Any]]:
    """RECORD, `current` and `file` of the documents in raw_documents, in all that is still there of it."""
    rows = _ever(context, "raw_documents", RECORD).join(frame_of(context, doc_ids), "doc_id", "left_semi")
    return [r.asDict() for r in rows.distinct().collect()]


def frame_of(context: Context, doc_ids: Sequence[str]) -> DataFrame:
    return context.warehouse.spark.createDataFrame([(d,) for d in doc_ids], "doc_id string")


def _check_known(doc_ids: Sequence[str], records: Sequence[dict[str, Any]]) -> None:
    unknown = sorted(set(doc_ids) - {r["doc_id"] for r in records})
    if unknown:
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        raise UserError(
            f"no document {', '.join(unknown[:3])}{more}. Give whole ids: 32 digits, as `explain` shows them"
        )


def _erased_contents(found: Found, records: Sequence[dict[str, Any]], hits: Sequence[dict[str, Any]]) -> set[Pair]:
    """doc_id and content_hash of what is erased: all contents of the doc_ids, of `earlier` those that are past."""
    whole = set(found.doc_ids)
    present = {(r["doc_id"], r["content_hash"]) for r in records if r["current"]}
    seen = {(r["doc_id"], r["content_hash"]) for r in hits if r["content_hash"]}
    pairs = {(r["doc_id"], r["content_hash"]) for r in records}
    told = {doc_id for doc_id, _ in seen}
    # Where only a derived text told of the person, any of the past contents may have been its source.
    past = {pair for pair in pairs - present if pair in seen or pair[0] not in told}
    return {pair for pair in pairs if pair[0] in whole} | past


def _files(context: Context, found: Found, records: Sequence[dict[str, Any]], person: Subject | None) -> set[str]:
    """Files whose name is the id of an erased document, or holds the person."""
    whole = set(found.doc_ids)
    places = {(r["source"], r["uri"]) for r in records if r["doc_id"] in whole and r["source_id"] == r["uri"]}
    if person:
        wanted = subject.subject(person.text)
        known = {(r["source"], r["uri"]) for r in ledger.rows(context.warehouse.location, "input_files")}
        known |= {(r["source"], r["uri"]) for r in records}
        refused = context.read("quarantine").where("stage = 'ingest'").select("source", "uri").distinct()
        known |= {(r["source"], r["uri"]) for r in refused.collect()}
        places |= {(source, uri) for source, uri in known if uri and wanted.find(uri)}
    return {erasures.file_hash(source, uri) for source, uri in places}


def _places(context: Context, person: Subject) -> set[str]:
    """Records in quarantine that never were documents, in whose snippet or error the person stands."""
    columns = ["source", "uri", "locator", "snippet", "error"]
    rows = _ever(context, "quarantine", ["doc_id", *columns]).where("doc_id IS NULL")
    rows = rows.select("source", "uri", "locator", F.col("snippet").alias("shown"), "snippet", "error").distinct()
    hashes = set()
    for row in holding(rows, ["snippet", "error"], person.text).collect():
        hashes.add(erasures.place_hash(row["source"], row["uri"], row["locator"]))
        if row["shown"]:
            hashes.add(erasures.snippet_hash(row["source"], row["shown"]))
    return hashes


def count_rows(context: Context, doc_ids: Sequence[str]) -> dict[str, int]:
    """Rows of each table that belong to these documents; tables without any are left out."""
    warehouse = context.warehouse
    counts: dict[str, int] = {}
    for table in warehouse.names():
        columns = warehouse.read(table).columns
        if "doc_id" in columns:
            counts[table] = sum(_count(context, table, some) for some in _in_parts(doc_ids))
        elif "sequence_id" in columns:
            counts[table] = of_sequences(context, table, doc_ids).count()
    return {table: n for table, n in counts.items() if n}


def _count(context: Context, table: str, doc_ids: Sequence[str]) -> int:
    listed = ", ".join(map(light.quoted, doc_ids))
    return context.warehouse.ask(f"SELECT count(*) AS n FROM {{{table}}} WHERE doc_id IN ({listed})", table)[0]["n"]


def _in_parts(doc_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (doc_ids[begin : begin + PER_QUERY] for begin in range(0, len(doc_ids), PER_QUERY))


def of_sequences(context: Context, table: str, doc_ids: Sequence[str]) -> DataFrame:
    """sequence_id of the sequences that hold one of the documents."""
    parts = context.read(table).select("sequence_id", F.explode("doc_ids").alias("doc_id"))
    return parts.join(frame_of(context, doc_ids), "doc_id", "left_semi").select("sequence_id").distinct()


def _versions(context: Context, pairs: set[Pair], records: Sequence[dict[str, Any]]) -> list[str]:
    """Dataset versions whose raw_documents held any of these contents, oldest first."""
    rows = [v for v in ledger.dataset_versions(context.warehouse.location) if "raw_documents" in v["tables"]]
    files = {r["file"] for r in records if (r["doc_id"], r["content_hash"]) in pairs}
    held: dict[int, bool] = {}
    for at in sorted({v["tables"]["raw_documents"] for v in rows}):
        if context.warehouse.local:  # by the files, since some may be gone
            held[at] = not files.isdisjoint(delta_folder.names(context.warehouse.path("raw_documents"), at))
        else:
            held[at] = at in _readable(context, "raw_documents") and _held(context, at, pairs)
    return [f"{v['name']}@{v['version']}" for v in rows if held[v["tables"]["raw_documents"]]]


def _held(context: Context, version: int, pairs: set[Pair]) -> bool:
    rows = context.warehouse.read("raw_documents", version).select("doc_id", "content_hash")
    rows = rows.join(frame_of(context, sorted({doc_id for doc_id, _ in pairs})), "doc_id", "left_semi")
    return any((r["doc_id"], r["content_hash"]) in pairs for r in rows.collect())
