"""What is there -> a dataset version: content hash, MLflow run, report, and last of all one row of dataset_versions.

Until that row is there, readers see the version before; so a kill at any moment leaves no half version.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from corpusmill.jobs import ledger
from corpusmill.jobs.code import code_hash, version
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.jobs.stage import Context, Outcome, Stage
from corpusmill.schemas.ledger import DATASET_VERSIONS

# Beside its outputs a version names what explains it.
EVIDENCE = ("raw_documents", "quarantine", "decisions", "duplicate_clusters", "pii_findings", "corpus")


def _options(loaded: LoadedRecipe) -> dict[str, Any]:
    return {"recipe": loaded.text}


def _work(context: Context) -> Outcome:
    from corpusmill.jobs import report, report_data, tracking

    warehouse, recipe = context.warehouse, context.recipe
    latest = ledger.last_version(warehouse.location)
    tables = warehouse.versions(_tables(context))
    if latest and latest["tables"] == tables and latest["recipe"] == context.loaded.text:
        report.show(context, latest)  # a kill may have come between
        return Outcome(changed=False, n_done=0)
    number = latest["version"] + 1 if latest else 1
    with ThreadPoolExecutor(1) as pool:  # neither keeps all cores busy by itself
        asking = pool.submit(report_data.ask, context, tables)
        content_hash = _content_hash(context, tables)
        asked = asking.result()
    row: dict[str, Any] = {
        "name": recipe.name,
        "version": number,
        "tables": tables,
        "row_counts": {t: warehouse.count(t, v) for t, v in tables.items()},
        "recipe": context.loaded.text,
        "code_version": f"{version()}+{_code()}",
        "models": _models(context),
        "anonymised": recipe.anonymise.mode if recipe.anonymise else "no",
        "content_hash": content_hash,
        "parent": latest["version"] if latest else None,
        "created_at": datetime.now(UTC),
        "run_id": context.run_id,
    }
    row["mlflow_run_id"] = tracking.log_version(context, row, report.write(context, row, asked))
    warehouse.write_rows(DATASET_VERSIONS, [row])
    report.show(context, row)
    return Outcome(changed=True)


def _tables(context: Context) -> list[str]:
    used = ["passage_counts"] if context.recipe.passages else []
    used += ["contamination"] if context.recipe.decontaminate else []
    used += ["mix_plan", "token_counts"] if context.recipe.mix else []
    used += ["flags"] if any(rule.action == "flag" for rule in selected_rules(context.recipe)) else []
    used += ["foreign_documents"] if context.recipe.against else []
    return sorted({*EVIDENCE, *context.recipe.outputs, *_plans(context), *used})


def _plans(context: Context) -> list[str]:
    return ["packing_plan"] if "pretraining_sequences" in context.recipe.outputs else []


def _content_hash(context: Context, tables: dict[str, int]) -> str:
    from corpusmill.transforms.publish import partial_hashes
    from corpusmill.transforms.text.content_hash import Partial, combine

    partials: dict[str, list[Partial]] = {}
    for name in sorted(context.recipe.outputs):
        rows = partial_hashes(context.warehouse.read(name, tables[name])).collect()
        partials[name] = [Partial.parse(r["partial"]) for r in rows]
    return combine(partials)


def _code() -> str:
    from corpusmill.jobs.run import stages

    return code_hash(*sorted({module for stage in stages() for module in stage.code}))


def _models(context: Context) -> dict[str, str]:
    """Name to hash, or to version, of what decided: language model, tokenizer, recognisers; of the key its id."""
    from corpusmill.jobs import key
    from corpusmill.jobs.masking import anonymise_options
    from corpusmill.jobs.measuring import measuring
    from corpusmill.transforms.text import language, model_versions, scores, tokens

    recipe = context.recipe
    models = {"language": language.load(recipe.language.model if recipe.language else None).hash}
    if recipe.tokenise:
        models["tokenizer"] = tokens.load_tokenizer(*recipe.tokenizer).hash
    models |= scores.hashes(measuring(recipe).scoring)
    if recipe.anonymise:
        models |= model_versions.versions(anonymise_options(recipe.anonymise))
        models["anonymise.key"] = key.key_id(key.resolve(recipe.anonymise.key)[0])
    return models


def digest_of(content_hash: str) -> str:
    """The digest under which MLflow knows the version: at most 36 characters are allowed, so half of the hash.

    >>> len(digest_of("ab" * 32))
    32
    """
    return content_hash[:32]


STAGE = Stage(
    name="publish",
    options=_options,
    code=("corpusmill.transforms.publish", "corpusmill.jobs.publish"),
    reads=EVIDENCE,
    writes=("dataset_versions",),
    work=_work,
)
