"""What tells of erased documents outside of the tables: reports and what MLflow keeps; and who used them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpusmill.jobs import ledger, tracking
from corpusmill.jobs.stage import Context

KEPT = "recipe.yml"  # tells of no document
NOTE = "This was removed: it may have shown passages of documents that request {request} erased. "
NOTE += "Row counts, content hash and recipe of {version} stay in the table dataset_versions."
PAGE = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>removed</title><p>{note}</p></html>\n'


def users(context: Context, versions: Sequence[str]) -> tuple[list[str], list[str]]:
    """MLflow runs that have one of the versions as an input, by the digest, and the models that they made."""
    rows = _rows(context, versions)
    if not rows or not tracking.has_store(context.warehouse.location):
        return [], []
    import mlflow
    from mlflow.entities import ViewType

    from corpusmill.jobs.publish import digest_of

    tracking.connect(context)
    runs: dict[str, Any] = {}
    for digest in sorted({digest_of(row["content_hash"]) for row in rows}):
        found = mlflow.search_runs(
            filter_string=f"dataset.digest = '{digest}'",
            search_all_experiments=True,
            run_view_type=ViewType.ALL,
            output_format="list",
        )
        runs |= {run.info.run_id: run for run in found}
    return sorted(runs), sorted({model for run in runs.values() for model in _models(run)})


def _models(run: Any) -> Iterator[str]:
    """Registered models as name/version, logged ones by their id."""
    from mlflow import MlflowClient

    client = MlflowClient()
    for version in client.search_model_versions(f"run_id = '{run.info.run_id}'"):
        yield f"{version.name}/{version.version}"
    made = f"source_run_id = '{run.info.run_id}'"
    for model in client.search_logged_models([run.info.experiment_id], filter_string=made):
        yield model.model_id


def replace_reports(context: Context, request_id: str, versions: Sequence[str]) -> list[str]:
    """Put a note in the place of all that showed passages of the versions; returns what was replaced or removed.

    All but the recipe goes, whatever it shows: a report has passages of many documents, masked but not without meaning.
    Pages become the note, other files in the folder are removed.
    """
    replaced: list[str] = []
    for row in _rows(context, versions):
        label = f"{row['name']}@{row['version']}"
        note = NOTE.format(request=request_id, version=label)
        if context.warehouse.local:
            replaced += _replace_beside(Path(context.warehouse.location), label, note)
        replaced += _replace_logged(context, row["mlflow_run_id"], note)
    return replaced


def _replace_beside(folder: Path, label: str, note: str) -> Iterator[str]:
    """Each file beside the tables that is of the version (reports/small@1.html, audits/small@1/...), and bias.html."""
    named = [f for f in folder.glob("*/*") if label in (f.name, f.stem)]
    for found in sorted([*named, *folder.glob("bias.*")]):
        for file in [found] if found.is_file() else sorted(f for f in found.rglob("*") if f.is_file()):
            if file.suffix == ".html":
                file.write_text(PAGE.format(note=note), encoding="utf-8")
            else:
                file.unlink()
            yield str(file.relative_to(folder))


def _replace_logged(context: Context, run_id: str | None, note: str) -> Iterator[str]:
    """Each file that the version's own run logged."""
    if run_id is None or not tracking.has_store(context.warehouse.location):
        return
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    tracking.connect(context)
    client = MlflowClient()
    try:
        client.get_run(run_id)
    except MlflowException:  # deleted for good: nothing is logged there
        return
    for path in _logged(client, run_id):
        client.log_text(run_id, PAGE.format(note=note) if path.endswith(".html") else note, path)
        yield f"mlflow:{run_id}/{path}"


def _logged(client: Any, run_id: str, folder: str | None = None) -> Iterator[str]:
    for file in client.list_artifacts(run_id, folder):
        if file.is_dir:
            yield from _logged(client, run_id, file.path)
        elif Path(file.path).name != KEPT:
            yield file.path


def _rows(context: Context, versions: Sequence[str]) -> list[dict[str, Any]]:
    rows = ledger.dataset_versions(context.warehouse.location)
    return [row for row in rows if f"{row['name']}@{row['version']}" in versions]
