# ruff: noqa: RUF001 - the texts hold the characters that it warns of
"""Cleaning: mojibake, Unicode, what is invisible, white space; and the gate before ftfy, which must lose nothing."""

import itertools
import random
import unicodedata
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text import clean as module
from corpusmill.transforms.text.clean import MOJIBAKE, clean, clean_all

SENTENCES = [
    "Die Straße war naß, und „Überführung“ steht in größeren Lettern daneben: 5 € je Stück.",
    "L’été, l’œuvre d’un cœur à l’ouïe fine coûte 10 £ – voilà.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; źdźbło i żółć.",
    "Ελληνικά κείμενα με τόνους: «ό,τι» και ½ ώρα.",
    "Съешь же ещё этих мягких французских булок — «да выпей чаю» № 5…",
    "Đây là tiếng Việt có dấu: ố, ễ, ự.",
    "日本語の文章「こんにちは」。",
    "نص عربي “مقتبس” و٪ ٢٥",
    "plain ASCII text & <b>tags</b> &amp; entities",
]
HOSTILE = [
    *(sentence.encode().decode("cp1252", errors="replace") for sentence in SENTENCES),
    *(sentence.encode().decode("latin-1") for sentence in SENTENCES),
    *(sentence.encode().decode("cp1251", errors="replace") for sentence in SENTENCES),
    *(sentence.encode().decode("mac-roman") for sentence in SENTENCES),
    "â€œquotedâ€\x9d and itâ€™s Ã la mode; vÃ©lo Â© 2020 Â ",
    "à voir, œ\n Œ\nÃ ",
    "\x85 \x93smart\x94 \x81",
]
MOJIBAKE_CHARACTERS = sorted({c for s in MOJIBAKE_CATEGORIES.values() for c in s} | {c for s in HOSTILE for c in s})
mojibake_like = st.text(st.sampled_from(MOJIBAKE_CHARACTERS), max_size=30)
hostile_text = st.one_of(
    mojibake_like,
    st.text(st.characters(), max_size=40),  # lone surrogates included
    st.lists(
        st.one_of(
            st.sampled_from(SENTENCES + HOSTILE), mojibake_like, st.sampled_from(list("\n\r\t \u200b\u200d\x08\x1b"))
        ),
        max_size=6,
    ).map("".join),
)


def gated(text: str) -> str:
    """ftfy behind the gate, and nothing else of `clean`."""
    lines = module._LINE.findall(text)
    return "".join(ftfy.fix_text(s, MOJIBAKE) if module._MAY_BE_MOJIBAKE.search(s) else s for s in lines)


@settings(max_examples=1500, deadline=None)
@given(hostile_text)
def test_the_gate_before_ftfy_loses_nothing_on_hostile_text(text: str) -> None:
    assert gated(text) == ftfy.fix_text(text, MOJIBAKE)


@pytest.mark.parametrize("text", SENTENCES + HOSTILE)
def test_the_gate_before_ftfy_loses_nothing_on_sentences_and_their_mojibake(text: str) -> None:
    assert gated(text) == ftfy.fix_text(text, MOJIBAKE)


def test_every_pair_of_characters_that_looks_bad_to_ftfy_passes_the_gate() -> None:
    characters = {chr(i) for i in range(0x250)} | {c for s in MOJIBAKE_CATEGORIES.values() for c in s}
    characters |= {c for c in BADNESS_RE.pattern if not c.isspace()} | {chr(i) for i in range(0x370, 0x530)}
    missed = [
        pair
        for pair in map("".join, itertools.product(sorted(characters), repeat=2))
        if not module._MAY_BE_MOJIBAKE.search(pair) and BADNESS_RE.search(pair)
    ]
    assert missed == []


def test_random_runs_of_ftfys_characters_that_look_bad_pass_the_gate() -> None:
    draw = random.Random(1)
    characters = [c for c in BADNESS_RE.pattern if not c.isspace() and not c.isascii()] + list("aZ .,?! ")
    runs = ("".join(draw.choices(characters, k=4)) for _ in range(200_000))
    assert [run for run in runs if BADNESS_RE.search(run) and not module._MAY_BE_MOJIBAKE.search(run)] == []


def test_the_gate_spares_ordinary_german_from_ftfy() -> None:
    assert not module._MAY_BE_MOJIBAKE.search("Schöne Wörter über die Öffnungszeiten: „Montags nie“, sagte er – 5 €.")


@settings(max_examples=500, deadline=None)
@given(hostile_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@settings(max_examples=200, deadline=None)
@given(hostile_text)
def test_clean_text_is_nfc_encodable_and_has_no_controls_or_loose_white_space(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert not set(cleaned) & set("\u200b\ufeff\u00ad\u2060\u202e")
    assert "\n\n\n" not in cleaned
    assert all(line == line.rstrip() for line in cleaned.split("\n"))
    assert not cleaned.startswith("\n")


@given(st.lists(hostile_text, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_batch_is_cleaned_as_its_texts_one_by_one(texts: list[str]) -> None:
    assert clean_all(texts) == [clean(text) for text in texts]


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("GrÃ¼ÃŸe aus MÃ¼nchen", "Grüße aus München"),
        ("itâ€™s â€œfineâ€\x9d", "it’s “fine”"),
        ("\x93smart\x94 \x85", "“smart” …"),
        ("Zu\u0308rich", "Zürich"),
        ("max\u200b@exam\u00adple.org\ufeff", "max@example.org"),
        ("pass\u200dword", "password"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("a  \t\n\n \n\n\nb \u00a0", "a\n\nb"),
        ("N\x08NA\x08A _\x08x", "NA x"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\ud83d\ude00 \ud83d", "😀 \ufffd"),
        ("hidden\U000e0041\U000e0042 text", "hidden text"),
        ("\n\n    indented\n", "    indented"),
        ("", ""),
        (" \n\t\u3000", ""),
    ],
)
def test_dirty_text_comes_out_as_expected(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


@pytest.mark.parametrize(
    "text",
    [
        "„Anführung“, »Guillemets«, ‘single’ – dash — dash … ﬁ ﬂ ＬＯＵＤ",
        "10\u00a0000 z.\u202fB. x",
        "&lt;b&gt; &amp; &eacute;",
        "def f():\n    return  1  # aligned\n\n\tif x:\n\t\ty = 2",
        "می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧 ❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "Rosé – ½ Liter, 3 × 4 m², ±5 °C, § 5 Abs. 2, Œuvre",
    ],
)
def test_typography_code_and_joiners_that_mean_something_stay(text: str) -> None:
    assert clean(text) == text


def test_the_licences_that_any_debian_has_stay_but_for_form_feeds_and_white_space() -> None:
    for path in sorted(Path("/usr/share/common-licenses").glob("GPL-*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert clean(text).split() == text.split()


@pytest.mark.parametrize("unit", ["word ", "Ã¼", "â€œ ", "é\u0301", "\u200b", " ", "\r", "Ã ", "ï¿½"])
def test_a_line_of_a_million_characters_does_not_blow_up(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert len(clean(text)) <= len(text)
