"""Who stays among duplicates over several runs, and the guard for a source that would be wiped out."""

import pytest

from corpusmill.jobs import keepers
from corpusmill.schemas.errors import RunFailed

from .mill import Mill, prose


def page(name, text, **more):
    return {"id": name, "text": text, **more}


def published(mill):
    ids = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    return sorted(ids[r["doc_id"]] for r in mill.rows("corpus"))


def kept_for(mill):
    """Own id of each removed document -> own id of the one kept."""
    ids = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    rows = mill.rows("duplicate_clusters")
    return {ids[r["doc_id"]]: ids[r["kept_doc_id"]] for r in rows if r["doc_id"] != r["kept_doc_id"]}


def longer(text, n=1):
    return text + " And a few more words stand here at the end" * n + "."


def test_what_is_published_stays_and_its_new_copies_go(spark, tmp_path):
    mill = Mill(tmp_path, outputs=["corpus"], anonymise=None, tokenise=None)
    mill.recipe = {k: v for k, v in mill.recipe.items() if v is not None}
    mill.write("1.jsonl", *(page(f"old-{n}", prose(n, 200)) for n in range(8)), page("twin", longer(prose(0, 200))))
    mill.run()
    assert kept_for(mill) == {"old-0": "twin"}, "before anything is published the longest stays"

    mill.write(
        "2.jsonl",
        page("longer-1", longer(prose(1, 200))),
        page("longer-0", longer(prose(0, 200), 2)),
        page("copy-2", prose(2, 200).upper()),
        page("new-a", longer(prose(50, 200))),
        page("new-b", prose(50, 200)),
    )
    done = mill.run()
    near = next(r for r in done.stages if r["stage"] == "near_dedup")
    assert near["n_done"] == 4, "signatures are made of new documents only; the exact copy is gone before"
    expected = {"old-0": "twin", "longer-0": "twin", "longer-1": "old-1", "copy-2": "old-2", "new-b": "new-a"}
    assert kept_for(mill) == expected
    assert "old-1" in published(mill) and "longer-1" not in published(mill)

    mill.write("1.jsonl", *(page(f"old-{n}", prose(n, 200)) for n in range(8) if n != 1), page("twin", prose(77, 200)))
    mill.recipe["sources"][0]["deletes"] = True
    mill.run()
    assert "longer-1" in published(mill), "the one kept for it is gone, so that it is judged again"
    assert kept_for(mill) == {"old-0": "longer-0", "copy-2": "old-2", "new-b": "new-a"}


def test_an_increment_decides_as_a_whole_run_with_the_same_keepers(spark, tmp_path, monkeypatch):
    """Once by what is settled, once by judging all again."""
    found = []
    for name in ("increment", "all again"):
        (tmp_path / name).mkdir()
        mill = Mill(tmp_path / name, outputs=["corpus"], anonymise=None, tokenise=None)
        mill.recipe = {k: v for k, v in mill.recipe.items() if v is not None}
        families = [longer(prose(n, 200), more) for n in range(12) for more in range(n % 3 + 1)]
        mill.write("1.jsonl", *(page(f"first-{i}", text) for i, text in enumerate(families)))
        mill.run()
        mill.write("2.jsonl", *(page(f"then-{i}", longer(text)) for i, text in enumerate(families[::2])))
        if name == "all again":
            monkeypatch.setattr(keepers, "_made_with", lambda *_: False)
        mill.run()
        found.append((published(mill), kept_for(mill), mill.content_hash()))
    assert found[0] == found[1] and len(found[0][1]) > 15


@pytest.mark.long
def test_elected_keepers_may_take_a_published_one_away(spark, tmp_path):
    mill = Mill(tmp_path, outputs=["corpus"], near_dedup={"keepers": "elected"})
    mill.recipe.pop("tokenise")
    mill.write("1.jsonl", page("short", prose(1, 200)))
    mill.run()
    mill.write("2.jsonl", page("long", longer(prose(1, 200))))
    mill.run()
    assert published(mill) == ["long"] and kept_for(mill) == {"short": "long"}


def test_a_source_that_would_be_wiped_out_stops_the_run_before_it_publishes(spark, tmp_path):
    sources = [{"name": "site", "path": "in/site.jsonl"}, {"name": "mirror", "path": "in/mirror.jsonl"}]
    mill = Mill(tmp_path, sources=sources, outputs=["corpus"])
    mill.recipe.pop("tokenise")
    texts = [prose(n, 300) for n in range(120)]
    mill.write("site.jsonl", *(page(f"s{n}", longer(text)) for n, text in enumerate(texts)))
    mill.write("mirror.jsonl", *(page(f"m{n}", text) for n, text in enumerate(texts[:110])))
    with pytest.raises(RunFailed) as caught:
        mill.run()
    said = str(caught.value)
    assert "source `mirror` would lose 110 of its 110 documents (100.0%) as duplicates" in said
    assert "kept in source `site`" in said and "corpusmill explain" in said and "near_dedup.maximum_loss: 1" in said
    assert mill.rows("dataset_versions") == [] and mill.rows("corpus") == []
    mill.run("near_dedup.maximum_loss=1.0")
    assert len(mill.rows("corpus")) == 120


@pytest.mark.long
def test_a_source_smaller_than_the_guard_looks_at_may_vanish(spark, tmp_path):
    sources = [{"name": "site", "path": "in/site.jsonl"}, {"name": "mirror", "path": "in/mirror.jsonl"}]
    mill = Mill(tmp_path, sources=sources, outputs=["corpus"], near_dedup={"keep": {"sources": ["site"]}})
    mill.recipe.pop("tokenise")
    mill.write("site.jsonl", *(page(f"s{n}", prose(n, 300)) for n in range(20)))
    mill.write("mirror.jsonl", *(page(f"m{n}", longer(prose(n, 300))) for n in range(20)))
    mill.run()
    assert all(own.startswith("s") for own in published(mill)), "of the source that the rule prefers"
