"""`definitions: datatrove`: signals against their slow definitions, and each place where they are not the papers'."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text import signals_datatrove, words_spacy
from corpusmill.transforms.text.rules import BY_DEFINITIONS, select
from corpusmill.transforms.text.signals import DTYPES, SIGNALS, measure

from .datatrove_reference import reference

ENGLISH = [
    "Don't read this: it isn't for you (e.g. the U.S. edition). See https://example.org/a-b_c?d=e, or mail a@b.org!",
    "Please enable JavaScript here.\nWe use cookies on this site.\nA sentence is here. And one more!\n- a\n- a",
    "It was said [12].[edit] Then\u00a0more.  ) Two words\nif (x) { return y; } said he.\nthe javascript { brace",
    "Lorem ipsum dolor sit amet. LOREM IPSUM!\n\n\n\nLorem ipsum dolor sit amet.\n \nEnds in dots...\nAnd here \u2026 ",
    "a b c d e a b c d e a b c d e a b c d e\n\na b c d e a b c d e",
    "one\u2028two\x0c- three\x85\u2022 four\r\nfive... six # # #",
    "x",
    "... ?! \u2014 ( )",
    ". [edit] [3]\n[1] [2] [3]\n. [edit] # ... !\nIt ends.\t) \u2014  # !  Here too.  Not here",
    " \n\n ",
    "",
]
GERMAN = [
    "Die z. B. am 3. Mai geplante E-Mail-Adresse, \u201eStra\u00dfe\u201c, gibt's nicht. Der Hund bellt; sie auch!",
    "Wir verwenden Cookies.\nUnd wir lesen genau.\n\u2022 Punkt eins\n\u2022 Punkt eins\n\n\u2022 Punkt eins",
]
WORDS = [
    *("spam", "Spam", "the", "of", "ab", "a", "bc", "d'une", "E-Mail", "z.B.", "don't", "U.S.", "7", "[3]", "[edit]"),
    *("#", "...", "\u2026", ".", "!", "?\u201d", "\u3002", "-", "\u2022", ")", "{x}", "javascript", "use cookies"),
    "lorem ipsum",
]
GAPS = ["", " ", " ", "  ", "\t", "\n", "\n\n", "\x0c"]
some_text = st.lists(st.sampled_from([word + gap for word in WORDS for gap in GAPS]), max_size=40).map("".join)


def measured(text: str, language: str = "en") -> dict[str, float]:
    return measure(pl.Series([text]), pl.Series([language]), "datatrove").row(0, named=True)


def assert_equal_to_reference(texts: list[str], language: str) -> None:
    given_texts, languages = pl.Series(texts, dtype=pl.String), pl.Series([language] * len(texts))
    for in_turn in (False, True):
        found = signals_datatrove.measure(given_texts, languages, in_turn)
        for number, text in enumerate(texts):
            for name, expected in reference(text, language, in_turn).items():
                assert found[name][number] == pytest.approx(expected, abs=1e-12), (name, text, in_turn)


@pytest.mark.parametrize("language", ["en", "de"])
def test_signals_equal_datatroves_definitions_on_sentences(language: str) -> None:
    assert_equal_to_reference([*ENGLISH, *GERMAN], language)


@settings(max_examples=100, deadline=None)
@given(st.lists(some_text, min_size=1, max_size=6), st.sampled_from(["en", "de"]))
def test_signals_equal_datatroves_definitions_on_generated_batches(texts: list[str], language: str) -> None:
    assert_equal_to_reference(texts, language)


@pytest.mark.parametrize(
    ("signal", "text", "datatrove", "papers"),
    [
        # The first of equal lines is no repetition; their share is of the whole text.
        ("duplicate_line_fraction", "a b\na b\na b\nc d", 2 / 4, 3 / 4),
        ("duplicate_line_character_fraction", "a b\na b\na b\nc d", 6 / 12, 9 / 12),
        ("duplicate_paragraph_character_fraction", "a b\n\na b", 3 / 8, 1),
        # A pair of words that stands there once is the commonest where no other stands twice.
        ("top_2_gram_character_fraction", "Hello big world today", 9 / 21, 0),
        ("top_2_gram_character_fraction", "Go on, go on", 2 * 5 / 12 / 2, 8 / 8),
        # Behind a repeated n-gram reading goes on after it; the gaps between its words do not count.
        ("duplicate_5_gram_character_fraction", "x x x x x x x x x x x", 10 / 21, 1),
        ("duplicate_5_gram_character_fraction", "ab c d e f a bc d e f", 6 / 21, 0),
        # Marks are words, but for the number and length of words.
        ("word_count", "One, two (three)!", 3, 3),
        ("alphabetic_word_fraction", "One, two (three)!", 3 / 7, 1),
        ("mean_word_length", "It isn't so.", (2 + 2 + 3 + 2) / 4, (2 + 5 + 2) / 3),
        ("stop_word_count", "The cat And the dog Be", 1, 3),
        # Blank lines are lines; an asterisk is no bullet, a hyphen without a space is one.
        ("bullet_line_fraction", "-a\n\n* b\n- c", 2 / 4, 2 / 3),
        ("line_word_ratio", "one\n\n\ntwo", 3 / 2, 2 / 2),
        # White space at the end hides an end mark, a quotation mark too.
        ("line_punctuation_fraction", 'Ends. \nEnds.\n"Ends."', 1 / 3, 1),
        # One curly bracket in a line of three words; lines of two are not asked, nor those that name JavaScript.
        ("curly_bracket_line_fraction", "a { b\n{ x\nthe javascript {\nSo it is.", 1 / 3, 0),
        ("sentence_count", "Only two.\nHe came in. He sat down.\nRead our privacy policy here. Now.", 2, 3),
        ("sentence_count", "A line without a mark", 1, 0),
    ],
)
def test_each_place_where_the_definitions_differ(signal: str, text: str, datatrove: float, papers: float) -> None:
    assert measured(text)[signal] == pytest.approx(datatrove)
    assert measure(pl.Series([text]), pl.Series(["en"]))[signal][0] == pytest.approx(papers)


def test_in_turn_fineweb_is_asked_of_the_lines_that_c4_leaves() -> None:
    text = "Home\nNews\nIt is a sentence [1].\nWe use cookies on this site.\nAnd this one goes on"
    by_itself, in_turn = (
        measure(pl.Series([text]), pl.Series(["en"]), definitions).row(0, named=True)
        for definitions in ("datatrove", "datatrove_in_turn")
    )
    assert (by_itself["line_punctuation_fraction"], in_turn["line_punctuation_fraction"]) == (2 / 5, 1 / 2)
    assert (by_itself["short_line_fraction"], in_turn["short_line_fraction"]) == (1, 1)
    assert in_turn["line_word_ratio"] == 1 / 10
    changed = {name for name in by_itself if by_itself[name] != in_turn[name]}
    assert changed == {"line_punctuation_fraction", "line_word_ratio"}


def test_german_has_its_own_words_and_stop_words() -> None:
    text = "Die E-Mail kam z. B. gestern, und nicht das Auto/Rad"
    runs, words = words_spacy.cut(pl.Series([text]), "de")
    assert runs.values.to_list() == text.split()
    assert words.values.to_list() == [
        *("Die", "E-Mail", "kam", "z.", "B.", "gestern", ",", "und", "nicht", "das", "Auto", "/", "Rad"),
    ]
    assert measured(text, "de")["stop_word_count"] == 4  # kam, und, nicht, das; the list has no capitals
    assert measured(text, "en")["stop_word_count"] == 0


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("zh", "\u8fd9\u662f ABC\u3002", ["\u8fd9", "\u662f", "ABC", "\u3002"]),
        ("und", "It isn't (so)", ["It", "isn't", "(", "so", ")"]),
        ("qq", "Don't!", ["Don't", "!"]),
        ("ko", "\ud55c\uad6d\uc5b4 \ubb38\uc7a5.", ["\ud55c\uad6d\uc5b4", "\ubb38\uc7a5", "."]),
        (None, "a, b", ["a", ",", "b"]),
        ("no", "bl.a. slik", ["bl.a.", "slik"]),
    ],
)
def test_a_language_that_spacy_cannot_cut_is_cut_as_another_or_as_our_own_words(
    language: str | None, text: str, words: list[str]
) -> None:
    assert words_spacy.cut(pl.Series([text]), language)[1].values.to_list() == words


def test_a_run_that_would_take_hours_to_cut_is_one_word() -> None:
    text = "(" * 1_000_000 + " (so) " + "[" * 1_000
    assert [len(word) for word in words_spacy.cut(pl.Series([text]), "en")[1].values] == [1_000_000, 1, 2, *[1] * 1001]


def test_a_batch_of_many_languages_is_measured_as_its_documents_one_by_one() -> None:
    texts, codes = [*ENGLISH, *GERMAN, None], ["en"] * 5 + ["zh"] + ["en"] * 5 + ["de"] * 2 + [None]
    whole = measure(pl.Series(texts, dtype=pl.String), pl.Series(codes, dtype=pl.String), "datatrove")
    single = [
        measure(pl.Series([t], dtype=pl.String), pl.Series([c], dtype=pl.String), "datatrove")
        for t, c in zip(texts, codes, strict=True)
    ]
    assert whole.equals(pl.concat(single))
    assert dict(whole.schema) == {s.name: DTYPES[s.dtype] for s in SIGNALS}


def test_no_documents_are_safe() -> None:
    assert len(measure(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String), "datatrove")) == 0


def test_signals_of_the_other_sets_and_without_the_option_are_as_ever() -> None:
    texts, codes = pl.Series([*ENGLISH, *GERMAN]), pl.Series(["en"] * len(ENGLISH) + ["de"] * len(GERMAN))
    papers, datatrove = measure(texts, codes, "papers"), measure(texts, codes, "datatrove")
    others = [s.name for s in SIGNALS if s.name not in signals_datatrove.MEASURES]
    assert papers.equals(measure(texts, codes)) and len(others) > 5
    assert papers.select(others).equals(datatrove.select(others))


def test_the_rules_have_the_same_names_and_four_other_limits() -> None:
    papers, datatrove, in_turn = (
        {rule.full_name: rule for rules in BY_DEFINITIONS[name].values() for rule in rules}
        for name in ("papers", "datatrove", "datatrove_in_turn")
    )
    assert list(papers) == list(datatrove)
    assert datatrove == in_turn
    assert {n: (r.minimum, r.maximum) for n, r in datatrove.items() if r != papers[n]} == {
        "c4.curly_bracket_line_fraction": (None, 0),
        "c4.notice_line_fraction": (None, 1),
        "c4.sentence_count": (5, None),
        "fineweb.duplicate_line_character_fraction": (None, 0.01),
    }
    limits = {"c4.sentence_count": {"minimum": 2}}
    chosen = {rule.name: rule for rule in select(["c4"], limits, definitions="datatrove")}
    assert (chosen["sentence_count"].minimum, chosen["curly_bracket_line_fraction"].maximum) == (2, 0)
