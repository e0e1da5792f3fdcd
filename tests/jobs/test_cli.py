"""The command line: what it prints, for people and for machines, and how it ends."""

import errno
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from corpusmill.jobs import run as pipeline
from corpusmill.jobs.cli import app
from corpusmill.jobs.progress import Progress
from corpusmill.schemas.errors import BalanceError, UserError

from .tiny_warehouse import EMAIL, build, doc_id, publish

COMMANDS = ("run", "status", "explain", "reveal", "versions", "verify", "audit", "doctor", "recipe")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    return str(build(tmp_path_factory.mktemp("warehouse")))


@pytest.fixture
def corpusmill(capsys):
    """Runs a command; gives exit code, standard output and standard error."""

    def command(*arguments):
        with pytest.raises(SystemExit) as end:
            app(list(arguments), prog_name="corpusmill")
        said = capsys.readouterr()
        return end.value.code or 0, said.out, said.err

    return command


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "pages.txt").write_text("a page")
    path = tmp_path / "handbook.yml"
    path.write_text("name: handbook\nsources: [{path: pages.txt}]\n")
    return str(path)


def answer_of_run(monkeypatch, answer):
    """Let `corpusmill run` get this result, or this error, in place of a run."""

    def run(loaded, **options):
        if isinstance(answer, BaseException):
            raise answer
        answer.options = options
        return answer

    monkeypatch.setattr(pipeline, "run", run)


def fresh_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_help_names_every_command_and_comes_in_under_half_a_second():
    times = []
    for _ in range(3):
        before = os.times()
        said = fresh_python("import sys; from corpusmill.jobs.cli import main; sys.argv[1:] = ['--help']; main()")
        after = os.times()  # of the processor: other tests may run beside this one
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert all(command in said for command in COMMANDS)
    assert min(times) < 0.5


def test_the_command_line_imports_nothing_heavy_and_versions_not_even_arrow(mill):
    heavy = "print([m for m in ('pyspark', 'pyarrow', 'polars', 'pydantic', 'mlflow', 'spacy') if m in sys.modules])"
    assert fresh_python(f"import sys, corpusmill.jobs.cli; {heavy}").strip() == "[]"
    listing = f"from corpusmill.jobs.versions import listing; assert listing({mill!r})"
    assert fresh_python(f"import sys; {listing}; {heavy}").strip() == "[]"


def test_a_word_that_is_no_command_or_option_ends_with_2(corpusmill):
    assert corpusmill("rnu")[0] == 2
    assert corpusmill("versions", "--jsno")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["status"], "stages"),
        (["versions"], None),
        (["verify"], "checks"),
        (["verify", "handbook@1"], "checks"),
        (["explain", "spam"], "steps"),
    ],
)
def test_each_command_speaks_to_people_and_to_machines(corpusmill, mill, arguments, key):
    code, said, _ = corpusmill(*arguments, "--warehouse", mill, "--json")
    found = json.loads(said)
    assert code == 0 and (key is None or found[key])
    code, said, _ = corpusmill(*arguments, "--warehouse", mill)
    assert code == 0 and said and not said.startswith(("{", "["))


def test_status_shows_the_funnel_and_the_version(corpusmill, mill):
    _, said, _ = corpusmill("status", "--warehouse", mill)
    assert "handbook@1" in said
    assert any(line.split() == ["filter", "6", "5", "1", "0", "8", "0.5"] for line in said.splitlines())


def test_explain_prints_a_line_a_stage(corpusmill, mill):
    _, said, _ = corpusmill("explain", doc_id("spam"), "--warehouse", mill)
    assert said.startswith(f"{doc_id('spam')}: dropped\n")
    assert "measured 12, limit at least 50" in said


def test_explain_compares_two_documents_for_people_and_for_machines(corpusmill, mill):
    code, said, _ = corpusmill("explain", "guide", "near", "--warehouse", mill)
    assert code == 0
    assert "verdict     A is kept, B is removed" in said
    assert EMAIL not in said
    found = json.loads(corpusmill("explain", "guide", "near", "--warehouse", mill, "--json")[1])
    assert found["a"]["doc_id"] == doc_id("guide")
    assert found["limit"] == 0.7
    assert found["verdict"].startswith("A is kept")


