"""documents that passed near_dedup -> token_counts, mix_plan, decisions: the mixture that the recipe asks for.

Tokens are counted before anything is anonymised: how far the published ones differ stands in the report.
"""

from collections import defaultdict
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.passed import edited, passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import DECISIONS, MIX_PLAN, TOKEN_COUNTS
from corpusmill.schemas.recipe_mix import Mix
from corpusmill.transforms import mix as transform
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text import mixing, tokens


def _options(loaded: LoadedRecipe) -> dict[str, Any] | None:
    mix = loaded.recipe.mix
    if mix is None:
        return None
    return {"mix": mix.model_dump(), "tokenizer": tokens.load_tokenizer(*loaded.recipe.tokenizer).hash}


def _work(context: Context) -> Outcome:
    warehouse, mix = context.warehouse, context.recipe.mix
    if mix is None:
        if warehouse.is_empty(MIX_PLAN):
            return Outcome(changed=False)
        n_changed = warehouse.sync(DECISIONS, context.read("decisions").limit(0), stage="mix")
        return Outcome(changed=n_changed + warehouse.sync(MIX_PLAN, context.read("mix_plan").limit(0)) > 0)
    documents = edited(context, passed(context, "mix"))
    n_changed = _count(context, documents)
    counts = context.read("token_counts").select("doc_id", "n_tokens")
    grouped = transform.grouped(documents, mix, context.recipe.language_models)
    placed = warehouse.work("mix_documents", grouped.join(counts, "doc_id"))
    found = transform.slices(placed).collect()
    plan = mixing.plan(groups([row.asDict() for row in found], mix), mix)
    if plan.note:
        context.progress.note(plan.note)
    tokens_of: dict[str, dict[int, int]] = defaultdict(dict)
    for row in found:
        tokens_of[row["group"]][row["slice"]] = row["tokens"]
    mixed = warehouse.work("mixed", transform.mix_plan(placed, transform.limits(plan, tokens_of)))
    n_changed += warehouse.sync(DECISIONS, transform.decisions(mixed, plan), stage="mix")
    n_changed += warehouse.sync(MIX_PLAN, mixed.drop("n_tokens"))
    return Outcome(changed=n_changed > 0)


def _count(context: Context, documents: DataFrame) -> int:
    """Count the tokens of what is new or changed; returns of how many."""
    context.warehouse.ensure(TOKEN_COUNTS)
    chosen = context.recipe.tokenizer
    counts_with = tokens.load_tokenizer(*chosen).hash
    of_text = made_from("content_hash", F.coalesce(F.to_json("edits"), F.lit("")), F.lit(counts_with))
    wanted = documents.withColumn("made_from", of_text)
    return bring_up_to_date(context.warehouse, TOKEN_COUNTS, wanted, lambda some: transform.counted(some, chosen))


def groups(slices: list[dict[str, Any]], mix: Mix) -> list[mixing.Group]:
    """Rows of `transforms.mix.slices` put together, in the order of the groups' names."""
    together: dict[tuple[str, ...], tuple[int, int]] = {}
    for row in slices:
        documents, tokens = together.get(tuple(row["values"]), (0, 0))
        together[tuple(row["values"])] = (documents + row["documents"], tokens + row["tokens"])
    found = [mixing.group(values, documents, tokens, mix) for values, (documents, tokens) in together.items()]
    return sorted(found, key=lambda group: group.name)


STAGE = Stage(
    name="mix",
    options=_options,
    code=("corpusmill.transforms.mix", "corpusmill.transforms.text.mixing"),
    reads=("documents", "edits", "decisions"),
    writes=("token_counts", "mix_plan", "decisions"),
    work=_work,
)
