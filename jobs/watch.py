"""How far a stage is, told while Spark works: the share of the tasks that are done, as documents.

Of a classic session only; Spark Connect does not say, and there nothing is told. The only module that may ask a
SparkContext.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from corpusmill.jobs.stage import Progress

EVERY = 1.0  # seconds between two looks
WORTH_TELLING = 4  # tasks: a query of fewer is over before anybody reads of it


@contextlib.contextmanager
def watching(spark: "SparkSession", progress: "Progress", n_docs: int | None) -> Iterator[None]:
    """Tell `progress` each second, until the block ends. n_docs: what comes in; None: tasks are told instead."""
    try:
        tracker = spark.sparkContext.statusTracker()
    except Exception:  # pyspark's error for what Connect does not have has changed its name before
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(tracker, progress, n_docs, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(tracker: Any, progress: "Progress", n_docs: int | None, over: threading.Event) -> None:
    while not over.wait(EVERY):
        try:
            done, total = _tasks(tracker)
        except Exception:  # the JVM is gone, of which the run itself tells
            return
        if total < WORTH_TELLING:
            continue
        if n_docs is None:
            progress.stage_progress(done, total, "part")
        else:
            progress.stage_progress(n_docs * done // total, n_docs, "document")


def _tasks(tracker: Any) -> tuple[int, int]:
    """Tasks done and tasks in all of the queries that run now."""
    jobs = [tracker.getJobInfo(job) for job in tracker.getActiveJobsIds()]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    known = [stage for stage in stages if stage]
    return sum(stage.numCompletedTasks for stage in known), sum(stage.numTasks for stage in known)
