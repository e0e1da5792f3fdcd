"""Commands that need no Spark answer at once: under half a second, without importing what is heavy."""

import subprocess
import sys
import time

import pytest

LIMIT = 0.5  # seconds
TRIES = 5  # the best counts, since a machine may be busy
HEAVY = ("pyspark", "mlflow", "spacy", "transformers", "presidio_analyzer", "torch", "pandas")

RUN = "import sys; from corpusmill.jobs.cli import main; sys.argv = {argv!r}; main()"
COMMANDS = [
    pytest.param(["--help"], id="help"),
    pytest.param(["recipe", "schema"], id="recipe schema"),
    pytest.param(["recipe", "check", "{recipe}"], id="recipe check"),
    pytest.param(["versions", "--warehouse", "{warehouse}"], id="versions"),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A recipe with its input, and a warehouse with one published version, written without Spark."""
    from datetime import UTC, datetime

    import pyarrow as pa
    from deltalake import write_deltalake

    folder = tmp_path_factory.mktemp("startup")
    (folder / "a.jsonl").write_text('{"id": "1", "text": "One."}\n')
    recipe = "name: small\nsources: [{path: a.jsonl}]\nclean: {}\nquality: {}\nanonymise: {}\ntokenise: {}\n"
    (folder / "small.yml").write_text(recipe)
    map_type = pa.map_(pa.string(), pa.int64())
    write_deltalake(
        str(folder / "warehouse" / "dataset_versions"),
        pa.table(
            {
                "name": ["small"],
                "version": pa.array([1], pa.int32()),
                "tables": pa.array([[("corpus", 0)]], map_type),
                "row_counts": pa.array([[("corpus", 1)]], map_type),
                "recipe": [recipe],
                "code_version": ["0"],
                "models": pa.array([[]], pa.map_(pa.string(), pa.string())),
                "anonymised": ["full"],
                "content_hash": ["0" * 64],
                "parent": pa.array([None], pa.int32()),
                "created_at": pa.array([datetime.now(UTC)], pa.timestamp("us", "UTC")),
                "mlflow_run_id": pa.array([None], pa.string()),
                "run_id": ["r"],
            }
        ),
    )
    return {"recipe": str(folder / "small.yml"), "warehouse": str(folder / "warehouse")}


def run(argv, places, *flags):
    argv = ["corpusmill", *(word.format(**places) for word in argv)]
    began = time.monotonic()
    done = subprocess.run([sys.executable, *flags, "-c", RUN.format(argv=argv)], capture_output=True, text=True)
    return done, time.monotonic() - began


@pytest.mark.long  # a time: on a busy machine it says nothing, so `make test` looks at the imports instead
@pytest.mark.parametrize("argv", COMMANDS)
def test_a_small_command_answers_in_half_a_second(argv, places):
    took = []
    while len(took) < TRIES and min(took, default=LIMIT) >= LIMIT:
        done, seconds = run(argv, places)
        assert done.returncode == 0, done.stderr
        took.append(seconds)
    assert min(took) < LIMIT, [round(seconds, 2) for seconds in took]


@pytest.mark.parametrize("argv", COMMANDS)
def test_a_small_command_imports_nothing_heavy(argv, places):
    done, _ = run(argv, places, "-X", "importtime")
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "corpusmill.jobs.cli" in imported
    assert not imported & set(HEAVY)


def test_the_package_imports_nothing_until_something_is_used():
    code = "import sys, corpusmill; print(sorted(m for m in sys.modules if m.startswith('corpusmill.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_offers_load_and_its_version():
    import corpusmill

    assert callable(corpusmill.load)
    assert corpusmill.__version__
    with pytest.raises(AttributeError, match="no attribute 'lode'; it offers __version__, load"):
        corpusmill.lode  # noqa: B018
