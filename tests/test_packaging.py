"""The wheel holds everything, and works where nothing else of this repository is."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGE_DIR = PROJECT["tool"]["setuptools"]["package-dir"]

PAGES = """\
{"id": "a", "text": "The ropewalk has no walls worth the name. It is a roof on oak posts, and for two centuries men walked backwards through it from six in the morning until the light went. They were called spinners. A spinner walked about eighteen miles in a day, and wrote to ada.lind@example.org about it, which was more than most of them could do. The last rope was made for the bell of the church, where it still hangs and is still in use."}
{"id": "b", "text": "Ein Haufen braucht Luft, Feuchtigkeit und zweierlei Futter. Wer nur den Rasenschnitt aufschichtet, der bekommt eine stinkende Matratze, und wer nur Zweige hineinwirft, der hat nach drei Jahren immer noch Zweige. Fertig ist er, wenn er nach Waldboden riecht und man nicht mehr erkennt, was er einmal war. Das ist die ganze Kunst, und mehr braucht es nicht, um einen Garten durch den Sommer zu bringen, so sagen es auch die Nachbarn."}
{"id": "c", "text": "Too short."}
"""  # noqa: E501
RECIPE = """\
name: small
sources: [{path: pages.jsonl}]
clean: {}
language: {keep: [de, en]}
quality: {}
exact_dedup: {}
near_dedup: {}
anonymise: {}
tokenise: {sequence_length: 256}
outputs: [corpus, pretraining_sequences]
"""


def run(*words, cwd, **environment):
    """Run a command away from the repository, with nothing of this environment but what is given."""
    ours = ("PYTHON", "VIRTUAL_ENV", "SPARK", "CORPUSMILL")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    done = subprocess.run([str(w) for w in words], cwd=cwd, env={**kept, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment_with(folder: Path, requirement: str) -> Path:
    """A new virtual environment with a wheel and what it needs, in the versions of the lock; gives its bin folder."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    install = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", folder / "bin" / "python"]
    install += ["--constraint", ROOT / "requirements.lock", requirement]
    try:
        run(*install, "--offline", cwd=folder.parent)  # `make venv` left all of it in uv's cache
    except AssertionError:
        run(*install, cwd=folder.parent)
    return folder / "bin"


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """The repository as a fresh clone would have it, with what is not committed yet."""
    copy = tmp_path_factory.mktemp("tree") / "corpusmill"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
    return copy


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory) -> Path:
    """The wheel, made by way of the source distribution, as an index would make it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, tree, cwd=out)
    assert len(list(out.glob("*.tar.gz"))) == 1
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def curated(wheel, tmp_path_factory) -> tuple[Path, Path]:
    """Folder in which a small recipe was run from the wheel with the extra spark; bin of that environment."""
    folder = tmp_path_factory.mktemp("spark")
    binaries = environment_with(folder / "venv", f"{wheel}[spark]")
    (folder / "pages.jsonl").write_text(PAGES)
    (folder / "small.yml").write_text(RECIPE)
    run(binaries / "corpusmill", "run", "small.yml", cwd=folder, CORPUSMILL_KEY="a key of this test")
    return folder, binaries


@pytest.fixture(scope="module")
def light(wheel, tmp_path_factory) -> Path:
    """bin of an environment with the wheel and no extra."""
    return environment_with(tmp_path_factory.mktemp("light") / "venv", str(wheel))


def shipped() -> set[str]:
    """What the wheel must hold: every file of the packages' folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGE_DIR.values()],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    places = {folder + "/": package.replace(".", "/") + "/" for package, folder in PACKAGE_DIR.items()}
    return {
        places[folder] + name.removeprefix(folder)
        for name in listed
        for folder in places
        if name.startswith(folder) and (ROOT / name).exists()
    }


def test_every_package_folder_is_listed():
    """One that is not works in the editable install and is missing from the wheel."""
    found = set()
    for package, folder in PACKAGE_DIR.items():
        for file in (ROOT / folder).rglob("*.py"):
            inner = file.parent.relative_to(ROOT / folder).parts
            if "data" not in inner:  # a script there makes data, and is data
                found.add(".".join((package, *inner)))
                assert (file.parent / "__init__.py").exists(), file
    assert found == set(PROJECT["tool"]["setuptools"]["packages"])


