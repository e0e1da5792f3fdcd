"""Languages: sentences in many of them, too little evidence, several in one text, long texts, other models."""

import base64
import random
from pathlib import Path

import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.classifier import fit
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
# lid.176 knows neither of these, and calls both English.
ZULU = "Inja yagijima yawela umgwaqo yakhonkotha umuntu oletha izincwadi owayesanda kuphuma endlini."
MAORI = "I oma te kurī mā te huarahi, ā, ka auau ki te kaikawe reta e puta mai ana i te whare."
NO_PROSE = {
    "numbers": "12 345 6.7\n13 346 6.8",
    "a table": "Jahr;Umsatz;Gewinn\n"
    + "\n".join(f"{year};{year * 7.25:.2f};{year * 0.31:.2f}" for year in range(1990, 2010)),
    "Python": "def add(self, x: int) -> None:\n    self.total += x\n    for key in self.keys():\n        del key\n",
    "C": "#include <stdio.h>\n\nint main(void) {\n    for (int i = 0; i < 9; i++) {\n        f(i);\n    }\n}\n",
    "a style sheet": ".p { margin: 0; }\n.page h1 { color: #333; font-size: 2em; }\na { color: red; }\n",
    "settings in YAML": "on:\n  push:\n    branches:\n      - main\njobs:\n  build:\n    name: Build\n    steps:\n"
    "      - uses: actions/checkout\n      - name: Install\n        run: pip install everything\n",
    "settings in JSON": '  "type": "object",\n  "title": "Address",\n  "description": "Where somebody lives",\n'
    '  "additional": true,\n  "required": "street",\n',
    "a log": "2024-01-02 10:11:12,345 INFO [main] http.Server - listening on 0.0.0.0:8080\n" * 5,
    "the keyboard": "asdkjh qwpoei zxmcnb lkjsdf vbnqwp",
    "its rows": "qwertz asdfjkl yxcvbnm qwrtzp sdfghjkl hjkl",
    "base64": base64.b64encode(random.Random(1).randbytes(300)).decode(),
    "base64 in lines": base64.encodebytes(random.Random(2).randbytes(300)).decode(),
    "addresses": "https://example.org/a/long/path?with=words www.example.org/ein/anderer/pfad",
    "a few letters": "Ja so.",
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


def test_a_text_in_capitals_is_in_the_same_language() -> None:
    languages = ["de", "en", "fr", "es", "it", "pl", "ru"]
    assert load(None).identify([SENTENCES[language].upper() for language in languages])[0] == languages


def test_a_text_without_letters_is_undetermined() -> None:
    assert load(None).identify(["", " \n", "12 345 6.7", "--- *** !!!", "\ud800"]) == (["und"] * 5, [0.0] * 5)


@pytest.mark.parametrize("what", NO_PROSE)
def test_what_is_no_prose_is_undetermined(what: str) -> None:
    assert load(None).judge([NO_PROSE[what]]) == (["und"], [0.0], [{}])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "1. FC Köln gegen HSV 2:1 (0:1), Tore: 0:1 Müller (12.), 1:1 Schmidt (55.), vor 49.800 Zuschauern",
        ),
        ("de", "Der Pfingstmontag im Angstschweiß: Wolfsburgs Strumpfpfand kostet 3,50 € (statt 4,99 €)."),
        ("en", "Call print() or len(x) when you want to see what is in the list; there is no need for a loop."),
        ("en", "The file is at https://example.org/files/2024/report.pdf and the password is in the other mail."),
        (
            "de",
            "# Brot\n\nZutaten:\n\n* 500 g Mehl\n* 1 TL Salz\n* 300 ml Wasser\n\nDen Teig kneten und ruhen lassen.",
        ),
        ("en", "* one\n* two and the three\n* four of [them](https://example.org)\n* five is the last (for now)"),
        ("en", "anna: hi there\nben: hello\nanna: did you see it?\nben: not yet\nanna: then go and look at it now"),
        ("de", "name: der Wirt\nstraße: Am Markt 5\nort: Bergen auf Rügen\nwunsch: ein Zimmer für die Nacht"),
        (
            "en",
            "They are:\n  file: the file that is read\n  size: how many lines are shown\n  quiet: nothing is said",
        ),
        ("pl", "W Szczebrzeszynie chrząszcz brzmi w trzcinie i Szczebrzeszyn z tego słynie."),
    ],
)
def test_numbers_names_and_odd_letters_do_not_make_prose_undetermined(language: str, text: str) -> None:
    assert load(None).identify([text])[0] == [language]


