"""The rules for quality, as data: presets of rules by name, and the recipe's choice of them. Imports no polars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_models import PERPLEXITY
from corpusmill.schemas.recipe_quality import Definitions, Quality
from corpusmill.transforms.text import (
    rules_datatrove,
    rules_fineweb2,
    rules_german,
    signals_balanced,
    signals_c4,
    signals_fineweb,
    signals_gopher_quality,
    signals_gopher_repetition,
    signals_toxicity,
)
from corpusmill.transforms.text.signals_types import Rule

__all__ = ["OWN", "PRESETS", "Rule", "of_scores", "select"]

PRESETS: dict[str, tuple[Rule, ...]] = {
    module.PRESET: module.RULES
    for module in (
        signals_balanced,
        signals_gopher_repetition,
        signals_gopher_quality,
        signals_c4,
        signals_fineweb,
        rules_fineweb2,
        rules_german,
        signals_toxicity,
    )
}

# By the recipe's `quality.definitions`: the limits go with what is measured.
BY_DEFINITIONS: dict[Definitions, dict[str, tuple[Rule, ...]]] = {
    "papers": PRESETS,
    "datatrove": PRESETS | rules_datatrove.PRESETS,
    "datatrove_in_turn": PRESETS | rules_datatrove.PRESETS,
}

OWN = "own"  # stands for the preset in the names of a recipe's own rules
CHANGES = ("minimum", "maximum", "action")


def select(
    presets: Sequence[str],
    limits: Mapping[str, Mapping[str, Any]],
    own: Sequence[Mapping[str, Any]] = (),
    definitions: Definitions = "papers",
) -> tuple[Rule, ...]:
    """The rules of `presets` in that order, `limits` ("preset.rule" -> minimum, maximum, action) in place of theirs.

    >>> [r.minimum for r in select(["fineweb"], {"fineweb.short_line_fraction": {"maximum": 0.9}})][:2]
    [0.12, None]

    own: further rules, after the presets' ones: the fields of Rule but its preset. definitions: whose limits.

    Raises UserError, with the nearest name, for a preset, rule or limit that does not exist, for a rule of a preset
    that is not chosen, and for a minimum above the maximum.
    """
    for preset in presets:
        if preset not in PRESETS:
            raise UserError(f"quality.rules: there is no preset '{preset}'{_nearest(preset, PRESETS)}")
    rules = {rule.full_name: rule for preset in dict.fromkeys(presets) for rule in BY_DEFINITIONS[definitions][preset]}
    for name, changes in limits.items():
        if name not in rules:
            raise UserError(f"quality.limits: '{name}' is no rule of {', '.join(presets)}{_nearest(name, rules)}")
        for change in changes:
            if change not in CHANGES:
                raise UserError(f"quality.limits.{name}: '{change}' is no limit{_nearest(change, CHANGES)}")
        rules[name] = replace(rules[name], **changes)
        low, high = rules[name].minimum, rules[name].maximum
        if low is not None and high is not None and low > high:
            raise UserError(f"quality.limits.{name}: the minimum {low:g} is above the maximum {high:g}; give both")
    return (*rules.values(), *(Rule(OWN, source="the recipe", **rule) for rule in own))


def of_scores(quality: Quality) -> tuple[Rule, ...]:
    """The rules over scores: of each classifier and language model that has a limit.

    >>> de = {"path": "de.arpa", "head": 300.0, "middle": 700.0, "keep": "middle"}
    >>> [(r.full_name, r.maximum) for r in of_scores(Quality.model_validate({"perplexity": {"de": de}}))]
    [('perplexity.de', 700.0)]
    """
    classified = [
        Rule("classifiers", c.name, c.name, c.minimum, c.maximum, c.path, c.languages, column="scores")
        for c in quality.classifiers
    ]
    modelled = [
        Rule(PERPLEXITY, language, PERPLEXITY, None, model.maximum, model.path, (language,), column="scores")
        for language, model in quality.perplexity.items()
    ]
    return tuple(rule for rule in (*classified, *modelled) if (rule.minimum, rule.maximum) != (None, None))


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; there are: {', '.join(known)}"
