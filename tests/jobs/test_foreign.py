"""Corpora outside of the dataset: what is like one of their texts goes, and nothing of them comes in."""

import json

import pytest
import yaml

from corpusmill.jobs import foreign, light, recipe
from corpusmill.jobs.explain import explain
from corpusmill.schemas.errors import RecipeError, UserError

from .mill import Mill, prose
from .test_keepers import longer, page, published


def mill_against(folder, *corpora, **keys):
    mill = Mill(folder, against=list(corpora), outputs=["corpus"], **keys)
    del mill.recipe["anonymise"], mill.recipe["tokenise"]
    return mill


def write(path, *texts):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def removed(mill):
    """Own id of each removed document -> corpus of the document kept for it (None: ours), and the similarity."""
    own = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    corpora = {r["doc_id"]: r["corpus"] for r in mill.rows("foreign_documents")}
    rows = [r for r in mill.rows("duplicate_clusters") if r["doc_id"] != r["kept_doc_id"]]
    return {own[r["doc_id"]]: (corpora.get(r["kept_doc_id"]), round(r["similarity"], 2)) for r in rows}


def small(tmp_path):
    mill = mill_against(tmp_path, {"name": "released", "path": "released/*.jsonl"})
    # Two that are alike, of which only the second is like one of ours.
    write(tmp_path / "released" / "a.jsonl", prose(0, 200), "Just four words here", longer(prose(1, 200), 2))
    write(tmp_path / "released" / "b.jsonl", longer(prose(1, 200), 3), prose(70, 200), prose(70, 200))
    mill.write(
        "1.jsonl",
        page("copy", prose(0, 200).upper()),
        page("near", longer(prose(0, 200))),
        page("short", "just FOUR words  here"),
        page("other-short", "just four other words"),
        page("like-both", longer(prose(1, 200), 4)),
        page("ours", prose(5, 200)),
        page("ours-again", longer(prose(5, 200))),
    )
    return mill


@pytest.fixture
def mill(tmp_path):
    return small(tmp_path)


@pytest.fixture(scope="module")
def ran(spark, tmp_path_factory):
    """One run, to look at."""
    mill = small(tmp_path_factory.mktemp("foreign"))
    mill.run()
    return mill


def test_copies_and_near_duplicates_of_a_foreign_corpus_go_with_evidence(ran):
    mill = ran
    found = removed(mill)
    assert {name for name, (corpus, _) in found.items() if corpus == "released"} == {
        *("copy", "near", "short", "like-both")
    }
    assert found["copy"] == ("released", 1.0) and 0.7 <= found["near"][1] < 1 and found["ours"][0] is None
    assert published(mill) == ["other-short", "ours-again"], "of ours the longest stays, as ever"
    assert mill.funnel()["near_dedup"][:3] == (5, 2, 3)


def test_nothing_of_a_foreign_corpus_is_kept_but_hashes(ran):
    mill = ran
    rows = mill.rows("foreign_documents")
    assert len(rows) == 5, "of two equal records one"
    assert not any("text" in name for name in rows[0])
    assert not {r["doc_id"] for r in rows} & {r["doc_id"] for t in ("documents", "corpus") for r in mill.rows(t)}
    last = max(mill.rows("dataset_versions"), key=lambda r: r["version"])
    assert "foreign_documents" in dict(last["tables"])


def test_explain_names_the_foreign_corpus(ran):
    step = explain(ran.warehouse, "near").steps[-1]
    assert "in the foreign corpus `released`: record 0 of a.jsonl" in step.what


def test_new_documents_are_compared_with_it_and_an_unchanged_corpus_is_not_read_again(spark, mill, monkeypatch):
    mill.run()
    monkeypatch.setattr(foreign, "_check_fields", lambda context: pytest.fail("read again"))
    mill.write("2.jsonl", page("new-copy", longer(prose(70, 200))), page("new", prose(71, 200)))
    mill.run()
    assert removed(mill)["new-copy"][0] == "released"
    assert published(mill) == ["new", "other-short", "ours-again"]
    assert all(removed(mill)[name][0] == "released" for name in ("copy", "near", "short", "like-both"))
    assert mill.run().skipped, "nothing is left to do"


