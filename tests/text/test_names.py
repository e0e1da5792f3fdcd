"""The names model that ships with the project: what it finds in German, what it leaves, and how it reads a text."""

import numpy as np
import pytest

from corpusmill.transforms.text import model_versions, names
from corpusmill.transforms.text.names_features import COMMON, EITHER, NOTHING, WINDOW, Words, tokens


@pytest.fixture(scope="module")
def german():
    return names.load(model_versions.DATA / "names_de")


@pytest.fixture(scope="module")
def english():
    return names.load(model_versions.DATA / "names_en")


def found(model, text):
    return [(name.label_, text[name.start_char : name.end_char]) for name in model(text).ents]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Am Montag traf Angela Merkel den Präsidenten.", ("PERSON", "Angela Merkel")),
        ("Die Autorin Jutta Öztürk liest heute aus ihrem Roman.", ("PERSON", "Jutta Öztürk")),
        ("Er wohnt seit drei Jahren in Hamburg.", ("LOCATION", "Hamburg")),
        ("Der Flug von Frankfurt am Main nach Portugal fiel aus.", ("LOCATION", "Portugal")),
        ("Teilnehmer:\n1. Karl Brandner\n2. Ute Sommer", ("PERSON", "Ute Sommer")),
    ],
)
def test_finds_people_and_places_in_german_text(german, text, name):
    assert name in found(german, text)


@pytest.mark.parametrize(
    "text",
    [
        "Der Hersteller empfiehlt, das Öl alle zwei Jahre zu wechseln.",
        "Öffnen Sie das Menü Datei und wählen Sie Einstellungen.",
        "Am Nachmittag gibt es Kaffee und Kuchen auf der Terrasse.",
        "",
        "\n\n\n",
        "123 456, 789!",
    ],
)
def test_leaves_nouns_alone(german, text):
    assert [kind for kind, _ in found(german, text) if kind in ("PERSON", "LOCATION")] == []


def test_most_names_that_are_common_words_are_found_where_they_name_somebody(english):
    first = ("Heather", "Mark", "Grace", "Rose", "Frank", "Iris", "Grant", "Hazel")
    last = ("Baker", "Cook", "Fisher", "Carpenter", "Woods")
    texts = ("We met {} in the park.", "Thanks to {} for the review.", "Her lawyer, {}, objected.")
    people = [(text.format(f"{a} {b}"), f"{a} {b}") for a in first for b in last for text in texts]
    assert sum(("PERSON", name) in found(english, text) for text, name in people) > 0.6 * len(people)


@pytest.mark.parametrize(
    "text",
    [
        "Shares of Pfizer and Unilever fell; Honda and Vodafone gained.",
        "The contract with Deloitte runs until 2027, the one with Novartis until 2028.",
        "The trucks are by Toyota, the software by Oracle.",
    ],
)
def test_firms_are_no_people_and_no_places(english, text):
    assert [kind for kind, _ in found(english, text) if kind in ("PERSON", "LOCATION")] == []


@pytest.mark.parametrize("word", ["Prüfplakette", "Papierfach", "Eigenregie", "Schutzklasse"])
def test_a_german_compound_of_common_words_is_known(german, word):
    assert german.words.compound(word.lower())


@pytest.mark.parametrize("place", ["Lindenhof", "Rosengarten", "Steinbach", "Erzgebirge", "Niederlanden", "Englands"])
def test_a_place_is_no_compound_of_common_words(german, place):
    assert not german.words.compound(place.lower())


def test_a_dictionary_says_that_a_word_in_small_letters_is_no_name():
    words = Words({"anna": 1, "basil": 1 | COMMON, "frank": 1 | COMMON | EITHER}, {})
    assert [words.likely(word) for word in ("anna", "basil", "frank")] == [True, False, False]
    assert [words.doubtful(word) for word in ("anna", "basil", "frank")] == [False, True, False]


def test_a_word_that_a_dictionary_has_is_trusted_no_more_than_one_that_no_list_has():
    words = Words({"anna": 1, "rose": 1 | COMMON}, {})
    assert words.listed(words.rows(["Anna", "Rose", "Ubul"]), np.arange(3)).tolist() == [True, False, False]


def test_offsets_are_those_of_the_text_whatever_stands_before(german):
    name = "Angela Merkel"
    for before in ("", "😀 ", "\r\n\t", "İstanbul'da. ", "„"):
        text = f"{before}Gestern sprach {name} in Berlin."
        assert ("PERSON", name) in found(german, text)


def test_the_same_text_gives_the_same_names_in_any_order_of_texts(german):
    texts = ["Anna Schulz kam aus Bremen.", "Herr Tönnies blieb in Ulm.", "Es regnet."]
    alone = [found(german, text) for text in texts]
    assert [found(german, text) for text in reversed(texts)] == alone[::-1]


def test_only_words_that_can_belong_to_a_name_are_read():
    words = Words({"anna": 1}, {})
    text = "die Firma von der Leyen und Sohn, rot anna v2"
    seen = tokens(text).words
    places = words.candidates(words.rows(seen)).tolist()
    assert [seen[place] for place in places] == ["Firma", "von", "der", "Leyen", "und", "Sohn", "anna"]


def test_words_are_remembered_up_to_a_limit_and_then_forgotten(monkeypatch):
    monkeypatch.setattr(Words, "REMEMBERED", 10)
    words = Words({}, {})
    first = words.rows(["Anna"])
    for n in range(100):
        rows = words.rows([f"Wort{n}", "Anna"])
        assert len(words._rows) <= 13
        assert (words._hashes[rows[WINDOW + 1]] == words._hashes[words._rows["Anna"]]).all()
    assert words._rows[NOTHING] == 0 and first[0] == 0


def test_what_goes_on_has_begun_as_the_same_kind():
    scores = np.zeros((2, len(names.TAGS)), dtype=np.float32)
    scores[0, names.TAGS.index("B-PERSON")] = 1
    scores[1, names.TAGS.index("I-LOCATION")] = 5
    assert [names.TAGS[n] for n in names.best(scores, names.possible())] == ["B-LOCATION", "I-LOCATION"]


def test_a_stored_model_gives_what_the_model_gave(german, tmp_path):
    names.save(german, tmp_path)
    again = names.load(tmp_path)
    text = "Frau Dr. Ilse Kampmann zog von Köln nach Neustadt."
    assert found(again, text) == found(german, text) != []
