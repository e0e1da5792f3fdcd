"""The rules for quality, as data: presets of rules by name, and the recipe's choice of them. Imports no polars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import (
    signals_c4,
    signals_fineweb,
    signals_gopher_quality,
    signals_gopher_repetition,
    signals_toxicity,
)
from corpusmill.transforms.text.signals_types import Rule

__all__ = ["PRESETS", "Rule", "select"]

PRESETS: dict[str, tuple[Rule, ...]] = {
    module.PRESET: module.RULES
    for module in (signals_gopher_repetition, signals_gopher_quality, signals_c4, signals_fineweb, signals_toxicity)
}

LIMITS = ("minimum", "maximum")


def select(presets: Sequence[str], limits: Mapping[str, Mapping[str, float]]) -> tuple[Rule, ...]:
    """The rules of `presets` in that order, with `limits` ("preset.rule" -> minimum, maximum) in place of their own.

    >>> [r.minimum for r in select(["fineweb"], {"fineweb.short_line_fraction": {"maximum": 0.9}})][:2]
    [0.12, None]

    Raises UserError, with the nearest name, for a preset, rule or limit that does not exist, for a rule of a preset
    that is not chosen, and for a minimum above the maximum.
    """
    for preset in presets:
        if preset not in PRESETS:
            raise UserError(f"quality.rules: there is no preset '{preset}'{_nearest(preset, PRESETS)}")
    rules = {rule.full_name: rule for preset in dict.fromkeys(presets) for rule in PRESETS[preset]}
    for name, changes in limits.items():
        if name not in rules:
            raise UserError(f"quality.limits: '{name}' is no rule of {', '.join(presets)}{_nearest(name, rules)}")
        for limit in changes:
            if limit not in LIMITS:
                raise UserError(f"quality.limits.{name}: '{limit}' is no limit{_nearest(limit, LIMITS)}")
        low, high = (changes.get(limit, getattr(rules[name], limit)) for limit in LIMITS)
        rules[name] = replace(rules[name], minimum=low, maximum=high)
        if low is not None and high is not None and low > high:
            raise UserError(f"quality.limits.{name}: the minimum {low:g} is above the maximum {high:g}; give both")
    return tuple(rules.values())


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; there are: {', '.join(known)}"