def test_code_between_paragraphs_leaves_the_paragraphs_their_language() -> None:
    text = "\n\n".join([SENTENCES["de"] * 4, NO_PROSE["C"], SENTENCES["de"] * 4])
    assert load(None).judge([text]).shares == [{"de": 1.0}]


@pytest.mark.parametrize("text", [ZULU, MAORI, ZULU * 8, MAORI * 8])
def test_a_language_that_the_model_does_not_know_is_nothing_to_be_sure_of(text: str) -> None:
    (confidence,) = load(None).identify([text])[1]
    assert confidence < 0.65


def test_letters_of_another_script_rule_a_language_out() -> None:
    """The model alone takes the first for Chinese, the second for Russian and the third for Persian."""
    languages, _ = load(None).identify(["conceal message", "goodies layer", "reaksie psalm"])
    assert not {"zh", "ru", "fa"} & set(languages)


@pytest.mark.parametrize(("first", "second"), [("de", "en"), ("en", "ja"), ("fr", "de")])
def test_a_text_in_two_languages_has_the_shares_of_both(first: str, second: str) -> None:
    text = "\n\n".join([SENTENCES[first] * 6, SENTENCES[second] * 3, SENTENCES[first] * 3])
    judged = load(None).judge([text, SENTENCES[first] * 12])
    assert judged.languages == [first, first] and judged.confidences[0] > 0.65
    assert set(judged.shares[0]) == {first, second} and sum(judged.shares[0].values()) == pytest.approx(1)
    assert judged.shares[1] == {first: 1.0}


def test_a_foreign_word_or_line_is_no_second_language() -> None:
    text = "\n\n".join([SENTENCES["de"] * 3, "“The show must go on.”", SENTENCES["de"] * 3])
    assert load(None).judge([text]).shares == [{"de": 1.0}]


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


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as GlotLID and lid218 are: another loss, labels with scripts, and languages that lid.176 lacks."""
    folder = tmp_path_factory.mktemp("model")
    lines = {"deu_Latn": SENTENCES["de"], "zul_Latn": ZULU, "mri_Latn": MAORI, "jpn_Jpan": SENTENCES["ja"]}
    words = [
        f"__label__{label} {' '.join(random.Random(n).sample(line.split(), len(line.split())))}"
        for label, line in lines.items()
        for n in range(30)
    ]
    (folder / "lines.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    options = {"minn": 2, "maxn": 4, "dim": 16, "bucket": 20_000, "epoch": 60, "lr": 0.1, "thread": 1}
    fit(folder / "lines.txt", folder / "small.bin", options)
    return folder / "small.bin"


def test_a_model_trained_elsewhere_knows_other_languages(trained: Path) -> None:
    judged = load(str(trained)).judge([ZULU, MAORI, SENTENCES["de"], SENTENCES["ja"], NO_PROSE["C"]])
    assert judged.languages == ["zu", "mi", "de", "ja", "und"]
    assert all(confidence > 0.65 for confidence in judged.confidences[:4])


def test_the_scripts_of_its_labels_are_heeded(trained: Path) -> None:
    """All that it knows is written in Latin or Japanese letters."""
    assert load(str(trained)).judge([SENTENCES["ru"], SENTENCES["ar"]]).languages == ["und", "und"]


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
