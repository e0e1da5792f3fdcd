"""documents that passed -> corpus, pii_findings, tokens (+ quarantine): what is new or changed since the last run."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import key
from corpusmill.jobs.masking import anonymise_options
from corpusmill.jobs.passed import passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.inputs import QUARANTINE
from corpusmill.schemas.published import CORPUS, PII_FINDINGS, TOKENS
from corpusmill.transforms import anonymise as transform
from corpusmill.transforms.text.anonymise import PublishOptions


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    from corpusmill.transforms.text import anonymiser, tokens

    recipe = loaded.recipe
    options: dict[str, Any] = {"anonymise": None, "tokenizer": None}
    if recipe.anonymise:
        chosen = anonymise_options(recipe.anonymise)
        secret, _ = key.resolve(recipe.anonymise.key)
        options["anonymise"] = [repr(chosen), anonymiser.load(chosen).versions, key.key_id(secret)]
    if recipe.tokenise:
        options["tokenizer"] = tokens.load_tokenizer(recipe.tokenise.tokenizer, recipe.tokenise.end_token).hash
    return options


def _work(context: Context) -> Outcome:
    warehouse, recipe = context.warehouse, context.recipe
    warehouse.ensure(TOKENS)
    _say_what_is_missing(context)
    wanted = transform.to_publish(passed(context, "anonymise"), context.read("edits"), STAGE.made_with(context.loaded))
    made = context.read("corpus").select("doc_id", "made_from")
    stale = wanted.select("doc_id", "made_from").join(made, ["doc_id", "made_from"], "left_anti").select("doc_id")
    stale = warehouse.work("anonymise_stale", stale)
    gone = made.join(wanted, "doc_id", "left_anti").select("doc_id")
    keys = warehouse.work("anonymise_keys", stale.union(gone))
    n_done, n_keys = stale.count(), keys.count()
    if not n_keys:
        return Outcome(changed=False, n_done=0)
    published = transform.publish(wanted.join(stale, "doc_id", "left_semi"), _publish_options(context))
    published = warehouse.work("published", published)
    readable = published.where("error IS NULL")
    refused = published.where("error IS NOT NULL").select("doc_id", "error")
    # The corpus last: its made_from says that all of a document is done.
    findings = readable.select("doc_id", F.explode("findings").alias("f")).select("doc_id", "f.*")
    warehouse.replace(PII_FINDINGS, findings, keys)
    if recipe.tokenise:
        warehouse.replace(TOKENS, readable.select("doc_id", "input_ids"), keys)
    _refuse(context, refused)
    earlier = context.read("corpus").select("doc_id", F.col("split").alias("_split"))
    rows = readable.join(earlier, "doc_id", "left").withColumn(
        "split", F.coalesce("_split", transform.split(recipe.split))
    )
    warehouse.replace(CORPUS, rows, keys)
    return Outcome(changed=True, n_done=n_done)


def _publish_options(context: Context) -> PublishOptions:
    anonymise, tokenise = context.recipe.anonymise, context.recipe.tokenise
    if anonymise is None:
        secret = b""
    else:
        secret, place = key.resolve(anonymise.key)
        context.progress.note(f"keyed hashes use the key {key.key_id(secret)} from {place}")
    return PublishOptions(
        anonymise=anonymise_options(anonymise) if anonymise else None,
        tokenizer=(tokenise.tokenizer, tokenise.end_token) if tokenise else None,
        key=secret,
    )


def _say_what_is_missing(context: Context) -> None:
    from corpusmill.transforms.text import anonymiser, tokens

    anonymise, tokenise = context.recipe.anonymise, context.recipe.tokenise
    if anonymise and anonymise.mode == "full":
        for missing in anonymiser.load(anonymise_options(anonymise)).missing_models:
            context.progress.note(f"no language model for '{missing}': names there are found by patterns alone")
    if tokenise:
        note = tokens.load_tokenizer(tokenise.tokenizer, tokenise.end_token).note
        if note:
            context.progress.note(note)


def _refuse(context: Context, refused: DataFrame) -> None:
    """Quarantine of anonymise: those refused before that are still not published, and the new ones."""
    place = context.read("raw_documents").select("doc_id", "source", "uri", "locator")
    rows = refused.join(place, "doc_id").select(
        F.lit("anonymise").alias("stage"), "doc_id", "source", "uri", "locator", "error", F.lit("").alias("snippet")
    )
    context.warehouse.sync(QUARANTINE, rows, stage="anonymise")


STAGE = Stage(
    name="anonymise",
    options=_options,
    code=("corpusmill.transforms.anonymise", "corpusmill.transforms.text.anonymise"),
    reads=("documents", "decisions", "edits"),
    writes=("corpus", "pii_findings", "tokens", "quarantine"),
    work=_work,
)
