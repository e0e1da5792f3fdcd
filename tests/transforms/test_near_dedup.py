"""Near-duplicates from texts to the rows of `duplicate_clusters`, against a reference that compares every pair."""

import random

import numpy as np
import pytest
from pyspark.sql import functions as F

from corpusmill.jobs.near_dedup_rounds import removal_set
from corpusmill.transforms import keeper, near_dedup, near_dedup_increment
from corpusmill.transforms.near_dedup import NearDedupOptions
from corpusmill.transforms.removal_set import merge_clusters, near_clusters
from corpusmill.transforms.text import minhash, pairs
from corpusmill.transforms.text.minhash import Bands

from .. import dedup_reference

# Forty bands of two rows propose any pair over the limit with a probability of 1 - 10^-11: so the reference over all
# pairs must come out, whatever the signatures.
SURE = NearDedupOptions(ngram=3, minimum_similarity=0.6, bands=Bands(40, 2), seed=1)
VOCABULARY = [f"w{i}" for i in range(2000)]


def words(random_: random.Random, n: int) -> list[str]:
    return random_.choices(VOCABULARY, k=n)


def edited(random_: random.Random, text: str, n_edits: int) -> str:
    """The text with words replaced: each edit changes at most three of its 3-grams."""
    found = text.split()
    for place in random_.sample(range(len(found)), n_edits):
        found[place] = random_.choice(VOCABULARY)
    return " ".join(found)


def families(seed: int, n: int = 40) -> dict[str, str]:
    """Texts, their edits, edits of these edits (chains), copies with other punctuation, and short ones."""
    random_ = random.Random(seed)
    documents: dict[str, str] = {}
    for family in range(n):
        text = " ".join(words(random_, random_.randint(20, 60)))
        for i in range(random_.randint(1, 6)):
            documents[f"{random_.randrange(10**6):06}-{family}-{i}"] = text
            if random_.random() < 0.3:
                documents[f"{random_.randrange(10**6):06}-{family}-{i}p"] = text.replace(" ", ", ", 1)
            text = edited(random_, text, random_.randint(0, 5)) + random_.choice(["", " more"])
    documents |= {f"short-{i}": "two words" + "!" * i for i in range(4)}
    return documents


def write_round(name, df):
    """Materialise in the driver, as the warehouse does in a table."""
    return df.sparkSession.createDataFrame(df.collect(), df.schema)


def signed_of(spark, documents, options, partitions=2):
    rows = spark.createDataFrame(list(documents.items()), "doc_id string, text string").repartition(partitions)
    return near_dedup.signatures(rows, options).withColumnRenamed("n_chars", "priority"), rows


def similar_of(spark, documents, options, partitions=2, parts=5):
    signed, rows = signed_of(spark, documents, options, partitions)
    proposed = near_dedup.proposed_pairs(signed, options)
    sets = near_dedup.ngram_sets(rows.join(near_dedup.members(proposed), "doc_id", "left_semi"), options)
    return signed, near_dedup.similar_pairs(proposed, sets, options.minimum_similarity, parts)


def clusters(spark, documents, options=SURE, partitions=2, **limits):
    signed, similar = similar_of(spark, documents, options, partitions)
    removed = removal_set(write_round("similar", similar), write_round, **limits)
    return sorted(near_clusters(removed, signed).collect())


def removed_in(rows) -> dict[str, tuple[str, float]]:
    return {row.doc_id: (row.kept_doc_id, row.similarity) for row in rows if row.doc_id != row.kept_doc_id}


def test_removed_documents_keepers_and_similarities_are_those_of_comparing_every_pair(spark) -> None:
    documents = families(seed=0, n=120)
    expected = dedup_reference.removal_set(documents, 3, 0.6)
    assert len(expected) > 150
    assert removed_in(clusters(spark, documents)) == expected


def test_pairs_compared_in_one_part_are_those_of_many(spark) -> None:
    documents = families(2)
    one, many = (sorted(similar_of(spark, documents, SURE, parts=parts)[1].collect()) for parts in (1, 50))
    assert one == many and len(one) > 20


def test_rows_of_the_kept_ones_are_there_once_and_name_themselves(spark) -> None:
    rows = clusters(spark, families(9))
    kept = {row.kept_doc_id for row in rows}
    assert {row.doc_id for row in rows if row.doc_id == row.kept_doc_id} == kept
    assert len({row.doc_id for row in rows}) == len(rows)
    assert all(row.similarity == 1.0 for row in rows if row.doc_id in kept)
    assert {(row.method, row.cluster_id == row.kept_doc_id) for row in rows} == {("minhash", True)}


