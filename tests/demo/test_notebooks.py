"""The notebooks run as they are, with stand-ins for what Databricks gives them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

# All in one process, for one session with Delta. Prints as JSON what each printed, displayed and raised.
DRIVER = """
import contextlib, io, json, sys
from types import SimpleNamespace
from corpusmill.jobs import session

def run(path, values):
    displayed, said, error = [], io.StringIO(), None
    widgets = SimpleNamespace(text=lambda name, default, _: values.setdefault(name, default), get=values.__getitem__)
    given = {
        "spark": session.get(),
        "dbutils": SimpleNamespace(widgets=widgets),
        "display": lambda df: displayed.append([row.asDict() for row in df.collect()]),
    }
    source = "".join(line for line in open(path) if not line.startswith("# MAGIC"))
    with contextlib.redirect_stdout(said):
        try:
            exec(compile(source, path, "exec"), given)
        except ValueError as raised:
            error = str(raised)
    return {"displayed": displayed, "said": said.getvalue(), "error": error}

print(json.dumps([run(path, values) for path, values in json.loads(sys.argv[1])], default=str))
"""
RUNS = {
    "curate": ("curate.py", {}),
    "pull": ("pull_version.py", {"version": "1", "table": "corpus"}),
    "pull what is not there": ("pull_version.py", {"version": "1", "table": "corpse"}),
    "review": ("review_audit.py", {"entity_type": "EMAIL_ADDRESS"}),
}


@pytest.fixture(scope="module")
def shown(published):
    places = {"warehouse": str(published), "recipe": str(published.parent / "demo.yml")}
    runs = [(str(NOTEBOOKS / name), {**places, **values}) for name, values in RUNS.values()]
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(runs)],
        cwd=published.parent, env={**os.environ, "CORPUSMILL_KEY": "a key of this test"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip(RUNS, json.loads(done.stdout.splitlines()[-1]), strict=True))


def test_curate_brings_the_tables_up_to_date_and_shows_the_funnel(shown):
    funnel, dropped = shown["curate"]["displayed"]
    stages = [row["stage"] for row in funnel]
    assert stages[0] == "ingest" and stages[-1] == "publish" and "near_dedup" in stages
    assert all(row["n_in"] == row["n_kept"] + row["n_dropped"] + row["n_quarantined"] for row in funnel)
    assert "language.keep" in {row["rule"] for row in dropped}
    assert "published: demo@1\n" in shown["curate"]["said"]  # nothing changed, so no second version


def test_pull_version_reads_a_table_as_it_was_published(shown):
    versions, rows = shown["pull"]["displayed"]
    assert [row["version"] for row in versions] == [1]
    assert len(rows) == 20 and rows[0]["text"]
    assert f"demo@1, table corpus: {versions[0]['row_counts']['corpus']} rows" in shown["pull"]["said"]


def test_pull_version_says_what_there_is(shown):
    assert shown["pull what is not there"]["error"].startswith("version 1 has no table corpse; it has: corpus, ")


def test_review_audit_shows_findings_without_a_raw_value(shown):
    by_type, by_language, found, untouched = shown["review"]["displayed"]
    assert {"EMAIL_ADDRESS", "IBAN_CODE", "DE_TAX_ID"} <= {row["entity_type"] for row in by_type}
    assert {row["language"] for row in by_language} == {"de", "en"}
    assert found and all("<EMAIL_ADDRESS>" in row["text"] for row in found if row["source"] != "chats")
    assert untouched and not any("<EMAIL_ADDRESS>" in row["text"] for row in untouched)
    assert "@example.org" not in json.dumps(shown["review"])
