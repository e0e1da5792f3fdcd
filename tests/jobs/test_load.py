"""`corpusmill.load` and the versions: what was published is read, nothing else; every mistake is answered by name."""

import subprocess
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import corpusmill
from corpusmill.jobs import locate, versions
from corpusmill.schemas.errors import RunFailed, UserError

from .tiny_warehouse import TABLES, build, kept, publish, write


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    """handbook@1 has two documents, handbook@2 three, and a fourth came after it."""
    folder = build(tmp_path_factory.mktemp("warehouse") / "handbook")
    write(folder, TABLES["corpus"], [kept("second", language="en", n_tokens=None)])
    publish(folder, 2)
    write(folder, TABLES["corpus"], [kept("unpublished")])
    return str(folder)


def names(table):
    return sorted(table["source_id"].to_pylist())


def test_a_version_is_read_as_it_was_published_and_the_name_alone_means_the_latest(mill):
    assert names(corpusmill.load("handbook@1", warehouse=mill)) == ["chat", "guide"]
    assert names(corpusmill.load("handbook@2", warehouse=mill)) == ["chat", "guide", "second"]
    assert names(corpusmill.load("handbook", warehouse=mill)) == ["chat", "guide", "second"]


def test_columns_come_in_the_order_in_which_they_are_asked_for(mill):
    found = corpusmill.load("handbook", columns=["split", "doc_id"], warehouse=mill)
    assert found.schema == pa.schema({"split": pa.string(), "doc_id": pa.string()})


def test_a_filter_is_an_expression_or_tuples_over_columns_that_need_not_be_read(mill):
    for filter in (pc.field("language") == "en", [("language", "=", "en")], [[("language", "in", ["en", "fr"])]]):
        assert names(corpusmill.load("handbook", columns=["source_id"], filter=filter, warehouse=mill)) == ["second"]


def test_the_forms_hold_the_same_rows(mill):
    arrow = corpusmill.load("handbook", columns=["doc_id"], warehouse=mill)
    polars = corpusmill.load("handbook", columns=["doc_id"], warehouse=mill, as_="polars")
    pandas = corpusmill.load("handbook", columns=["doc_id"], warehouse=mill, as_="pandas")
    batches = corpusmill.load("handbook", columns=["doc_id"], warehouse=mill, as_="batches")
    assert arrow["doc_id"].to_pylist() == polars["doc_id"].to_list() == list(pandas["doc_id"])
    assert pa.Table.from_batches(batches)["doc_id"].to_pylist() == arrow["doc_id"].to_pylist()


def test_another_table_of_the_version_is_read(mill):
    assert corpusmill.load("handbook", "pii_findings", warehouse=mill).num_rows == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"dataset": "handbok"}, "'handbok' is not in .*; it holds 'handbook'"),
        ({"dataset": "handbook@9"}, "no version 9; there are: 1, 2"),
        ({"dataset": "handbook@two"}, "after @ comes the number"),
        ({"table": "korpus"}, "handbook@2 has no table 'korpus'; did you mean 'corpus'?.*pii_findings"),
        ({"table": "packing_plan"}, "no table 'packing_plan'; there are: "),
        ({"columns": ["txt"]}, "corpus has no column 'txt'; did you mean 'text'"),
        ({"filter": [("langage", "=", "en")]}, "no column 'langage'; did you mean 'language'"),
        ({"filter": ["language = 'en'"]}, "want tuples"),
        ({"filter": pc.field("langage") == "en"}, "filter: .*langage"),
        ({"filter": [("n_tokens", "=", "many")]}, "filter: "),
        ({"as_": "panda"}, "did you mean 'pandas'"),
    ],
)
def test_a_mistake_is_answered_with_what_there_is(mill, arguments, said):
    with pytest.raises(UserError, match=f"(?s){said}"):
        corpusmill.load(**{"dataset": "handbook", "warehouse": mill, **arguments})


def test_a_catalog_is_refused_with_what_to_do():
    with pytest.raises(UserError, match=r"spark.read.table\('main.curated.raw_documents'\)"):
        corpusmill.load("handbook", warehouse="main.curated")


def test_a_pruned_version_is_told_from_one_that_never_was(tmp_path):
    folder = build(tmp_path / "handbook")
    for file in (folder / "corpus").glob("*.parquet"):
        file.unlink()
    with pytest.raises(RunFailed, match="gone"):
        corpusmill.load("handbook", warehouse=str(folder))


def test_loading_needs_neither_spark_nor_java(mill):
    code = f"import sys, corpusmill; corpusmill.load('handbook@1', warehouse={mill!r}); print('pyspark' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_the_list_of_versions_counts_documents_and_tokens(mill):
    first, second = versions.listing(mill)
    assert (first["version"], first["documents"], first["tokens"]) == ("handbook@1", 2, 14)
    assert (second["version"], second["documents"], second["tokens"], second["parent"]) == ("handbook@2", 3, 14, 1)
    assert first["content_hash"] != second["content_hash"]
    assert first["created"] == "2026-03-02T12:00:00+00:00"


def test_without_a_warehouse_the_one_of_that_name_or_the_only_one_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CORPUSMILL_WAREHOUSE", raising=False)
    with pytest.raises(UserError, match="there is none yet"):
        locate.for_command(None)
    for name in ("handbook", "wiki"):
        write(tmp_path / "warehouse" / name, TABLES["corpus"], [])
        (tmp_path / "warehouse" / "not-one").mkdir(exist_ok=True)
        if name == "handbook":
            assert locate.for_command(None) == "warehouse/handbook"
    assert locate.for_command(None, "wiki") == "warehouse/wiki"
    with pytest.raises(UserError, match="warehouse/handbook, warehouse/wiki"):
        locate.for_command(None)
    with pytest.raises(UserError, match="--warehouse: warehouse/wki is not a warehouse: there is no such folder"):
        locate.for_command("warehouse/wki")
    monkeypatch.setenv("CORPUSMILL_WAREHOUSE", "warehouse/wiki")
    assert locate.for_command(None) == "warehouse/wiki"
    assert locate.for_command("warehouse/handbook") == "warehouse/handbook"


def test_of_a_recipe_the_option_comes_first_then_the_recipe_then_the_environment(monkeypatch):
    monkeypatch.setenv("CORPUSMILL_WAREHOUSE", "from_environment")
    assert locate.for_recipe("given", "in_recipe", "handbook") == "given"
    assert locate.for_recipe(None, "in_recipe", "handbook") == "in_recipe"
    assert locate.for_recipe(None, None, "handbook") == "from_environment"
    monkeypatch.delenv("CORPUSMILL_WAREHOUSE")
    assert locate.for_recipe(None, None, "handbook") == "warehouse/handbook"


def test_a_folder_that_cannot_hold_tables_is_refused_before_the_run():
    for name in ("a[1]", "all*", "50%", "a|b"):
        with pytest.raises(UserError, match="cannot hold tables"):
            locate.for_recipe(name, None, "handbook")


def test_a_version_is_named_by_number_name_or_both(mill):
    for wanted, number in (("1", 1), ("handbook@1", 1), ("handbook", 2), (None, 2), ("2", 2)):
        assert versions.resolve(mill, wanted)["version"] == number
