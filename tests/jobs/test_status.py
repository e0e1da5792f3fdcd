"""`status`: the last run of each stage, the newest version, and who is writing."""

import json
import os
import socket
import subprocess
import sys

import pytest

from corpusmill.jobs.status import status, writing
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.stages import STAGES

from .tiny_warehouse import TABLES, build, stage_run, write


def lock(folder, pid, host=None):
    (folder / ".corpusmill").mkdir()
    who = {"run_id": "r9", "pid": pid, "host": host or socket.gethostname(), "since": "2026-03-01 12:00:00"}
    (folder / ".corpusmill" / "lock").write_text(json.dumps(who))


def test_each_stage_shows_its_last_run_in_the_order_of_the_pipeline(tmp_path):
    folder = build(tmp_path)
    write(folder, TABLES["stage_runs"], [stage_run("filter", 60, "r2"), stage_run("prepare", -60, "r0")])
    found = status(str(folder))
    assert [row["stage"] for row in found["stages"]] == [stage for stage in STAGES if stage != "mix"]
    assert {row["stage"]: row["run_id"] for row in found["stages"]} == {
        stage: "r2" if stage == "filter" else "r1" for stage in STAGES if stage != "mix"
    }
    assert found["latest"] == {"version": "handbook@1", "created": "2026-03-02T12:00:00+00:00"}
    assert found["running"] is found["interrupted"] is None


def test_a_run_that_lives_is_told_from_one_that_was_killed(tmp_path):
    folder = build(tmp_path)
    lock(folder, os.getpid())
    assert status(str(folder))["running"]["run_id"] == "r9"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / ".corpusmill" / "lock").write_text(json.dumps({**(writing(str(folder)) or {}), "pid": ended.pid}))
    found = status(str(folder))
    assert found["running"] is None and found["interrupted"]["run_id"] == "r9"


def test_a_run_on_another_machine_counts_as_alive(tmp_path):
    lock(tmp_path, 1, "elsewhere")
    assert (writing(str(tmp_path)) or {})["alive"] is True


def test_an_empty_lock_file_is_nobody(tmp_path):
    lock(tmp_path, 1)
    (tmp_path / ".corpusmill" / "lock").write_text("")
    assert writing(str(tmp_path)) is None


def test_before_the_first_run_that_is_said(tmp_path):
    with pytest.raises(UserError, match=r"no table stage_runs in .*; there are: none"):
        status(str(tmp_path))


def test_a_catalog_is_refused_with_what_to_do():
    with pytest.raises(UserError, match="cannot be read without Spark"):
        status("main.curated")
