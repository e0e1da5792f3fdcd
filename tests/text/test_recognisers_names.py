"""What the same document says for and against a name."""

import pytest

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.names_features import SMALL, Words
from corpusmill.transforms.text.recognisers_beside import announced, beside
from corpusmill.transforms.text.recognisers_names import Document, repeated, with_capitals, without_titles


@pytest.mark.parametrize(
    ("text", "value", "is_plausible"),
    [
        ("Ask Rose about it.", "Rose", True),
        ("A rose is a rose. Rose is a colour, says the rose.", "Rose", False),
        ("Will you? Will they? Ask Will, Will knows. I will.", "Will", True),
        ("Pick the tool. Tool Tip is new; tip the tool.", "Tool Tip", False),
        ("Baker Smith knows the baker.", "Baker Smith", True),
        ("Runs on GNU/Linux", "GNU/Linux", False),
        ("Linux Torvalds", "Linux", False),
    ],
)
def test_a_word_that_the_text_mostly_writes_small_is_no_name(text, value, is_plausible):
    assert Document(text).plausible(value) is is_plausible


def test_a_surname_that_stands_alone_is_found_where_the_whole_name_was():
    text = "Jutta Brandner came late. Brandner's car broke down; Brandners of Ulm, and Juttas, too."
    whole = [Finding(0, 14, "PERSON", 0.85, "model")]
    found = [text[f.start : f.end] for f in repeated(whole, Document(text))]
    assert found == ["Brandner", "Brandners", "Juttas"]


def test_parts_of_a_name_that_mean_something_else_in_the_text_are_left():
    text = "Mark Baker came. The baker asked the baker; Baker Street is near."
    whole = [Finding(0, 10, "PERSON", 0.85, "model")]
    assert [text[f.start : f.end] for f in repeated(whole, Document(text))] == []


def test_what_is_found_already_is_not_found_again():
    text = "Jutta Brandner lives in Brandner Lane."
    found = [Finding(0, 14, "PERSON", 0.85, "model"), Finding(24, 37, "LOCATION", 0.8, "address")]
    assert list(repeated(found, Document(text))) == []


@pytest.mark.parametrize(
    ("value", "is_plausible"),
    [
        ("Egyptian", False),
        ("South Koreans", False),
        ("Indian and African", False),
        ("Christians", False),
        ("Christian", True),
        ("South Korea", True),
        ("Dawn French", True),
    ],
)
def test_a_people_is_no_person_and_no_place(value, is_plausible):
    assert Document(f"They say {value} is right.").plausible(value) is is_plausible


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Secretary-General Kofi Annan", "Kofi Annan"),
        ("General de Meza", "de Meza"),
        ("Prince", "Prince"),
        ("Prudence Major", "Prudence Major"),
    ],
)
def test_an_office_before_a_name_is_no_part_of_it(value, name):
    assert without_titles(value) == name
    assert Document(f"They met {value} there.").plausible(name)


def test_a_title_or_a_people_in_a_name_is_not_looked_for_alone():
    text = "Senator Dorsch and Ute German came. A Senator left, a German stayed, Dorsch too."
    people = [Finding(0, 14, "PERSON", 0.85, "model"), Finding(19, 29, "PERSON", 0.85, "model")]
    assert [text[f.start : f.end] for f in repeated(people, Document(text))] == ["Dorsch"]


def known(text, *names):
    return [Finding(text.index(n), text.index(n) + len(n), "PERSON", 0.85, "model") for n in names]


@pytest.mark.parametrize(
    ("text", "names", "more"),
    [
        ("They had three: Gaetane, Hannah and Derek.", ["Hannah", "Derek"], ["Gaetane"]),
        ("On drums were Lamovec and Morales.", ["Morales"], ["Lamovec"]),
        ("Ubul: What a day.\nNicole: Is it?", ["Nicole"], ["Ubul"]),
        ('Koppány: "Who is it?"\nLisa: "Me."', ["Lisa"], ["Koppány"]),
        # Two with a comma may be a day or a place; a word among few people, a firm's founders, a common word are none.
        ("On Easter, Hannah came.", ["Hannah"], []),
        ("By Spotify, Tesla, Uber and Hannah.", ["Hannah"], []),
        ("He sued Owens, Duran and Hannah Ltd over it.", ["Duran"], []),
        ("Bring the tent: Tent and Hannah go by car.", ["Hannah"], []),
        ("Warning: the warning of Nicole counts.\nNicole: Yes.", ["Nicole"], []),
    ],
)
def test_an_unknown_name_among_people_is_a_person(text, names, more):
    assert [text[f.start : f.end] for f in beside(known(text, *names), Document(text))] == more


def test_where_every_noun_has_a_capital_a_list_says_nothing():
    text = "Benzin und Diesel wurden teurer."
    assert list(beside(known(text, "Diesel"), Document(text, nouns=True))) == []
    assert len(list(beside(known(text, "Diesel"), Document(text)))) == 1


def test_words_that_may_be_names_get_capitals_where_a_text_has_none():
    words = Words({**{w: SMALL for w in ("my", "name", "is", "and", "i", "like", "animal", "paint")}, "rose": 1}, {})
    text = "my name is leni rose and i like animals, paintings and happiness."
    assert with_capitals(text, words) == "my name is Leni Rose and i like animals, paintings and happiness."
    assert len(with_capitals("ŉ ﬁn straße", words)) == len("ŉ ﬁn straße")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Please take my kid Dzhambek off the list.", "PERSON", "Dzhambek"),
        ("Everyone calls me Piusz.", "PERSON", "Piusz"),
        ("Her maiden name is Arcuri.", "PERSON", "Arcuri"),
        ('"It moves that way," says Lamovec.', "PERSON", "Lamovec"),
        ("Mehrudin shouted at the crowd.", "PERSON", "Mehrudin"),
        ("Ubul was born in May.", "PERSON", "Ubul"),
        ("Then a film starring Yermakov came out.", "PERSON", "Yermakov"),
        ("I'm originally from Gondregnies, you know.", "LOCATION", "Gondregnies"),
        ("They flew to HORTEN on Monday.", "LOCATION", "HORTEN"),
        ("Where: Novo Kuncsorba Country Club", "LOCATION", "Novo Kuncsorba Country"),
    ],
)
def test_a_phrase_announces_a_name_that_no_list_has(text, kind, value):
    assert [(f.entity_type, text[f.start : f.end]) for f in announced([], Document(text))] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "My friend Linux calls me The Boss. Her name is German.",
        "Everyone laughed. This was born of need.",
        "She was born in May, grew up in NYC, and moved to Windows.",
        '"Yes," said The Times. "No," they added.',
        "The cursor: my brother Cursor calls me Cursor.",
        "They call my function, starring nobody.",
    ],
)
def test_a_phrase_announces_no_common_word_no_month_and_no_program(text):
    assert list(announced([], Document(text))) == []


def test_names_written_in_capitals_are_read_as_names_are():
    words = Words({"porvoo": 1, "note": 1 | SMALL}, {})
    assert words.read("NOTE: PORVOO, PORVOO'S and NATO, XPORVOO") == "NOTE: Porvoo, Porvoo'S and NATO, XPORVOO"
