"""corpus -> packing_plan, pretraining_sequences, sft_conversations: the outputs that the recipe names."""

from typing import Any

from pyspark.sql import functions as F

from corpusmill.jobs.changes import changes
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.contract import Table
from corpusmill.schemas.documents import DECISIONS
from corpusmill.schemas.errors import BalanceError
from corpusmill.schemas.published import PACKING_PLAN, PRETRAINING_SEQUENCES, SFT_CONVERSATIONS
from corpusmill.transforms import shape as transform
from corpusmill.transforms.made_from import made_from

# A bucket is packed in one task, and is what a changed document packs anew.
TOKENS_PER_BUCKET = 2_000_000


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    from corpusmill.transforms.text import tokens

    recipe = loaded.recipe
    options: dict[str, Any] = {"outputs": sorted(recipe.outputs), "tokenise": None}
    if recipe.tokenise:
        tokenizer = tokens.load_tokenizer(*recipe.tokenizer)
        hashes = [tokenizer.hash, tokenizer.chat_hash, tokenizer.end_token_id, tokenizer.pad_id]
        options["tokenise"] = [hashes, recipe.tokenise.sequence_length, recipe.tokenise.packing]
    return options


def _work(context: Context) -> Outcome:
    n_changed = 0
    outputs = context.recipe.outputs
    if _wanted_or_there(context, PRETRAINING_SEQUENCES, "pretraining_sequences" in outputs):
        n_changed += _pack(context, wanted="pretraining_sequences" in outputs)
    if _wanted_or_there(context, SFT_CONVERSATIONS, "sft_conversations" in outputs):
        n_changed += _converse(context, wanted="sft_conversations" in outputs)
    return Outcome(changed=n_changed > 0)


def _wanted_or_there(context: Context, table: Table, wanted: bool) -> bool:
    """An output that is no longer wanted, but stands there from before, is emptied."""
    return wanted or context.warehouse.exists(table.name)


def packing(context: Context) -> transform.Packing:
    """The recipe's packing, with the ids of end and padding that its tokenizer has."""
    from corpusmill.transforms.text import tokens

    options = context.recipe.tokenise
    assert options is not None  # the recipe's check: outputs of tokens need the key
    tokenizer = tokens.load_tokenizer(options.tokenizer, options.end_token)
    return transform.Packing(options.packing, options.sequence_length, tokenizer.end_token_id, tokenizer.pad_id)


def _pack(context: Context, wanted: bool) -> int:
    """Number of sequences changed. Raises BalanceError where a document's tokens are not all in the plan, each once."""
    from corpusmill.transforms.text.packing import buckets

    warehouse = context.warehouse
    for table in (PACKING_PLAN, PRETRAINING_SEQUENCES):
        warehouse.ensure(table)
    corpus = context.read("corpus")
    if not wanted:
        warehouse.sync(PACKING_PLAN, context.read("packing_plan").limit(0))
        return warehouse.sync(PRETRAINING_SEQUENCES, context.read("pretraining_sequences").limit(0))
    chosen = packing(context)
    counts = transform.token_counts(corpus, chosen)
    if context.recipe.mix:
        counts = transform.with_copies(counts, context.read("mix_plan"))
    total = counts.agg(F.coalesce(F.sum("n"), F.lit(0))).collect()[0][0]
    planned = transform.packing_plan(counts, chosen, buckets(total, TOKENS_PER_BUCKET))
    warehouse.sync(PACKING_PLAN, planned)
    plan = context.read("packing_plan")
    n_wrong = transform.uncovered(plan, counts).count()
    if n_wrong:
        raise BalanceError(f"stage shape does not balance: {n_wrong} document(s) are not packed whole and once.")
    wanted_now = transform.sequence_versions(plan, corpus, STAGE.made_with(context.loaded))
    made = context.read("pretraining_sequences").select("sequence_id", "made_from")
    found = changes(warehouse, "shape_changes", wanted_now, made, by="sequence_id")
    if found.n_keys:
        todo = plan.join(found.stale, "sequence_id", "left_semi")
        rows = transform.sequences(todo, context.read("tokens"), chosen).join(wanted_now, "sequence_id")
        warehouse.replace(PRETRAINING_SEQUENCES, rows, found.keys)
    return found.n_keys


def _converse(context: Context, wanted: bool) -> int:
    """Number of conversations changed; those that are left out get their decision."""
    warehouse = context.warehouse
    warehouse.ensure(SFT_CONVERSATIONS)
    corpus = context.read("corpus").where("messages IS NOT NULL")
    corpus = corpus if wanted else corpus.limit(0)
    made_with = STAGE.made_with(context.loaded)
    corpus = corpus.withColumn("made_from", made_from("made_from", F.lit(made_with)))
    tokenise = context.recipe.tokenise
    length = tokenise.sequence_length if tokenise else 0
    rendered = warehouse.work("sft_rendered", transform.conversations(corpus, context.recipe.tokenizer, length))
    left_out = rendered.where("rule IS NOT NULL")
    decisions = left_out.selectExpr(
        "doc_id",
        "'shape' as stage",
        "rule",
        "measured",
        "limit",
        "'stays in corpus; not in sft_conversations' as detail",
    )
    n_changed = warehouse.sync(DECISIONS, decisions, stage="shape")
    return n_changed + warehouse.sync(SFT_CONVERSATIONS, rendered.where("rule IS NULL"))


STAGE = Stage(
    name="shape",
    options=_options,
    code=("corpusmill.transforms.shape", "corpusmill.transforms.text.packing", "corpusmill.transforms.text.chat"),
    reads=("corpus", "tokens", "mix_plan"),
    writes=("packing_plan", "pretraining_sequences", "sft_conversations", "decisions"),
    work=_work,
)
