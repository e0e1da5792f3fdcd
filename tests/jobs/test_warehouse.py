"""Tables in a folder: what is replaced, what a commit says, and that Spark and the small engine answer alike."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import functions as F

from corpusmill.jobs import light, warehouse, warehouse_tables
from corpusmill.jobs.warehouse import Warehouse
from corpusmill.schemas.documents import DECISIONS
from corpusmill.schemas.errors import RunFailed
from corpusmill.transforms import balance

COLUMNS = "doc_id string, stage string, rule string, measured string, limit string, detail string"


@pytest.fixture
def house(spark, tmp_path):
    """An empty table `decisions`, in a folder with a name that is not plain."""
    made = Warehouse(spark, str(tmp_path / "ä b, c=(1) #2"), "run")
    made.ensure(DECISIONS)
    return made


def decided(spark, *rows):
    """Decisions (doc_id, stage, rule)."""
    return spark.createDataFrame([(*row, "m", "l", "some text") for row in rows], COLUMNS)


def stands(house):
    rows = light.rows(light.open_table(house.location, "decisions"))
    return sorted((r["doc_id"], r["stage"], r["rule"]) for r in rows)


@pytest.mark.parametrize("few", [1_000, 0], ids=["by predicate", "by MERGE"])
def test_only_what_differs_is_replaced_and_the_rows_of_other_stages_stay(house, spark, monkeypatch, few):
    monkeypatch.setattr(warehouse, "FEW", few)
    assert house.sync(DECISIONS, decided(spark, ("a", "filter", "x"), ("b", "filter", "x")), "filter") == 2
    assert house.sync(DECISIONS, decided(spark, ("c", "shape", "z")), "shape") == 1
    before = house.version("decisions")
    assert house.sync(DECISIONS, decided(spark, ("b", "filter", "x"), ("a", "filter", "x")), "filter") == 0
    assert house.version("decisions") == before, "the same rows make no commit"
    assert house.sync(DECISIONS, decided(spark, ("a", "filter", "y"), ("d", "filter", "x")), "filter") == 3
    assert stands(house) == [("a", "filter", "y"), ("c", "shape", "z"), ("d", "filter", "x")]
    assert house.version("decisions") == before + 1, "in one commit"
    assert stands(house) == sorted((r.doc_id, r.stage, r.rule) for r in house.read("decisions").collect())


def test_no_rows_make_no_commit(house, spark):
    before = house.version("decisions")
    assert house.sync(DECISIONS, decided(spark).limit(0), "filter") == 0
    assert house.version("decisions") == before


def test_the_log_holds_no_text_whoever_commits(house, spark):
    house.append(DECISIONS, decided(spark, ("a", "filter", "secret one")))
    house.sync(DECISIONS, decided(spark, ("a", "filter", "secret two")), "filter")
    house.sync(DECISIONS, decided(spark, ("b", "shape", "secret three")), "shape")
    log = "\n".join(p.read_text() for p in sorted(Path(house.path("decisions"), "_delta_log").glob("*.json")))
    assert "secret" not in log and "some text" not in log
    added = [json.loads(line)["add"]["stats"] for line in log.splitlines() if '"add"' in line]
    assert all(set(json.loads(stats)["minValues"]) == {"doc_id"} for stats in added), "its ids are counted on"


def test_a_file_that_is_gone_is_told_and_not_read_over(house, spark):
    house.sync(DECISIONS, decided(spark, ("a", "filter", "x")), "filter")
    next(Path(house.path("decisions")).glob("*.parquet")).unlink()
    with pytest.raises(RunFailed, match="1 of its 1 files are gone"):
        house.read("decisions")


def test_an_old_version_stays_readable(house, spark):
    house.sync(DECISIONS, decided(spark, ("a", "filter", "x")), "filter")
    version = house.version("decisions")
    house.sync(DECISIONS, decided(spark, ("a", "filter", "y")), "filter")
    assert [r.rule for r in house.read("decisions", version).collect()] == ["x"]
    assert [r.rule for r in house.read("decisions").collect()] == ["y"]


def test_spark_and_the_small_engine_see_the_same_fates(house, spark, monkeypatch):
    from corpusmill.jobs.tables import TABLES

    for table in TABLES:
        house.ensure(table)
    house.append(DECISIONS, decided(spark, ("a", "filter", "x"), ("a", "near_dedup", "x"), ("b", "shape", "x")))
    empty = {t.name: t for t in TABLES}
    for name in ("documents", "raw_documents"):
        schema = empty[name].schema
        rows = spark.createDataFrame([("a",), ("b",), ("b",)], "doc_id string")
        others = [F.lit(None).cast(f.dataType).alias(f.name) for f in schema if f.name not in ("doc_id", "run_id")]
        house.append(empty[name], rows.select("doc_id", *others))

    def fates():
        found = balance.read_fates(house.ask(*balance.FATES))
        return sorted(found, key=lambda fate: fate.decided)

    small = fates()
    assert [(f.raw, f.documents, f.decided, f.count) for f in small] == [
        (1, 1, ("filter", "near_dedup"), 1),
        (2, 2, ("shape",), 1),
    ]
    monkeypatch.setattr(warehouse_tables, "ROWS_WITHOUT_SPARK", -1)
    assert fates() == small
    assert house.ask(*balance.REFUSED) == [{"n": 0}]


@pytest.mark.parametrize("where", ["in a folder", pytest.param("elsewhere", marks=pytest.mark.long)])
def test_what_is_deleted_is_gone_from_the_disk_once_the_table_is_purged(spark, tmp_path, where):
    house = Warehouse(spark, str(tmp_path) if where == "in a folder" else f"file://{tmp_path}", "run")
    house.ensure(DECISIONS)
    house.append(DECISIONS, decided(spark, ("a", "filter", "secret one"), ("b", "filter", "secret two")).coalesce(1))
    before = house.version("decisions")
    house.delete("decisions", "doc_id", ["a"])
    assert [r.rule for r in house.read("decisions").collect()] == ["secret two"]
    ever = house.ever("decisions", ["doc_id"], [before])
    assert {(r.doc_id, r.current) for r in ever.collect()} == {("a", False), ("b", False), ("b", True)}
    deleted = house.version("decisions")
    house.purge("decisions", warehouse_tables.retention(DECISIONS))
    rows = [pq.read_table(f).to_pylist() for f in (tmp_path / "decisions").glob("*.parquet")]
    assert [r["doc_id"] for (r,) in rows] == ["b"], "only the file of the present version is there"
    assert (house.version("decisions") == deleted) == (where == "in a folder")
    assert [r.rule for r in house.read("decisions").collect()] == ["secret two"]
    log = "".join(f.read_text() for f in sorted((tmp_path / "decisions" / "_delta_log").glob("*.json")))
    assert "some text" not in log and "secret" not in log
    kept = spark.sql(f"SHOW TBLPROPERTIES {house.name('decisions')}").collect()
    assert {r.key: r.value for r in kept}["delta.deletedFileRetentionDuration"] == warehouse_tables.HISTORY
    assert warehouse_tables.retention(None) is None
