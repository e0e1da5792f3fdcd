"""The words of the bias report for a language: groups of people, attributes, and what is not counted.

They are data: bias_groups.yml and bias_attributes.yml, which say what their notation means.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from corpusmill.transforms.text.signals_pieces import GOLDEN, Keys, Mask
from corpusmill.transforms.text.words import STOP_WORDS

LANGUAGES = ("en", "de")
GROUPS = Path(__file__).parent / "data" / "bias_groups.yml"
ATTRIBUTES = Path(__file__).parent / "data" / "bias_attributes.yml"
TOXIC_WORDS = Path(__file__).parent / "data" / "toxic_words.json"
SECTIONS = ("person", "hidden", "with_verb")  # of bias_groups.yml, beside the dimensions
OTHERS = "others"  # in `compare`: all other groups of the dimension
HIDDEN = -1  # in place of a group: the term hides those in it

# Words of grammar, which follow from the group and say nothing of it; German ones are in data/stop_words.json.
ENGLISH_STOP_WORDS = """
    a about above after again against all also although always am an and another any anything are as at away
    back be became because become been before being below between both but by came can cannot come could did do
    does doing done down during each either else even ever every everything few for from further get gets
    getting go goes going gone got had has have having here how however i if in instead into is it its itself
    just last least less let like made make makes many may me might mine more most much must my myself near
    neither never next no nobody none nor not nothing now of off often on once one only onto or other others our
    ours out over own per perhaps put quite rather said same say says see seem seems seen several shall should
    since so some somebody someone something sometimes still such take taken than that the their theirs them
    themselves then there therefore these they thing things this those though through thus to together too
    toward towards two under until up upon us use used very via was way we well went were what whatever when
    where whether which while who whole whom whose why will with within without would yes yet you your yours
    yourself he she him her his hers himself herself isn't aren't wasn't weren't don't doesn't didn't won't
    wouldn't can't couldn't shouldn't hasn't haven't hadn't he's she's it's i'm i've i'll i'd he'd she'd he'll
    she'll you're you've they're they've that's there's what's let's who's
"""
GERMAN_STOP_WORDS = (
    "dass daß sowie bzw beim zum zur vom ins ans ob je pro laut trotz wegen statt dabei damit darauf dazu"
)


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of as many words each, sorted by key; a key may occur several times, for several groups."""

    key: Keys
    group: np.ndarray[Any, np.dtype[np.int64]]
    capital: Mask
    before_person: Mask


@dataclass(frozen=True, eq=False)
class Lists:
    """What is counted in a language. dimension: of each group. compare: (dimension, group, group)."""

    groups: tuple[str, ...]
    dimension: np.ndarray[Any, np.dtype[np.int64]]
    compare: tuple[tuple[str, str, str], ...]
    terms: dict[int, Terms]
    person: Keys
    with_verb: Keys
    stop_words: Keys
    themes: tuple[str, ...]
    attributes: dict[int, int]  # hash of a stem -> number of its theme

    def members(self, name: str, dimension: str, other: str) -> list[int]:
        """Numbers of the groups that `name` of a comparison with `other` means."""
        numbers = [i for i, g in enumerate(self.groups) if dimensions()[self.dimension[i]] == dimension]
        return [i for i in numbers if (self.groups[i] == name if name != OTHERS else self.groups[i] != other)]


@cache
def _groups() -> dict[str, Any]:
    return yaml.safe_load(GROUPS.read_text(encoding="utf-8"))


@cache
def dimensions() -> tuple[str, ...]:
    """gender, religion, ..."""
    return tuple(name for name in _groups() if name not in SECTIONS)


