"""documents that passed exact_dedup -> minhash_signatures, duplicate_clusters, decisions.

Signatures are made for new texts only; pairs are proposed among all of them; n-gram sets are made for the documents in
pairs. `duplicate_clusters` is written here for exact copies too, since a near-duplicate may take their keeper away.
"""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import changes
from corpusmill.jobs.exact_dedup import exact_clusters
from corpusmill.jobs.keepers import guard, settled_before, with_priority
from corpusmill.jobs.near_dedup_rounds import removal_set
from corpusmill.jobs.passed import edited, passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS, DUPLICATE_CLUSTERS, MINHASH_SIGNATURES
from corpusmill.schemas.recipe_stages import NearDedup
from corpusmill.transforms import exact_dedup, near_dedup
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text import minhash

CODE = ("corpusmill.transforms.near_dedup", "corpusmill.transforms.keeper", "corpusmill.jobs.near_dedup_rounds")


def _options(loaded: LoadedRecipe) -> dict[str, Any] | None:
    near = loaded.recipe.near_dedup
    # Exact copies stand in duplicate_clusters too, so that they belong to this stage's options.
    return {"near": near and near.model_dump(), "exact": loaded.recipe.exact_dedup is not None}


def plan(near: NearDedup) -> near_dedup.NearDedupOptions:
    """The recipe's options with bands and rows: the given ones, else those that reach the recall."""
    bands = minhash.plan(near.minimum_similarity, near.recall, near.bands, near.rows)
    return near_dedup.NearDedupOptions(near.ngram, near.minimum_similarity, bands, near.seed, near.unit)


def _work(context: Context) -> Outcome:
    warehouse, near = context.warehouse, context.recipe.near_dedup
    exact = warehouse.work("exact_clusters", exact_clusters(context))
    if near is None:
        n_done = 0
        empty = exact.limit(0)
        n_changed = warehouse.sync(DECISIONS, exact_dedup.decisions(empty, "near_dedup", 1.0), stage="near_dedup")
        clusters = exact
    else:
        options = plan(near)
        documents = edited(context, passed(context, "near_dedup"))
        n_done = _sign(context, documents, options)
        found = warehouse.work("near_clusters", _clusters(context, documents, near, options))
        decided = exact_dedup.decisions(found, "near_dedup", near.minimum_similarity)
        n_changed = warehouse.sync(DECISIONS, decided, stage="near_dedup")
        clusters = near_dedup.merge_clusters(exact, found)
    n_changed += warehouse.sync(DUPLICATE_CLUSTERS, clusters)
    if near is not None:
        guard(context, near, "near_dedup")
    return Outcome(changed=n_changed + n_done > 0, n_done=n_done)


def _sign(context: Context, documents: DataFrame, options: near_dedup.NearDedupOptions) -> int:
    """Make the signatures that are missing or outdated, remove those of documents that no longer pass."""
    warehouse = context.warehouse
    of_text = made_from("content_hash", F.lit(options.hash_version), F.to_json("edits"))
    wanted = documents.withColumn("made_from", of_text).select("doc_id", "text", "edits", "made_from")
    signed = context.read("minhash_signatures").select("doc_id", "made_from")
    if warehouse.is_empty(MINHASH_SIGNATURES):
        warehouse.append(MINHASH_SIGNATURES, near_dedup.signatures(wanted, options))
        return context.read("minhash_signatures").count()
    found = changes(warehouse, "near_changes", wanted, signed)
    if found.n_keys:
        todo = wanted.join(found.stale, "doc_id", "left_semi")
        warehouse.replace(MINHASH_SIGNATURES, near_dedup.signatures(todo, options), found.keys)
    return found.n_stale


def _clusters(
    context: Context, documents: DataFrame, near: NearDedup, options: near_dedup.NearDedupOptions
) -> DataFrame:
    """Rows for `duplicate_clusters`, of all documents: those that are settled as they were, the others judged."""
    warehouse = context.warehouse
    ordered = with_priority(context, documents, near).select("doc_id", "priority")
    signed = context.read("minhash_signatures").join(ordered, "doc_id")
    settled = settled_before(context, signed, near, STAGE.made_with(context.loaded))
    if settled is None:
        return _judged(context, documents, signed, options)
    judged = signed.select("doc_id").join(settled.documents, "doc_id", "left_anti")
    judged = warehouse.work("near_judged", judged)
    if judged.isEmpty():
        return near_dedup.merge_clusters(settled.removed, settled.removed.limit(0))
    # What is removed for good removes nobody else.
    staying = signed.join(settled.removed, "doc_id", "left_anti")
    near_them = warehouse.work("near_reached", near_dedup.reached(staying, judged, options))
    found = _judged(context, documents, staying.join(near_them, "doc_id", "left_semi"), options)
    return near_dedup.merge_clusters(settled.removed, found)


def _judged(
    context: Context, documents: DataFrame, signed: DataFrame, options: near_dedup.NearDedupOptions
) -> DataFrame:
    warehouse = context.warehouse
    proposed = warehouse.work("near_proposed", near_dedup.proposed_pairs(signed, options))
    texts = documents.select("doc_id", "text", "edits").join(near_dedup.members(proposed), "doc_id", "left_semi")
    sets = near_dedup.ngram_sets(texts, options)
    similar = warehouse.work("near_similar", near_dedup.similar_pairs(proposed, sets, options.minimum_similarity))
    removed = warehouse.work("near_removed", removal_set(similar, warehouse.work))
    return near_dedup.near_clusters(removed, signed)


STAGE = Stage(
    name="near_dedup",
    options=_options,
    code=CODE,
    reads=("documents", "edits", "decisions", "minhash_signatures"),
    writes=("minhash_signatures", "duplicate_clusters", "decisions"),
    work=_work,
)
