"""documents that passed exact_dedup -> minhash_signatures, duplicate_clusters, decisions.

Signatures are made for new texts only; pairs are proposed among all of them; n-gram sets are made for the documents in
pairs. `duplicate_clusters` is written here for exact copies too, since a near-duplicate may take their keeper away.
"""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import foreign, keepers, semantic
from corpusmill.jobs.changes import changes
from corpusmill.jobs.exact_dedup import exact_clusters
from corpusmill.jobs.keepers import guard, settled_before, with_priority
from corpusmill.jobs.near_dedup_rounds import removal_set
from corpusmill.jobs.passed import edited, passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS, DUPLICATE_CLUSTERS, MINHASH_SIGNATURES
from corpusmill.schemas.recipe_stages import NearDedup
from corpusmill.transforms import exact_dedup, keeper, near_dedup, near_dedup_increment
from corpusmill.transforms.edits import without_edits
from corpusmill.transforms.exact_dedup import first_equal
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.removal_set import merge_clusters, near_clusters, still_undecided

CODE = (
    "corpusmill.transforms.near_dedup",
    "corpusmill.transforms.near_dedup_increment",
    "corpusmill.transforms.removal_set",
    "corpusmill.transforms.keeper",
    "corpusmill.jobs.near_dedup_rounds",
    *foreign.CODE,
    *semantic.CODE,
)


def _options(loaded: LoadedRecipe) -> dict[str, Any] | None:
    near = loaded.recipe.near_dedup
    # Exact copies stand in duplicate_clusters too, so that they belong to this stage's options.
    meaning = {"semantic": semantic.state(near.semantic)} if near and near.semantic else {}
    options = meaning | {"near": near and near.model_dump(), "exact": loaded.recipe.exact_dedup is not None}
    return options | {"against": foreign.state(loaded)} if loaded.recipe.against else options


def _work(context: Context) -> Outcome:
    warehouse, near = context.warehouse, context.recipe.near_dedup
    asked = near is not None or context.recipe.exact_dedup is not None
    if not asked and warehouse.is_empty(DUPLICATE_CLUSTERS) and warehouse.is_empty(DECISIONS, "near_dedup"):
        return Outcome(changed=False, n_done=0)
    exact = warehouse.work("exact_clusters", exact_clusters(context))
    if near is None:
        n_done = 0
        empty = exact.limit(0)
        n_changed = warehouse.sync(DECISIONS, exact_dedup.decisions(empty, "near_dedup", 1.0), stage="near_dedup")
        clusters = exact
    else:
        options = near_dedup.options_of(near)
        documents = edited(context, passed(context, "near_dedup"))
        n_done = _sign(context, documents, options)
        found = warehouse.work("near_clusters", _clusters(context, documents, near, options))
        meaning = near.semantic.minimum_similarity if near.semantic else None
        decided = exact_dedup.decisions(found, "near_dedup", near.minimum_similarity, meaning)
        n_changed = warehouse.sync(DECISIONS, decided, stage="near_dedup")
        clusters = merge_clusters(exact, found)
    n_changed += warehouse.sync(DUPLICATE_CLUSTERS, clusters)
    if near is not None:
        guard(context, near, "near_dedup")
    return Outcome(changed=n_changed + n_done > 0, n_done=n_done)


def _sign(context: Context, documents: DataFrame, options: near_dedup.NearDedupOptions) -> int:
    """Make the signatures that are missing or outdated, remove those of documents that no longer pass."""
    warehouse = context.warehouse
    of_text = made_from("content_hash", F.lit(options.hash_version), F.to_json("edits"))
    wanted = documents.withColumn("made_from", of_text).select("doc_id", "text", "edits", "made_from", "run_id")
    signed = context.read("minhash_signatures").select("doc_id", "made_from")
    if warehouse.is_empty(MINHASH_SIGNATURES):
        warehouse.append(MINHASH_SIGNATURES, near_dedup.signatures(wanted, options))
        return context.read("minhash_signatures").count()
    found = changes(warehouse, "near_changes", wanted, signed)
    if found.n_keys:
        warehouse.replace(MINHASH_SIGNATURES, near_dedup.signatures(found.todo(wanted), options), found.keys)
    return found.n_stale


