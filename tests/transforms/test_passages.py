"""Repeated passages: which are frequent, who keeps one, what is cut, and what the cuts leave."""

import random
from collections import defaultdict

import pytest

from corpusmill.jobs.tables import EDITED_DOCUMENTS
from corpusmill.transforms.edits import with_edits
from corpusmill.transforms.measure import measured
from corpusmill.transforms.near_dedup import NearDedupOptions, ngram_sets, signatures
from corpusmill.transforms.passages import counts, cuts, passages
from corpusmill.transforms.text.edits import apply_edits
from corpusmill.transforms.text.measure import Measuring
from corpusmill.transforms.text.minhash import Bands
from corpusmill.transforms.text.passages import PassageOptions

OPTIONS = PassageOptions(minimum_words=2, salt=b"test")
NOTICE, FOOTER = "All rights reserved.", "Send a letter"
SCHEMA = "doc_id string, source string, text string, exact_hash string, n_chars int, language string, made_from string"


def rows(texts, source="web"):
    return [(name, source, text, text.lower(), len(text), "en", f"m {text}") for name, text in texts.items()]


def cut(spark, documents, minimum=3, partitions=2, frozen=None):
    """The edited texts of all documents, by id, and the counts that they were made with."""
    frame = spark.createDataFrame(documents, SCHEMA).repartition(partitions)
    found = passages(frame, OPTIONS)
    counted = frozen if frozen is not None else counts(found, frame, "v1")
    edits = defaultdict(list)
    for row in cuts(found, frame, counted, minimum).collect():
        assert (row.stage, row.rule) == ("filter", "passages")
        edits[row.doc_id].append((row.start, row.end, row.replacement))
    return {doc_id: apply_edits(text, edits[doc_id])[0] for doc_id, _, text, *_ in documents}, counted


def test_one_document_keeps_the_passage_the_longest_and_then_the_first(spark):
    texts = {"a": f"One text.\n\n{NOTICE}", "c": f"Longer text.\n\n{NOTICE}", "b": f"Longer page.\n\n{NOTICE}"}
    edited, counted = cut(spark, rows(texts))
    assert edited == {"a": "One text.", "b": texts["b"], "c": "Longer text."}
    (row,) = counted.collect()
    assert (row.source, row.n_documents, row.kept_doc_id, row.made_from) == ("web", 3, "b", "v1")


def test_what_is_left_is_separated_as_it_was_and_has_no_empty_ends(spark):
    pages = {f"p{n}": f"Page of its own, number {n}.\n\n{NOTICE}\n\n{FOOTER}" for n in range(3)}
    left = {
        "N\n\nText.\n\nF": "Text.",
        "Text.\n\nN\n\nF": "Text.",
        "Text.\n\n  N\n\nMore.": "Text.\n\nMore.",
        "Text.\n\nN\n\nYes.": "Text.\n\nYes.",
        "N\n\nF": "",
        "Text.\n\nN\n\nN": "Text.",
    }
    texts = {case: case.replace("N", NOTICE).replace("F", FOOTER) for case in left}
    edited, _ = cut(spark, rows(pages | texts))
    assert {case: edited[case] for case in left} == left


def test_copies_of_one_text_are_one_document(spark):
    texts = {name: "The same text.\n\n" + NOTICE for name in "abcd"}
    assert cut(spark, rows(texts))[0] == texts


def test_what_is_frequent_in_one_source_is_left_alone_in_another(spark):
    texts = {f"p{n}": f"Page number {n}.\n\n{NOTICE}" for n in range(4)}
    other = rows({"x": NOTICE, "y": f"Some other text.\n\n{NOTICE}"}, source="books")
    edited, _ = cut(spark, rows(texts) + other)
    assert edited["x"] == NOTICE and edited["y"].endswith(NOTICE)
    assert sum(NOTICE in text for name, text in edited.items() if name.startswith("p")) == 1


def test_a_passage_of_fewer_documents_or_words_stays(spark):
    texts = {f"p{n}": f"Page number {n}.\n\n{NOTICE}\n\nImpressum" for n in range(4)}
    assert cut(spark, rows(texts), minimum=5)[0] == texts
    assert all("Impressum" in text for text in cut(spark, rows(texts), minimum=4)[0].values())


def test_a_later_document_is_judged_by_the_counts_that_were_made_once(spark):
    texts = {f"p{n}": f"Page number {n}.\n\n{NOTICE}" for n in range(4)}
    edited, counted = cut(spark, rows(texts))
    fresh = {"new": f"This page is much longer than all the others were.\n\n{NOTICE}\n\n{FOOTER}"}
    later, _ = cut(spark, rows(texts | fresh), frozen=counted)
    assert later["new"] == f"This page is much longer than all the others were.\n\n{FOOTER}"
    assert {name: later[name] for name in texts} == edited


@pytest.mark.parametrize("partitions", [1, 7])
def test_the_same_is_cut_from_any_partitioning_and_order(spark, partitions):
    texts = {f"d{n}": "\n\n".join(f"Passage {(n * k) % 9}." for k in range(1, 5)) for n in range(60)}
    shuffled = random.Random(partitions).sample(rows(texts), len(texts))
    assert cut(spark, shuffled, partitions=partitions)[0] == cut(spark, rows(texts))[0] != texts


def test_the_edited_texts_are_measured(spark):
    documents = spark.createDataFrame(rows({"a": "One two three. Four", "b": "x"}), SCHEMA)
    edits = spark.createDataFrame(
        [("a", 3, 14, "r", ""), ("b", 0, 1, "r", "")],
        "doc_id string, start int, end int, rule string, replacement string",
    )
    found = measured(with_edits(documents, edits), EDITED_DOCUMENTS.schema, Measuring(signals=True)).collect()
    assert {r.doc_id: (r.n_chars, r.signals.word_count) for r in found} == {"a": (8, 2), "b": (0, 0)}
    without = measured(with_edits(documents, edits), EDITED_DOCUMENTS.schema, Measuring(signals=False)).collect()
    assert {r.signals for r in without} == {None}


def test_near_dedup_compares_the_edited_texts(spark):
    options = NearDedupOptions(2, 0.7, Bands(4, 2), 1)
    edit = [(0, 4, "r", "")]
    schema = "doc_id string, text string, edits array<struct<start: int, end: int, rule: string, replacement: string>>"
    texts = spark.createDataFrame([("a", "cut one two three", edit), ("b", "one two three", None)], schema)
    signed = {r.doc_id: r for r in signatures(texts, options).collect()}
    assert signed["a"].signature == signed["b"].signature and signed["a"].n_chars == 13
    sets = {r.doc_id: r.ngrams for r in ngram_sets(texts, options).collect()}
    assert sets["a"] == sets["b"]
