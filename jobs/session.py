"""One way to a Spark session: on a laptop, on a cluster, on Databricks, through Spark Connect.

`get()` takes, in this order: the session that is already there (a notebook, a Databricks job), a Spark Connect server
(`SPARK_REMOTE`), else a classic session on `CORPUSMILL_MASTER` (default `local[<cores>]`).
"""

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpusmill.jobs import jvm
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DELTA_VERSION = "4.2.0"
DELTA_JARS = ("delta-spark_4.1_2.13", "delta-storage")
DELTA_PACKAGE = f"io.delta:{DELTA_JARS[0]}:{DELTA_VERSION}"
# The two jars are enough: the others that Maven would bring are in Spark already, or for what is not used here. With
# all thirty of them a session takes seconds more to start, and finds its classes slowly.
NOT_NEEDED = "org.*:*,com.*:*,javax.*:*,commons-*:*,io.airlift:*,io.unitycatalog:*,io.delta:delta-kernel-*"

# Workers: one thread each, since Spark runs one a core; tokenizers would fork threads of its own.
WORKER_ENVIRONMENT = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

DELTA_SETTINGS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}

# Of a session that is ours. Text columns are wide: small Arrow batches, so that one batch fits a worker, and small row
# groups, so that the pages of one file are spread over the cores.
LOCAL_SETTINGS = {
    "spark.hadoop.parquet.block.size": str(16 * 2**20),
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # PySpark would tell the JVM for each column where in our code it was made: six calls for one.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
    "spark.sql.files.maxPartitionBytes": "64m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16m",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.databricks.delta.properties.defaults.enableDeletionVectors": "false",
}


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int:
    """Memory of the machine, or of the container where it has less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    with contextlib.suppress(OSError, ValueError):
        total = min(total, int(limit.read_text()))
    return total


def driver_memory_mb(total: int, n_cores: int) -> int:
    """JVM heap of a local session: a sixth of the memory, at least 1 GB, at most 1.5 GB a core.

    The Python workers need the rest: each holds its models and a few batches.

    >>> driver_memory_mb(24 * 2**30, 2), driver_memory_mb(4 * 2**30, 2)
    (3072, 1024)
    """
    return max(1024, min(total // 6 // 2**20, 1536 * n_cores))


def get(name: str = "corpusmill") -> "SparkSession":
    """The session to work with. Raises UserError where Java or the Delta jars are missing."""
    from pyspark.sql import SparkSession

    existing = SparkSession.getActiveSession()
    if existing is not None:
        return existing
    if os.environ.get("DATABRICKS_RUNTIME_VERSION"):
        return SparkSession.builder.getOrCreate()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for variable, value in WORKER_ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    remote = os.environ.get("SPARK_REMOTE")
    builder = SparkSession.builder.appName(name)
    chosen = settings(n_cores=cores())
    if remote:
        builder = builder.remote(remote)
    else:
        check_java()
        builder = builder.master(os.environ.get("CORPUSMILL_MASTER", f"local[{cores()}]"))
    for key, value in chosen.items():
        builder = builder.config(key, value)
    if remote and not remote.startswith("local"):
        return builder.getOrCreate()
    try:
        return _started(builder)
    except UserError:
        if not jvm.forget():
            raise
        return get(name)


def settings(n_cores: int) -> dict[str, str]:
    """Spark settings of a session that is ours, sized for so many cores."""
    heap = driver_memory_mb(memory_bytes(), n_cores)
    aside = tempfile.gettempdir()
    java = [*jvm.options(n_cores), f"-Dderby.system.home={aside}", f"-XX:ErrorFile={aside}/corpusmill-java-%p.log"]
    chosen = {
        **DELTA_SETTINGS,
        **LOCAL_SETTINGS,
        "spark.driver.memory": f"{heap}m",
        "spark.sql.shuffle.partitions": str(2 * n_cores),
        "spark.sql.adaptive.coalescePartitions.initialPartitionNum": str(4 * n_cores),
        "spark.driver.extraJavaOptions": " ".join(java),
        "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir(), "corpusmill-spark-warehouse")),
        **{f"spark.executorEnv.{k}": v for k, v in WORKER_ENVIRONMENT.items()},
    }
    folder = os.environ.get("CORPUSMILL_JARS")
    jars = jars_in(Path(folder)) if folder else cached_jars()
    if jars:
        return chosen | {"spark.jars": ",".join(map(str, jars))}
    return chosen | {"spark.jars.packages": DELTA_PACKAGE, "spark.jars.excludes": NOT_NEEDED}


def cached_jars() -> list[Path]:
    """The jars as Maven fetched them for an earlier session; none where one is missing."""
    found = [sorted(Path.home().glob(f".ivy2*/jars/io.delta_{name}-{DELTA_VERSION}.jar")) for name in DELTA_JARS]
    return [paths[-1] for paths in found] if all(found) else []


def jars_in(folder: Path) -> list[Path]:
    """The jars of CORPUSMILL_JARS. Raises UserError where Delta's are not among them."""
    jars = sorted(folder.glob("*.jar"))
    if not any("delta-spark" in j.name for j in jars):
        raise UserError(
            f"CORPUSMILL_JARS={folder} holds no delta-spark jar ({len(jars)} jars found). "
            f"Put the jars of {DELTA_PACKAGE} there: delta-spark, delta-storage."
        )
    return jars


def check_java() -> None:
    """Raise UserError where no Java is found."""
    if jvm.java():
        return
    raise UserError(
        "Java is missing: Spark needs Java 17 or later (for example Debian's openjdk-17-jre-headless). "
        "Install it, or set JAVA_HOME to where it is. `corpusmill versions` and `corpusmill.load` work without."
    )


def _started(builder: "SparkSession.Builder") -> "SparkSession":
    """Start the JVM with its chatter in a file; it is shown where the start fails."""
    from pyspark import accumulators

    # Where the JVM is killed these would print tracebacks; the run itself says what happened.
    accumulators.AccumulatorTCPServer.handle_error = lambda *_: None  # type: ignore[method-assign]
    logging.getLogger().addFilter(lambda record: "py4j" not in record.pathname)
    log = Path(tempfile.mkdtemp(prefix="corpusmill-"), "spark.log")
    try:
        with _stderr_to(log):
            return builder.getOrCreate()
    except Exception as error:
        said = log.read_text(errors="replace") if log.exists() else ""
        if "unresolved dependency" in said or ("not found" in said and "delta-spark" in said):
            raise UserError(
                f"The Delta jars ({DELTA_PACKAGE}) could not be fetched by Maven. Where there is no way out to Maven, "
                f"put them in a folder and set CORPUSMILL_JARS to it. Spark's own words: {log}"
            ) from error
        raise UserError(f"Spark did not start ({type(error).__name__}). Spark's own words: {log}") from error


@contextlib.contextmanager
def _stderr_to(log: Path) -> Iterator[None]:
    """The JVM inherits file descriptor 2 when it is started, and keeps it."""
    sys.stderr.flush()
    saved = os.dup(2)
    with open(log, "ab") as sink:
        os.dup2(sink.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
