"""Rules: the cases of tests/cases/quality.yml, their limits against the sources, and what a recipe may choose."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.rules import PRESETS, Rule, select
from corpusmill.transforms.text.signals import SIGNALS, measure

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "quality.yml").read_text(encoding="utf-8"))
EVERY_RULE = select(list(PRESETS), {})


# Measured for own rules.
WITHOUT_A_RULE = {
    "unique_word_fraction",
    "word_entropy",
    "digit_character_fraction",
    "upper_case_character_fraction",
}


def fails(rule: Rule, value: float | None, language: str) -> bool:
    if value is None or (rule.languages and language not in rule.languages):
        return False
    return (rule.minimum is not None and value < rule.minimum) or (rule.maximum is not None and value > rule.maximum)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_a_document_fails_exactly_the_rules_of_its_case(case: dict[str, Any]) -> None:
    values = measure(pl.Series([case["text"]]), pl.Series([case["language"]])).row(0, named=True)
    assert [rule.full_name for rule in EVERY_RULE if fails(rule, values[rule.signal], case["language"])] == case[
        "fails"
    ]


def test_every_rule_names_a_signal_a_limit_and_a_source() -> None:
    names = {signal.name for signal in SIGNALS}
    for rule in EVERY_RULE:
        assert rule.signal in names, rule
        assert rule.minimum is not None or rule.maximum is not None, rule
        assert rule.source, rule


def test_names_of_signals_and_rules_are_unique() -> None:
    assert len({signal.name for signal in SIGNALS}) == len(SIGNALS)
    assert len({rule.full_name for rule in EVERY_RULE}) == sum(len(rules) for rules in PRESETS.values())


def test_every_signal_has_a_rule() -> None:
    assert {signal.name for signal in SIGNALS} - {rule.signal for rule in EVERY_RULE} == WITHOUT_A_RULE


def test_rules_come_in_the_order_of_the_recipe_and_once() -> None:
    chosen = select(["fineweb", "c4", "fineweb"], {})
    assert [rule.preset for rule in chosen] == ["fineweb"] * len(PRESETS["fineweb"]) + ["c4"] * len(PRESETS["c4"])


def test_a_limit_replaces_its_own_and_leaves_the_other() -> None:
    rules = {r.name: r for r in select(["gopher_quality"], {"gopher_quality.word_count": {"minimum": 30}})}
    assert (rules["word_count"].minimum, rules["word_count"].maximum) == (30, 100_000)
    assert rules["mean_word_length"] == next(r for r in PRESETS["gopher_quality"] if r.name == "mean_word_length")


def test_own_rules_come_last_with_their_languages_sources_and_action() -> None:
    own = {"name": "long", "signal": "word_count", "minimum": 100.0, "languages": ("de",), "sources": ("web",)}
    *_, rule = select(["c4"], {}, [{**own, "action": "flag"}])
    assert (rule.full_name, rule.minimum, rule.languages, rule.sources, rule.action) == (
        "own.long",
        100,
        ("de",),
        ("web",),
        "flag",
    )


def test_a_rule_can_be_told_to_flag_and_keeps_its_limits() -> None:
    rule = next(r for r in select(["c4"], {"c4.sentence_count": {"action": "flag"}}) if r.name == "sentence_count")
    assert (rule.action, rule.minimum) == ("flag", 3)


def test_the_published_presets_drop_and_ask_every_language_but_for_those_made_by_language() -> None:
    by_language = {name for name, rules in PRESETS.items() if any(rule.languages for rule in rules)}
    assert by_language == {"fineweb2", "german"}
    assert {rule.action for rule in EVERY_RULE} == {"drop"}


def test_rules_by_language_are_asked_once_a_language_and_signal() -> None:
    asked = [(rule.languages, rule.signal) for rule in PRESETS["fineweb2"]]
    assert len(asked) == len(set(asked)) and all(len(languages) == 1 for languages, _ in asked)


@pytest.mark.parametrize(
    ("presets", "limits", "message"),
    [
        (["gopher_qualty"], {}, "no preset 'gopher_qualty'; did you mean 'gopher_quality'"),
        (["qqq"], {}, "there are: balanced, gopher_repetition, gopher_quality, c4, fineweb"),
        (["c4"], {"c4.sentence_cont": {"minimum": 1}}, "did you mean 'c4.sentence_count'"),
        (["c4"], {"fineweb.line_word_ratio": {"maximum": 1}}, "no rule of c4"),
        (["fineweb2"], {"fineweb2.word_count": {"minimum": 1}}, "did you mean 'fineweb2"),
        (["c4"], {"c4.sentence_count": {"minimun": 1}}, "did you mean 'minimum'"),
        (["gopher_quality"], {"gopher_quality.word_count": {"minimum": 200_000}}, "above the maximum 100000"),
    ],
)
def test_a_wrong_choice_is_a_users_error_that_names_the_nearest(
    presets: list[str], limits: dict[str, dict[str, float]], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        select(presets, limits)
