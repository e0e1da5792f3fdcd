"""Where a person stands in rows, and who keeps a passage instead of an erased document."""

from corpusmill.transforms.erasure import holding, other_keepers


def test_each_column_that_holds_the_person_is_told_and_no_value_is_carried(spark):
    rows = spark.createDataFrame(
        [
            ("a", "Anna Müller", None),
            ("b", "Johanna Müller", "x"),
            ("c", "A. Müller, Anna Müller", "anna.mueller@x.org"),
        ],
        "doc_id string, text string, metadata string",
    )
    found = holding(rows, ["text", "metadata"], "Anna Müller")
    assert found.columns == ["doc_id", "field", "spelling"]
    assert {tuple(r) for r in found.collect()} == {
        ("a", "text", "name"),
        ("c", "text", "initials,name"),
        ("c", "metadata", "name"),
    }


def test_a_passage_is_kept_by_the_longest_document_that_is_left(spark):
    passages = spark.createDataFrame(
        [("gone", [(1,), (2,)]), ("short", [(1,)]), ("long", [(1,), (3,)]), ("elsewhere", [(1,)])],
        "doc_id string, passages array<struct<hash: bigint>>",
    )
    documents = spark.createDataFrame(
        [("short", "web", 10), ("long", "web", 20), ("elsewhere", "wiki", 99)],
        "doc_id string, source string, n_chars int",
    )
    counts = spark.createDataFrame(
        [("web", 1, 3, "gone", "v", "r"), ("web", 2, 2, "gone", "v", "r")],
        "source string, hash bigint, n_documents bigint, kept_doc_id string, made_from string, run_id string",
    )
    rows = other_keepers(counts, passages, documents).collect()
    assert [tuple(r) for r in rows] == [("web", 1, 3, "long", "v")], "what nobody else holds has no row"
