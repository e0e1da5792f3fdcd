"""One MLflow run a dataset version: parameters, funnel metrics, the report, and the version as a dataset input.

Where the environment names no tracking server, the store is a SQLite file inside the warehouse. MLflow makes its tables
in many steps that a kill would leave half done, so a new store is made aside and renamed.
"""

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from corpusmill.jobs import ledger
from corpusmill.jobs.locate import is_catalog
from corpusmill.jobs.stage import Context

EXPERIMENT = "corpusmill"
# Alembic, by which MLflow makes its tables, keeps its state in a module: two threads would take it from each other.
_ONE_STORE_AT_A_TIME = Lock()


def log_version(context: Context, row: dict[str, Any], report: Path) -> str:
    """Log a version that is about to be published and return the id of its MLflow run.

    A run that a killed publish left for the same content and version is taken up again.
    """
    import mlflow
    from mlflow.data.delta_dataset_source import DeltaDatasetSource
    from mlflow.data.meta_dataset import MetaDataset

    from corpusmill.jobs.publish import digest_of

    connect(context)
    name = f"{row['name']}@{row['version']}"
    parameters = _parameters(context, row)
    tags = {
        "corpusmill.dataset": row["name"],
        "corpusmill.version": str(row["version"]),
        "corpusmill.content_hash": row["content_hash"],
        "corpusmill.run_id": row["run_id"],
    }
    # With its tags from the first moment, so that whatever a kill leaves can be found.
    with mlflow.start_run(_left_over(name, row["content_hash"], parameters), run_name=name, tags=tags) as run:
        mlflow.log_params(parameters)
        mlflow.log_metrics(_metrics(context.warehouse.location, row))
        mlflow.log_text(row["recipe"], "recipe.yml")
        mlflow.log_text(report.read_text(encoding="utf-8"), "report.html")
        where = {"delta_table_name" if context.warehouse.catalog else "path": _place(context, "corpus")}
        # The version as a string: MLflow drops the number 0, and takes strings.
        at: Any = str(row["tables"]["corpus"])
        dataset = MetaDataset(  # type: ignore[abstract]  # MLflow's own examples make it like this
            source=DeltaDatasetSource(delta_table_version=at, **where), name=name, digest=digest_of(row["content_hash"])
        )
        mlflow.log_input(dataset, context="curation", tags={"content_sha256": row["content_hash"]})
    return run.info.run_id


def make_ready(location: str) -> Future[Path] | None:
    """Import MLflow and make the warehouse's own store, in a thread beside the first stages: both take seconds."""
    if not _has_own_store(location):
        return None
    pool = ThreadPoolExecutor(1)
    made = pool.submit(_own_store, location)
    pool.shutdown(wait=False)
    return made


def _place(context: Context, table: str) -> str:
    warehouse = context.warehouse
    return warehouse.name(table) if warehouse.catalog else str(Path(warehouse.path(table)).absolute())


def has_store(location: str) -> bool:
    """Is there anything logged: a tracking server, or a store in the warehouse?"""
    return not _has_own_store(location) or Path(location, "mlflow", "mlflow.db").exists()


def _has_own_store(location: str) -> bool:
    return not os.environ.get("MLFLOW_TRACKING_URI") and not is_catalog(location)


def _own_store(location: str) -> Path:
    """The SQLite file in the warehouse, made aside and renamed where there is none."""
    import mlflow.store.tracking.sqlalchemy_store  # noqa: F401  (takes seconds, and will be needed)

    folder = Path(location, "mlflow").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    store, aside = folder / "mlflow.db", folder / "mlflow.db.new"
    with _ONE_STORE_AT_A_TIME:
        if not store.exists():
            aside.unlink(missing_ok=True)
            _create(aside)
            aside.rename(store)
    return store


def connect(context: Context) -> None:
    """Point MLflow at the tracking server of the environment, else at the warehouse's own store."""
    import mlflow

    location = context.warehouse.location
    if not _has_own_store(location):
        mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME", EXPERIMENT))
        return
    store = context.store.result() if context.store else _own_store(location)
    folder = store.parent
    mlflow.set_tracking_uri(f"sqlite:///{store}")
    # MLflow writes it into the environment too, where the next warehouse of this process would take it for a server.
    os.environ.pop("MLFLOW_TRACKING_URI", None)
    client = mlflow.MlflowClient()
    if client.get_experiment_by_name(EXPERIMENT) is None:
        client.create_experiment(EXPERIMENT, artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment(EXPERIMENT)


def _create(path: Path) -> None:
    """MLflow's tables in a new SQLite file."""
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine_with_retry

    engine = create_sqlalchemy_engine_with_retry(f"sqlite:///{path}")
    _initialize_tables(engine)
    engine.dispose()


def _left_over(name: str, content_hash: str, parameters: dict[str, str]) -> str | None:
    """The run that an unfinished publish of this very version left behind.

    One with other parameters (another release made it) is left alone: MLflow does not let them be changed.
    """
    import mlflow

    tags = f"tags.`corpusmill.content_hash` = '{content_hash}' AND tags.mlflow.runName = '{name}'"
    found = mlflow.search_runs(filter_string=tags, output_format="list")
    same = (r for r in found if all(parameters.get(k) == v for k, v in r.data.params.items()))
    return next((r.info.run_id for r in same), None)


def _parameters(context: Context, row: dict[str, Any]) -> dict[str, str]:
    recipe = context.recipe
    return {
        "recipe": recipe.name,
        "sources": ", ".join(s.name for s in recipe.sources),
        "outputs": ", ".join(recipe.outputs),
        "anonymised": row["anonymised"],
        "code_version": row["code_version"],
        **{f"model.{name}": value for name, value in row["models"].items()},
    }


def _metrics(location: str, row: dict[str, Any]) -> dict[str, float]:
    metrics = {f"rows.{table}": float(n) for table, n in row["row_counts"].items()}
    for stage, last in ledger.last_runs(location).items():
        for what in ("n_in", "n_kept", "n_dropped", "n_quarantined"):
            metrics[f"{stage}.{what}"] = float(last[what])
    return metrics
