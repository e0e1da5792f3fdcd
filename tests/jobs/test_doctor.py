"""`doctor`: what is there is told, what lacks is named with what to do. Each case is made, not found."""

import json

import pytest

from corpusmill.jobs import doctor, session
from corpusmill.jobs.cli import app


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """An empty home folder and none of our variables; an executable `java` can be put on the path."""
    for name in ("JAVA_HOME", "CORPUSMILL_JARS", "CORPUSMILL_KEY", "CORPUSMILL_WAREHOUSE", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DATABRICKS_RUNTIME_VERSION", "SPARK_REMOTE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def java(machine, version):
    path = machine / "bin" / "java"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    path.chmod(0o755)


def check(what, place=None):
    return next(found for found in doctor.examine(place) if found.what == what)


def test_without_java_it_says_what_to_install(machine):
    found = check("Java")
    assert found.state == "problem" and "openjdk-17" in found.do and "JAVA_HOME" in found.do


@pytest.mark.parametrize(
    ("version", "state"), [("17.0.15", "ok"), ("21", "ok"), ("11.0.2", "problem"), ("1.8.0_302", "problem")]
)
def test_java_must_be_17_or_later(machine, version, state):
    java(machine, version)
    assert check("Java").state == state and version in check("Java").found


def test_java_home_comes_before_the_path(machine, monkeypatch):
    java(machine, "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(machine))
    monkeypatch.setenv("PATH", "")
    assert check("Java").found.startswith("21.0.1 at ")


def test_where_spark_runs_elsewhere_neither_java_nor_jars_are_asked_for(machine, monkeypatch):
    monkeypatch.setenv("SPARK_REMOTE", "sc://cluster")
    assert check("Java").state == check("Delta jars").state == "ok"


def test_delta_jars_are_looked_for_in_the_cache_and_in_the_folder_named(machine, monkeypatch):
    assert (check("Delta jars").state, "CORPUSMILL_JARS" in check("Delta jars").do) == ("note", True)
    cache = machine / ".ivy2.5.2" / "jars"
    cache.mkdir(parents=True)
    for name in session.DELTA_JARS:
        assert check("Delta jars").state == "note", "both are needed"
        (cache / f"io.delta_{name}-{session.DELTA_VERSION}.jar").touch()
    assert check("Delta jars").state == "ok"
    monkeypatch.setenv("CORPUSMILL_JARS", str(machine))
    assert (check("Delta jars").state, "delta-storage" in check("Delta jars").do) == ("problem", True)
    (machine / f"{session.DELTA_JARS[0]}-{session.DELTA_VERSION}.jar").touch()
    assert check("Delta jars").state == "ok"


def test_spark_and_libraries_are_compared_with_what_the_package_asks_for(machine, monkeypatch):
    assert check("Spark").state == check("libraries").state == "ok"
    installed = doctor._installed
    monkeypatch.setattr(doctor, "_installed", lambda name: None if name in ("pyspark", "ftfy") else installed(name))
    assert check("Spark").state == "problem" and "pyspark==" in check("Spark").do
    assert check("libraries").found == "missing: ftfy" and "corpusmill[spark]" in check("libraries").do


def test_a_warehouse_that_cannot_be_made_is_a_problem(machine):
    (machine / "file").touch()
    assert check("warehouse").found == "warehouse can be made"
    assert check("warehouse", str(machine)).state == "ok"
    assert check("warehouse", str(machine / "file")).state == "problem"
    assert check("warehouse", "main.curated").state == "note"


def test_little_memory_and_little_disk_are_told(machine, monkeypatch):
    monkeypatch.setattr(session, "memory_bytes", lambda: 2**30)
    assert check("memory").state == "note"
    for free, state in ((2**40, "ok"), (2 * 2**30, "note"), (2**20, "problem")):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
        assert check("disk").state == state


def test_a_key_must_be_long_enough_and_the_users_own_and_is_never_shown_or_made(machine, monkeypatch):
    assert check("key").state == "note"
    path = machine / ".config" / "corpusmill" / "key"
    assert not path.exists()
    path.parent.mkdir(parents=True)
    path.write_text("0" * 32)
    path.chmod(0o644)
    assert (check("key").state, check("key").do) == ("problem", f"Others can read it: chmod 600 {path}")
    path.chmod(0o600)
    assert check("key").state == "ok"
    monkeypatch.setenv("CORPUSMILL_KEY", "tooshort")
    assert check("key").state == "problem" and "tooshort" not in check("key").text()


def test_a_password_of_the_tracking_server_is_not_shown(machine, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://me:hunter2@tracking.example")
    assert check("MLflow").found == "MLFLOW_TRACKING_URI=https://***@tracking.example"


def test_what_comes_with_the_package_is_there(machine):
    assert check("language model").state == check("tokenizer").state == "ok"


def test_the_command_ends_with_1_where_there_is_a_problem_and_0_where_not(machine, capsys):
    with pytest.raises(SystemExit) as end:
        app(["doctor", "--json"])
    found = {row["what"]: row["state"] for row in json.loads(capsys.readouterr().out)}
    assert end.value.code == 1 and found["Java"] == "problem"
    java(machine, "17.0.15")
    with pytest.raises(SystemExit) as end:
        app(["doctor"])
    said = capsys.readouterr().out
    assert not end.value.code and "problem" not in said and "17.0.15" in said
