"""A warehouse of a dozen documents with as many fates, written by deltalake: no Spark, no pipeline."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import DoubleType, StructField, StructType

from corpusmill.jobs.verify import content_hash
from corpusmill.schemas import documents, inputs, ledger, published
from corpusmill.schemas.contract import Table
from corpusmill.schemas.stages import STAGES

DOCUMENTS = documents.documents(StructType([StructField("word_count", DoubleType())]))
TABLES = {
    table.name: table
    for table in (
        inputs.RAW_DOCUMENTS, inputs.QUARANTINE, DOCUMENTS, documents.EDITS, documents.DUPLICATE_CLUSTERS,
        documents.DECISIONS, documents.MIX_PLAN, published.PII_FINDINGS, published.CORPUS, published.PACKING_PLAN,
        ledger.STAGE_RUNS, ledger.DATASET_VERSIONS,
    )
}  # fmt: skip
WRITTEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL = "jana.muster@beispiel.example"
RECIPE = "name: handbook\noutputs: [corpus]\n"


def doc_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def write(folder: Path, table: Table, rows: list[dict[str, Any]], mode: Any = "append") -> int:
    """Commit rows, columns that they lack as nulls; returns the Delta version."""
    schema = to_arrow_schema(table.schema)
    full = [{name: row.get(name) for name in schema.names} for row in rows]
    write_deltalake(str(folder / table.name), pa.Table.from_pylist(full, schema), mode=mode)
    return DeltaTable(str(folder / table.name)).version()


def raw(name: str, **more: Any) -> dict[str, Any]:
    record = {"doc_id": doc_id(name), "source": "pages", "source_id": name, "uri": "pages.jsonl", "position": 3}
    record |= {"content_type": "text/plain", "text": f"raw {name} {EMAIL}", "metadata": [("title", name)]}
    return {**record, "run_date": date(2026, 3, 1), "ingested_at": WRITTEN, "run_id": "r1", **more}


def readable(name: str) -> dict[str, Any]:
    found = {"doc_id": doc_id(name), "source": "pages", "source_id": name, "text": f"Text of {name}, by {EMAIL}."}
    return {**found, "language": "de", "language_confidence": 0.98, "signals": {"word_count": 5.0}, "run_id": "r1"}


def kept(name: str, **more: Any) -> dict[str, Any]:
    row = {"doc_id": doc_id(name), "source": "pages", "source_id": name, "text": f"Text of {name}.", "language": "de"}
    return {**row, "n_tokens": 7, "split": "train", "metadata": [("title", name)], "run_id": "r1", **more}


def decided(name: str, stage: str, rule: str, *shown: str) -> dict[str, Any]:
    measured, limit, detail = (*shown, None, None, None)[:3]
    row = {"doc_id": doc_id(name), "stage": stage, "rule": rule, "measured": measured, "limit": limit}
    return {**row, "detail": detail, "run_id": "r1"}


def cluster(name: str, keeper: str, method: str, similarity: float) -> dict[str, Any]:
    ids = {"doc_id": doc_id(name), "cluster_id": doc_id(keeper), "kept_doc_id": doc_id(keeper)}
    return {**ids, "method": method, "similarity": similarity, "run_id": "r1"}


def build(folder: Path) -> Path:
    """The documents: guide (kept), spam, copy, near, orphan (whose keeper the mix left out), rest, broken, chat."""
    names = ["guide", "spam", "copy", "near", "orphan", "rest", "broken", "chat"]
    rows: dict[str, list[dict[str, Any]]] = {
        "raw_documents": [raw(name) for name in names],
        "quarantine": [
            {"stage": "prepare", "doc_id": doc_id("broken"), "uri": "pages.jsonl", "error": "no text in it"},
            {"stage": "ingest", "source": "pages", "uri": "pages.jsonl", "locator": "line 17", "error": "not JSON"},
        ],
        "documents": [readable(name) for name in names if name != "broken"],
        "edits": [{"doc_id": doc_id("guide"), "stage": "filter", "rule": "repeated_line", "start": 2, "end": 9}],
        "duplicate_clusters": [
            cluster("copy", "guide", "exact", 1.0),
            cluster("near", "guide", "minhash", 0.83),
            cluster("guide", "guide", "minhash", 1.0),
            cluster("orphan", "rest", "minhash", 0.9),
        ],
        "decisions": [
            decided("spam", "filter", "gopher_quality.word_count", "12", "at least 50", "also c4.lines"),
            decided("copy", "exact_dedup", "duplicate"),
            decided("near", "near_dedup", "duplicate"),
            decided("orphan", "near_dedup", "duplicate"),
            decided("rest", "mix", "not_drawn"),
            decided("chat", "shape", "too_long", "4096", "2048"),
        ],
        "mix_plan": [{"doc_id": doc_id("guide"), "copies": 2, "group": "pages"}],
        "pii_findings": [
            {"doc_id": doc_id("guide"), "field": "text", "start": start, "end": start + 5, "entity_type": kind}
            for start, kind in ((0, "EMAIL_ADDRESS"), (9, "PERSON"), (20, "PERSON"))
        ],
        "corpus": [kept("guide"), kept("chat")],
        "packing_plan": [
            {"sequence_id": name, "position": 0, "doc_id": doc_id("guide"), "start": 0, "end": 4}
            for name in ("s1", "s2")
        ],
        "stage_runs": [stage_run(stage, number) for number, stage in enumerate(STAGES) if stage != "mix"],
    }
    for name, table_rows in rows.items():
        write(folder, TABLES[name], table_rows)
    publish(folder, 1)
    return folder


def stage_run(stage: str, number: int, run_id: str = "r1") -> dict[str, Any]:
    counts = {"n_in": 8 - number, "n_kept": 7 - number, "n_dropped": 1, "n_quarantined": 0, "n_done": 8, "seconds": 0.5}
    return {"run_id": run_id, "stage": stage, **counts, "finished_at": WRITTEN + timedelta(minutes=number)}


def publish(folder: Path, number: int, **changed: Any) -> None:
    """Append a version of the tables as they are now."""
    opened = {
        name: DeltaTable(str(folder / name))
        for name in ("raw_documents", "quarantine", "decisions", "pii_findings", "corpus")
    }
    tables = {name: table.version() for name, table in opened.items()}
    row = {
        "name": "handbook",
        "version": number,
        "tables": list(tables.items()),
        "row_counts": [(name, table.to_pyarrow_dataset().count_rows()) for name, table in opened.items()],
        "recipe": RECIPE,
        "anonymised": "patterns",
        "content_hash": content_hash(str(folder), {"corpus": tables["corpus"]}),
        "parent": number - 1 or None,
        "created_at": WRITTEN + timedelta(days=number),
        "run_id": f"r{number}",
    }
    write(folder, TABLES["dataset_versions"], [{**row, **changed}])
