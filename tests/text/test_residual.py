"""The second look: finds what was left by other means, and nothing in what was put in place of findings."""

import pytest

from corpusmill.transforms.text import recognisers_checks as checks
from corpusmill.transforms.text.anonymiser import AnonymiseOptions, NotAnonymised, load
from corpusmill.transforms.text.findings import ENTITY_TYPES
from corpusmill.transforms.text.placing import Placed
from corpusmill.transforms.text.residual import checksums, forms, repeats, scan

PLAIN = [
    "Version 2.6.32.5 was built on 12.03.2023 at 14:02:11 and has 412 pages.",
    "ISBN 978-3-16-148410-0, item 4008-117-22, 30 x 20 x 15 cm.",
    "Die Regierung beschloss am Mittwoch, die Steuer zu senken.",
    "See section 4.2 of the Main Street programme; the Marktplatz was full.",
    "x" * 50_000,
]


@pytest.fixture(scope="module")
def recognisers():
    return load(AnonymiseOptions(mode="patterns", minimum_score=0.3))


def means(text, recognisers, placed=()):
    return {(f.recogniser, f.entity_type, text[f.start : f.end]) for f in scan(text, "und", recognisers, placed)}


@pytest.mark.parametrize(
    "value", ["L01X00T44", "86095742719", "DE89370400440532013000", "4111111111111111", "A000500015"]
)
def test_a_number_with_a_right_check_digit_is_found_without_context(value):
    assert [f.start for f in checksums(f"abc {value} def")][:1] == [4]


def test_a_number_with_a_wrong_check_digit_is_not_found():
    assert not checksums("abc 86095742718 and DE88370400440532013000 def")
    assert not checks.german_tax_id("86095742718")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to nora(at).lind@example.org", "EMAIL_ADDRESS"),
        ("+49 30 23125471", "PHONE_NUMBER"),
        ("0171/3920055", "PHONE_NUMBER"),
        ("212-555-0148", "PHONE_NUMBER"),
        ("Lindenstraße 14", "LOCATION"),
        ("27 Quarry Lane", "LOCATION"),
        ("Mrs. Lind", "PERSON"),
    ],
)
def test_forms_find_what_has_the_form_of_personal_data(text, kind):
    assert kind in {f.entity_type for f in forms(f"Then {text} again.")}


@pytest.mark.parametrize("text", PLAIN)
def test_nothing_is_found_in_text_without_personal_data(text, recognisers):
    assert means(text, recognisers) == set()


def test_what_was_put_in_place_of_a_finding_is_not_left(recognisers):
    text = "Ask <PERSON> or Mrs. Harper at <EMAIL_ADDRESS:0123456789ab>."
    assert means(text, recognisers, [Placed(16, 27, "PERSON", "Mrs. Lind")]) == set()
    assert means(text, recognisers), "a made-up name counts where nobody says that it was put there"


def test_a_word_of_a_replaced_name_that_stands_elsewhere_is_found():
    text = "<PERSON> left. Then Lind came, and the lind tree fell; Lindau is a town."
    found = repeats(text, [Placed(0, 8, "PERSON", "Nora Lind"), Placed(0, 8, "LOCATION", "Lindau")])
    assert [text[f.start : f.end] for f in found] == ["Lind"]


def test_each_of_the_means_counts_what_it_finds_whatever_the_others_find(recognisers):
    found = means("Herr Lind, IBAN DE89370400440532013000", recognisers)
    assert {(m, kind) for m, kind, _ in found} >= {
        ("recognisers", "PERSON"), ("forms", "PERSON"), ("recognisers", "IBAN_CODE"), ("checksums", "IBAN_CODE"),
    }  # fmt: skip


def test_a_text_that_cannot_be_searched_has_no_result():
    class Broken:
        def find(self, texts, languages):
            return [NotAnonymised("a recogniser failed")]

    with pytest.raises(NotAnonymised):
        scan("text", "en", Broken())


def test_what_is_found_is_of_the_known_types(recognisers):
    text = "Frau Lind, Hauptstraße 5, nora@example.org, 86095742719"
    assert {kind for _, kind, _ in means(text, recognisers)} <= set(ENTITY_TYPES)
