"""How many tokens of a mixture come from which group of documents: shares, caps and the budget, in numbers alone.

A group is what is alike in source, language and quality, as far as the recipe weighs them. Where it weighs one of them,
shares are its weights. Where it weighs several, groups are scaled in turn until the shares of each hold (iterative
proportional fitting, Deming and Stephan 1940), from the tokens that are there: the least change that hits all shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_mix import Mix

SEPARATOR = " / "  # in the name of a group
EVERYTHING = "all"  # the group where nothing is weighed
ROUNDS = 1_000
CLOSE = 1e-4  # shares are as good as hit: a hundredth of the 1 % that a reader would notice

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """What there is. values: of each dimension of the mixture. cap: how often a document may be taken at most."""

    name: str
    values: tuple[str, ...]
    documents: int
    tokens: int
    cap: float


def group(values: Sequence[str], documents: int, tokens: int, mix: Mix) -> Group:
    """What there is with these values of the mixture's dimensions, under its name and cap."""
    return Group(SEPARATOR.join(values) or EVERYTHING, tuple(values), documents, tokens, mix.cap(values))


@dataclass(frozen=True)
class Portion:
    """What is wanted of a group. copies: of each of its documents; rest: tokens, less than the group has, once more."""

    group: Group
    share: float
    tokens: int

    @property
    def copies(self) -> int:
        return self.tokens // self.group.tokens if self.group.tokens else 0

    @property
    def rest(self) -> int:
        return self.tokens - self.copies * self.group.tokens


@dataclass(frozen=True)
class Plan:
    """The mixture. note: why it is smaller than asked for, in words; None where it is not."""

    portions: tuple[Portion, ...]
    tokens: int
    note: str | None = None


def plan(groups: Sequence[Group], mix: Mix) -> Plan:
    """The portion of each group, in their order.

    Shares hold before all: where a group has too few tokens at its cap, the whole mixture is smaller, and `note` says
    which group that is. Raises UserError where something has a weight and no documents, or where weights of several
    dimensions cannot hold together.

    >>> web, wiki = Group("web", ("web",), 90, 9_000, 1.0), Group("wiki", ("wiki",), 10, 1_000, 2.0)
    >>> found = plan([web, wiki], Mix.model_validate({"weights": {"source": {"web": 3.0, "wiki": 1.0}}}))
    >>> [(p.group.name, p.tokens, p.copies) for p in found.portions]
    [('web', 6000, 0), ('wiki', 2000, 2)]
    """
    if not groups:
        return Plan((), 0)
    shares = _shares(groups, mix)
    most = np.array([group.cap * group.tokens for group in groups])
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = np.where(shares > 0, most / shares, np.inf)
    scarce = int(whole.argmin())
    possible = float(whole[scarce])
    total = min(possible, mix.max_tokens or possible)
    wanted = np.minimum(np.rint(shares * total), np.floor(most)).astype(int)
    portions = tuple(
        Portion(group, float(share), int(tokens)) for group, share, tokens in zip(groups, shares, wanted, strict=True)
    )
    return Plan(portions, int(wanted.sum()), _note(groups[scarce], possible, mix))


def _note(scarce: Group, possible: float, mix: Mix) -> str | None:
    if mix.max_tokens is None or possible >= mix.max_tokens:
        return None
    return (
        f"{possible:,.0f} tokens in place of the {mix.max_tokens:,} of mix.max_tokens: {scarce.name} has "
        f"{scarce.tokens:,} tokens, each at most {scarce.cap:g} times; raise mix.max_epochs, or lower its weight"
    )


def _shares(groups: Sequence[Group], mix: Mix) -> Floats:
    """Of each group the part of the mixture's tokens."""
    shares = np.array([group.tokens for group in groups], dtype=np.float64)
    targets = _targets(groups, mix)
    parts = [(share, _members(groups, at, value)) for at, target in targets for value, share in target.items()]
    for at, target in targets:
        shares[[group.values[at] not in target for group in groups]] = 0
    off = 1.0
    for _ in range(ROUNDS if shares.any() else 0):
        off = _scale(shares, parts)
        if off < CLOSE / 100:
            break
    if off > CLOSE:
        raise UserError(
            f"mix: the shares of {' and '.join(mix.dimensions)} cannot hold together: what is there in one is missing "
            "in another; change the weights, or leave one dimension out"
        )
    return shares / shares.sum()


def _scale(shares: Floats, parts: Sequence[tuple[float, NDArray[np.bool_]]]) -> float:
    """One round, in place; returns how far the shares were off at most."""
    shares /= shares.sum()
    off = 0.0
    for share, members in parts:
        now = float(shares[members].sum())
        off = max(off, abs(now - share))
        shares[members] *= share / now if now else 0.0
    return off


def _members(groups: Sequence[Group], at: int, value: str) -> NDArray[np.bool_]:
    return np.array([group.values[at] == value for group in groups])


def _targets(groups: Sequence[Group], mix: Mix) -> list[tuple[int, dict[str, float]]]:
    """Place of each weighed dimension, and of each of its values the share of the mixture, together 1."""
    found = []
    for at, dimension in enumerate(mix.dimensions):
        tokens: dict[str, int] = {}
        for group in groups:
            tokens[group.values[at]] = tokens.get(group.values[at], 0) + group.tokens
        weights = getattr(mix.weights, dimension)
        temperature = getattr(mix.temperature, dimension)
        if temperature is not None:
            weights = {value: n ** (1 / temperature) for value, n in tokens.items() if value and n}
        if weights is None:
            continue
        for value in weights:
            if not tokens.get(value):
                raise UserError(f"mix: {dimension} '{value}' has a share, and nothing of it came so far")
        total = sum(weights.values())
        found.append((at, {value: weight / total for value, weight in weights.items()}))
    return found