def test_typings_lead_type_checkers_to_every_package():
    for package, folder in PACKAGE_DIR.items():
        assert (ROOT / "typings" / package.replace(".", "/") / "__init__.py").samefile(ROOT / folder / "__init__.py")


def test_the_lock_has_hashes_and_names_no_registry():
    for name in ("requirements.lock", "requirements-train.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text and "index-url" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert len(pinned) > 100
        assert all("==" in line and line.endswith("\\") for line in pinned), "each has a version and hashes after it"


def test_the_wheel_holds_every_file_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    packaged = {name for name in names if ".dist-info/" not in name}
    assert packaged == shipped()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_with_spark_runs_a_recipe(curated):
    folder, binaries = curated
    assert "Usage: corpusmill" in run(binaries / "corpusmill", "--help", cwd=folder)
    code = "import corpusmill.jobs.cli as m; print(m.__file__)"
    assert run(binaries / "python", "-c", code, cwd=folder).startswith(str(folder / "venv"))
    assert "small@1" in run(binaries / "corpusmill", "versions", cwd=folder)


def test_the_wheel_without_extras_loads_a_version_without_pyspark_and_java(curated, light):
    folder, _ = curated
    no_java = {"PATH": str(light), "JAVA_HOME": ""}
    code = """
import importlib.util, shutil
assert importlib.util.find_spec("pyspark") is None and shutil.which("java") is None
import corpusmill
corpus = corpusmill.load("small@1", table="corpus", columns=["source_id", "text"])
assert sorted(corpus["source_id"].to_pylist()) == ["a", "b"]
assert not any("ada.lind@example.org" in text for text in corpus["text"].to_pylist())
packs = corpusmill.load("small", table="pretraining_sequences", as_="polars")
assert packs["length"].sum() > 100
print("loaded")
"""
    assert run(light / "python", "-c", code, cwd=folder, **no_java) == "loaded\n"
    assert "small@1" in run(light / "corpusmill", "versions", cwd=folder, **no_java)


def test_the_wheel_without_extras_says_what_to_install(curated, light):
    folder, _ = curated
    done = subprocess.run([light / "corpusmill", "run", "small.yml"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert 'pip install "corpusmill[spark]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_an_editable_install_shows_an_edit_at_once_and_leaks_no_bare_names(tree, light, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    shutil.copytree(light.parent, tmp_path / "venv", symlinks=True)
    run(sys.executable, "-m", "uv", "pip", "install", "-q", "--python", python, "--no-deps", "-e", tree, cwd=tmp_path)
    code = "import corpusmill.schemas.errors as m; print(m.__file__)"
    assert run(python, "-c", code, cwd=tmp_path).strip() == str(tree / "schemas" / "errors.py")
    (tree / "schemas" / "new_module.py").write_text("WORD = 'seen'\n")
    try:
        code = "from corpusmill.schemas.new_module import WORD; print(WORD)"
        assert run(python, "-c", code, cwd=tmp_path) == "seen\n"
    finally:
        (tree / "schemas" / "new_module.py").unlink()
    code = "import importlib.util as u; print([u.find_spec(n) for n in ('jobs', 'schemas', 'transforms')])"
    assert run(python, "-c", code, cwd=tmp_path) == "[None, None, None]\n"


@pytest.mark.parametrize("where", ("repository", "wheel"))
def test_a_type_checker_finds_the_modules(where, light, tmp_path):
    (tmp_path / "use.py").write_text(
        "from corpusmill.schemas.errors import UserError\nimport corpusmill\n"
        "reveal_type(UserError.exit_code)\nreveal_type(corpusmill.load)\nUserError.exit_code = 'two'\n"
    )
    words = [sys.executable, "-m", "mypy", "--no-incremental", "--follow-imports=silent"]
    if where == "repository":
        words += ["--config-file", ROOT / "pyproject.toml"]
    else:
        words += ["--config-file", os.devnull, "--python-executable", light / "python"]
    cwd = ROOT if where == "repository" else tmp_path
    done = subprocess.run([*map(str, words), str(tmp_path / "use.py")], cwd=cwd, capture_output=True, text=True)
    assert 'Revealed type is "int"' in done.stdout or 'Revealed type is "builtins.int"' in done.stdout, done.stdout
    assert 'Revealed type is "def (dataset: ' in done.stdout, done.stdout
    assert "Incompatible types in assignment" in done.stdout
    assert "import-untyped" not in done.stdout and "import-not-found" not in done.stdout