def test_rounds_over_tables_give_what_one_task_gives(spark) -> None:
    documents = families(4) | {f"chain-{i}": " ".join(VOCABULARY[i : i + 10]) for i in range(20)}
    written: list[str] = []

    def counting(name, df):
        written.append(name)
        return write_round(name, df)

    _, similar = similar_of(spark, documents, SURE)
    similar = write_round("similar", similar)
    at_once = sorted(removal_set(similar, write_round).collect())
    by_rounds = sorted(removal_set(similar, counting, pairs_in_one_task=0).collect())
    some_rounds = sorted(removal_set(similar, write_round, pairs_in_one_task=similar.count() - 1).collect())
    assert by_rounds == some_rounds == at_once
    assert len(written) == len(set(written)) >= 4


@pytest.mark.parametrize("partitions", [7, pytest.param(64, marks=pytest.mark.long)])
def test_kept_set_and_evidence_are_equal_from_any_partitioning_and_order(spark, partitions: int) -> None:
    documents = families(5, n=25)
    options = NearDedupOptions(ngram=3, minimum_similarity=0.6, bands=Bands(6, 6), seed=1)  # misses some pairs
    shuffled = dict(random.Random(partitions).sample(sorted(documents.items()), len(documents)))
    expected = clusters(spark, documents, options, partitions=1)
    assert expected
    spark.conf.set("spark.sql.shuffle.partitions", partitions)
    spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
    try:
        assert clusters(spark, shuffled, options, partitions) == expected
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", 2)
        spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "true")


def test_a_chain_keeps_its_ends_when_they_are_apart(spark) -> None:
    documents = {name: " ".join(VOCABULARY[100:][at : at + 22]) for name, at in [("a", 0), ("b", 4), ("c", 8)]}
    assert dedup_reference.jaccard(*(dedup_reference.ngrams(documents[d], 3) for d in "ac")) < 0.6
    found = removed_in(clusters(spark, documents))
    assert found == {"b": ("a", 16 / 24)}


def test_a_pair_at_the_limit_is_a_duplicate_and_one_under_it_is_not(spark) -> None:
    at, under = " ".join(VOCABULARY[2:10]), " ".join(VOCABULARY[100:107])
    documents = {
        "at-1": " ".join(VOCABULARY[:10]),  # 8 3-grams, of which `at` has 6 and no other: 0.75
        "at-2": at,
        "under-1": " ".join(VOCABULARY[100:110]),  # 5 of 8: 0.625
        "under-2": under,
    }
    options = NearDedupOptions(ngram=3, minimum_similarity=0.75, bands=Bands(60, 1), seed=1)
    assert removed_in(clusters(spark, documents, options)) == {"at-2": ("at-1", 0.75)}


def test_short_documents_have_no_signature_and_are_never_near_duplicates(spark) -> None:
    documents = {"a": "two words", "b": "two, words", "c": "", "d": "one two three", "e": "one two three four"}
    signed, _ = signed_of(spark, documents, SURE)
    found = {
        row.doc_id: (row.signature and len(row.signature), row.n_ngrams, row.ngrams_hash) for row in signed.collect()
    }
    assert found["a"] == found["b"] == found["c"] == (None, 0, None)
    assert found["d"][:2] == (4 * 80, 1)
    assert removed_in(clusters(spark, documents)) == {}


def test_of_3000_equal_and_nearly_equal_documents_one_stays_and_few_pairs_are_compared(spark) -> None:
    random_ = random.Random(1)
    text = " ".join(words(random_, 300))
    documents = {f"equal-{i:04}": text.replace(" ", ". " if i % 2 else " ", i % 50) for i in range(1500)}
    documents |= {f"near-{i:04}": edited(random_, text, 2) for i in range(1500)}
    documents |= {f"other-{i}": " ".join(words(random_, 300)) for i in range(20)}
    options = NearDedupOptions(ngram=5, minimum_similarity=0.7, bands=Bands(20, 8), seed=1)
    signed, similar = similar_of(spark, documents, options)
    signed = write_round("signed", signed)
    skipped = near_dedup.skipped_pairs(signed, options).collect()[0].skipped
    similar = write_round("similar", similar)
    assert similar.count() < 1501 * 1500 / 2 * 0.6  # of all pairs, nearly all of which are similar
    assert skipped > 1_000_000
    rows = {r.ngrams_hash: r.signature for r in signed.collect()}
    slots = np.frombuffer(b"".join(rows.values()), dtype="<u4").reshape(len(rows), options.bands.slots)
    assert pairs.skipped(minhash.bands_of(slots, options.bands)) == skipped, "the report counts without Spark"
    found = removed_in(near_clusters(removal_set(similar, write_round), signed).collect())
    assert len(found) == 2999
    assert len({keeper for keeper, _ in found.values()}) == 1