def stem(words: pl.Series, language: str) -> pl.Series:
    """Lower-cased words without their endings, so that forms count together; German feminine nouns without -in.

    >>> stem(pl.Series(["engineers", "Lehrerinnen", "Lehrer", "junger"]), "en").to_list()[0]
    'engineer'
    >>> stem(pl.Series(["Lehrerinnen", "Lehrer", "junger", "Autorin", "Männer"]), "de").to_list()
    ['lehr', 'lehr', 'jung', 'autor', 'männ']
    """
    lower = words.str.to_lowercase()
    if language == "de":
        nouns = lower.str.replace(r"(er|or|ist|ent|ant|eur|at|log|iker)in(?:nen)?$", "$1")
        return nouns.str.replace(r"^(.{4,}?)(?:ern|er|en|em|es|e|n|s)$", "$1")
    return lower.str.replace(r"^(.{3,}[^s])s$", "$1")


@cache
def lists(language: str) -> Lists:
    """Everything that is counted in one of LANGUAGES."""
    found = _groups()
    names: list[str] = []
    dimension: list[int] = []
    rows: list[tuple[int, str]] = []
    for number, name in enumerate(dimensions()):
        for group, terms in found[name].items():
            if group != "compare":
                rows += [(len(names), term) for term in _split(terms[language])]
                names.append(group)
                dimension.append(number)
    rows += [(HIDDEN, term) for term in _split(found["hidden"][language])]
    compare = [(name, a, b) for name in dimensions() for a, b in found[name]["compare"]]
    themes = _themes(language)
    attributes = {
        key: number
        for number, words in enumerate(themes.values())
        for key in stem(pl.Series(words), language).hash().to_list()
    }
    return Lists(
        groups=tuple(names),
        dimension=np.array(dimension),
        compare=tuple(compare),
        terms=_terms(rows),
        person=_keys(_split(found["person"][language])),
        with_verb=_keys(_split(found["with_verb"].get(language, ""))),
        stop_words=_keys(iter(_stop_words(language))),
        themes=tuple(themes),
        attributes=attributes,
    )


def is_in(keys: Keys, sorted_keys: Keys) -> Mask:
    """Which keys are among the sorted ones."""
    if not len(sorted_keys):
        return np.zeros(len(keys), dtype=np.bool_)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return sorted_keys[at] == keys


def _themes(language: str) -> dict[str, list[str]]:
    """Words by theme; the last are the toxic ones."""
    found = yaml.safe_load(ATTRIBUTES.read_text(encoding="utf-8"))
    themes = {name: list(_split(words[language])) for name, words in found.items()}
    toxic = json.loads(TOXIC_WORDS.read_text(encoding="utf-8"))[language]
    return {**themes, "swear words and slurs": [entry for entry in toxic if " " not in entry]}


def _terms(rows: list[tuple[int, str]]) -> dict[int, Terms]:
    """By number of words."""
    lower = {(group, term) for group, term in rows if not term[0].isupper()}
    once = dict.fromkeys(row for row in rows if (row[0], row[1].lower()) not in lower or row in lower)
    split = [(group, term.rstrip("~").split(), term) for group, term in once]
    found = {}
    for n in sorted({len(words) for _, words, _ in split}, reverse=True):
        chosen = [row for row in split if len(row[1]) == n]
        hashes = [pl.Series([words[i].lower() for _, words, _ in chosen]).hash().to_numpy() for i in range(n)]
        key = hashes[0]
        for following in hashes[1:]:
            key = key * GOLDEN + following
        order = np.argsort(key, kind="stable")
        found[n] = Terms(
            key=key[order],
            group=np.array([group for group, _, _ in chosen])[order],
            capital=np.array([words[0][0].isupper() for _, words, _ in chosen])[order],
            before_person=np.array([term.endswith("~") for _, _, term in chosen])[order],
        )
    return found


def _split(terms: str) -> Iterator[str]:
    return (term.strip() for term in terms.split(",") if term.strip())


def _keys(words: Iterator[str]) -> Keys:
    return np.unique(pl.Series([word.lower() for word in words], dtype=pl.String).hash().to_numpy())


def _stop_words(language: str) -> list[str]:
    if language == "en":
        return ENGLISH_STOP_WORDS.split()
    return [*json.loads(STOP_WORDS.read_text(encoding="utf-8"))[language], *GERMAN_STOP_WORDS.split()]
