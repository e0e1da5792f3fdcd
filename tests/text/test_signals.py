# ruff: noqa: RUF001 - characters of many scripts
"""Signals against their slow definitions, on written, generated and installed text; bounds; memory; import time."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text import signals
from corpusmill.transforms.text.signals import DTYPES, SIGNALS, measure

from .signals_reference import REFERENCE

TEXTS = [
    ("en", "The cat sat on the mat. The cat sat on the mat, and the dog didn't mind.\n\n- one\n- two\n\nThe cat sat."),
    ("en", "Please enable JavaScript in your browser.\nWe use cookies.\nA real sentence is here. And one more!"),
    ("en", "1. First item\n2. Second item ...\n3. Third {item}.\nSee https://example.org/a-b_c #tag #tag"),
    ("de", "Die Donaudampfschifffahrtsgesellschaft fährt, z. B. am 3. Mai, über „Straßen“.\nSie hat's eilig …"),
    ("de", "Wir verwenden Cookies.\nMehr in der Datenschutzerklärung.\n• Punkt eins\n• Punkt eins\n* Punkt zwei"),
    ("fr", "L’été, l’eau coule. L’été, l’eau coule encore ! « Ah bon ? » dit-elle."),
    ("es", "¿Qué tal? ¡Muy bien! El niño y la niña comen pan. El niño y la niña comen pan."),
    ("ru", "Съешь же ещё этих мягких французских булок. Съешь же ещё этих булок, да выпей чаю."),
    ("el", "Ο Οδυσσέας γύρισε στην Ιθάκη. ΟΔΥΣΣΕΥΣ, ΟΔΥΣΣΕΥΣ; Ναι."),
    ("tr", "Istanbul güzel bir şehir. Istanbul güzel bir şehir midir?"),
    ("ar", "هذا نص عربي. هل هذا نص عربي؟ نعم، هذا نص."),
    ("hi", "यह एक वाक्य है। यह एक वाक्य है। क्या यह हिन्दी है?"),
    ("zh", "这是一个句子。这是一个句子。人工智能正在改变世界,ABC 123。"),
    ("ja", "データを読みます。データを読みます。カタカナとひらがな、漢字。"),
    ("th", "ภาษาไทยเป็นภาษาที่ไม่มีช่องว่าง ภาษาไทยเป็นภาษา"),
    ("ko", "한국어 문장입니다. 한국어 문장입니다. 다른 문장."),
    ("en", "spam spam spam spam spam spam\nspam spam spam\nspam spam spam"),
    ("en", "Lorem ipsum dolor sit amet. LOREM IPSUM!"),
    ("en", "A piece of shit, a piece of shitty piece; Piece of\nSHIT: son of a bitch, blow job blow"),
    ("de", "So ein Arschloch! Dieser Wichser; die Vögel und den Vögeln."),
    ("en", ""),
    ("und", " \n\n \n"),
    ("xx", "@@@ ### ... . . . …"),
    ("en", "x"),
]
WORDS = [
    *("piece", "of", "shit", "bitch", "他", "妈"),
    *("spam", "Spam", "egg", "the", "be", "to", "ß", "d'une", "E-Mail", "日", "本", "ไทยแลนด์", "7", "42", "a_b", "{x}"),
    *("#", "...", "…", ". . .", ".", "!", "?”", "。", "-", "•", "javascript", "enable", "use cookies", "lorem ipsum"),
]
some_text = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", " ", " ", "\n", "\n\n"])).map("".join),
        st.text(st.sampled_from("ab .\n'’-#AßéИя日ไ़।”\u00a0\u0301"), max_size=5),
    ),
    max_size=40,
).map("".join)


def assert_equal_to_reference(texts: list[str], languages: list[str]) -> None:
    measured = measure(pl.Series(texts, dtype=pl.String), pl.Series(languages, dtype=pl.String))
    for signal in SIGNALS:
        for text, language, value in zip(texts, languages, measured[signal.name].to_list(), strict=True):
            expected = REFERENCE[signal.name](text, language)
            assert value == (expected if expected is None else pytest.approx(expected)), (signal.name, text)


def test_every_signal_has_a_reference_and_none_is_left_over() -> None:
    assert [s.name for s in SIGNALS] == list(REFERENCE)


def test_signals_equal_their_definitions_on_sentences_of_many_languages() -> None:
    assert_equal_to_reference([text for _, text in TEXTS], [language for language, _ in TEXTS])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(some_text, st.sampled_from(["en", "de", "zh", "und"])), min_size=1, max_size=6))
def test_signals_equal_their_definitions_on_generated_batches(batch: list[tuple[str, str]]) -> None:
    assert_equal_to_reference([text for text, _ in batch], [language for _, language in batch])


def test_signals_equal_their_definitions_on_installed_licences_and_sources() -> None:
    paths = [*sorted(Path("/usr/share/common-licenses").glob("*"))[:4], Path(signals.__file__)]
    texts = [path.read_text(encoding="utf-8", errors="replace")[:2_500] for path in paths]
    assert_equal_to_reference(texts, ["en"] * len(texts))


def test_a_batch_is_measured_as_its_documents_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, languages = pl.Series([t for _, t in TEXTS]), pl.Series([language for language, _ in TEXTS])
    whole = measure(texts, languages)
    single = pl.concat([measure(texts.slice(i, 1), languages.slice(i, 1)) for i in range(len(texts))])
    monkeypatch.setattr(signals, "LARGEST_BATCH", 200)
    assert whole.equals(single)
    assert whole.equals(measure(texts, languages))


def test_columns_are_the_signals_in_order_with_their_types() -> None:
    measured = measure(pl.Series(["a"]), pl.Series(["en"]))
    assert dict(measured.schema) == {s.name: DTYPES[s.dtype] for s in SIGNALS}


@pytest.mark.parametrize("texts", [[], [""], [None], ["", None, "one"]])
def test_no_text_and_no_documents_are_safe(texts: list[str | None]) -> None:
    measured = measure(pl.Series(texts, dtype=pl.String), pl.Series(["en"] * len(texts), dtype=pl.String))
    assert len(measured) == len(texts)
    assert all(measured[s.name].is_not_nan().all() for s in SIGNALS if s.dtype == "float")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_fractions_stay_between_zero_and_one(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    measured = measure(pl.Series([text]), pl.Series(["en"]))
    for signal in SIGNALS:
        if signal.unit == "0..1" and measured[signal.name][0] is not None:
            assert 0 <= measured[signal.name][0] <= 1, signal.name


def test_words_written_differently_are_different_ngrams() -> None:
    """`ab c` and `a bc` have the same letters; a key made by joining words takes them for one."""
    assert measure(pl.Series(["ab c a bc"]), pl.Series(["en"]))["top_2_gram_character_fraction"][0] == 0


def test_a_repetition_in_another_document_is_none() -> None:
    measured = measure(pl.Series(["one two three four five six"] * 2), pl.Series(["en"] * 2))
    assert measured["duplicate_5_gram_character_fraction"].to_list() == [0, 0]


def test_a_large_document_of_short_repeated_words_needs_bounded_memory() -> None:
    code = """
import resource, polars as pl
from corpusmill.transforms.text.signals import measure
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
text = " ".join(f"word{i % 7919} of {i % 31}" for i in range(300_000))
measure(pl.Series([text]), pl.Series(["en"]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / len(text))
"""
    times_its_size = float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert times_its_size < 80


def test_rules_are_imported_without_polars_or_numpy() -> None:
    code = "import sys, corpusmill.transforms.text.rules; print({'polars', 'numpy', 'pyspark'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
