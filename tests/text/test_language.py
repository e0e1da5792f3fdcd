"""Languages: sentences in many of them, too little evidence, long texts, wrong models."""

from pathlib import Path

import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.language import EMBEDDED_MODEL, load

SENTENCES = {
    "de": "Der Hund lief über die Straße und bellte den Briefträger an, der gerade aus dem Haus kam.",
    "en": "The dog ran across the street and barked at the postman who was just leaving the house.",
    "fr": "Le chien traversa la rue et aboya après le facteur qui sortait justement de la maison.",
    "es": "El perro cruzó la calle y ladró al cartero que acababa de salir de la casa.",
    "it": "Il cane attraversò la strada e abbaiò al postino che stava uscendo di casa.",
    "pl": "Pies przebiegł przez ulicę i zaszczekał na listonosza, który właśnie wychodził z domu.",
    "ru": "Собака перебежала улицу и залаяла на почтальона, который как раз выходил из дома.",
    "ja": "犬は通りを渡って、ちょうど家から出てきた郵便屋さんに向かって吠えた。",
    "zh": "那条狗跑过马路,对着刚从房子里出来的邮递员大叫。",
    "ar": "ركض الكلب عبر الشارع ونبح على ساعي البريد الذي كان يغادر المنزل.",
}


def test_sentences_are_told_apart_with_confidence() -> None:
    languages, confidences = load(None).identify(list(SENTENCES.values()))
    assert languages == list(SENTENCES)
    assert all(0.65 < c <= 1 for c in confidences)


@pytest.mark.parametrize("language", ["de", "en"])
def test_lines_capitals_and_umlauts_do_not_confuse(language: str) -> None:
    sentence = SENTENCES[language]
    variants = [sentence.replace(" ", "\n"), sentence * 500, "\n\n" + sentence, sentence[:40]]
    assert load(None).identify(variants)[0] == [language] * len(variants)


def test_a_text_without_letters_is_undetermined() -> None:
    assert load(None).identify(["", " \n", "12 345 6.7", "--- *** !!!", "\ud800"]) == (["und"] * 5, [0.0] * 5)


def test_no_texts_give_no_languages() -> None:
    assert load(None).identify([]) == ([], [])


def test_the_middle_of_a_long_text_has_a_say() -> None:
    licence = "0000 1111 2222 x " * 150
    languages, _ = load(None).identify([licence + SENTENCES["de"] * 40 + licence])
    assert languages == ["de"]


def test_a_text_of_ten_megabytes_is_looked_at_in_pieces() -> None:
    assert load(None).identify([SENTENCES["en"] * 110_000])[0] == ["en"]


def test_the_model_is_read_once_and_has_the_hash_of_its_file() -> None:
    assert load(None) is load(None)
    assert load(str(EMBEDDED_MODEL)).hash == "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"


def test_another_model_is_used_and_its_three_letter_labels_become_two_letter_codes(tmp_path: Path) -> None:
    """The embedded model with two labels written as GlotLID does; Alemannic has no code of two letters."""
    model = EMBEDDED_MODEL.read_bytes()
    model = model.replace(b"__label__de\0", b"__label__deu_Latn\0").replace(b"__label__en\0", b"__label__gsw_Latn\0")
    (tmp_path / "other.ftz").write_bytes(model)
    languages, _ = load(str(tmp_path / "other.ftz")).identify([SENTENCES["de"], SENTENCES["en"]])
    assert languages == ["de", "gsw_Latn"]


@pytest.mark.parametrize("wrong", ["missing.bin", "folder", "text.bin", "vectors.bin"])
def test_a_wrong_model_is_a_users_error_that_says_what_to_do(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.bin").write_text("not a model " * 100)
    vectors = bytearray(EMBEDDED_MODEL.read_bytes())
    vectors[36:40] = (2).to_bytes(4, "little")  # the kind of model in the file's head: skip-gram, which has no labels
    (tmp_path / "vectors.bin").write_bytes(vectors)
    with pytest.raises(UserError, match=f"{wrong}.*none for the embedded lid.176.ftz"):
        load(str(tmp_path / wrong))


def test_loading_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "copy.ftz").write_bytes(EMBEDDED_MODEL.read_bytes())
    load(str(tmp_path / "copy.ftz"))
    assert capfd.readouterr() == ("", "")
