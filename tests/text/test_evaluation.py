"""Labelled text: what counts as found and as right, what a file may hold, and the made gold set itself."""

import json
from pathlib import Path

import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import recognisers_checks as checks
from corpusmill.transforms.text.evaluation import ALL, Labelled, Span, evaluate, parse
from corpusmill.transforms.text.findings import ENTITY_TYPES, Finding

GOLD = Path(__file__).parents[2] / "examples" / "audit_gold.jsonl"
TEXT = "Ask Anna Bergmann in Bonn."
LABELS = (Span(4, 17, "PERSON"), Span(21, 25, "LOCATION"))


def measured(*findings, spans=LABELS, entities=ENTITY_TYPES):
    found = [Finding(start, end, kind, 0.9, "x") for start, end, kind in findings]
    return evaluate([Labelled(TEXT, "en", spans)], [found], entities)


def counts(result, kind=ALL):
    got = result.by["en", kind]
    return (got.spans, got.found, got.found_any), (got.findings, got.right, got.right_any)


def test_a_finding_over_half_of_a_span_finds_it():
    assert counts(measured((9, 17, "PERSON")), "PERSON") == ((1, 1, 1), (1, 1, 1))


def test_a_finding_over_less_than_half_is_right_and_finds_nothing():
    assert counts(measured((4, 8, "PERSON")), "PERSON") == ((1, 0, 0), (1, 1, 1))


def test_two_findings_that_cover_a_span_only_together_do_not_find_it():
    spans = (Span(0, 20, "LOCATION"),)
    assert counts(measured((0, 7, "LOCATION"), (8, 16, "LOCATION"), spans=spans))[0] == (1, 0, 0)


def test_another_type_counts_for_any_type_alone():
    result = measured((4, 17, "LOCATION"))
    assert counts(result, "PERSON") == ((1, 0, 1), (0, 0, 0))
    assert counts(result, "LOCATION") == ((1, 0, 0), (1, 0, 1))


def test_a_finding_that_swallows_much_more_than_the_span_finds_it_and_is_wrong():
    result = measured((0, 26, "LOCATION"), spans=LABELS[1:])
    assert counts(result, "LOCATION") == ((1, 1, 1), (1, 0, 0))


def test_what_is_found_where_nothing_is_labelled_is_wrong_and_flagged():
    result = measured((0, 3, "PERSON"), spans=())
    assert counts(result) == ((0, 0, 0), (1, 0, 0))
    assert result.to_dict()["clean"] == [{"language": "en", "documents": 1, "characters": len(TEXT), "flagged": 3}]


def test_types_that_are_not_looked_for_are_no_misses():
    result = measured(entities=["PERSON"])
    assert counts(result)[0] == (1, 0, 0)
    assert result.not_looked_for == {"LOCATION": 1}


def test_a_refused_document_counts_nowhere_else():
    result = evaluate([Labelled(TEXT, "en", LABELS)], [ValueError("failed")], ENTITY_TYPES)
    assert (result.refused, dict(result.documents), dict(result.by)) == (1, {}, {})


def test_rates_come_with_their_intervals_and_sums():
    rows = {(r["language"], r["type"]): r for r in measured((4, 17, "PERSON")).to_dict()["rows"]}
    assert set(rows) == {(lang, kind) for lang in ("en", ALL) for kind in ("PERSON", "LOCATION", ALL)}
    share, low, high = rows["en", ALL]["recall"]
    assert share == 0.5 and 0 < low < 0.5 < high < 1
    assert rows["en", "LOCATION"]["precision"] is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: not JSON"),
        ('["text"]', "want an object"),
        ('{"text": "a", "spans": []}', "want an object"),
        ('{"text": "Anna", "language": "en"}', "want `spans`"),
        ('{"text": "Anna", "language": "en", "spans": [{"start": 0, "end": 9, "type": "PERSON"}]}', "span 0..9"),
        ('{"text": "Anna", "language": "en", "spans": [{"start": 2, "end": 2, "type": "PERSON"}]}', "span 2..2"),
        ('{"text": "Anna", "language": "en", "spans": [{"start": 0, "end": 4, "type": "NAME"}]}', "'NAME'"),
        (
            '{"text": "Anna", "language": "en", "spans": [{"start": 0, "end": 3, "type": "PERSON"}, '
            '{"start": 2, "end": 4, "type": "PERSON"}]}',
            "overlap",
        ),
        ("", "no document"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_its_line_and_without_its_text(line, said):
    with pytest.raises(UserError, match=said) as refused:
        parse([line], "gold.jsonl")
    assert str(refused.value).startswith("gold.jsonl")
    assert "Anna" not in str(refused.value)


def test_the_made_gold_set_can_be_read_and_is_of_both_languages():
    documents = parse(GOLD.read_text(encoding="utf-8").splitlines(), "gold")
    for language in ("de", "en"):
        mine = [d for d in documents if d.language == language]
        assert len(mine) >= 60
        assert sum(not d.spans for d in mine) >= 10, "documents without personal data"
    assert len({d.text for d in documents}) == len(documents)


def test_the_numbers_of_the_gold_set_have_right_check_digits():
    right = {
        "IBAN_CODE": checks.iban, "CREDIT_CARD": checks.luhn, "DE_TAX_ID": checks.german_tax_id,
        "DE_VAT_ID": checks.german_vat_id, "DE_SOCIAL_SECURITY": checks.german_social_security, "US_SSN": checks.us_ssn,
        "DE_HEALTH_INSURANCE": checks.german_health_insurance, "DE_ID_CARD": checks.travel_document,
        "DE_PASSPORT": checks.travel_document, "IP_ADDRESS": checks.ip_address,
    }  # fmt: skip
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    values = [(s["type"], r["text"][s["start"] : s["end"]]) for r in rows for s in r["spans"]]
    assert {kind for kind, _ in values} >= right.keys()
    assert all(right[kind](value) for kind, value in values if kind in right)
    assert all(value == value.strip() for _, value in values)
