"""Rules for lines against their definitions, a line at a time; what they cut, and what they leave."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusmill.transforms.text.lines import LINE_PRESETS, LINE_RULES, cuts

from .signals_reference import ends_sentence, is_notice

SOME = st.lists(
    st.sampled_from(
        [
            "This line is a whole sentence.",
            "Please enable JavaScript in your browser, then go on.",
            "see https://example.org/a/long/address/indeed",
            "Two words.",
            "and so on and on ...",
            " ",
            "",
            "Ä" * 1001 + " is a long word, and a line.",
        ]
    ),
    max_size=8,
).map("\n".join)


def reference(text, presets):
    """The lines that go, and the rule of each."""
    found, seen = [], set()
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        words, addresses = line.split(), re.findall(r"(?:[a-z]{3,6}://|www\.)[^\s<>]+", line)
        tests = {
            "c4.line_long_word": max(map(len, words)) > 1000,
            "c4.line_end_mark": not ends_sentence(line) or line.endswith(("...", "…", ". . .")),
            "c4.line_words": len(words) < 5,
            "c4.line_notice": is_notice(line),
            "repeated.line": line in seen and len(words) >= 5,
            "links.line": 2 * sum(map(len, addresses)) > len(line),
        }
        seen.add(line)
        found += [(rule, line) for rule, fails in tests.items() if fails and rule.split(".")[0] in presets][:1]
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(SOME, min_size=1, max_size=5), st.sets(st.sampled_from(LINE_PRESETS)))
def test_lines_go_as_their_definitions_say(texts, presets):
    for text, spans in zip(texts, cuts(pl.Series(texts), sorted(presets)), strict=True):
        told = [(span["rule"], text[span["start"] : span["end"]].strip()) for span in spans]
        assert told == reference(text, presets)


@settings(max_examples=100, deadline=None)
@given(SOME)
def test_spans_are_in_order_apart_and_begin_lines(text):
    spans = cuts(pl.Series([text]), list(LINE_PRESETS))[0]
    ends = [0]
    for span in spans:
        assert ends[-1] <= span["start"] < span["end"] <= len(text)
        assert span["start"] == 0 or text[span["start"] - 1] == "\n"
        ends.append(span["end"])


@pytest.mark.parametrize("texts", [[], [""], [None], ["\n\n", None, "one"]])
def test_no_text_and_no_documents_are_safe(texts):
    assert len(cuts(pl.Series(texts, dtype=pl.String), list(LINE_PRESETS))) == len(texts)


def test_code_that_repeats_stays_and_an_address_in_a_sentence_too():
    code = "end\nreturn None\nend\nreturn None"
    prose = "The manual at https://example.org says how it is done, and why."
    assert cuts(pl.Series([code, prose]), ["repeated", "links"]) == [[], []]


def test_every_rule_names_its_source():
    assert all(rule.source for rule in LINE_RULES)
    assert len({rule.full_name for rule in LINE_RULES}) == len(LINE_RULES)
