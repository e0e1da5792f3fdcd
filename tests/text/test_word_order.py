"""Word order and vocabularies: the data are whole, shuffled words lose their order, other languages are not judged."""

import json
import random

import polars as pl
import pytest

from corpusmill.transforms.text.signals import measure
from corpusmill.transforms.text.signals_vocabulary import CONSENT, SELLING
from corpusmill.transforms.text.word_order import COMMON, DATA

PROSE = {
    "en": "When the rain had stopped, the two men went down to the river, for they wanted to see whether "
    "the bridge was "
    "still there. It had been built by the people of the village in a single summer, and nobody believed that it would "
    "last for more than a few years. But it was there, and on the other side a child was sitting in the grass.",
    "de": "Als der Regen aufgehört hatte, gingen die beiden Männer zum Fluss hinunter, weil sie sehen wollten, ob die "
    "Brücke noch da war. Sie war von den Leuten des Dorfes in einem einzigen Sommer gebaut worden, und "
    "niemand glaubte, "
    "dass sie mehr als ein paar Jahre halten würde. Aber sie war da, und auf der anderen Seite saß ein Kind im Gras.",
    "fr": "Quand la pluie eut cessé, les deux hommes descendirent vers la rivière, car ils voulaient voir si le pont "
    "était encore là. Il avait été construit par les gens du village en un seul été, et personne ne croyait qu'il "
    "tiendrait plus de quelques années. Mais il était là, et de l'autre côté un enfant était assis dans l'herbe.",
    "es": "Cuando dejó de llover, los dos hombres bajaron al río, porque querían ver si el puente todavía estaba allí. "
    "Lo había construido la gente del pueblo en un solo verano, y nadie creía que fuera a durar más de "
    "unos pocos años. "
    "Pero allí estaba, y al otro lado de la orilla había un niño sentado en la hierba que los miraba sin decir nada.",
}


def of(signal: str, text: str, language: str) -> float | None:
    value: float | None = measure(pl.Series([text]), pl.Series([language]))[signal][0]
    return value


@pytest.mark.parametrize("language", PROSE)
def test_prose_has_an_order_and_its_words_in_any_other_order_have_none(language: str) -> None:
    words = PROSE[language].split()
    shuffled = [" ".join(random.Random(seed).sample(words, len(words))) for seed in range(50)]
    told = of("word_order", PROSE[language], language)
    assert told is not None and told > 0.12
    assert sum((of("word_order", text, language) or 0) < 0.08 for text in shuffled) >= 45
    assert {of("common_word_fraction", text, language) for text in shuffled} == {
        of("common_word_fraction", PROSE[language], language)
    }


@pytest.mark.parametrize("signal", ["common_word_fraction", "word_order", "selling_word_fraction"])
def test_other_languages_are_not_judged(signal: str) -> None:
    assert of(signal, PROSE["de"], "nl") is None
    assert of(signal, PROSE["de"], "und") is None


def test_few_pairs_tell_nothing() -> None:
    assert of("word_order", "The cat sat on the mat.", "en") is None


def test_words_of_two_documents_are_no_pair() -> None:
    together = measure(pl.Series([PROSE["en"], PROSE["de"]]), pl.Series(["en", "de"]))["word_order"]
    assert together.to_list() == [of("word_order", PROSE[code], code) for code in ("en", "de")]


def test_the_tables_are_square_whole_and_of_stop_words() -> None:
    made = json.loads(DATA.read_text(encoding="utf-8"))
    assert list(made) == ["en", "de", "fr", "es"]
    for table in made.values():
        assert len(table["words"]) == len(set(table["words"])) == COMMON
        assert [len(row) for row in table["bits"]] == [COMMON + 1] * (COMMON + 1)
        assert table["bits"][0][0] == 0 and max(abs(bit) for row in table["bits"] for bit in row) < 128


@pytest.mark.parametrize("vocabulary", [SELLING, CONSENT])
def test_vocabularies_are_single_lower_case_words_each_once(vocabulary: dict[str, str]) -> None:
    for words in vocabulary.values():
        listed = words.split()
        assert listed == [word.lower() for word in listed]
        assert len(listed) == len(set(listed))


def test_an_offer_sells_and_an_article_about_prices_does_not() -> None:
    offer = (
        "Buy cheap watches online, best price guaranteed, free shipping, order today and save money with our coupon."
    )
    article = (
        "Prices rose by three percent last year, the office said, mainly because energy had become more expensive."
    )
    assert (
        (of("selling_word_fraction", offer, "en") or 0) > 0.3 > 0.08 > (of("selling_word_fraction", article, "en") or 0)
    )
