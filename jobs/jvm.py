"""How the JVM of a local session starts: the classes it loads are kept in an archive from one command to the next.

Spark loads 16,000 classes, most of them in its first seconds. Read from an archive (class data sharing, which Java
makes itself when the first command ends: 180 MB, ten seconds in the background) a session starts in 2.0 s and not in
3.9 s, and its first two queries take 1.6 s and not 2.9 s (2 cores).
"""

import hashlib
import os
import shutil
from pathlib import Path

# Up to so many cores, Java's second compiler takes more from the work than its better code gives back: a run over
# 114,000 documents took 80 s with it and 71 s without, on 2 cores. Alone the first one gets a fifth of the room for
# code, which Spark fills in a minute; then nothing is compiled any more, and queries fail.
FEW_CORES = 4
ONE_COMPILER = ("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m")
KEPT = 3  # archives: each Java and each folder of jars (a venv) has its own


def java() -> str | None:
    """The java that Spark starts: of JAVA_HOME where it has one, else of the path."""
    home = os.environ.get("JAVA_HOME")
    own = Path(home, "bin", "java") if home else None
    return str(own) if own and own.exists() else shutil.which("java")


def options(n_cores: int) -> list[str]:
    """Options for java: what it should share, where it should leave it, and how it should compile."""
    compiler = ONE_COMPILER if n_cores <= FEW_CORES else ()
    # Another make of Java may not know these. What it has to say of the archive is of no use to anybody.
    return ["-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseParallelGC", *compiler, *_sharing(), "-Xlog:cds*=off"]


def forget() -> bool:
    """Remove the archive, for it may be damaged; tells whether there was one."""
    archive = _archive()
    found = archive.exists()
    archive.unlink(missing_ok=True)
    return found


def _archive() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "corpusmill")
    return folder / f"classes-{_key()}.jsa"


def _sharing() -> list[str]:
    archive = _archive()
    try:
        if archive.exists():
            os.utime(archive)
            return [f"-XX:SharedArchiveFile={archive}", "-XX:+VerifySharedSpaces"]
        archive.parent.mkdir(parents=True, exist_ok=True)
        _remove_unused(archive.parent)
    except OSError:  # a home that cannot be written
        return []
    # Written whole but for its first bytes, and those last of all: one that is not finished is refused by Java.
    return [f"-XX:ArchiveClassesAtExit={archive}"]


def _key() -> str:
    """Names the Java and the jars that an archive is for: with others it is of no use."""
    import pyspark

    jars = Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent, "jars")
    files = [Path(java() or "java").resolve(), *sorted(jars.glob("*.jar"))]
    known = [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.exists()]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def _remove_unused(folder: Path) -> None:
    """Make room for one more: the archives used last stay."""
    archives = sorted(folder.glob("classes-*.jsa"), key=lambda a: a.stat().st_mtime, reverse=True)
    for old in archives[KEPT - 1 :]:
        old.unlink(missing_ok=True)
