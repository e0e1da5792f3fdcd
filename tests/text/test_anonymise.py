"""The anonymiser as a whole: offsets, languages, idempotence, failing closed, and the gate that makes it fast."""

import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import recognisers_rule
from corpusmill.transforms.text.anonymiser import AnonymiseOptions, NotAnonymised, load
from corpusmill.transforms.text.findings import ENTITY_TYPES, Finding, outside_placeholders, resolve
from corpusmill.transforms.text.operators import apply
from corpusmill.transforms.text.recognisers import RULES, Patterns
from tests.text.test_anonymise_types import CHECKED, NEGATIVE

BOTH = AnonymiseOptions(languages=("de", "en"), mode="patterns")
SNIPPETS = [text for _, text, *_ in CHECKED + NEGATIVE]
GLUE = ["\n", "\n\n", " ", ". ", ", ", "; ", " und ", " - ", "\t", " 😀 ", " | "]

#: Texts of our snippets and of noise, joined in every way, so that rules meet one another's matches and contexts.
texts = st.lists(
    st.one_of(
        st.sampled_from(SNIPPETS),
        st.sampled_from(["<PERSON>", "<US_SSN>", "Tel.", "SSN", "Steuer-ID", "12", "Str. 5", "Herr", "@", "geb."]),
        st.text(alphabet="aZß0159 .,:-/@<>()\n😀", max_size=12),
    ),
    max_size=6,
).flatmap(lambda parts: st.sampled_from(GLUE).map(lambda glue: glue.join(parts)))


def find(text: str, options: AnonymiseOptions = BOTH, language: str = "und") -> list[Finding]:
    findings = load(options).find([text], [language])[0]
    assert isinstance(findings, list), findings
    return findings


@settings(max_examples=400, deadline=None)
@given(texts)
def test_looking_only_at_lines_with_a_trigger_finds_what_looking_everywhere_finds(text):
    patterns = Patterns(("de", "en"), ENTITY_TYPES)
    assert set(patterns.scan(text)) == set(patterns.scan(text, gated=False))


def test_every_rule_finds_something_in_the_test_data_so_that_the_gate_test_tests_it():
    patterns = Patterns(("de", "en"), ENTITY_TYPES)
    used = {finding.recogniser for text in SNIPPETS for finding in patterns.scan(text)}
    tokens = {
        "github_pat",
        "gitlab_token",
        "slack_token",
        "stripe_key",
        "openai_key",
        "google_key",
        "hugging_face_token",
    }
    rare = tokens | {"databricks_token", "json_web_token", "private_key", "date_after_star", "de_id_card_before_2010"}
    rare |= {"de_postcode_and_town_in_context", "de_postcode_in_context", "us_zip_in_context", "maiden_name"}
    rare |= {"person_who_introduces_themselves", "us_town_state_zip"}
    assert {rule.name for rule in RULES} - used <= rare


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(["replace", "mask", "hash", "encrypt", "redact"]))
def test_running_again_over_the_output_finds_nothing(text, operator):
    once, _ = apply(text, find(text), {"default": operator}, b"key")
    again = find(once)
    assert operator == "redact" or again == [], [(f.recogniser, once[f.start : f.end]) for f in again]


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(["replace", "pseudonym", "mask", "hash", "encrypt", "redact"]))
def test_no_value_is_left_in_what_stands_for_it(text, operator):
    _, applied = apply(text, find(text), {"default": operator}, b"key")
    for one in applied:
        assert text[one.start : one.end].casefold() not in str(one.replacement).casefold()


@settings(max_examples=200, deadline=None)
@given(texts)
def test_findings_are_in_order_without_overlaps_and_inside_the_text(text):
    findings = find(text)
    ends = [0, *(f.end for f in findings)]
    assert all(before <= f.start < f.end <= len(text) for before, f in zip(ends, findings, strict=False))
    assert all(f.score >= BOTH.minimum_score for f in findings)


def test_offsets_count_code_points_with_emoji_umlauts_and_letters_that_change_length_in_lower_case():
    text = "😀İİ Ğ Übergrößenträger: ünal@example.org, Tel. 030 23125-111 👩‍👧"
    assert [text[f.start : f.end] for f in find(text)] == ["ünal@example.org", "030 23125-111"]


def test_a_long_document_is_searched_to_its_end():
    text = "Nothing to see here, move along please.\n" * 30_000 + "Write to anna@example.org"
    assert [text[f.start : f.end] for f in find(text)] == ["anna@example.org"]


def test_one_language_listed_applies_to_every_document():
    english_only = AnonymiseOptions(languages=("en",), mode="patterns")
    for language in ("en", "de", "fr", "und"):
        assert [f.entity_type for f in find("seen by Mr. Sample", english_only, language)] == ["PERSON"]


