"""`corpusmill doctor`: has this machine what a run needs, and what to do where it has not. Starts no Spark."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from corpusmill.jobs import jvm, locate, session

JAVA = 17  # the oldest that Spark 4 runs on
# Rules of thumb: a JVM of 1 GB at least (session.driver_memory_mb) and a worker a core with its models and batches.
MEMORY_PER_CORE = 2 * 2**30
DISK_WANTED, DISK_NEEDED = 10 * 2**30, 2**30
KEY_BYTES = 16  # as jobs/key.py demands
INSTALL = 'pip install "corpusmill[spark]"'

State = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ok, worth a note, or a problem; what was found, and what to do."""

    what: str
    state: State
    found: str
    do: str = ""

    def text(self) -> str:
        return f"{self.found}. {self.do}" if self.do else self.found


def examine(warehouse: str | None = None) -> list[Check]:
    """Every check. warehouse: where write access is tried; default CORPUSMILL_WAREHOUSE, else ./warehouse."""
    place = warehouse or os.environ.get("CORPUSMILL_WAREHOUSE") or str(locate.HERE)
    checks: tuple[Callable[[], Check], ...] = (
        _python, _java, _spark, _libraries, _jars, _memory, lambda: _disk(place), lambda: _writable(place),
        _language_model, _english, _german, _tokenizer, _tracking, _key,
    )  # fmt: skip
    return [check() for check in checks]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Check("Python", "ok" if ok else "problem", found, "" if ok else "Install Python 3.11 or later")


def _java() -> Check:
    if _on_a_cluster():
        return Check("Java", "ok", "the cluster's own")
    java = jvm.java()
    do = f"Install Java {JAVA} (Debian: openjdk-{JAVA}-jre-headless), or set JAVA_HOME to where it is"
    if java is None:
        return Check("Java", "problem", f"not found (JAVA_HOME={os.environ.get('JAVA_HOME') or 'not set'})", do)
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False).stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("Java", "problem", f"{java} does not run ({type(error).__name__})", do)
    version = re.search(r'version "((?:1\.)?(\d+)[^"]*)"', said)
    if version is None:
        return Check("Java", "problem", f"{java} does not tell its version", do)
    old = int(version[2]) < JAVA
    return Check("Java", "problem" if old else "ok", f"{version[1]} at {java}", do if old else "")


def _spark() -> Check:
    if os.environ.get("DATABRICKS_RUNTIME_VERSION"):
        return Check("Spark", "ok", f"Databricks runtime {os.environ['DATABRICKS_RUNTIME_VERSION']}")
    found, wrong = [], []
    for name, wanted in _requirements("spark"):
        version = _installed(name)
        found.append(f"{name} {version or 'missing'}")
        if version is None or (wanted.startswith("==") and version != wanted[2:]):
            wrong.append(f"{name}{wanted}")
    do = f"Wanted: {', '.join(wrong)}. {INSTALL}" if wrong else ""
    return Check("Spark", "problem" if wrong else "ok", ", ".join(found), do)


def _libraries() -> Check:
    missing = [name for name, _ in _requirements("databricks") if _installed(name) is None]
    if missing:
        return Check("libraries", "problem", f"missing: {', '.join(missing)}", INSTALL)
    return Check("libraries", "ok", "all of the extra are installed")


def _jars() -> Check:
    if _on_a_cluster():
        return Check("Delta jars", "ok", "the cluster's own")
    folder = os.environ.get("CORPUSMILL_JARS")
    if folder:
        there = list(Path(folder).glob(f"*delta-spark*{session.DELTA_VERSION}*.jar"))
        do = "" if there else f"Put the jars of {session.DELTA_PACKAGE} there: delta-spark, delta-storage"
        return Check("Delta jars", "ok" if there else "problem", f"{len(there)} in CORPUSMILL_JARS={folder}", do)
    cached = session.cached_jars()
    if cached:
        return Check("Delta jars", "ok", f"in the cache {cached[0].parent}")
    do = "The first run fetches them by Maven; where there is no way out, put them in a folder and set CORPUSMILL_JARS"
    return Check("Delta jars", "note", "not in the cache yet", do)


def _memory() -> Check:
    n, memory = session.cores(), session.memory_bytes()
    found = f"{_gigabytes(memory)} for {n} core{'s' * (n != 1)}"
    if memory < MEMORY_PER_CORE * n:
        return Check("memory", "note", found, "Little for so many cores: set CORPUSMILL_MASTER=local[1], or use more")
    return Check("memory", "ok", found)


