"""Masked snippets: short, harmless, and never with half a value in them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.mask import NOT_SHOWN, around, default_masker, excerpts, masked


def show(text: str, limit: int = 200) -> str:
    return masked(text, default_masker(), limit=limit)


def test_values_become_their_types_and_control_characters_are_shown():
    assert show("Herr Muster, Tel. 030 23125-111\tend\x1b[31m\u202e") == (
        "Herr <PERSON>, Tel. <PHONE_NUMBER>\\tend\\x1b[31m\\u202e"
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 260), st.integers(1, 220))
def test_no_part_of_a_value_survives_wherever_the_cut_falls(before, limit):
    text = "x " * (before // 2) + "anna.beispiel@mail.example.org +49 30 23125 111 tail " + "y " * 200
    line = show(text, limit)
    assert len(line) <= limit
    assert "anna" not in line and "example" not in line and "23125" not in line
    assert line.count("<") == line.count(">"), "no half placeholder either"


def test_a_value_that_begins_where_the_search_ends_is_not_shown():
    assert "secret" not in show("z" * 40 + " " + "secret" * 5_000)
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 190 + "-----END PRIVATE KEY-----"
    assert "MIIEvQ" not in show(key, limit=100)


def test_escapes_of_a_raw_json_record_hide_nothing():
    line = show(r'{"text": "Gr\u00fc\u00dfe\n030 23125-111\nanna@example.org", "broken')
    assert "23125" not in line and "anna" not in line


def test_short_text_is_shown_whole_and_long_text_ends_at_a_word():
    assert show("Guten Tag") == "Guten Tag"
    assert show("word " * 100, limit=22) == "word word word word …"
    assert show("w" * 300) == "…"


def test_what_cannot_be_masked_is_not_shown(monkeypatch):
    def explode(*_):
        raise RuntimeError("anna@example.org")

    monkeypatch.setattr("corpusmill.transforms.text.recognisers.scan_phones", explode)
    assert show("anna@example.org") == NOT_SHOWN
    monkeypatch.setattr("corpusmill.transforms.text.anonymiser.Anonymiser.find", explode)
    assert show("anna@example.org") == NOT_SHOWN


def test_an_excerpt_that_cuts_a_value_shows_its_type_and_nothing_of_it():
    text = "Write to anna.muster@example.org, or wait."
    for start in range(len(text)):
        for mark in ([(start, start + 1)], []):
            (pieces,) = excerpts(text, [(start, min(len(text), start + 6))], mark, default_masker())
            shown = "".join(piece for piece, _ in pieces)
            assert not any(part in shown for part in ("anna", "muste", "@", "exam"))
            assert any(marked for _, marked in pieces) == bool(mark)


def test_an_excerpt_shows_the_span_with_its_marks_and_escapes_for_controls():
    (pieces,) = excerpts("one two\nthree four", [(4, 13)], [(4, 7)], default_masker())
    assert pieces == [("… ", False), ("two", True), ("\\nthree", False), (" …", False)]


def test_an_excerpt_that_cannot_be_masked_is_not_shown():
    assert excerpts("one two", [(0, 7)], [], object()) == [[(NOT_SHOWN, False)]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 80), st.integers(0, 60), st.integers(0, 90))
def test_around_a_finding_neither_what_is_known_nor_what_is_found_is_shown(before, after, reach):
    mail, name = "anna.beispiel@mail.example.org", "Nimue Ap Gwilym"
    text = f"{mail} {'x ' * before}{name}{' y' * after} {mail} +49 30 23125 111"
    at = text.index(name)
    known = [Finding(at, at + len(name), "PERSON", 0.5, "x")]
    pieces = around(text, (at, at + len(name)), known, default_masker(), "en", reach)
    assert [piece for piece, here in pieces if here] == ["<PERSON>"]
    shown = "".join(piece for piece, _ in pieces)
    assert not [part for part in ("anna", "example", "23125", "Nimue", "Gwilym") if part in shown]


def test_around_a_finding_nothing_is_shown_where_the_mask_fails():
    known = [Finding(0, 4, "PERSON", 0.5, "x")]
    assert around("Nora left.", (0, 4), known, object()) == [(NOT_SHOWN, False)]
