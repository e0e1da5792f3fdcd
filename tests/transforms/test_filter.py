"""Rules over columns: the first that fails decides, the others stand in detail."""

import pytest

from corpusmill.schemas.recipe_stages import Language, LanguageLimit
from corpusmill.transforms.filter import decide
from corpusmill.transforms.text.rules import Rule

RULES = (
    Rule("made", "words", "word_count", minimum=3, maximum=10),
    Rule("made", "ratio", "ratio", maximum=0.5),
)


@pytest.fixture(scope="module")
def decisions(spark):
    rows = [
        ("kept", 20, "en", 0.9, {"en": 1.0}, (5, 0.5)),
        ("short", 20, "en", 0.9, {"en": 1.0}, (2, 0.1)),
        ("both", 20, "en", 0.9, {"en": 1.0}, (11, 0.75)),
        ("french", 20, "fr", 0.9, {"fr": 1.0}, (5, 0.1)),
        ("unsure", 20, "de", 0.31, {"de": 1.0}, (5, 0.1)),
        ("surer", 20, "de", 0.5, {"de": 1.0}, (5, 0.1)),
        ("mixed", 20, "en", 0.9, {"en": 0.75, "de": 0.25}, (5, 0.1)),
        ("mixed german", 20, "de", 0.9, {"de": 0.75, "en": 0.25}, (5, 0.1)),
        ("empty", 0, "und", 0.0, {}, (0, 0.0)),
        ("unmeasured", 20, "en", 0.9, {"en": 1.0}, (None, None)),
    ]
    schema = (
        "doc_id string, n_chars int, language string, language_confidence float, languages map<string, float>, "
        "signals struct<word_count: bigint, ratio: double>"
    )
    documents = spark.createDataFrame(rows, schema)
    german = LanguageLimit(minimum_confidence=0.5, minimum_share=0.6)
    language = Language(keep=("en", "de"), minimum_confidence=0.65, minimum_share=0.8, limits={"de": german})
    return {r.doc_id: r for r in decide(documents, language, RULES).collect()}


def test_what_passes_every_rule_has_no_decision(decisions):
    assert "kept" not in decisions


def test_a_measure_that_means_nothing_drops_nothing(decisions):
    assert "unmeasured" not in decisions


def test_a_decision_names_rule_measure_and_limit(decisions):
    assert decisions["short"][2:5] == ("made.words", "2", "at least 3, at most 10")


def test_of_several_rules_the_first_decides_and_detail_names_the_others(decisions):
    assert decisions["both"].rule == "made.words"
    assert decisions["both"].detail == "also fails made.ratio"


def test_a_language_that_is_not_kept_drops(decisions):
    assert decisions["french"][2:5] == ("language.keep", "fr", "one of en, de")


def test_a_language_that_is_not_sure_drops(decisions):
    assert decisions["unsure"][2:5] == ("language.minimum_confidence", "0.3100", "at least 0.5")


def test_a_language_has_its_own_limits(decisions):
    assert "surer" not in decisions and "mixed german" not in decisions


def test_a_document_with_too_much_in_other_languages_drops(decisions):
    assert decisions["mixed"][2:5] == ("language.minimum_share", "0.7500", "at least 0.8")


def test_empty_text_drops_by_its_own_rule_whatever_else_it_fails(decisions):
    assert decisions["empty"].rule == "empty" and decisions["empty"].detail is None


def test_empty_text_drops_where_there_are_no_rules_at_all(spark):
    documents = spark.createDataFrame(
        [("a", 0, "und", 0.0, {}), ("b", 1, "und", 0.0, {})],
        "doc_id string, n_chars int, language string, language_confidence float, languages map<string, float>",
    )
    assert [r.doc_id for r in decide(documents, None, ()).collect()] == ["a"]
