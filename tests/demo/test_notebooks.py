"""The notebooks run as they are, with stand-ins for what Databricks gives them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# In a process of its own, for a session with Delta. Prints what was displayed, one DataFrame a block.
DRIVER = """
import sys
from types import SimpleNamespace
from corpusmill.jobs import session
spark, values = session.get(), dict(pair.split("=", 1) for pair in sys.argv[2:])
widgets = SimpleNamespace(text=lambda name, default, label: values.setdefault(name, default), get=values.__getitem__)
def display(df):
    print("--- displayed:", ", ".join(df.columns))
    for row in df.collect():
        print(row.asDict())
source = "".join(line for line in open(sys.argv[1]) if not line.startswith("# MAGIC"))
given = {"spark": spark, "dbutils": SimpleNamespace(widgets=widgets), "display": display}
exec(compile(source, sys.argv[1], "exec"), given)
"""


@pytest.fixture(scope="module")
def notebook(published):
    def run(name, **widgets):
        words = [f"{key}={value}" for key, value in {"warehouse": published, **widgets}.items()]
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, str(ROOT / "notebooks" / name), *words],
            cwd=published.parent, env={**os.environ, "CORPUSMILL_KEY": "a key of this test"},
            capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


def test_curate_brings_the_tables_up_to_date_and_shows_the_funnel(notebook, published):
    code, out, err = notebook("curate.py", recipe=published.parent / "demo.yml")
    assert code == 0, err
    assert "--- displayed: stage, n_in, n_kept, n_dropped, n_quarantined, n_done, seconds" in out
    assert out.index("'stage': 'ingest'") < out.index("'stage': 'filter'") < out.index("'stage': 'publish'")
    assert "published: demo@1" in out  # nothing changed, so no second version


def test_pull_version_reads_a_table_as_it_was_published(notebook):
    code, out, err = notebook("pull_version.py", version="1", table="corpus")
    assert code == 0, err
    assert "demo@1, table corpus: " in out


def test_pull_version_says_what_there_is(notebook):
    code, _, err = notebook("pull_version.py", version="1", table="corpse")
    assert code != 0
    assert "version 1 has no table corpse; it has: corpus, " in err


def test_review_audit_shows_findings_without_a_raw_value(notebook):
    code, out, err = notebook("review_audit.py", entity_type="EMAIL_ADDRESS")
    assert code == 0, err
    assert "'entity_type': 'EMAIL_ADDRESS'" in out and "<EMAIL_ADDRESS>" in out
    assert "@example.org" not in out
