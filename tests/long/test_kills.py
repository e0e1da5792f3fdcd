"""SIGKILL for all processes of a run, in the middle of every stage: what is visible, and where the next run ends.

A killed run is not repeated from the start: the next one goes on where it stopped, and is killed in the stage after.
So one chain of runs meets every stage, and ends, in the last run, where an undisturbed one does.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import corpusmill as loader
from corpusmill.jobs import verify, versions
from corpusmill.jobs.run import stages
from corpusmill.schemas.errors import UserError

from ..jobs.mill import Mill
from .command import Command, corpusmill, run_arguments
from .dataset import first_delivery, new_mill, second_delivery

pytestmark = pytest.mark.long

STAGES = tuple(stage.name for stage in stages())

# What a later run leaves as an earlier one made it, or numbers by itself.
OF_RUNS = ("stage_runs", "dataset_versions", "input_files")


def tables(mill: Mill) -> list[str]:
    return sorted(log.parent.name for log in Path(mill.warehouse).glob("[!_.]*/_delta_log"))


def all_rows(mill: Mill) -> dict[str, str]:
    """A hash over the rows of each table as it is now, without runs and times."""
    return {t: verify.content_hash(mill.warehouse, {t: newest(mill, t)}) for t in tables(mill) if t not in OF_RUNS}


def newest(mill: Mill, table: str) -> int:
    return max((int(f.stem) for f in Path(mill.warehouse, table, "_delta_log").glob("[0-9]*.json")), default=-1)


def go(mill: Mill) -> str:
    code, said = corpusmill(*run_arguments(mill), folder=mill.folder)
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[Mill, dict[str, str], dict[str, float]]:
    """A mill after an undisturbed first run, the rows of its tables, the seconds of each stage."""
    mill = new_mill(tmp_path_factory.mktemp("undisturbed"))
    first_delivery(mill)
    go(mill)
    assert all(kept for _, kept, _, _ in mill.funnel().values())
    return mill, all_rows(mill), {r["stage"]: r["seconds"] for r in mill.rows("stage_runs")}


@pytest.fixture(scope="module")
def second(first) -> dict[str, str]:
    """The rows after an undisturbed second run, which changes every table."""
    mill, before, _ = first
    second_delivery(mill)
    go(mill)
    after = all_rows(mill)
    assert [t for t in before if before[t] == after[t] and mill.rows(t)] == []
    return after


def published(mill: Mill) -> list[int]:
    """The versions that a reader sees, each loaded and verified. Raises UserError where there is none yet."""
    found = [row["version"] for row in versions.published(mill.warehouse)]
    for number in found:
        assert loader.load(f"small@{number}", warehouse=mill.warehouse).num_rows > 0
        checked = verify.verify(mill.warehouse, str(number))
        assert checked.ok, [c for c in checked.checks if not c.ok]
    return found


def visible(mill: Mill) -> list[int]:
    """As `published`; none where loading says clearly that there is none."""
    try:
        return published(mill)
    except UserError as error:
        with pytest.raises(UserError):
            loader.load("small", warehouse=mill.warehouse)
        assert "corpusmill run" in str(error) or "no" in str(error)
        return []


def report_names(mill: Mill) -> str | None:
    page = Path(mill.warehouse, "report.html")
    return next((v for v in ("small@2", "small@1") if v in page.read_text()), "none") if page.exists() else None


def reached(command: Command, stage: str) -> bool:
    """Has the stage, or one after it where an earlier kill came late, begun?"""
    return any(command.says(f"{s}: begins") for s in STAGES[STAGES.index(stage) :])


def kill_when(mill: Mill, what: str, there: Callable[[Command], bool], *, delay: float = 0) -> str:
    """Start a run, kill all of it when `there`, and say in what line of progress that was."""
    command = Command(*run_arguments(mill), folder=mill.folder)
    try:
        if not command.wait_until(lambda: there(command)):
            print(f"{what} never came: {command.text()}")
        if delay:
            until = time.monotonic() + delay
            command.wait_until(lambda: time.monotonic() > until)
    finally:
        command.kill()
    last = ([line for line in command.text().splitlines() if "note:" not in line] or ["nothing said yet"])[-1]
    print(f"killed: {what}; last line: {last}")
    return last


def check_end(mill: Mill, expected: dict[str, str], wanted: list[int]) -> None:
    """The last run of a chain: the same rows as undisturbed, everything verified, nothing left over, nothing to do."""
    go(mill)
    found = all_rows(mill)
    assert {t for t in expected if found.get(t) != expected[t]} == set()
    assert visible(mill) == wanted
    assert report_names(mill) == f"small@{wanted[-1]}"
    folder = Path(mill.warehouse)
    assert not (folder / "_work").exists()
    assert not list(folder.rglob("*.new")) and not list(folder.rglob("*-journal"))
    with sqlite3.connect(folder / "mlflow" / "mlflow.db") as store:
        runs = store.execute("select name, status from runs order by name").fetchall()
    assert runs == [(f"small@{n}", "FINISHED") for n in wanted], "one MLflow run a version"
    code, said = corpusmill("verify", "small", "--warehouse", mill.warehouse, folder=mill.folder)
    assert code == 0, said
    assert [line for line in go(mill).splitlines() if line.endswith(": up to date")] == [
        f"{stage}: up to date" for stage in STAGES
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_somewhere_in_each_stage_of_the_first_run(first, tmp_path, seed):
    _, rows, seconds = first
    dice = random.Random(seed)
    mill = new_mill(tmp_path)
    first_delivery(mill)
    store = Path(mill.warehouse, "mlflow")
    kill_when(mill, "MLflow makes its store", lambda _: (store / "mlflow.db.new").exists(), delay=dice.random())
    assert visible(mill) == []
    landed = set()
    for stage in STAGES:
        delay = dice.uniform(0.05, 0.9) * seconds[stage]
        last = kill_when(mill, f"{stage}, {delay:.1f} s", lambda c, s=stage: reached(c, s), delay=delay)
        landed.add(last.partition(":")[0] if ": begins" in last else None)
        if newest(mill, "dataset_versions") < 1:
            assert visible(mill) == [] and report_names(mill) is None
    print("killed in the middle of:", ", ".join(s for s in STAGES if s in landed))
    assert len(landed & set(STAGES)) >= len(STAGES) - 2, "on a busy machine a kill may come late, but not most of them"
    check_end(mill, rows, [1])


def test_killed_between_mlflows_run_and_the_row_of_the_version(first, tmp_path):
    _, rows, _ = first
    mill = new_mill(tmp_path)
    first_delivery(mill)

    def logged(_: Command) -> bool:
        try:
            with sqlite3.connect(f"file:{mill.warehouse}/mlflow/mlflow.db?mode=ro", uri=True) as store:
                return store.execute("select count(*) from runs").fetchone()[0] > 0
        except sqlite3.Error:
            return False

    for delay in (0, 0.3):
        kill_when(mill, "MLflow has a run", logged, delay=delay)
        if newest(mill, "dataset_versions") < 1:
            assert visible(mill) == [] and report_names(mill) is None
    check_end(mill, rows, [1])


# A table whose commit is waited for in each stage; all of them change with the second delivery.
COMMITS = (
    ("ingest", "raw_documents"), ("ingest", "input_files"), ("prepare", "documents"), ("filter", "decisions"),
    ("exact_dedup", "decisions"), ("near_dedup", "minhash_signatures"), ("near_dedup", "duplicate_clusters"),
    ("anonymise", "pii_findings"), ("anonymise", "tokens"), ("anonymise", "corpus"), ("shape", "packing_plan"),
    ("shape", "pretraining_sequences"), ("shape", "sft_conversations"), ("publish", "dataset_versions"),
)  # fmt: skip


def test_an_increment_killed_after_each_commit_and_before_the_stage_says_so(second, tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    go(mill)
    assert visible(mill) == [1]
    second_delivery(mill)
    in_time = 0
    for stage, table in COMMITS:
        before = newest(mill, table)

        def committed(command: Command, stage=stage, table=table, before=before) -> bool:
            later = STAGES[STAGES.index(stage) + 1 :]
            done = newest(mill, table) > before and command.says(f"{stage}: begins")
            return done or any(command.says(f"{s}: begins") for s in later)

        last = kill_when(mill, f"{stage} committed {table}", committed)
        in_time += last.startswith(f"{stage}: begins")
        if newest(mill, "dataset_versions") < 2:
            assert visible(mill) == [1] and report_names(mill) == "small@1"
    assert in_time >= len(COMMITS) - 3, "on a busy machine a kill may come late, but not most of them"
    check_end(mill, second, [1, 2])


def test_an_increment_killed_and_taken_back_leaves_no_trace(first, tmp_path):
    """A limit is changed, the run killed once the decisions are written, and the limit set back."""
    _, rows, _ = first
    mill = new_mill(tmp_path)
    first_delivery(mill)
    go(mill)
    before = newest(mill, "decisions")
    limits = mill.recipe["quality"]["limits"]
    mill.recipe["quality"]["limits"] = {"gopher_quality.word_count": {"minimum": 5000}}
    kill_when(mill, "filter committed", lambda _: newest(mill, "decisions") > before)
    mill.recipe["quality"]["limits"] = limits
    go(mill)
    assert all_rows(mill) == rows


def test_where_only_the_driver_is_killed_the_rest_ends_by_itself(first, tmp_path):
    _, rows, _ = first
    mill = new_mill(tmp_path)
    first_delivery(mill)
    command = Command(*run_arguments(mill), folder=mill.folder)
    try:
        assert command.wait_until(lambda: command.says("prepare: begins"))
        command.process.kill()
        command.process.wait()
        until = time.monotonic() + 60
        while command.processes() and time.monotonic() < until:
            time.sleep(0.5)
        assert not command.processes(), "JVM or workers live on"
    finally:
        command.kill()
    check_end(mill, rows, [1])


def test_where_only_the_jvm_is_killed_the_run_says_so_and_ends(tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    command = Command(*run_arguments(mill), folder=mill.folder)
    try:
        assert command.wait_until(lambda: command.says("prepare: begins"))
        next(p for p in command.processes() if p.name() == "java").kill()
        assert command.end(120) == 1
        assert "error: a process of Spark's ended" in command.text() and "Traceback" not in command.text()
    finally:
        command.kill()
