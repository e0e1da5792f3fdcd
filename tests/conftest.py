"""What the tests share."""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# A first call may load a model or build a table, and the machine may be busy: time is no property of the code tested.
settings.register_profile("corpusmill", deadline=None)
settings.load_profile("corpusmill")

SMALL = {
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "64",  # so that batches end inside of groups
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Of the two processes of `make test`, one has all tests of a file, and one all of the demo, which is run once."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "demo" if "/demo/" in nodeid else super()._split_scope(nodeid)

    return ByFile(config, log)


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    """The session of a laptop with two cores, with small batches; the jobs that a test runs find and use it."""
    from pyspark.sql import SparkSession

    from corpusmill.jobs import session

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.update(session.WORKER_ENVIRONMENT)
    builder = SparkSession.builder.master("local[2]").appName("corpusmill-tests")
    for key, value in (session.settings(n_cores=2) | SMALL).items():
        builder = builder.config(key, value)
    started = builder.getOrCreate()
    yield started
    started.stop()
