"""documents that passed filter -> decisions: of equal texts one stays. Only hashes are read."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import foreign
from corpusmill.jobs.keepers import guard, with_priority
from corpusmill.jobs.passed import edited, passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS
from corpusmill.transforms import exact_dedup as transform
from corpusmill.transforms import keeper


def _options(loaded: LoadedRecipe) -> dict[str, object] | None:
    exact = loaded.recipe.exact_dedup
    if exact is None:
        return None
    against = {"against": foreign.state(loaded)} if loaded.recipe.against else {}
    return exact.model_dump() | against


def exact_clusters(context: Context) -> DataFrame:
    """Rows for `duplicate_clusters` of equal texts; none where the recipe has no exact_dedup."""
    documents, exact = edited(context, passed(context, "exact_dedup")), context.recipe.exact_dedup
    if exact is None:
        return transform.equal_clusters(documents.withColumn("priority", F.lit(0)).limit(0))
    hashed = with_priority(context, documents, exact).select("doc_id", "priority", "exact_hash")
    others = foreign.documents(context)
    if others is not None:
        first = others.groupBy("exact_hash").agg(F.min("doc_id").alias("doc_id"))
        hashed = hashed.unionByName(first.withColumn("priority", F.lit(keeper.FOREIGN)))
    return transform.equal_clusters(hashed)


def _work(context: Context) -> Outcome:
    warehouse = context.warehouse
    if context.recipe.exact_dedup is None and warehouse.is_empty(DECISIONS, "exact_dedup"):
        return Outcome(changed=False)
    n_changed = warehouse.sync(
        DECISIONS, transform.decisions(exact_clusters(context), "exact_dedup", 1.0), stage="exact_dedup"
    )
    if context.recipe.exact_dedup is not None:
        guard(context, context.recipe.exact_dedup, "exact_dedup")
    return Outcome(changed=n_changed > 0)


STAGE = Stage(
    name="exact_dedup",
    options=_options,
    code=("corpusmill.transforms.exact_dedup", "corpusmill.transforms.keeper"),
    reads=("documents", "edited_documents", "decisions"),
    writes=("decisions",),
    work=_work,
)
