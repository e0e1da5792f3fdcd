"""Spellings of a person: what `erase --subject` finds, and what it must not."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.subject import same, subject, values


def spelled(wanted: str, text: str) -> list[str]:
    """Kinds of the hits; the quick look must let through what the exact one finds."""
    made = subject(wanted)
    hits = made.find(text)
    assert made.may_hold(pl.Series([text, None])).to_list()[1] is False
    assert not hits or made.may_hold(pl.Series([text]))[0]
    return [hit.spelling for hit in hits]


@pytest.mark.parametrize(
    ("wanted", "text", "kind"),
    [
        ("Anna Müller", "Gestern kam ANNA MÜLLER zu Besuch.", "name"),
        ("Anna Müller", "gestern kam anna mueller", "name"),
        ("Anna Müller", "Anna Muller of Berlin", "name"),
        ("Anna Müller", "Anna Mu\u0308ller", "name"),
        ("Anna Müller", "Anna M. Müller", "name"),
        ("Anna Müller", "Anna\n  Müllers Haus", "name"),
        ("Anna Müller", "Anna Müller\u2019s house", "name"),
        ("Anna Müller", "scans/2024_anna_mueller_2.txt", "name"),
        ("Anna Müller", "anna.mueller@example.org", "name"),
        ("Dr. Anna Müller", "Anna Müller", "name"),
        ("Anna Mueller", "Anna Müller", "name"),
        ("Anna Müller", "Müller, Anna", "turned"),
        ("Anna Müller", "MÜLLER ANNA", "turned"),
        ("Müller, Anna", "Anna Müller", "name"),
        ("Anna Müller", "Müller, Dr. Anna", "turned"),
        ("Anna Müller", "A. Müller hat unterschrieben", "initials"),
        ("Anna Müller", "Müller, A.", "initials"),
        ("Jörg Weiß", "JOERG WEISS", "name"),
        ("Rene Dupont", "René Dupont", "name"),
        ("René Dupont", "Rene\u0301 Dupont", "name"),
        ("Anna-Lena von der Heide", "Anna Lena von der Heide", "name"),
        ("Anna-Lena von der Heide", "von der Heide, Anna-Lena", "turned"),
        ("Anna-Lena von der Heide", "A.-L. von der Heide", "initials"),
        ("Maria Anna Berg", "Maria Berg", "name"),
        ("Brunnhuber", "des Brunnhubers", "name"),
        ("王小明", "我是王小明。", "name"),
        ("anna@example.org", "Mail: ANNA@Example.org.", "e-mail"),
        ("anna@example.org", "anna [at] example (dot) org", "e-mail"),
        ("+49 30 23125 501", "Tel. 030/23125-501", "number"),
        ("+49 30 23125 501", "+49 (0)30 23 12 55 01", "number"),
        ("030 23125501", "0049 30 23125501", "number"),
        ("+44 20 7946 0958", "020 7946 0958", "number"),
        ("DE89 3704 0044 0532 0130 00", "de89370400440532013000", "number"),
        ("Hauptstraße 5, 12345 Berlin", "Hauptstr. 5\n12345 Berlin", "phrase"),
    ],
)
def test_a_person_is_found_in_each_spelling(wanted, text, kind):
    assert spelled(wanted, text) == [kind]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("Anna Müller", "Johanna Müller"),
        ("Anna Müller", "Anna Müllerin"),
        ("Anna Müller", "Herr Müller und Anna"),
        ("Anna Müller", "B. Müller"),
        ("Anna Müller", "Hanna. Müller"),
        ("Anna Mueller", "Anna Miller"),
        ("Schön", "Das ist schon lange her."),
        ("anna@example.org", "johanna@example.org"),
        ("anna@example.org", "jo.anna@example.org"),
        ("anna@example.org", "anna@example.org.uk"),
        ("+49 30 23125 501", "+49 30 23125 5012"),
        ("+49 30 23125 501", "130 23125501"),
        ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"),
        ("Hauptstraße 5, 12345 Berlin", "Hauptstraße 55, 12345 Berlin"),
    ],
)
def test_another_person_is_not_found(wanted, text):
    assert spelled(wanted, text) == []


def test_hits_say_where_and_do_not_overlap():
    text = "Anna Müller, A. Müller; Müller, Anna Müller"
    hits = subject("Anna Müller").find(text)
    assert [text[h.start : h.end] for h in hits] == ["Anna Müller", "A. Müller", "Müller, Anna"]


@pytest.mark.parametrize("wanted", ["", "  ", "A.", "x@", "12"])
def test_what_would_stand_everywhere_is_refused(wanted):
    with pytest.raises(UserError, match="at least 3 letters"):
        subject(wanted)


NAME = st.text(st.sampled_from("abcdeimnorstuyäöüßéñø-' "), min_size=1, max_size=8).filter(
    lambda word: any(c.isalpha() for c in word)
)


@given(st.lists(NAME, min_size=1, max_size=3), st.text(max_size=20))
def test_a_name_is_found_as_it_was_given_whatever_stands_around_it(words, around):
    wanted = " ".join(" ".join(words).split())
    if sum(c.isalnum() for c in wanted) >= 3 and not any(c.isdigit() for c in wanted):
        text = f"{around} {wanted}. {around}"
        assert spelled(wanted, text)
        assert spelled(wanted, text.upper()) and spelled(wanted, text.lower())


@given(st.text(min_size=3, max_size=30))
def test_any_subject_is_taken_or_refused_with_a_reason(text):
    try:
        made = subject(text)
    except UserError:
        return
    assert made.may_hold(pl.Series([text])) is not None
    assert isinstance(made.find(text), list)
    assert values(text)


@given(st.text(st.sampled_from("abcäöüßéABCÄÖÜ '-"), min_size=3, max_size=20))
def test_a_subject_typed_in_another_case_has_the_same_hash(text):
    assert same(text) == same(text.lower()) == same(f" {text}  ")
