"""Who stays among duplicates: the recipe's rule, what is published already, and a guard for whole sources."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import ledger
from corpusmill.jobs.light import quoted
from corpusmill.jobs.stage import Context
from corpusmill.schemas.errors import RunFailed
from corpusmill.schemas.recipe_stages import Dedup
from corpusmill.transforms import keeper

# Smaller sources may well be copies of others.
GUARDED_FROM = 100

# What each source brings to deduplication, and what it loses in the stages named.
_LOSSES = """
    SELECT d.source AS source, count(*) AS n_in, sum(CASE WHEN x.doc_id IS NULL THEN 0 ELSE 1 END) AS n_lost
    FROM {{documents}} AS d
    LEFT JOIN (SELECT doc_id FROM {{decisions}} WHERE stage = 'filter') AS f ON d.doc_id = f.doc_id
    LEFT JOIN (SELECT doc_id FROM {{decisions}} WHERE stage IN ({stages})) AS x ON d.doc_id = x.doc_id
    WHERE f.doc_id IS NULL GROUP BY d.source"""
_EXAMPLES = """
    SELECT x.doc_id AS doc_id, k.source AS kept_source
    FROM {{decisions}} AS x
    JOIN {{documents}} AS d ON d.doc_id = x.doc_id
    LEFT JOIN {{documents}} AS k ON x.detail = concat('duplicate of ', k.doc_id)
    WHERE x.stage IN ({stages}) AND d.source = {source}
    ORDER BY x.doc_id LIMIT 1000"""


@dataclass(frozen=True)
class Settled:
    """What an earlier published version decided and nothing has touched since.

    documents: doc_id of those kept then and those removed then. removed: rows of `duplicate_clusters` of the latter.
    """

    documents: DataFrame
    removed: DataFrame


def with_priority(context: Context, documents: DataFrame, dedup: Dedup) -> DataFrame:
    """The documents with `priority`, their place in keeper order.

    Where keepers are fixed, what the last version published comes first, if its input is still the same.
    """
    documents = documents.withColumn("priority", keeper.priority(dedup.keep))
    version = ledger.last_version(context.warehouse.location)
    if version is None or dedup.keepers == "elected":
        return documents
    read, tables = context.warehouse.read, version["tables"]
    inputs = read("raw_documents", tables["raw_documents"]).select("doc_id", "content_hash")
    published = inputs.join(read("corpus", tables["corpus"]), "doc_id", "left_semi").withColumn("_old", F.lit(True))
    bonus = F.when(F.col("_old"), F.lit(keeper.PUBLISHED)).otherwise(F.lit(0))
    joined = documents.join(published, ["doc_id", "content_hash"], "left")
    return joined.withColumn("priority", F.col("priority") + bonus).drop("_old")


def settled_before(
    context: Context, signed: DataFrame, dedup: Dedup, made_with: str, others: DataFrame | None = None
) -> Settled | None:
    """What need not be judged again; None where all has to be.

    signed: minhash_signatures with `priority`, of the documents to be deduplicated. made_with: the stage's options and
    code, which must be those with which the last version was made. others: foreign documents, which stay for sure.
    """
    version = ledger.last_version(context.warehouse.location)
    if version is None or dedup.keepers == "elected" or not _made_with(context, version, made_with):
        return None
    published = keeper.is_published(F.col("priority"))
    same = signed.where(F.col("run_id") <= version["run_id"])
    kept = same.where(published).select("doc_id")
    removed = _removed_in(context, version).join(same, "doc_id", "left_semi")
    staying = kept if others is None else kept.union(others.select("doc_id"))
    removed = removed.join(staying.withColumnRenamed("doc_id", "kept_doc_id"), "kept_doc_id", "left_semi")
    removed = context.warehouse.work("near_settled", removed)
    documents = kept.union(removed.select("doc_id"))
    # One that is published and has another signature now could stand before those that are settled.
    if not signed.where(published).join(documents, "doc_id", "left_anti").isEmpty():
        return None
    return Settled(documents, removed)


def removed_before(context: Context, dedup: Dedup) -> DataFrame | None:
    """Rows of `duplicate_clusters` of what the last version removed as alike; None where keepers are elected anew."""
    version = ledger.last_version(context.warehouse.location)
    return None if version is None or dedup.keepers == "elected" else _removed_in(context, version)


def to_judge(signed: DataFrame, settled: Settled) -> DataFrame:
    """doc_id of the documents that are not settled, and of removed ones whose n-gram set one of those has too.

    Of equal sets one stands for all: it is judged with them. signed: as for `settled_before`.
    """
    judged = signed.join(settled.documents, "doc_id", "left_anti").select("doc_id", "ngrams_hash")
    sets = judged.select("ngrams_hash").where("ngrams_hash IS NOT NULL").distinct()
    equal = signed.join(sets, "ngrams_hash", "left_semi").join(settled.removed, "doc_id", "left_semi")
    return judged.select("doc_id").union(equal.select("doc_id"))


def _removed_in(context: Context, version: dict[str, Any]) -> DataFrame:
    clusters = context.warehouse.read("duplicate_clusters", version["tables"]["duplicate_clusters"])
    return clusters.where("method = 'minhash' AND doc_id != kept_doc_id").drop("run_id")


def _made_with(context: Context, version: dict[str, Any], made_with: str) -> bool:
    runs = ledger.rows(context.warehouse.location, "stage_runs")
    before = [r for r in runs if r["stage"] == "near_dedup" and r["finished_at"] <= version["created_at"]]
    return bool(before) and max(before, key=lambda r: r["finished_at"])["made_with"] == made_with


def guard(context: Context, dedup: Dedup, stage: str) -> None:
    """Raise RunFailed where a source loses more as duplicates than the recipe allows, before anything is published."""
    stages = ("exact_dedup", "near_dedup")[: 1 if stage == "exact_dedup" else 2]
    named = ", ".join(map(quoted, stages))
    losses = context.warehouse.ask(_LOSSES.format(stages=named), "documents", "decisions")
    for row in sorted(losses, key=lambda r: r["source"]):
        share = row["n_lost"] / row["n_in"]
        if row["n_in"] >= GUARDED_FROM and share > dedup.maximum_loss:
            raise RunFailed(_too_much(context, row, dedup, stage, named))


def _too_much(context: Context, row: dict[str, Any], dedup: Dedup, stage: str, named: str) -> str:
    question = _EXAMPLES.format(stages=named, source=quoted(row["source"]))
    examples = context.warehouse.ask(question, "decisions", "documents")
    kept_in = [f"source `{e['kept_source']}`" if e["kept_source"] else "a corpus of `against`" for e in examples]
    most = max(sorted(set(kept_in)), key=kept_in.count, default=None)
    share = f"{row['n_lost']:,} of its {row['n_in']:,} documents ({row['n_lost'] / row['n_in']:.1%})"
    return (
        f"stage {stage}: source `{row['source']}` would lose {share} as duplicates, and {stage}.maximum_loss allows "
        f"{dedup.maximum_loss:.0%}. {f'Most are kept in {most}. ' if most else ''}Nothing was published. "
        f"Look at one: corpusmill explain {examples[0]['doc_id'] if examples else 'DOC_ID'}. If this is meant, leave "
        f"the source out, or set {stage}.maximum_loss: 1 in the recipe."
    )
