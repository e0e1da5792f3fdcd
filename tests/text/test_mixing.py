"""Shares, caps and the budget of a mixture hold, in numbers alone."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_mix import Mix
from corpusmill.transforms.text.mixing import Group, plan

FOUR = (("a", "de", 400), ("a", "en", 4_000), ("b", "de", 3_000), ("b", "en", 700))


def mix(**keys):
    return Mix.model_validate(keys)


def group(*values, tokens, cap=1.0):
    return Group(" / ".join(values), values, max(tokens // 100, 1), tokens, cap)


def shares(found):
    return [round(p.tokens / found.tokens, 3) for p in found.portions]


def test_without_weights_everything_is_taken_once():
    found = plan([group(tokens=1_000)], mix())
    assert [(p.copies, p.rest) for p in found.portions] == [(1, 0)] and found.note is None


def test_a_budget_takes_a_sample():
    found = plan([group(tokens=1_000)], mix(max_tokens=250))
    assert [(p.copies, p.rest) for p in found.portions] == [(0, 250)]


def test_a_scarce_source_is_repeated_up_to_its_cap():
    there = [group("web", tokens=9_000), group("wiki", tokens=1_000, cap=3.0)]
    wanted = mix(weights={"source": {"web": 1.0, "wiki": 1.0}}, max_epochs={"wiki": 3.0, "default": 1.0})
    found = plan(there, wanted)
    assert [(p.tokens, p.copies, p.rest) for p in found.portions] == [(3_000, 0, 3_000), (3_000, 3, 0)]


def test_shares_hold_before_the_budget_and_the_scarce_group_is_named():
    there = [group("web", tokens=9_000), group("wiki", tokens=1_000)]
    found = plan(there, mix(weights={"source": {"web": 0.5, "wiki": 0.5}}, max_tokens=10_000))
    assert found.tokens == 2_000 and shares(found) == [0.5, 0.5]
    assert "wiki has 1,000 tokens" in found.note and "2,000 tokens in place of the 10,000" in found.note


def test_what_has_no_weight_stays_out():
    there = [group("web", tokens=500), group("wiki", tokens=500)]
    assert [p.tokens for p in plan(there, mix(weights={"source": {"wiki": 1.0}})).portions] == [0, 500]


def test_weights_of_two_dimensions_hold_both():
    there = [group(source, language, tokens=n) for source, language, n in FOUR]
    wanted = mix(weights={"source": {"a": 0.6, "b": 0.4}, "language": {"de": 0.5, "en": 0.5}})
    found = plan(there, wanted)
    by = {p.group.values: p.tokens for p in found.portions}
    assert math.isclose(by["a", "de"] + by["a", "en"], 0.6 * found.tokens, rel_tol=1e-2)
    assert math.isclose(by["a", "de"] + by["b", "de"], 0.5 * found.tokens, rel_tol=1e-2)


def test_weights_that_cannot_hold_together_are_refused():
    there = [group("a", "de", tokens=400), group("b", "en", tokens=400)]
    wanted = mix(weights={"source": {"a": 0.9, "b": 0.1}, "language": {"de": 0.5, "en": 0.5}})
    with pytest.raises(UserError, match="source and language cannot hold together"):
        plan(there, wanted)


def test_a_weight_of_what_is_not_there_is_refused():
    with pytest.raises(UserError, match="language 'fr' has a share, and nothing of it came so far"):
        plan([group("de", tokens=10)], mix(weights={"language": {"de": 1.0, "fr": 1.0}}))


def test_temperature_brings_sizes_closer():
    there = [group("de", tokens=1_000), group("en", tokens=100_000)]
    assert shares(plan(there, mix(temperature={"language": 1.0}))) == [0.01, 0.99]
    assert shares(plan(there, mix(temperature={"language": 2.0}))) == [0.091, 0.909]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.floats(0.01, 100), st.floats(0.5, 5)), min_size=1, max_size=8),
    st.one_of(st.none(), st.integers(1, 10**7)),
)
def test_no_group_is_over_its_cap_nor_the_whole_over_its_budget(parts, budget):
    names = [f"s{n}" for n in range(len(parts))]
    there = [group(name, tokens=tokens, cap=cap) for name, (tokens, _, cap) in zip(names, parts, strict=True)]
    weights = {name: weight for name, (_, weight, _) in zip(names, parts, strict=True)}
    found = plan(there, mix(weights={"source": weights}, max_tokens=budget))
    assert all(p.tokens <= p.group.cap * p.group.tokens for p in found.portions)
    assert budget is None or found.tokens <= budget + len(parts)
    assume(found.tokens > 10_000)
    total = sum(weights.values())
    for name, portion in zip(names, found.portions, strict=True):
        assert math.isclose(portion.tokens / found.tokens, weights[name] / total, abs_tol=0.001)
