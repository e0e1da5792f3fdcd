"""What a stage is, and what is the same for all of them: skip, do, check the balance, write the ledger's row."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from corpusmill.jobs.code import code_hash, version
from corpusmill.jobs.watch import watching
from corpusmill.schemas.ledger import STAGE_RUNS
from corpusmill.schemas.recipe import Recipe

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from pyspark.sql import DataFrame

    from corpusmill.jobs.recipe import LoadedRecipe
    from corpusmill.jobs.warehouse import Warehouse
    from corpusmill.schemas.contract import Table
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions


class Progress(Protocol):
    """Whom a run tells how far it is."""

    def stage_started(self, name: str, n_docs: int | None = None) -> None: ...
    def stage_progress(self, done: int, total: int, unit: str = "document") -> None: ...
    def stage_finished(self, row: Mapping[str, Any]) -> None: ...
    def stage_skipped(self, name: str, why: str) -> None: ...
    def note(self, text: str) -> None: ...


@dataclass(frozen=True)
class Context:
    """All that a stage may need. store: MLflow's own store in the warehouse, being made ready."""

    warehouse: "Warehouse"
    loaded: "LoadedRecipe"
    run_id: str
    run_date: str
    progress: Progress
    store: "Future[Path] | None" = None

    @property
    def recipe(self) -> Recipe:
        return self.loaded.recipe

    @cached_property
    def tables(self) -> dict[str, "Table"]:
        """Every table's contract by name."""
        from corpusmill.jobs.tables import TABLES

        return {t.name: t for t in TABLES}

    @cached_property
    def masking(self) -> "AnonymiseOptions":
        """How text is masked before it is shown: by the recipe's mode, by patterns where it has none."""
        from corpusmill.jobs.masking import masking

        return masking(self.recipe)

    def read(self, table: str) -> "DataFrame":
        return self.warehouse.read(table)


@dataclass(frozen=True)
class Outcome:
    """changed: did any row of the stage's tables change? n_done: documents worked on; None: all that came in.

    complete: False where something could not be reached now, so that the next run has to try it again.
    """

    changed: bool
    n_done: int | None = None
    complete: bool = True


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline.

    options: the part of the recipe, and of the world (files, models), that its result depends on; None: not wanted.
    code: the modules that make its rows. reads, writes: the tables.
    """

    name: str
    options: Callable[["LoadedRecipe"], Any]
    code: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    work: Callable[[Context], Outcome]

    @property
    def code_version(self) -> str:
        return f"{version()}+{code_hash(*self.code)}"

    def made_with(self, loaded: "LoadedRecipe") -> str:
        """Hash of options and code: what a row carries, beside its input, in `made_from`."""
        return digest(self.name, self.options(loaded), code_hash(*self.code))

    def fingerprint(self, loaded: "LoadedRecipe", state_before: str) -> str:
        """Hash of all that the stage's result depends on: equal ones need no work."""
        return digest(self.made_with(loaded), state_before)


def digest(*parts: Any) -> str:
    """32 hex digits over values that JSON can hold."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def perform(
    stage: Stage, context: Context, state_before: str, last: Mapping[str, Any] | None, n_docs: int | None = None
) -> dict[str, Any]:
    """Do a stage and return its row of `stage_runs`, written. Raises BalanceError where a document got lost.

    n_docs: documents that the stage before kept, where that is known.
    """
    from corpusmill.transforms import balance

    warehouse = context.warehouse
    context.progress.stage_started(stage.name, n_docs)
    began = time.monotonic()
    inputs = warehouse.versions(stage.reads)
    with watching(warehouse.spark, context.progress, n_docs):
        outcome = stage.work(context)
    refused, found = (warehouse.ask(*question) for question in (balance.REFUSED, balance.FATES))
    counts = asdict(balance.judge(balance.read_fates(found), stage.name, refused[0]["n"]))
    row = {
        "run_id": context.run_id,
        "stage": stage.name,
        **counts,
        "n_done": counts["n_in"] if outcome.n_done is None else outcome.n_done,
        "seconds": round(time.monotonic() - began, 3),
        "input_versions": inputs,
        "output_versions": warehouse.versions(stage.writes),
        "fingerprint": stage.fingerprint(context.loaded, state_before) if outcome.complete else "incomplete",
        "made_with": stage.made_with(context.loaded),
        "state": _state(stage, state_before, context.run_id if last is None or outcome.changed else _mark(last)),
        "code_version": stage.code_version,
        "finished_at": datetime.now(UTC),
    }
    warehouse.write_rows(STAGE_RUNS, [row])
    context.progress.stage_finished(row)
    return row


def _state(stage: Stage, state_before: str, mark: str) -> str:
    """Names what the later stages start from: all that came before, and the run that last changed a row of this stage.

    What ingest leaves depends on its rows alone: a file that was only touched changes nothing.
    """
    return f"{'' if stage.name == 'ingest' else digest(state_before)[:16]}.{mark}"


def _mark(last: Mapping[str, Any]) -> str:
    return last["state"].partition(".")[2]
