"""documents that passed -> corpus, pii_findings, tokens (+ quarantine): what is new or changed since the last run."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs import key, session
from corpusmill.jobs.changes import changes
from corpusmill.jobs.masking import anonymise_options
from corpusmill.jobs.passed import passed
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.documents import EDITS
from corpusmill.schemas.inputs import QUARANTINE
from corpusmill.schemas.published import CORPUS, PII_FINDINGS, TOKENS
from corpusmill.transforms import anonymise as transform
from corpusmill.transforms.text.anonymise import PublishOptions

DOCUMENTS_PER_TASK = 500


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    from corpusmill.transforms.text import made_up, model_versions, tokens

    recipe = loaded.recipe
    options: dict[str, Any] = {"anonymise": None, "tokenizer": None}
    if recipe.anonymise:
        chosen = anonymise_options(recipe.anonymise)
        secret, _ = key.resolve(recipe.anonymise.key)
        options["anonymise"] = [repr(chosen), model_versions.versions(chosen), key.key_id(secret)]
        if "pseudonym" in chosen.operators.values():
            options["names"] = made_up.version()
    if recipe.tokenise:
        options["tokenizer"] = tokens.load_tokenizer(*recipe.tokenizer).hash
    return options


def _work(context: Context) -> Outcome:
    warehouse, recipe = context.warehouse, context.recipe
    warehouse.ensure(TOKENS)
    _say_what_is_missing(context)
    near = recipe.near_dedup
    vector = near.semantic.embedding if near and near.semantic else None
    made_with = STAGE.made_with(context.loaded)
    wanted = transform.to_publish(passed(context, "anonymise"), context.read("edits"), made_with, vector)
    made = context.read("corpus").select("doc_id", "made_from")
    found = changes(warehouse, "anonymise_changes", wanted, made)
    if not found.n_keys:
        return Outcome(changed=False, n_done=0)
    todo = found.todo(wanted)
    if recipe.anonymise and recipe.anonymise.mode == "full":
        # A model reads some 40 kB a second: few documents a task, so that the cores end together.
        parts = max(4 * session.cores(), found.n_stale // DOCUMENTS_PER_TASK)
        todo = todo.repartition(parts, "doc_id")
    if recipe.anonymise or recipe.tokenise or not warehouse.is_empty(EDITS):
        published = warehouse.work("published", transform.publish(todo, _publish_options(context)))
    else:
        published = transform.as_they_are(todo)
    readable = published.where("error IS NULL")
    # The corpus last: its made_from says that all of a document is done.
    findings = readable.select("doc_id", F.explode("findings").alias("f")).select("doc_id", "f.*")
    if recipe.anonymise or not warehouse.is_empty(PII_FINDINGS):
        warehouse.replace(PII_FINDINGS, findings, found.keys)
    if recipe.tokenise:
        warehouse.replace(TOKENS, readable.select("doc_id", "input_ids"), found.keys)
    if recipe.anonymise or not warehouse.is_empty(QUARANTINE, "anonymise"):
        refused = published.where("error IS NOT NULL") if recipe.anonymise else published.limit(0)
        _refuse(context, refused.select("doc_id", "error"))
    warehouse.replace(CORPUS, _with_split(context, readable), found.keys)
    return Outcome(changed=True, n_done=found.n_stale)


def _with_split(context: Context, readable: DataFrame) -> DataFrame:
    """What was published before keeps its split."""
    split = transform.split(context.recipe.split)
    if context.warehouse.is_empty(CORPUS):
        return readable.withColumn("split", split)
    earlier = context.read("corpus").select("doc_id", F.col("split").alias("_split"))
    return readable.join(earlier, "doc_id", "left").withColumn("split", F.coalesce("_split", split))


def _publish_options(context: Context) -> PublishOptions:
    anonymise, tokenise = context.recipe.anonymise, context.recipe.tokenise
    if anonymise is None:
        secret = b""
    else:
        secret, place = key.resolve(anonymise.key)
        context.progress.note(f"pseudonyms, keyed hashes and encryption use the key {key.key_id(secret)} from {place}")
    return PublishOptions(
        anonymise=anonymise_options(anonymise) if anonymise else None,
        tokenizer=context.recipe.tokenizer if tokenise else None,
        key=secret,
    )


def _say_what_is_missing(context: Context) -> None:
    from corpusmill.transforms.text import model_versions, tokens

    anonymise, tokenise = context.recipe.anonymise, context.recipe.tokenise
    if anonymise and anonymise.mode == "full":
        for language, model in model_versions.missing(anonymise_options(anonymise)).items():
            context.progress.note(f"no model '{model}' for '{language}': names there are found by patterns alone")
    if tokenise:
        note = tokens.load_tokenizer(*context.recipe.tokenizer).note
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