@pytest.mark.parametrize("pair", [("guide", "nothing"), ("nothing", "guide"), ("guide", "guide"), ("guide", "broken")])
def test_a_pair_that_cannot_be_compared_ends_with_2_and_says_why(corpusmill, mill, pair):
    code, said, error = corpusmill("explain", *pair, "--warehouse", mill)
    assert (code, said) == (2, "")
    assert error.startswith("error: ")


@pytest.mark.parametrize("more", [["--json"], ["near"], []])
def test_raw_text_goes_to_a_terminal_only(corpusmill, mill, more):
    code, said, error = corpusmill("explain", "spam", "--raw", "--warehouse", mill, *more)
    assert (code, said) == (2, "") and "on a terminal only" in error and EMAIL not in error


def test_verify_ends_with_1_where_something_is_wrong(corpusmill, tmp_path):
    folder = build(tmp_path)
    publish(folder, 2, content_hash="f" * 64)
    code, said, _ = corpusmill("verify", "--warehouse", str(folder))
    assert code == 1 and "WRONG" in said
    assert corpusmill("verify", "1", "--warehouse", str(folder))[0] == 0
    code, said, _ = corpusmill("verify", "2", "--warehouse", str(folder), "--json")
    assert code == 1 and json.loads(said)["ok"] is False


def test_a_mistake_is_one_message_and_ends_with_2(corpusmill, mill):
    code, said, error = corpusmill("verify", "9", "--warehouse", mill)
    assert (code, said) == (2, "") and error == "error: handbook has no version 9; there are: 1\n"
    code, said, error = corpusmill("verify", "9", "--warehouse", mill, "--json")
    assert json.loads(error) == {"error": "handbook has no version 9; there are: 1", "exit_code": 2}


def test_a_recipe_is_checked_with_its_files(corpusmill, recipe):
    code, said, _ = corpusmill("recipe", "check", recipe)
    assert code == 0 and "source1: 1 file at" in said
    code, said, _ = corpusmill("recipe", "check", recipe, "--warehouse", "w", "--json")
    assert json.loads(said)["dataset"] == "handbook" and json.loads(said)["warehouse"] == "w"
    code, _, error = corpusmill("recipe", "check", recipe, "--set", "nearduplicates={}")
    assert code == 2 and "nearduplicates" in error and "Traceback" not in error
    Path(recipe).with_name("pages.txt").unlink()
    assert corpusmill("recipe", "check", recipe)[0] == 2


def test_the_schema_of_a_recipe_is_json(corpusmill):
    assert "sources" in json.loads(corpusmill("recipe", "schema")[1])["properties"]


def test_run_hands_its_options_on_and_ends_with_funnel_places_and_what_to_try_next(
    corpusmill, recipe, mill, monkeypatch
):
    row = {"stage": "filter", "n_in": 3, "n_kept": 2, "n_dropped": 1, "n_quarantined": 0, "n_done": 3, "seconds": 1.0}
    result = pipeline.RunResult("r1", mill, [row], version="handbook@1", report=f"{mill}/report.html")
    answer_of_run(monkeypatch, result)
    code, said, _ = corpusmill(
        "run", recipe, "--warehouse", mill, "--from", "filter", "--until", "mix", "--run-date", "2026-01-31"
    )
    assert code == 0
    options = {name: value for name, value in result.options.items() if name != "progress"}
    assert options == {
        "warehouse": mill, "first": "filter", "last": "mix", "run_date": "2026-01-31", "dry_run": False
    }  # fmt: skip
    assert "quarantined" in said and "handbook@1" in said and f"{mill}/report.html" in said
    assert sum(line.startswith("  corpusmill ") for line in said.splitlines()) == 3
    assert json.loads(corpusmill("run", recipe, "--json")[1])["version"] == "handbook@1"


def test_an_idle_run_says_that_there_is_nothing_to_do(corpusmill, recipe, monkeypatch):
    answer_of_run(monkeypatch, pipeline.RunResult("r1", "w", skipped=["ingest"], version="handbook@1"))
    assert corpusmill("run", recipe)[1] == "nothing to do: everything is up to date (handbook@1)\n"


