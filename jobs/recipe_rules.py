"""Names in a recipe that only the text layer or the recipe itself can tell: rules, signals, sources, metadata."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpusmill.jobs.recipe_problems import nearest
from corpusmill.jobs.recipe_yaml import Key, Problem
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.recipe_mix import Buckets
from corpusmill.schemas.recipe_models import PERPLEXITY
from corpusmill.schemas.recipe_quality import Quality
from corpusmill.schemas.recipe_stages import Keep

if TYPE_CHECKING:
    from corpusmill.transforms.text.signals_types import Rule


def selected_rules(recipe: Recipe) -> "tuple[Rule, ...]":
    """The recipe's quality rules in order, with its limits, and those over scores."""
    if recipe.quality is None:
        return ()
    from corpusmill.transforms.text import rules

    return (*rules.select(*_chosen(recipe.quality)), *rules.of_scores(recipe.quality))


def _chosen(quality: Quality) -> tuple[Any, ...]:
    """What `rules.select` is given."""
    limits = {name: limit.model_dump(exclude_none=True) for name, limit in quality.limits.items()}
    return quality.rules, limits, [rule.model_dump() for rule in quality.own], quality.definitions


def rule_problems(recipe: Recipe) -> list[Problem]:
    """All that is wrong with the names of rules, signals and sources."""
    problems = [*_quality_problems(recipe.quality), *_own_problems(recipe, recipe.quality)] if recipe.quality else []
    for key, stage in (("exact_dedup", recipe.exact_dedup), ("near_dedup", recipe.near_dedup)):
        problems += _keep_problems(recipe, stage.keep, key) if stage else []
    if recipe.mix and recipe.mix.quality:
        problems += _bucket_problems(recipe, recipe.mix.quality)
    return problems


def _own_problems(recipe: Recipe, quality: Quality) -> Iterator[Problem]:
    """Signals and sources of the recipe's own rules that do not exist."""
    if not quality.own:
        return
    from corpusmill.transforms.text.signals import SIGNALS

    signals, sources = [signal.name for signal in SIGNALS], [source.name for source in recipe.sources]
    for number, rule in enumerate(quality.own):
        at = ("quality", "own", number)
        if rule.signal not in signals:
            yield Problem((*at, "signal"), f"'{rule.signal}' is no signal; there are: {_listed(rule.signal, signals)}")
        for place, name in enumerate(rule.sources):
            if name not in sources:
                what = f"'{name}' is no source; there are: {_listed(name, sources)}"
                yield Problem((*at, "sources", place), what)


def _keep_problems(recipe: Recipe, keep: Keep, key: str) -> Iterator[Problem]:
    sources = [source.name for source in recipe.sources]
    for number, name in enumerate(keep.sources or ()):
        if name not in sources:
            yield Problem(
                (key, "keep", "sources", number), f"'{name}' is no source; there are: {_listed(name, sources)}"
            )
    carried = sorted({name for source in recipe.sources for name in source.metadata})
    if keep.newest and keep.newest not in carried:
        there = f"carried are: {_listed(keep.newest, carried)}" if carried else "no source has the key `metadata`"
        yield Problem((key, "keep", "newest"), f"'{keep.newest}' is in no source's `metadata`; {there}")
    if keep.signal:
        yield from _signal_problems(recipe, keep.signal, (key, "keep", "signal"))


def _bucket_problems(recipe: Recipe, buckets: Buckets) -> Iterator[Problem]:
    key, quality = ("mix", "quality", "signal"), recipe.quality
    if buckets.signal == PERPLEXITY:
        models = recipe.language_models
        unlimited = [language for language, model in models.items() if None in (model.head, model.middle)]
        if unlimited or not models:
            yield Problem(
                key, f"perplexity needs models with head and middle; without: {', '.join(unlimited) or 'all'}"
            )
    elif buckets.signal not in {classifier.name for classifier in (quality.classifiers if quality else ())}:
        yield from _signal_problems(recipe, buckets.signal, key)


def _signal_problems(recipe: Recipe, name: str, key: Key) -> Iterator[Problem]:
    from corpusmill.transforms.text.signals import SIGNALS

    names = [signal.name for signal in SIGNALS]
    if name not in names:
        yield Problem(key, f"'{name}' is no signal; there are: {_listed(name, names)}")
    elif not recipe.quality:
        yield Problem(key, "signals are measured only where the recipe has `quality`")


def _quality_problems(quality: Quality) -> list[Problem]:
    """Sets of rules and rules in `limits` that do not exist, or whose set is not asked for."""
    from corpusmill.transforms.text import rules  # here, so that reading a recipe without `quality` stays fast

    problems = [
        Problem(("quality", "rules", number), f"'{name}' is no set of rules; there are: {_listed(name, rules.PRESETS)}")
        for number, name in enumerate(quality.rules)
        if name not in rules.PRESETS
    ]
    every = {rule.full_name: preset for preset, members in rules.PRESETS.items() for rule in members}
    for name in quality.limits:
        if name not in every:
            same_set = [other for other in every if other.split(".")[0] == name.split(".")[0]] or list(every)
            what = f"'{name}' is no rule; there are: {_listed(name, same_set)}"
        elif every[name] not in quality.rules:
            what = f"the set {every[name]} of this rule is not in quality.rules"
        else:
            continue
        problems.append(Problem(("quality", "limits", name), what))
    if not problems:
        try:
            rules.select(*_chosen(quality))
        except UserError as error:
            problems.append(Problem(("quality", "limits"), str(error)))
    return problems


def _listed(word: str, words: Any) -> str:
    return ", ".join(words) + nearest(word, words)
