"""Made-up values: one person keeps one name in every spelling, and only the key says which."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.anonymiser import AnonymiseOptions, load
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.made_up import GENDERS, LANGUAGES, language_of, names
from corpusmill.transforms.text.name_words import folded, parts, stem
from corpusmill.transforms.text.operators import apply
from corpusmill.transforms.text.pseudonyms import Pseudonyms
from corpusmill.transforms.text.recognisers_rule import words

KEY, OTHER = b"a secret of the tests", b"another secret of the tests"
MADE = Pseudonyms(KEY)

keys = st.binary(min_size=16, max_size=32)
german_surnames = st.sampled_from(sorted(words("Müller Bäcker Weiß Özgür Meier Groß Förster Peters Voß Lüdke")))
german_given = st.sampled_from(sorted(words("Anna Jörg Änne Max Günther Käthe Uwe Zoë Hans Jonas")))


def person(value: str, made: Pseudonyms = MADE) -> str:
    return made.of("PERSON", value)


def test_ten_spellings_of_a_person_get_one_name():
    spelled = {
        "Anna Lüdke": "Anna Lüdke",
        "anna lüdke": "case",
        "ANNA LÜDKE": "capitals",
        "Anna Luedke": "two letters for an umlaut",
        "Anna Ludke": "diacritics lost",
        "Lüdke, Anna": "order",
        "Frau Dr. Anna Lüdke": "title",
        "Anna Lüdkes": "genitive",
        "Anna Lüdke-Weiß": "hyphen",
        "Anna M. Lüdke": "middle name",
        "A. Lüdke": "initial",
        "Frau Dr. Lüdke": "title and surname",
        "Lüdkes": "surname in the genitive",
    }
    made = {value: [folded(word.text) for word in parts(person(value))] for value in spelled}
    given, surname = made["Anna Lüdke"]
    for value, made_words in made.items():
        whole = [word.removesuffix("s") if "genitive" in spelled[value] else word for word in made_words]
        assert surname in whole, value
        if "Anna" in value or "anna" in value or "ANNA" in value:
            assert given in whole, value
        elif value.startswith("A."):
            assert made_words[0] == given[0], value
    assert person("Lüdke, Anna").split(", ") == person("Anna Lüdke").split()[::-1]
    assert person("ANNA LÜDKE") == person("Anna Lüdke").upper()


@given(keys, german_given, german_surnames)
def test_spellings_of_any_name_stay_together_under_any_key(key, first, last):
    made = Pseudonyms(key)
    new_first, new_last = (word.text for word in parts(person(f"{first} {last}", made)))

    def plain(name):
        for letter, two in {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "ß": "ss", "ë": "e"}.items():
            name = name.replace(letter, two)
        return name

    assert person(f"{plain(first)} {plain(last)}", made) == f"{new_first} {new_last}"
    assert person(f"{last}, {first}", made) == f"{new_last}, {new_first}"
    assert person(f"{first[0]}. {last}", made) == f"{new_first[0]}. {new_last}"
    assert person(f"Herr Prof. Dr. {last}", made) == f"Herr Prof. Dr. {new_last}"
    assert folded(person(f"{first} {last}".upper(), made)) == folded(f"{new_first} {new_last}")
    if folded(last)[-1] != "s":
        assert person(f"{first} {last}s", made) == f"{new_first} {new_last}s"


@given(keys, german_given, german_surnames)
def test_a_made_up_name_is_another_one(key, first, last):
    for original, word in zip((first, last), parts(person(f"{first} {last}", Pseudonyms(key))), strict=True):
        assert folded(original) not in folded(word.text) and folded(word.text) not in folded(original)


@given(st.lists(st.text(alphabet="qxQXäÖ7王", min_size=1, max_size=8), min_size=1, max_size=5), st.data())
def test_nothing_of_an_unknown_name_is_left_whatever_stands_between_its_words(words, data):
    between = st.sampled_from([" ", "-", ", ", ". ", "_", " & ", "/", "'", " Dr. ", "\n"])
    value = "".join(word + data.draw(between) for word in words)
    kept = re.findall(r"Dr", value)
    made = person(value)
    left = {folded(w) for w in re.findall(r"[^\W_]+", value)} & {folded(w) for w in re.findall(r"[^\W_]+", made)}
    assert left <= {"dr", *(w for w in left if len(w) == 1)}, (kept, value, made)
    assert made != value


def test_without_the_key_or_in_another_scope_the_name_is_another():
    values = ["Anna Meier", "Jonas Weber", "Emily Whitfield", "Köln", "anna@beispiel.example", "030 23125-111"]
    kinds = ["PERSON"] * 3 + ["LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER"]
    for kind, value in zip(kinds, values, strict=True):
        made = [m.of(kind, value) for m in (Pseudonyms(KEY), Pseudonyms(KEY), Pseudonyms(OTHER), Pseudonyms(KEY, "d1"))]
        assert made[0] == made[1]
        assert len({made[0], *made[2:]}) == 3, (kind, made)


@pytest.mark.parametrize(
    ("value", "language", "gender"),
    [
        ("Ottoline Kellermann", "de", "female"),
        ("Katharina Schneider", "de", "female"),
        ("Jürgen Hoffmann", "de", "male"),
        ("Emily Johnson", "en", "female"),
        ("Trevor Whitfield", "en", "male"),
        ("Kim Schröder", "de", "neutral"),
        ("Robin Taylor", "en", "neutral"),
    ],
)
def test_the_language_of_the_surname_and_the_gender_form_stay(value, language, gender):
    first, last = person(value).split()
    assert first in {name for group in names(language).given[gender].values() for name in group}
    assert last in names(language).surnames


def test_the_language_is_told_for_most_surnames_that_are_not_in_the_list():
    german = (
        "Kellermann Steinbach Obermeier Hagedorn Wiesner Pfister Rauscher Niemeyer Zeller Eberle Ackermann Brinkmann "
        "Dreher Esser Feldmann Geiger Heinemann Jansen Kessler Lindner Moser Naumann Oswald Petersen Reuter Sander"
    )
    english = (
        "Armstrong Bradley Chapman Douglas Elliott Fletcher Griffin Hawkins Jenkins Kennedy Lawrence McDonald Newton "
        "O'Brien Pearson Quinn Rhodes Shelton Thornton Underwood Vaughn Warren Yates Barker Carpenter Dawson Fleming"
    )
    told = [language_of(stem(name)[0]) == "de" for name in german.split()]
    told += [language_of(stem(name)[0]) == "en" for name in english.split()]
    assert sum(told) / len(told) >= 0.75


def test_a_given_name_alone_belongs_to_the_person_of_the_document():
    text = "Anna Meier kam. Anna ging. Martin blieb. Bert Martin auch."
    people = re.compile(r"Anna Meier|Anna(?= g)|Bert Martin|Martin(?= b)")
    found = [Finding(*m.span(), "PERSON", 0.9, "model") for m in people.finditer(text)]
    alone = person("Martin")
    replaced = re.findall(r"[A-Z]\w+", apply(text, found, {"default": "pseudonym"}, KEY)[0])
    assert replaced[2] == replaced[0], "Anna is the Anna Meier of the document"
    assert replaced[3] == replaced[5] != alone, "Martin is the surname of Bert Martin there, else a given name"


def test_the_genitive_is_kept_and_a_name_in_s_is_none():
    assert person("Meiers") == person("Meier") + "s"
    assert person("Meier\u2019s") == person("Meier") + "\u2019s"
    assert person("Annas") == person("Anna") + "s"
    assert person("Jonas") in {name for names_of in names("de").given["male"].values() for name in names_of}
    assert person("Herr Peters").split()[1] == person("Anna Peters").split()[1], "Peters keeps its s in every form"
    assert person("Herr Peters").split()[1] == MADE.of("PERSON", "Peters", "wie Herr ") != person("Peters")


def test_numbers_and_addresses_stay_of_their_form_and_are_nobodys():
    phones = ["+49 (0)171 1234567", "0049 171 1234567", "0171/1234567", "01711234567"]
    made = [MADE.of("PHONE_NUMBER", phone) for phone in phones]
    assert {re.sub(r"\D", "", m).removeprefix("49").removeprefix("0") for m in made[:1]} == {
        re.sub(r"\D", "", m).removeprefix("49").removeprefix("0") for m in made
    }
    assert all(re.fullmatch(r"(\+49 |0)(30 23125|40 66969|69 90009|89 99998) \d{3}", m) for m in made)
    assert re.fullmatch(r"\d{3}-555-01\d\d", MADE.of("PHONE_NUMBER", "(212) 555-7788"))
    assert re.fullmatch(r"\+44 \d+ \d+ 0\d{3}", MADE.of("PHONE_NUMBER", "+44 20 1234 5678"))
    assert re.fullmatch(r"user[0-9a-f]{10}@example\.org", MADE.of("EMAIL_ADDRESS", "a@b.example"))
    assert MADE.of("EMAIL_ADDRESS", "A@B.example") == MADE.of("EMAIL_ADDRESS", "a@b.example")
    assert re.fullmatch(r"<IBAN_CODE:[0-9a-f]{12}>", MADE.of("IBAN_CODE", "DE89370400440532013000"))
    assert re.fullmatch(r"<PERSON:[0-9a-f]{12}>", MADE.of("PERSON", "😀"))
    assert re.fullmatch(r"<LOCATION:[0-9a-f]{12}>", MADE.of("LOCATION", "Am Markt"))


def test_an_address_keeps_its_form_and_a_town_its_name():
    town = MADE.of("LOCATION", "Köln")
    made = MADE.of("LOCATION", "Rosenstraße 5, 12345 Köln")
    match = re.fullmatch(r"[A-Z][a-z]+straße ([1-9]), ([1-9]\d{4}) (\w+)", made)
    assert match and match[1] != "5" and match[2] != "12345" and match[3] == town
    english = MADE.of("LOCATION", "12 Oak Street, Springfield, IL 62704")
    match = re.fullmatch(r"\d\d [A-Z][a-z]+ Street, [A-Z][a-z]+, [A-Z]{2} \d{5}", english)
    assert match and not re.search("Oak|Springfield|IL|62704|12 ", english)


def test_made_up_emails_are_not_found_again_and_names_are():
    options = AnonymiseOptions(languages=("de", "en"), mode="patterns")
    text = "Herr Meier, anna@beispiel.example"
    once = apply(text, load(options).find([text], ["de"])[0], {"default": "pseudonym"}, KEY)[0]
    again = load(options).find([once], ["de"])[0]
    assert [f.entity_type for f in again] == ["PERSON"], (
        "a made-up name looks like any other, as docs/anonymisation.md says"
    )


def test_there_are_names_enough_of_every_form_and_none_that_spoils_a_genitive():
    for language in LANGUAGES:
        made = names(language)
        assert len(made.surnames) > 14_000 and len(made.places) > 6_000
        assert not [name for name in made.surnames if name[-1] in "sxzß"]
        assert len(made.initials) >= 18
        for gender, initial in product(GENDERS[:2], made.initials):
            assert len(made.given[gender][initial]) >= 5, (language, gender, initial)