def _disk(place: str) -> Check:
    if locate.is_catalog(place) or "://" in place:
        return Check("disk", "ok", f"not asked: {place} is not a local folder")
    free = shutil.disk_usage(_nearest_folder(place)).free
    state: State = "ok" if free >= DISK_WANTED else "note" if free >= DISK_NEEDED else "problem"
    do = "" if state == "ok" else "Tables take about as much as the inputs, and Spark as much again while it works"
    return Check("disk", state, f"{_gigabytes(free)} free at {_nearest_folder(place)}", do)


def _writable(place: str) -> Check:
    if locate.is_catalog(place) or "://" in place:
        return Check("warehouse", "note", f"{place}: write access shows at the first run only")
    if Path(place).is_file():
        return Check("warehouse", "problem", f"{place} is a file", "Give a folder with --warehouse")
    folder = _nearest_folder(place)
    found = f"{place} can be written" if folder == Path(place) else f"{place} can be made"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check("warehouse", "ok", found)
    except OSError as error:
        return Check("warehouse", "problem", f"{folder}: {error.strerror}", "Give another place with --warehouse")


def _language_model() -> Check:
    path = _data("lid.176.ftz")
    if path.is_file():
        return Check("language model", "ok", "lid.176.ftz, in the package")
    return Check("language model", "problem", "lid.176.ftz is missing from the package", "Install corpusmill anew")


def _names(language: str, code: str) -> Check:
    if (_data(f"names_{code}") / "names.npz").is_file():
        return Check(f"{language} names", "ok", f"names_{code}, in the package")
    found = f"names_{code} is missing from the package"
    return Check(f"{language} names", "problem", found, "Install corpusmill anew")


def _english() -> Check:
    return _names("English", "en")


def _german() -> Check:
    return _names("German", "de")


def _tokenizer() -> Check:
    if list(_data("tokenizer").glob("*.json")):
        return Check("tokenizer", "ok", "the embedded one, in the package")
    return Check("tokenizer", "problem", "the embedded one is missing from the package", "Install corpusmill anew")


def _tracking() -> Check:
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    if not uri:
        return Check(
            "MLflow", "ok", "SQLite and a folder of artifacts in the warehouse (MLFLOW_TRACKING_URI is not set)"
        )
    return Check("MLflow", "ok", f"MLFLOW_TRACKING_URI={re.sub(r'//[^/@]*@', '//***@', uri)}")


def _key() -> Check:
    value = os.environ.get("CORPUSMILL_KEY")
    if value:
        enough = len(value.encode()) >= KEY_BYTES
        do = "" if enough else f"A key has at least {KEY_BYTES} bytes"
        return Check("key", "ok" if enough else "problem", "from CORPUSMILL_KEY", do)
    path = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "corpusmill", "key")
    if not path.exists():
        return Check("key", "note", "none yet", f"The first run that needs one makes {path}; keep a copy of it")
    open_to_others = path.stat().st_mode & 0o077
    do = f"Others can read it: chmod 600 {path}" if open_to_others else ""
    return Check("key", "problem" if open_to_others else "ok", str(path), do)


def _on_a_cluster() -> bool:
    """Does Spark run elsewhere, with its own Java and jars?"""
    return bool(os.environ.get("DATABRICKS_RUNTIME_VERSION") or os.environ.get("SPARK_REMOTE"))


def _requirements(extra: str) -> Iterator[tuple[str, str]]:
    """Packages of an extra and the versions wanted, as the installed corpusmill names them."""
    for line in metadata.requires("corpusmill") or ():
        wanted, _, marker = line.partition(";")
        parts = re.match(r"([\w.-]+)(?:\[[^]]*\])?\s*\(?([^)]*)", wanted)
        if parts and re.search(rf"extra == ['\"]{extra}['\"]", marker) and parts[1] != "corpusmill":
            yield parts[1], parts[2].strip()


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _data(name: str) -> Path:
    """A file that comes with the package; found without importing the package's code."""
    spec = importlib.util.find_spec("corpusmill.transforms.text")
    return Path((spec and spec.origin) or "", "..", "data", name).resolve()


def _nearest_folder(place: str) -> Path:
    """The folder, or the nearest one above it that exists."""
    path = Path(place)
    while not path.is_dir():
        path = path.parent
    return path


def _gigabytes(n: int) -> str:
    return f"{n / 2**30:.1f} GiB"
