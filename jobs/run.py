"""The whole pipeline, in order: what `corpusmill run` does."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import erasures, ledger, lock, session, tracking
from corpusmill.jobs.stage import Context, Progress, Stage, digest, perform
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from corpusmill.jobs.recipe import LoadedRecipe


def stages() -> tuple[Stage, ...]:
    """The stages in the order in which they run. Imported late: they bring Spark with them."""
    from corpusmill.jobs import anonymise, exact_dedup, filter, ingest, mix, near_dedup, prepare, publish, shape

    modules = (ingest, prepare, filter, exact_dedup, near_dedup, mix, anonymise, shape, publish)
    return tuple(m.STAGE for m in modules)


@dataclass
class RunResult:
    """What a run did: a row of `stage_runs` for each stage that worked, the names of those that were up to date.

    mixture: of a dry run, as `mix_preview.preview` gives it.
    """

    run_id: str
    warehouse: str
    stages: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    would_run: list[str] = field(default_factory=list)
    mixture: dict[str, Any] | None = None
    version: str | None = None
    report: str | None = None
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def run(
    loaded: "LoadedRecipe",
    *,
    warehouse: str,
    first: str | None = None,
    last: str | None = None,
    run_date: str | None = None,
    dry_run: bool = False,
    progress: Progress,
) -> RunResult:
    """Bring the warehouse up to date with the recipe and its inputs, from stage `first` to stage `last`.

    Raises UserError where the warehouse holds another dataset or a stage before `first` never ran, WarehouseBusy where
    another run writes there, RunFailed where an erasure did not end, BalanceError where a document got lost.
    """
    began = time.monotonic()
    now = datetime.now(UTC)
    result = RunResult(lock.new_run_id(now), warehouse)
    wanted = selection(first, last)
    if dry_run:
        _plan(loaded, warehouse, wanted, result)
        return result
    with lock.hold(warehouse, result.run_id):
        ledger.check_name(warehouse, loaded.recipe.name)
        erasures.refuse_unfinished(warehouse)
        ledger.remember_recipe(warehouse, loaded.path)
        run_date = run_date or f"{now:%Y-%m-%d}"
        run_stages(loaded, warehouse, wanted, result, run_date, progress)
    result.seconds = time.monotonic() - began
    result.version = ledger.latest_version(warehouse)
    report = Path(warehouse, "report.html")
    result.report = str(report) if report.exists() else None
    return result


def selection(first: str | None, last: str | None) -> tuple[Stage, ...]:
    """The stages from one to another. Raises UserError where there is no such stage, or the wrong order."""
    order = stages()
    names = [s.name for s in order]
    for option, name in (("--from", first), ("--until", last)):
        if name is not None and name not in names:
            raise UserError(f"{option} {name}: there is no such stage. Stages, in order: {', '.join(names)}.")
    start = names.index(first) if first else 0
    end = names.index(last) + 1 if last else len(names)
    if start >= end:
        raise UserError(f"--from {first} comes after --until {last}. Stages, in order: {', '.join(names)}.")
    return order[start:end]


def run_stages(
    loaded: "LoadedRecipe",
    location: str,
    wanted: tuple[Stage, ...],
    result: RunResult,
    run_date: str,
    progress: Progress,
) -> None:
    """Do those of the stages that are not up to date; the caller holds the warehouse's lock."""
    past = ledger.last_runs(location)
    for stage in wanted:  # a wrong key, model or tokenizer is told now, and not when its stage comes
        stage.options(loaded)
    context: Context | None = None
    try:
        for stage in wanted:
            before = _state_before(stage, loaded, past)
            # Then rows of this stage may have changed already, which the stages after it have not seen.
            left_over = ledger.unrecorded(location, stage.writes, past)
            if not left_over and _up_to_date(stage, loaded, past, before):
                progress.stage_skipped(stage.name, "up to date")
                result.skipped.append(stage.name)
                continue
            context = context or new_context(loaded, location, result.run_id, run_date, progress)
            last = None if left_over else past.get(stage.name)
            past[stage.name] = perform(stage, context, before, last, _kept_before(stage, past))
            result.stages.append(past[stage.name])
    finally:
        if context:
            context.warehouse.clear_work()


def new_context(loaded: "LoadedRecipe", location: str, run_id: str, run_date: str, progress: Progress) -> Context:
    """What stages work with, and the tables that are always there; the caller holds the warehouse's lock."""
    from corpusmill.jobs.tables import ALWAYS
    from corpusmill.jobs.warehouse import Warehouse

    store = tracking.make_ready(location)
    warehouse = Warehouse(session.get(), location, run_id)
    warehouse.clear_work()  # what a killed run left
    for table in ALWAYS:
        warehouse.ensure(table)
    return Context(warehouse, loaded, run_id, run_date, progress, store)


def _state_before(stage: Stage, loaded: "LoadedRecipe", past: Mapping[str, Any]) -> str:
    """What the stage starts from: the state that the stage before it left, or the input files."""
    names = [s.name for s in stages()]
    position = names.index(stage.name)
    if position == 0:
        from corpusmill.jobs import ingest

        return digest(ingest.listing_state(loaded))
    previous = past.get(names[position - 1])
    if previous is None:
        raise UserError(
            f"stage {stage.name} needs stage {names[position - 1]}, which has not run yet in this warehouse."
        )
    return previous["state"]


def _kept_before(stage: Stage, past: Mapping[str, Any]) -> int | None:
    """Documents that the stage before let through; None for the first, which counts them."""
    names = [s.name for s in stages()]
    position = names.index(stage.name)
    return past[names[position - 1]]["n_kept"] if position else None


def _up_to_date(stage: Stage, loaded: "LoadedRecipe", past: Mapping[str, Any], before: str) -> bool:
    last = past.get(stage.name)
    return last is not None and last["fingerprint"] == stage.fingerprint(loaded, before)


def _plan(loaded: "LoadedRecipe", location: str, wanted: tuple[Stage, ...], result: RunResult) -> None:
    past = ledger.last_runs(location)
    for stage in wanted:
        fresh = not result.would_run and past.get(stage.name) is not None
        fresh = fresh and not ledger.unrecorded(location, stage.writes, past)
        if fresh and _up_to_date(stage, loaded, past, _state_before(stage, loaded, past)):
            result.skipped.append(stage.name)
        else:
            result.would_run.append(stage.name)
    if loaded.recipe.mix and "mix" in [stage.name for stage in wanted]:
        from corpusmill.jobs.mix_preview import preview

        result.mixture = preview(location, loaded)