def test_a_dry_run_lists_the_stages_that_would_run(corpusmill, recipe, monkeypatch):
    answer_of_run(monkeypatch, pipeline.RunResult("r1", "w", skipped=["ingest"], would_run=["prepare"]))
    assert corpusmill("run", recipe, "--dry-run")[1] == "ingest: up to date\nprepare: would run\n"


def test_a_wrong_recipe_never_reaches_the_pipeline(corpusmill, tmp_path, monkeypatch):
    answer_of_run(monkeypatch, AssertionError())
    code, _, error = corpusmill("run", str(tmp_path / "none.yml"))
    assert code == 2 and "none.yml: there is no such recipe" in error


class OfADeadJvm(Exception):
    """As py4j's, which asks the JVM for what it says."""

    def __str__(self):
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (UserError("what the user can mend"), 2, "error: what the user can mend"),
        (BalanceError("stage filter lost 3"), 1, "error: stage filter lost 3"),
        (ModuleNotFoundError("No module", name="pyspark.sql"), 2, 'pip install "corpusmill[spark]"'),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ValueError(f"row 7: {EMAIL}"), 1, "unexpected ValueError"),
        (ConnectionRefusedError(111, "Connection refused"), 1, "a process of Spark's ended during the run"),
        (RuntimeError("Python worker exited unexpectedly (crashed)"), 1, "a process of Spark's ended during the run"),
        (OfADeadJvm(), 1, "a process of Spark's ended during the run"),
        (RuntimeError(f"{EMAIL}: Caused by: IOException: No space left on device"), 1, "no space is left on a disk"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), 1, "no space is left on a disk"),
    ],
)
def test_an_error_ends_with_its_code_and_one_line(corpusmill, recipe, monkeypatch, raised, code, said):
    answer_of_run(monkeypatch, raised)
    found, out, error = corpusmill("run", recipe)
    assert (found, out, error.count("\n")) == (code, "", 1)
    assert said in error and EMAIL not in error
    found, _, error = corpusmill("run", recipe, "--json")
    assert found == json.loads(error)["exit_code"] == code


def test_what_is_written_of_an_unexpected_error_is_where_it_was_not_what_it_said(corpusmill, recipe, monkeypatch):
    try:
        raise KeyError(EMAIL)
    except KeyError as cause:
        error = RuntimeError(f"raw text {EMAIL}")
        error.__cause__ = cause
    answer_of_run(monkeypatch, error)
    _, _, said = corpusmill("run", recipe)
    written = Path(said.split("stands in ")[1].split(" (no values")[0]).read_text()
    assert "RuntimeError\n" in written and "KeyError\n" in written and "test_cli.py:" in written
    assert EMAIL not in written and "raw text" not in written


def lines(terminal, quiet=False):
    """What a small run tells."""
    sink = io.StringIO()
    row = {"stage": "filter", "n_in": 1200, "n_kept": 1190, "n_dropped": 10, "n_quarantined": 0}
    with Progress(Console(file=sink, force_terminal=terminal, width=120), quiet) as progress:
        progress.stage_skipped("ingest", "up to date")
        progress.stage_started("filter", 1200)
        progress.stage_progress(600, 1200)
        time.sleep(0.3 if terminal else 0)  # the bar is drawn ten times a second
        progress.stage_finished({**row, "n_done": 1200, "seconds": 2.0})
        progress.note("no model for [de]")
    return sink.getvalue()


def test_progress_is_lines_where_there_is_no_terminal():
    assert lines(terminal=False).splitlines() == [
        "ingest: up to date",
        "filter: begins, 1,200 documents",
        "filter: 1,200 in, 1,190 kept, 10 dropped; 1,200 worked on in 2.0 s",
        "note: no model for [de]",
    ]


def test_progress_has_a_bar_with_documents_and_time_left_on_a_terminal():
    said = lines(terminal=True)
    assert "600 of 1,200 documents" in said and "left" in said
    assert "1,190 kept" in said


def test_progress_is_silent_for_machines():
    assert lines(terminal=True, quiet=True) == lines(terminal=False, quiet=True) == ""
