"""What may import what, and what may be called: read from the source, nothing is run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("schemas", "transforms", "jobs", "notebooks")  # each may import those before it

# What Spark Connect refuses (sparkContext, _jvm, rdd, ...), and what serverless refuses beside (cache, persist, ...).
BANNED_ATTRIBUTES = {
    "cache": "write the round as a table", "persist": "write the round as a table", "unpersist": "nothing is persisted",
    "checkpoint": "write the round as a table", "localCheckpoint": "write the round as a table",
    "cacheTable": "write the round as a table", "rdd": "use mapInArrow", "sparkContext": "use SparkSession's methods",
    "_sc": "use SparkSession's methods", "_jvm": "use SQL", "_jdf": "use SQL", "_jsparkSession": "use SQL",
    "addPyFile": "put it into the wheel", "accumulator": "write it as a column", "setLogLevel": "use logging",
    "createGlobalTempView": "use createTempView", "createOrReplaceGlobalTempView": "use createOrReplaceTempView",
}  # fmt: skip
BANNED_NAMES = {
    "SparkContext": "use SparkSession", "SQLContext": "use SparkSession", "RDD": "use DataFrame",
    "DeltaTable": "use SQL: its Python form fails under Spark Connect",
}  # fmt: skip
# Asks the classic session how far it is, and tells nothing under another.
CLASSIC_ONLY = {"watch.py": "sparkContext"}
# deltalake's class of the same name reads tables without Spark.
READS_WITHOUT_SPARK = {"deltalake"}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each imported module; for `from a import b`, both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def wrong_imports(source: str, layer: str) -> list[str]:
    """Imports of a later layer, relative ones, and ones by the folder's bare name."""
    later = LAYERS[LAYERS.index(layer) + 1 :]
    found = []
    for line, name in imports(ast.parse(source)):
        if name.startswith("."):
            found.append(f"{line}: relative import {name}; write corpusmill.{layer}...")
        elif name.split(".")[0] in LAYERS:
            found.append(f"{line}: {name}; write corpusmill.{name}")
        elif name.startswith("corpusmill.") and name.split(".")[1] in later:
            found.append(f"{line}: {name}; {layer} comes before {name.split('.')[1]}")
    return found


def wrong_calls(source: str) -> list[str]:
    """Uses of what does not work under Spark Connect or on serverless."""
    tree = ast.parse(source)
    from_elsewhere = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in READS_WITHOUT_SPARK
        for alias in node.names
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in BANNED_ATTRIBUTES and not is_functools(node):
            found.append(f"{node.lineno}: .{node.attr}; {BANNED_ATTRIBUTES[node.attr]}")
        elif isinstance(node, ast.Name) and node.id in BANNED_NAMES and node.id not in from_elsewhere:
            found.append(f"{node.lineno}: {node.id}; {BANNED_NAMES[node.id]}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "CACHE TABLE" in node.value.upper():
            found.append(f"{node.lineno}: CACHE TABLE; write the round as a table")
    return found


def is_functools(node: ast.Attribute) -> bool:
    """`functools.cache` keeps Python values, not DataFrames."""
    return isinstance(node.value, ast.Name) and node.value.id == "functools"


def wrong_pyspark(source: str) -> list[str]:
    """Imports of pyspark, those for type checkers included: the module must serve where pyspark is not installed."""
    return [f"{line}: {name}" for line, name in imports(ast.parse(source)) if name.split(".")[0] == "pyspark"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_itself_and_those_before_it(layer):
    files = python_files(layer)
    assert files, f"{layer}/ holds no Python"
    assert not {str(f.relative_to(ROOT)): w for f in files if (w := wrong_imports(f.read_text(), layer))}


def test_text_logic_imports_no_pyspark():
    files = python_files("transforms/text")
    assert files
    assert not {f.name: w for f in files if (w := wrong_pyspark(f.read_text()))}


@pytest.mark.parametrize("layer", ("schemas", "transforms", "jobs", "notebooks"))
def test_nothing_is_called_that_connect_or_serverless_refuse(layer):
    found = {f.name: w for f in python_files(layer) if (w := wrong_calls(f.read_text()))}
    allowed = {name: found.pop(name, []) for name in CLASSIC_ONLY}
    assert not found
    assert all(len(w) <= 1 and all(CLASSIC_ONLY[name] in one for one in w) for name, w in allowed.items())


def test_transforms_write_nothing_and_start_no_session():
    banned = ("write", "writeTo", "collect", "toPandas", "count_rows", "getOrCreate", "saveAsTable", "mergeInto")
    for file in sorted((ROOT / "transforms").glob("*.py")):
        used = {n.attr for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Attribute)}
        assert not used & set(banned), f"{file.name}: {used & set(banned)}: transforms are DataFrame -> DataFrame"


@pytest.mark.parametrize(
    ("source", "layer"),
    [
        ("from corpusmill.jobs.load import load", "transforms"),
        ("def f():\n    import corpusmill.transforms.text", "schemas"),
        ("from corpusmill import jobs", "schemas"),
        ("from schemas.errors import UserError", "jobs"),
        ("from . import errors", "schemas"),
    ],
)
def test_the_import_check_sees_what_is_wrong(source, layer):
    assert wrong_imports(source, layer)


@pytest.mark.parametrize(
    "source",
    [
        "df.cache()",
        "df.select('a').persist()",
        "spark.sparkContext.broadcast(x)",
        "spark.sql('cache table t')",
        "SparkContext()",
        "from delta.tables import DeltaTable\nDeltaTable.forPath(spark, p)",
    ],
)
def test_the_call_check_sees_what_is_wrong(source):
    assert wrong_calls(source)


@pytest.mark.parametrize(
    "source",
    [
        "import functools\n@functools.cache\ndef f(): ...",
        "from deltalake import DeltaTable\nDeltaTable('p')",
        "df.createOrReplaceTempView('v')",
    ],
)
def test_the_call_check_lets_pass_what_is_fine(source):
    assert not wrong_calls(source)
