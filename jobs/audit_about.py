"""Who made a version, with what, and how well that finds personal data in labelled text."""

import getpass
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from corpusmill.jobs import ledger
from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import evaluation, model_versions

if TYPE_CHECKING:
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions

Row = Mapping[str, Any]

# The modules that find and replace: what the stage anonymise names as its code.
CODE = ("corpusmill.transforms.anonymise", "corpusmill.transforms.text.anonymise")


def applied(version: Row) -> "AnonymiseOptions | None":
    """How the version was anonymised, as its recipe says; None where it was not."""
    from corpusmill.jobs.masking import anonymise_options
    from corpusmill.schemas.recipe_stages import Anonymise

    options = (yaml.safe_load(version["recipe"]) or {}).get("anonymise")
    return None if options is None else anonymise_options(Anonymise.model_validate_json(json.dumps(options)))


def stage_run(warehouse: str, version: Row) -> dict[str, Any]:
    """The row of `stage_runs` of the anonymise stage that made the version's corpus; empty where there is none."""
    runs = [r for r in ledger.rows(warehouse, "stage_runs") if r["stage"] == "anonymise"]
    before = [r for r in runs if r["finished_at"] <= version["created_at"]]
    return max(before, key=lambda r: r["finished_at"], default={})


def about(warehouse: str, version: Row, options: "AnonymiseOptions | None", run: Row) -> dict[str, Any]:
    """Who, what, when, with which recipe, recognisers, models and key: all that a version and its ledger name."""
    names = ("name", "version", "content_hash", "anonymised", "code_version", "parent", "run_id", "mlflow_run_id")
    return {
        **{name: version[name] for name in names},
        "created_at": f"{version['created_at']:%Y-%m-%d %H:%M} UTC",
        "published_by": _published_by(warehouse, version["mlflow_run_id"]),
        "documents": version["row_counts"].get("corpus", 0),
        "models": {name: value for name, value in version["models"].items() if name != "anonymise.key"},
        "key_id": version["models"].get("anonymise.key"),
        "recognisers": run.get("code_version"),
        "anonymised_at": f"{run['finished_at']:%Y-%m-%d %H:%M} UTC" if run else None,
        "options": None if options is None else _told(options),
        "recipe": version["recipe"],
    }


def _told(options: "AnonymiseOptions") -> dict[str, Any]:
    return {
        "mode": options.mode,
        "languages": list(options.languages),
        "minimum_score": options.minimum_score,
        "operators": dict(options.operators),
        "entities": list(options.entities) if options.entities else None,
        "on_missing_model": options.on_missing_model,
    }


def auditor() -> str:
    """Who runs this, as the operating system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a list of users
        return "unknown"


def _published_by(warehouse: str, mlflow_run_id: str | None) -> str | None:
    """Whom MLflow names for the run; None where the warehouse has no store of its own."""
    store = Path(warehouse, "mlflow", "mlflow.db")
    if mlflow_run_id is None or not store.is_file():
        return None
    asked = "SELECT value FROM tags WHERE run_uuid = ? AND key = 'mlflow.user'"
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute(asked, (mlflow_run_id,)).fetchone()
    except sqlite3.Error:  # another release's tables
        return None
    return found[0] if found else None


def differences(version: Row, options: "AnonymiseOptions | None", run: Row) -> list[str]:
    """In what this machine's recognisers are other than those that made the version, in words."""
    from corpusmill.jobs.code import code_hash

    if options is None:
        return []
    here, then = model_versions.versions(options), version["models"]
    told = [
        f"{name} is {here.get(name, 'not installed')} here, {then[name]} in the version"
        for name in sorted({*here, *(set(model_versions.chosen(options).values()) & set(then))})
        if name in then and here.get(name) != then[name]
    ]
    told += [
        f"no model '{model}' for '{language}' on this machine"
        for language, model in model_versions.missing(options).items()
    ]
    if run and (run["code_version"] or "").partition("+")[2] != code_hash(*CODE):
        told.append("the code of the recognisers is another than that which made the version")
    return told


def gold(path: str, options: "AnonymiseOptions | None") -> dict[str, Any]:
    """Precision and recall of the version's recognisers, as they are on this machine, on a labelled file.

    Raises UserError where the file is none, or nothing was anonymised, so that there is nothing to measure.
    """
    from corpusmill.transforms.text import anonymiser

    if options is None:
        raise UserError("--gold: the version's recipe has no `anonymise`: there are no recognisers to measure")
    try:
        content = Path(path).read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise UserError(f"--gold: {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"--gold: {path} is not UTF-8. Want JSONL: text, language, spans") from None
    documents = evaluation.parse(text.split("\n"), f"--gold: {path}")
    finder = anonymiser.load(options)
    found = finder.find([d.text for d in documents], [d.language for d in documents])
    measured = evaluation.evaluate(documents, found, finder.entities)
    return {
        "file": Path(path).name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        **measured.to_dict(),
    }
