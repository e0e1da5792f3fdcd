"""Duplicates by meaning: given vectors decide, with the same evidence as n-grams."""

import random

import numpy as np
import pytest
import yaml

from corpusmill.jobs import recipe
from corpusmill.jobs.explain import explain
from corpusmill.schemas.errors import RecipeError, RunFailed
from corpusmill.transforms import semantic

from .mill import Mill, prose
from .test_keepers import kept_for, longer, page, published

NUMBERS = 24


def vector(seed, near=None, cosine=1.0):
    """A random direction; with `near`, one at this cosine from the direction of that seed."""
    found = np.random.default_rng(seed).normal(size=NUMBERS)
    if near is not None:
        other = np.array(vector(near))
        found -= found @ other * other
        found = cosine * other + np.sqrt(1 - cosine**2) * found / np.linalg.norm(found)
    return (found / np.linalg.norm(found)).tolist()


@pytest.fixture
def mill(tmp_path):
    return small(tmp_path)


@pytest.fixture(scope="module")
def ran(spark, tmp_path_factory):
    """One run, to look at."""
    mill = small(tmp_path_factory.mktemp("semantic"))
    mill.run()
    return mill


def small(tmp_path):
    mill = Mill(tmp_path, outputs=["corpus"], near_dedup={"semantic": {"embedding": "vector"}})
    mill.recipe["sources"][0]["metadata"] = ["author", "vector"]
    del mill.recipe["tokenise"], mill.recipe["anonymise"]
    mill.write(
        "1.jsonl",
        page("whole", prose(1, 210), vector=vector(1), author="A"),
        page("paraphrase", prose(2, 200), vector=vector(2, near=1, cosine=0.975)),
        page("related", prose(3, 200), vector=vector(3, near=1, cosine=0.93)),
        page("other", prose(4, 200), vector=vector(4)),
        page("edited", longer(prose(4, 200)), vector=vector(5)),  # alike in n-grams, far by its vector
        page("without", prose(6, 200)),
        page("broken", prose(7, 200), vector="none"),
    )
    return mill


def test_close_ones_go_far_ones_stay_and_the_evidence_says_by_what(ran):
    mill = ran
    assert kept_for(mill) == {"paraphrase": "whole", "other": "edited"}
    assert published(mill) == ["broken", "edited", "related", "whole", "without"]
    rows = {r["method"]: r for r in mill.rows("duplicate_clusters") if r["doc_id"] != r["kept_doc_id"]}
    assert rows["semantic"]["similarity"] == pytest.approx(0.975, abs=1e-6) and rows["minhash"]["similarity"] < 1
    decided = {r["rule"]: (r["stage"], r["measured"], r["limit"]) for r in mill.rows("decisions")}
    assert decided == {
        "semantic": ("near_dedup", "0.97", "0.95"),
        "near_dedup": ("near_dedup", decided["near_dedup"][1], "0.7"),
    }
    assert "similarity 0.975 (semantic)" in explain(mill.warehouse, "paraphrase").steps[-1].what
    assert "2 document(s) have no embedding, and are not compared by meaning" in mill.progress.notes


def test_the_vector_is_not_published(ran):
    metadata = {r["source_id"]: dict(r["metadata"] or {}) for r in ran.rows("corpus")}
    assert metadata["whole"] == {"author": "A"} and metadata["related"] == {}


def test_a_new_copy_of_a_published_one_goes_and_what_is_settled_stays(ran):
    mill = ran  # the last test that looks at it
    mill.write(
        "2.jsonl",
        page("late", longer(prose(8, 300)), vector=vector(8, near=1, cosine=0.99)),
        page("new", prose(9, 200), vector=vector(9)),
    )
    mill.run()
    assert kept_for(mill) == {"paraphrase": "whole", "other": "edited", "late": "whole"}
    assert "new" in published(mill)


def test_a_chain_by_meaning_and_by_ngrams_ends_at_documents_that_are_alike_directly(spark, mill):
    mill.write(
        "1.jsonl",
        page("a", prose(1, 300), vector=vector(1)),
        page("b", longer(prose(2, 200), 2), vector=vector(2, near=1, cosine=0.96)),
        page("c", prose(2, 200), vector=vector(3)),  # like b in n-grams; b goes for a
        page("c-copy", prose(2, 200).upper(), vector=vector(3)),
    )
    mill.run()
    assert kept_for(mill) == {"b": "a", "c-copy": "c"} or kept_for(mill) == {"b": "a", "c": "c-copy"}


@pytest.mark.parametrize(
    ("semantic", "said"),
    [
        ({}, "want one of embedding and model; got none"),
        ({"embedding": "v", "model": "m"}, "want one of embedding and model; got both"),
        ({"embedding": "v"}, "no source carries the field 'v'"),
    ],
)
def test_a_wrong_key_is_told(tmp_path, semantic, said):
    mill = Mill(tmp_path, near_dedup={"semantic": semantic})
    path = tmp_path / "recipe.yml"
    path.write_text(yaml.safe_dump(mill.recipe))
    with pytest.raises(RecipeError, match=said):
        recipe.load(path)


def test_vectors_that_nobody_has_are_told(spark, mill):
    mill.write("1.jsonl", page("a", prose(1), author="x"), page("b", prose(2)))
    with pytest.raises(RunFailed, match="no document has an embedding"):
        mill.run()


@pytest.mark.parametrize("partitions", [1, 7])
def test_planted_pairs_are_found_over_many_clusters_from_any_partitioning(spark, partitions):
    rows = [(f"{n:04d}", n, vector(n)) for n in range(600)]
    close = [(f"c{n:03d}", 1000 + n, vector(9000 + n, near=n, cosine=0.96)) for n in range(100)]
    far = [(f"f{n:03d}", 2000 + n, vector(9500 + n, near=n, cosine=0.94)) for n in range(100)]
    every = rows + close + far
    random.Random(partitions).shuffle(every)
    packed = [(name, order, np.array(v, dtype="<f4").tobytes()) for name, order, v in every]
    frame = spark.createDataFrame(packed, "doc_id string, priority long, embedding binary").repartition(partitions)
    from corpusmill.transforms.text import vectors

    sampled = [r["embedding"] for r in semantic.sample(frame, 512, 1).collect()]
    centroids = vectors.k_means(vectors.matrix(sampled), 8, 1)
    found = {(r.a, r.b): r.similarity for r in semantic.pairs(frame, centroids, 0.95).collect()}
    planted = {(f"c{n:03d}", f"{n:04d}") for n in range(100)}
    assert found.keys() <= planted, "those at .94 are no pairs"
    assert len(found) >= 97, "two near clusters are looked at"
    assert all(abs(value - 0.96) < 1e-6 for value in found.values())