def test_nothing_is_skipped_in_an_ordinary_corpus_and_none_in_an_empty_one(spark) -> None:
    signed, _ = signed_of(spark, families(6, n=10), SURE)
    assert near_dedup.skipped_pairs(signed, SURE).collect()[0].skipped == 0
    assert near_dedup.skipped_pairs(signed.limit(0), SURE).collect()[0].skipped == 0
    assert clusters(spark, {"a": "only one document here"}) == []


def test_exact_copies_of_a_removed_keeper_name_the_final_one_with_its_similarity(spark) -> None:
    schema = "doc_id string, kept_doc_id string, method string, similarity double"
    exact = [
        ("e1", "e1", "exact", 1.0),
        ("e2", "e1", "exact", 1.0),
        ("x1", "x1", "exact", 1.0),
        ("x2", "x1", "exact", 1.0),
    ]
    near = [
        ("k", "k", "minhash", 1.0),
        ("e1", "k", "minhash", 0.8),
        ("n", "x1", "minhash", 0.9),
        ("x1", "x1", "minhash", 1.0),
    ]
    merged = merge_clusters(spark.createDataFrame(exact, schema), spark.createDataFrame(near, schema))
    found = sorted((r.doc_id, r.cluster_id, r.kept_doc_id, r.method, r.similarity) for r in merged.collect())
    assert found == [
        ("e1", "k", "k", "minhash", 0.8),
        ("e2", "k", "k", "exact", 0.8),
        ("k", "k", "k", "minhash", 1.0),
        ("n", "x1", "x1", "minhash", 0.9),
        ("x1", "x1", "x1", "minhash", 1.0),
        ("x2", "x1", "x1", "exact", 1.0),
    ]


def test_clusters_of_exact_copies_alone_come_through_a_merge_as_they_are(spark) -> None:
    schema = "doc_id string, cluster_id string, kept_doc_id string, method string, similarity double"
    exact = [("e1", "e1", "e1", "exact", 1.0), ("e2", "e1", "e1", "exact", 1.0)]
    merged = merge_clusters(spark.createDataFrame(exact, schema), spark.createDataFrame([], schema))
    assert sorted(tuple(row) for row in merged.collect()) == exact


# Of one text eighty variations by a word at the end: one bucket, larger than what is compared in it.
BUCKET = {f"page-{i:02}": " ".join(VOCABULARY[:200]) + f" end{i}" for i in range(80)}


def test_an_earlier_pair_is_compared_again_where_its_bucket_has_grown(spark) -> None:
    signed, _ = signed_of(spark, BUCKET, SURE)
    signed = signed.withColumn("priority", F.lit(0))

    def proposed(earlier=None):
        rows = near_dedup.proposed_pairs(signed, SURE, earlier).where("b = 'page-79'").collect()
        return {row.a for row in rows}

    left_out = min(BUCKET.keys() - proposed() - {"page-79"})
    before = spark.createDataFrame([("page-79", left_out)], "doc_id string, kept_doc_id string")
    assert proposed(near_dedup_increment.earlier_pairs(before, signed)) == proposed() | {left_out}


def test_a_published_document_stands_in_its_bucket_where_it_stood_before(spark) -> None:
    signed, _ = signed_of(spark, BUCKET, SURE)
    bonus = F.when(F.col("doc_id") == "page-70", keeper.PUBLISHED).otherwise(0)

    def proposed(priority):
        rows = near_dedup.proposed_pairs(signed.withColumn("priority", priority), SURE).collect()
        assert all((-row.a_priority, row.a) < (-row.b_priority, row.b) for row in rows)
        return {frozenset((row.a, row.b)) for row in rows}

    assert proposed(bonus.cast("long")) == proposed(F.lit(0).cast("long"))


def test_what_was_removed_before_stays_removed_for_the_same_one_while_it_stays(spark) -> None:
    rows = [("k1", "r1"), ("k2", "r1"), ("k1", "r2"), ("k2", "r2"), ("k1", "r3"), ("gone", "r3"), ("k1", "gone")]
    similar = spark.createDataFrame([(a, b, 2 - (a == "k2"), 0, 0.9, "minhash") for a, b in rows], near_dedup.SIMILAR)
    removed = removal_set(similar, write_round)
    assert {r.doc_id: r.kept_doc_id for r in removed.collect()} == dict.fromkeys(["r1", "r2", "r3", "gone"], "k1")
    earlier = spark.createDataFrame(
        [("k2", "r1", 1, 0, 0), ("gone", "r3", 2, 0, 0), ("k9", "r2", 1, 0, 0)], near_dedup.PROPOSED
    )
    found = {r.doc_id: r.kept_doc_id for r in near_dedup_increment.as_before(removed, similar, earlier).collect()}
    assert found == {"r1": "k2", "r2": "k1", "r3": "k1", "gone": "k1"}
