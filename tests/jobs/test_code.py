"""The hash of a stage's code: its modules, those that they import, and the data files that they name."""

from types import SimpleNamespace

import pytest

from corpusmill.jobs import code

MODULES = {
    "stage": "from corpusmill.words import LIST",
    "words": "LIST = Path(__file__).parent / 'data' / 'words.json'",
    "other": "",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.json").write_text("[1]")
    (tmp_path / "data" / "unused.json").write_text("[1]")
    for name, source in MODULES.items():
        (tmp_path / f"{name}.py").write_text(source)

    def found(name):
        path = tmp_path / f"{name.rpartition('.')[2]}.py"
        return SimpleNamespace(origin=str(path)) if path.exists() else None

    monkeypatch.setattr(code.importlib.util, "find_spec", found)
    yield tmp_path
    code._module.cache_clear()


def hashed():
    code._module.cache_clear()
    return code.code_hash.__wrapped__("corpusmill.stage")


@pytest.mark.parametrize("changed", ["stage.py", "words.py", "data/words.json"])
def test_what_a_stage_runs_and_reads_changes_its_hash(package, changed):
    before = hashed()
    path = package / changed
    path.write_text(path.read_text() + " ")
    assert hashed() != before


@pytest.mark.parametrize("changed", ["other.py", "data/unused.json"])
def test_what_it_does_not_use_does_not(package, changed):
    before = hashed()
    (package / changed).write_text("# changed")
    assert hashed() == before


def test_the_tables_of_quality_signals_belong_to_what_prepare_runs():
    path = code._path("corpusmill.transforms.text.word_order")
    assert [file.name for file in code._data(path, code.ast.parse(path.read_bytes()))] == ["word_order.json"]