def test_with_several_languages_a_document_gets_the_recognisers_of_its_own():
    assert find("Frau Muster", BOTH, "en") == []
    assert [f.entity_type for f in find("Frau Muster", BOTH, "de")] == ["PERSON"]
    for language in ("fr", "und"):
        assert len(find("Frau Muster met Mr. Sample", BOTH, language)) == 2


def test_entities_and_minimum_score_narrow_what_is_found():
    text = "anna@example.org, Tel. 030 23125-111"
    assert [f.entity_type for f in find(text, AnonymiseOptions(mode="patterns", entities=("PHONE_NUMBER",)))] == [
        "PHONE_NUMBER"
    ]
    assert find(text, AnonymiseOptions(mode="patterns", minimum_score=0.99)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "fast"},
        {"entities": ("PERSONS",)},
        {"entities": ("DATE_TIME",)},
        {"on_missing_model": "x"},
        {"languages": ()},
    ],
)
def test_options_that_cannot_be_say_what_can(wrong):
    with pytest.raises(UserError, match="anonymise"):
        AnonymiseOptions(**{"mode": "patterns", **wrong})


def test_options_are_pickled_and_the_anonymiser_is_loaded_once():
    copy = pickle.loads(pickle.dumps(BOTH))
    assert copy == BOTH
    assert load(copy) is load(BOTH)


def test_overlaps_go_to_the_higher_score_then_the_longer_then_the_first():
    def kept(*spans: tuple[int, int, float]) -> list[tuple[int, int]]:
        return [(f.start, f.end) for f in resolve(Finding(a, b, "PERSON", score, "r") for a, b, score in spans)]

    assert kept((0, 5, 0.5), (4, 6, 0.9)) == [(4, 6)]
    assert kept((0, 5, 0.5), (4, 6, 0.5)) == [(0, 5)]
    assert kept((2, 4, 0.5), (0, 2, 0.5), (1, 3, 0.5)) == [(0, 2), (2, 4)]
    assert kept((3, 3, 1.0)) == []


def test_a_finding_over_a_placeholder_keeps_only_what_is_not_the_placeholder():
    text = "Anna <PERSON> und <PERSON:0123456789ab>"
    pieces = outside_placeholders([Finding(0, len(text), "PERSON", 0.9, "model")], text)
    assert [text[f.start : f.end] for f in pieces] == ["Anna ", " und "]


def test_a_document_that_fails_gives_an_error_without_its_text_and_the_others_go_on(monkeypatch):
    secret = "anna@example.org"

    def explode(page):
        if secret in page.text:
            raise ValueError(f"cannot handle {page.text}")
        return iter(())

    monkeypatch.setattr("corpusmill.transforms.text.recognisers.scan_phones", explode)
    good, bad, also_good = load(BOTH).find(["max@example.org", secret, "nothing"], ["en", "en", "en"])
    assert isinstance(good, list) and len(good) == 1
    assert also_good == []
    assert isinstance(bad, NotAnonymised)
    assert "ValueError" in str(bad) and secret not in str(bad)
    assert bad.__cause__ is None and bad.__context__ is None, "a chained error would carry the text into a log"


def test_every_kind_of_failure_in_a_rule_fails_closed(monkeypatch):
    for error in (RecursionError("anna"), MemoryError("anna"), KeyError("anna"), TimeoutError("anna")):

        def explode(*_, error=error):
            raise error

        monkeypatch.setattr(recognisers_rule.Rule, "scan", explode)
        result = load(BOTH).find(["anna@example.org"], ["en"])[0]
        assert isinstance(result, NotAnonymised) and "anna" not in str(result)


def test_mode_patterns_loads_neither_spacy_nor_presidio():
    import subprocess
    import sys

    code = (
        "import sys; from corpusmill.transforms.text.anonymiser import AnonymiseOptions, load\n"
        "load(AnonymiseOptions(mode='patterns')).find(['Frau Muster'], ['de'])\n"
        "assert not {'spacy', 'presidio_analyzer', 'pyspark', 'tldextract'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "unit", ["a", "0", "0 ", "1-", "A", "A1", "@", "a@", "a.", ".a@b", "://a:", ":", "a:", "(0", "Mr. A ", "Aa ", "Aa-",
             "Dr.", "geb. ", "1.", "::", "-----BEGIN PRIVATE KEY-----", "12345 Aa ", "1 Aa St ", "token=",
             "\n", "Best\n"],
)  # fmt: skip
def test_no_text_makes_a_pattern_run_away(unit):
    text = unit * (60_000 // len(unit))
    begin = time.process_time()
    load(BOTH).find([text], ["und"])
    assert time.process_time() - begin < 5.0