@pytest.mark.long
def test_a_delta_table_is_a_corpus_as_its_last_version_has_it(spark, tmp_path):
    (tmp_path / "other").mkdir()
    other = Mill(tmp_path / "other", outputs=["corpus"])
    del other.recipe["tokenise"]
    other.write("1.jsonl", *(page(f"p{n}", prose(n, 200)) for n in range(4)))
    other.run()
    other.write("1.jsonl", *(page(f"p{n}", prose(n, 200)) for n in range(3)))
    other.recipe["sources"][0]["deletes"] = True
    other.run()
    assert light.open_table(other.warehouse, "corpus").version() > 1
    mine = mill_against(tmp_path, {"name": "other", "path": "other/warehouse/corpus"}, exact_dedup=None)
    del mine.recipe["exact_dedup"]
    mine.write("1.jsonl", *(page(f"m{n}", longer(prose(n, 200))) for n in range(5)))
    mine.run()
    assert published(mine) == ["m3", "m4"], "p3 is in a file of the folder, and no longer in the table"


@pytest.mark.long
def test_a_table_of_a_catalog_is_read_by_its_name(spark, tmp_path):
    spark.createDataFrame([(prose(0, 200),), (None,)], "body string").write.mode("overwrite").format(
        "delta"
    ).saveAsTable("foreign_table")
    corpus = {"name": "web", "table": "spark_catalog.default.foreign_table", "fields": {"text": "body"}}
    mill = mill_against(tmp_path, corpus)
    mill.write("1.jsonl", page("near", longer(prose(0, 200))), page("new", prose(1, 200)))
    mill.run()
    spark.sql("DROP TABLE foreign_table")
    assert published(mill) == ["new"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"against": [{"name": "a", "path": "x.jsonl"}], "exact_dedup": None, "near_dedup": None}, "needs exact_dedup"),
        ({"against": [{"name": "a"}]}, "want one of path and table; got none"),
        ({"against": [{"name": "a", "path": "x", "table": "a.b.c"}]}, "want one of path and table; got both"),
        ({"against": [{"name": "a", "path": "x"}, {"name": "a", "path": "y"}]}, "'a' is listed twice"),
    ],
)
def test_a_wrong_key_is_told(tmp_path, keys, said):
    mill = Mill(tmp_path, **keys)
    path = tmp_path / "recipe.yml"
    path.write_text(yaml.safe_dump({k: v for k, v in mill.recipe.items() if v is not None}))
    with pytest.raises(RecipeError, match=said):
        recipe.load(path)


def test_a_field_or_a_path_that_is_not_there_is_told_before_anything_is_removed(spark, tmp_path):
    corpus = {"name": "released", "path": "released", "fields": {"text": "body"}}
    mill = mill_against(tmp_path, corpus)
    write(tmp_path / "released" / "a.jsonl", prose(0), prose(1))
    mill.write("1.jsonl", page("a", prose(2)))
    with pytest.raises(UserError, match=r"against `released`: a\.jsonl: field `body` is missing"):
        mill.run()
    corpus["path"] = "relaesed"
    with pytest.raises(UserError, match="relaesed"):
        mill.run()


@pytest.mark.long
def test_what_was_published_goes_when_it_turns_up_in_a_foreign_corpus_and_comes_back_without_it(ran):
    mill = ran  # the last test that looks at it
    write(mill.folder / "released" / "c.jsonl", longer(prose(5, 200), 2))
    mill.run()
    assert published(mill) == ["other-short"] and removed(mill)["ours"][0] == "released"
    del mill.recipe["against"]
    mill.run()
    assert {"copy", "other-short", "short"} <= {*published(mill), *removed(mill)}
    assert mill.rows("foreign_documents") == []
    assert removed(mill)["ours"] == (None, removed(mill)["ours"][1])