def _clusters(
    context: Context, documents: DataFrame, near: NearDedup, options: near_dedup.NearDedupOptions
) -> DataFrame:
    """Rows for `duplicate_clusters`, of all documents: those that are settled as they were, the others judged."""
    warehouse = context.warehouse
    # Who passed, and its place, takes many joins to find out, and is asked for again and again.
    ordered = warehouse.work("near_order", with_priority(context, documents, near).select("doc_id", "priority"))
    signed = context.read("minhash_signatures").join(ordered, "doc_id")
    others = foreign.documents(context)
    by_meaning = semantic.similar_pairs(context, documents, ordered, near)
    settled = settled_before(context, signed, near, STAGE.made_with(context.loaded), others)
    if settled is None:
        return _judged(context, near, documents, _with_foreign(signed, others), by_meaning)
    judged = warehouse.work("near_judged", keepers.to_judge(signed, settled))
    if judged.isEmpty():
        return merge_clusters(settled.removed, settled.removed.limit(0))
    removed = settled.removed.join(judged, "doc_id", "left_anti")
    if by_meaning is not None:
        by_meaning = near_dedup_increment.with_one_of(still_undecided(by_meaning, removed), judged)
    everyone = _with_foreign(signed, others)
    near_them = warehouse.work("near_reached", near_dedup_increment.reached(everyone, judged, options))
    nearby = everyone.join(near_them, "doc_id", "left_semi")
    found = _judged(context, near, documents, nearby, by_meaning, (judged, removed))
    return merge_clusters(removed, found)


def _with_foreign(signed: DataFrame, others: DataFrame | None) -> DataFrame:
    """The signed documents, and before them in keeper order the foreign ones, of equal n-gram sets one."""
    columns = ["doc_id", "priority", "signature", "n_ngrams", "ngrams_hash"]
    if others is None:
        return signed.select(*columns)
    ranked = others.withColumn("priority", F.lit(keeper.FOREIGN)).withColumn("first", first_equal("ngrams_hash"))
    return signed.select(*columns).unionByName(ranked.where("first = doc_id").select(*columns))


def _judged(
    context: Context,
    near: NearDedup,
    documents: DataFrame,
    signed: DataFrame,
    by_meaning: DataFrame | None,
    some: tuple[DataFrame, DataFrame] | None = None,
) -> DataFrame:
    """Clusters among the signed. some: the judged, where the others are settled, and those that are removed for good.

    What is removed for good removes nobody; but it stands in its buckets, which are cut where they are large: the pairs
    that are proposed are those that judging all would propose. What the last version removed is compared again with
    what it was removed for, so that nothing comes back because a bucket has grown.
    """
    warehouse, options = context.warehouse, near_dedup.options_of(near)
    before = keepers.removed_before(context, near)
    earlier = (
        None if before is None else warehouse.work("near_earlier", near_dedup_increment.earlier_pairs(before, signed))
    )
    pairs = near_dedup.proposed_pairs(signed, options, earlier)
    if some is not None:
        judged, gone = some
        pairs = near_dedup_increment.with_one_of(still_undecided(pairs, gone), judged)
        signed = signed.join(gone, "doc_id", "left_anti")
    proposed = warehouse.work("near_proposed", pairs)
    members = near_dedup.members(proposed)
    texts = documents.select("doc_id", "text", "edits").join(members, "doc_id", "left_semi")
    if context.recipe.against:
        texts = texts.unionByName(without_edits(foreign.texts(context, members)))
    sets = near_dedup.ngram_sets(texts, options)
    n_ngrams = context.read("minhash_signatures").agg(F.coalesce(F.sum("n_ngrams"), F.lit(0))).collect()[0][0]
    parts = near_dedup.parts_for(n_ngrams)
    similar = near_dedup.similar_pairs(proposed, sets, options.minimum_similarity, parts)
    similar = warehouse.work("near_similar", similar if by_meaning is None else similar.unionByName(by_meaning))
    removed = warehouse.work("near_removed", removal_set(similar, warehouse.work))
    if earlier is not None:
        removed = warehouse.work("near_kept_for", near_dedup_increment.as_before(removed, similar, earlier))
    return near_clusters(removed, signed)


STAGE = Stage(
    name="near_dedup",
    options=_options,
    code=CODE,
    reads=("documents", "edits", "decisions", "minhash_signatures"),
    writes=("minhash_signatures", "duplicate_clusters", "decisions"),
    work=_work,
)
