"""How the JVM starts: an archive of its classes is made by one command and used by the next, and never stops one."""

import os
import subprocess
import sys
import time

import pytest

from corpusmill.jobs import jvm

START = "from corpusmill.jobs import session; print(session.get().range(3).count())"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "corpusmill"


def sharing():
    return [option.split("=")[0] for option in jvm.options(2) if "Archive" in option]


def test_the_first_command_makes_the_archive_and_the_next_one_uses_it(cache):
    assert sharing() == ["-XX:ArchiveClassesAtExit"]
    jvm._archive().touch()
    assert sharing() == ["-XX:SharedArchiveFile"]
    assert jvm.forget() and not jvm.forget()
    assert sharing() == ["-XX:ArchiveClassesAtExit"]


def test_another_java_or_other_jars_have_another_archive(cache, tmp_path, monkeypatch):
    before = jvm._archive()
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "spark.jar").touch()
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    assert jvm._archive() != before


def test_of_archives_the_last_ones_that_were_used_stay(cache):
    cache.mkdir()
    paths = [cache / f"classes-{n}.jsa" for n in range(4)]
    for hours, path in enumerate(paths):
        path.touch()
        os.utime(path, (time.time() - hours * 3600,) * 2)
    jvm.options(2)
    assert [p.exists() for p in paths] == [True, True, False, False]  # and the new one makes three


def test_where_nothing_can_be_written_nothing_is_shared(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert sharing() == []


def test_the_second_compiler_is_left_out_on_few_cores_alone():
    assert "-XX:TieredStopAtLevel=1" in jvm.options(2) and "-XX:TieredStopAtLevel=1" not in jvm.options(16)


@pytest.mark.long
def test_a_session_starts_with_no_archive_with_its_own_and_with_a_damaged_one(cache):
    def start():
        done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0 and done.stdout.endswith("3\n"), done.stderr[-2000:]

    start()
    archive, deadline = jvm._archive(), time.monotonic() + 90
    while not archive.exists() or archive.read_bytes()[:4] == bytes(4):  # Java writes it after the command has ended
        assert time.monotonic() < deadline
        time.sleep(0.5)
    start()
    whole = archive.read_bytes()
    archive.chmod(0o644)
    archive.write_bytes(whole[: len(whole) // 2])
    start()
