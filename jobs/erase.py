"""`corpusmill erase`: a person's documents, and all that was made of them, are gone from every table and from the disk.

begin    what is to go is found, shown, and written down as a row of `erasures`, by hashes
remove   it is taken out of all tables
stages   the recipe of the last version runs from prepare on: what was removed in favour of an erased document is judged
         again, packs are made again, a version is published
reports  what showed passages of the older versions is replaced by a note
purge    every file that no table uses now is removed
done     the row says so

A kill in between leaves the row at `begun`: no run writes until `corpusmill erase` has gone through the steps again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import erase_artifacts, erasures, ledger, lock, recipe, session
from corpusmill.jobs import run as pipeline
from corpusmill.jobs.erase_find import Found, Subject, count_rows, find, subject_of
from corpusmill.jobs.erase_remove import removal
from corpusmill.jobs.stage import Context, Progress, perform
from corpusmill.schemas.errors import RunFailed, UserError
from corpusmill.schemas.ledger import DATASET_VERSIONS, ERASURES, STAGE_RUNS

if TYPE_CHECKING:
    from corpusmill.jobs.recipe import LoadedRecipe


@dataclass
class Erasure:
    """What an erasure takes away, or took away. state: found (nothing is done yet), nothing, declined, done.

    documents, copies (of them the exact copies), earlier (only earlier contents of these): doc_ids. samples: some of
    them, masked. tables: rows. published: the latest version after it.
    """

    request_id: str | None = None
    state: str = "found"
    documents: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    files: int = 0
    records: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    mlflow_runs: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    artifacts: list[str] = field(default_factory=list)
    published: str | None = None
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def erase(
    location: str,
    *,
    doc_ids: Sequence[str] = (),
    subject: str | None = None,
    recipe_file: str | None = None,
    dry_run: bool = False,
    confirm: Callable[[Erasure], bool],
    progress: Progress,
) -> Erasure:
    """Erase documents by their ids, or all in which a person stands; what an earlier call left undone is done first.

    recipe_file: where the recipe lies, from whose folder its relative paths begin; default: where it was last run from.
    confirm: asked before anything is written, with what was found.
    Raises UserError where nothing is named, or a document does not exist; WarehouseBusy where another run writes.
    """
    began = time.monotonic()
    now = datetime.now(UTC)
    loaded = _recipe(location, recipe_file)
    run_id = lock.new_run_id(now)
    if dry_run:
        from corpusmill.jobs.warehouse import Warehouse

        reading = Context(Warehouse(session.get(), location, run_id), loaded, run_id, f"{now:%Y-%m-%d}", progress)
        found, person = _find(reading, doc_ids, subject)
        return _erasure(reading, found, person)
    with lock.hold(location, run_id):
        for stage in pipeline.selection("prepare", None):  # a missing model or tokenizer is told before anything goes
            stage.options(loaded)
        context = pipeline.new_context(loaded, location, run_id, f"{now:%Y-%m-%d}", progress)
        done = _finish(context, doc_ids, subject) or _erase(context, doc_ids, subject, confirm)
    done.seconds = time.monotonic() - began
    return done


def _recipe(location: str, given: str | None) -> "LoadedRecipe":
    """The recipe of the last version; where nothing is published, the file's. Raises UserError where none is known."""
    path = Path(given) if given else ledger.remembered_recipe(location)
    if path is None:
        raise UserError(f"which recipe made {location}? Name its file: --recipe FILE. Its stages run again.")
    version = ledger.last_version(location)
    return recipe.load_text(version["recipe"], path) if version else recipe.load(path)


def _find(context: Context, doc_ids: Sequence[str], subject: str | None) -> tuple[Found, Subject | None]:
    if subject is not None:
        person = subject_of(context, subject)
        return find(context, person=person), person
    known = erasures.Erased(erasures.erasures(context.warehouse.location)).doc_ids
    for doc_id in doc_ids:
        if doc_id in known:
            context.progress.note(f"{doc_id} was {erasures.reason(known[doc_id])} before")
    return find(context, sorted(set(doc_ids) - set(known))), None


def _erasure(context: Context, found: Found, person: Subject | None, **more: Any) -> Erasure:
    from corpusmill.jobs.erase_samples import samples

    if found.nothing:
        return Erasure(state="nothing")
    runs, models = erase_artifacts.users(context, found.versions)
    return Erasure(
        documents=found.doc_ids,
        copies=found.copies,
        earlier=found.earlier,
        samples=samples(context, found, person),
        files=len(found.files),
        records=len(found.places),
        tables=found.tables,
        versions=found.versions,
        mlflow_runs=runs,
        models=models,
    )


def _finish(context: Context, doc_ids: Sequence[str], subject: str | None) -> Erasure | None:
    """Go through what earlier calls left undone; returns it where it is what is asked for now, or nothing is asked."""
    left = erasures.unfinished(context.warehouse.location)
    finished = [_complete(context, row) for row in left]
    if subject is not None:
        asked = subject_of(context, subject).hmac
        same = [e for e, row in zip(finished, left, strict=True) if row["subject_hmac"] == asked]
    else:
        same = [e for e in finished if set(doc_ids) <= set(e.documents)]
        if not doc_ids and not same:
            raise UserError("nothing is named: give --doc-id or --subject. No erasure was left undone.")
    return same[-1] if same else None


def _erase(
    context: Context, doc_ids: Sequence[str], subject: str | None, confirm: Callable[[Erasure], bool]
) -> Erasure:
    found, person = _find(context, doc_ids, subject)
    asked = _erasure(context, found, person)
    if asked.state == "nothing":
        return asked
    if not confirm(asked):
        asked.state = "declined"
        return asked
    row = _begin(context, found, person, asked)
    done = _complete(context, row)
    done.samples, done.copies, done.earlier = asked.samples, asked.copies, asked.earlier
    return done


def _begin(context: Context, found: Found, person: Subject | None, asked: Erasure) -> dict[str, Any]:
    """Write down what is to go, before anything goes."""
    context.warehouse.ensure(ERASURES)
    row: dict[str, Any] = dict.fromkeys(ERASURES.schema.fieldNames())
    row |= {name: getattr(found, name) for name in ("doc_ids", "content_hashes", "files", "places")}
    row |= {name: getattr(asked, name) for name in ("tables", "versions", "mlflow_runs", "models")}
    row |= {"request_id": context.run_id, "run_id": context.run_id, "state": "begun", "begun_at": datetime.now(UTC)}
    row |= {"artifacts": [], "delta_versions": {}}
    if person:
        row |= {"subject_hmac": person.hmac, "key_id": person.key_id}
    context.warehouse.write_rows(ERASURES, [row])
    return row


def _complete(context: Context, row: dict[str, Any]) -> Erasure:
    """All steps after the first; each may have been done before, in part or whole."""
    context.progress.note(f"erasure {row['request_id']}: {len(row['doc_ids'])} documents")
    run_stages(context, row)
    artifacts = erase_artifacts.replace_reports(context, row["request_id"], row["versions"])
    row["artifacts"] = sorted({*(row["artifacts"] or ()), *artifacts})
    row["delta_versions"] = context.warehouse.versions(context.warehouse.names())
    row["published"] = ledger.latest_version(context.warehouse.location)
    _write(context, row)
    purge(context, row)
    row |= {"state": "done", "finished_at": datetime.now(UTC)}
    _write(context, row)
    same = ("request_id", "state", "tables", "versions", "mlflow_runs", "models", "artifacts", "published")
    made = Erasure(documents=row["doc_ids"], files=len(row["files"]), records=len(row["places"]))
    for name in same:
        setattr(made, name, row[name])
    return made


def run_stages(context: Context, row: Mapping[str, Any]) -> None:
    """Take the rows away, then bring up to date all that was made of them, as far as it had been made."""
    location = context.warehouse.location
    past = ledger.last_runs(location)
    perform(removal(row), context, "", past.get("ingest"))
    order = [stage.name for stage in pipeline.stages()]
    last = "publish" if ledger.last_version(location) else max(past, key=order.index, default="ingest")
    if last != "ingest":
        stages = pipeline.selection("prepare", last)
        result = pipeline.RunResult(context.run_id, location)
        pipeline.run_stages(context.loaded, location, stages, result, context.run_date, context.progress)
    left = count_rows(context, row["doc_ids"])
    if left:
        raise RunFailed(f"erasure {row['request_id']}: rows are left in {', '.join(sorted(left))}. Please report this")


def purge(context: Context, row: Mapping[str, Any]) -> None:
    """Remove from the disk what no table uses any more."""
    from corpusmill.jobs.warehouse_tables import retention

    context.warehouse.clear_work()
    for table in context.warehouse.names():
        context.warehouse.purge(table, retention(context.tables.get(table)))
    if not context.warehouse.local:
        _record_versions(context)


def _record_versions(context: Context) -> None:
    """Where to purge makes commits, the ledger names the tables as they stand after them: the rows are the same."""
    warehouse = context.warehouse
    past = ledger.last_runs(warehouse.location)
    now = {"run_id": context.run_id, "finished_at": datetime.now(UTC)}
    rows = [{**r, **now, "output_versions": warehouse.versions(list(r["output_versions"]))} for r in past.values()]
    warehouse.write_rows(STAGE_RUNS, rows)
    versions = ledger.dataset_versions(warehouse.location)
    if versions:
        versions[-1]["tables"] = warehouse.versions(list(versions[-1]["tables"]))
        warehouse.write_rows(DATASET_VERSIONS, versions, mode="overwrite")


def _write(context: Context, row: Mapping[str, Any]) -> None:
    """Put the row in the place of the request's last one."""
    others = [r for r in erasures.erasures(context.warehouse.location) if r["request_id"] != row["request_id"]]
    context.warehouse.write_rows(ERASURES, [*others, dict(row)], mode="overwrite")
