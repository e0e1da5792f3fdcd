"""A small model that finds names of people and places and ships with the project: linear, over hashed features.

It reads only words that can belong to a name (capitalised, or between such), scores the tags of each by a sum of
weights, and takes the best sequence. benchmarks/train_names.py makes it from labelled text; how well it does and what
it was made from stands beside it in data/names_<language>/README.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusmill.transforms.text.names_features import Tokens, Words, tokens

FILE = "names.npz"
KINDS = ("PERSON", "LOCATION", "ORGANIZATION", "MISC")
#: O, then B- and I- of each kind.
TAGS = ("O", *(f"{mark}-{kind}" for kind in KINDS for mark in "BI"))
O = 0  # noqa: E741

# A doubtful word that a list has as a name, and no dictionary as a common word, is rather a name (a model's `eager`
# says by how much), and in a long text with few names, a manual, none is. Scores are sums of weights, which training
# moves by 1.
STRICT = 8.0
WARIER = 50.0  # where capitals are a guess, since the text has none
RARE = 2.0  # names of all kinds in 1,000 characters, found when strict, below which they are few
SHORT = 500  # characters up to which a text says too little about itself


class Name(NamedTuple):
    """A span [start, end) in code points and its kind, named as spaCy names them."""

    start_char: int
    end_char: int
    label_: str


@dataclass
class Tagged:
    """What a spaCy model gives for a text, as far as it is asked here."""

    ents: list[Name]


def possible() -> NDArray[np.float32]:
    """Scores of one tag after another: zero where it can be, else as good as never (I- only after its own kind)."""
    table = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for after, tag in enumerate(TAGS):
        for before, previous in enumerate(TAGS):
            if tag[0] == "I" and previous[1:] != tag[1:]:
                table[before, after] = -1e6
    return table


def best(scores: NDArray[np.float32], follows: NDArray[np.float32]) -> list[int]:
    """The tags of a run of words with the highest sum; O stands before and after the run.

    scores: word x tag; follows: tag x the next one's tag.
    """
    total = follows[O] + scores[0]
    came: list[NDArray[np.int64]] = []
    for row in scores[1:]:
        ways = total[:, None] + follows
        came.append(ways.argmax(0))
        total = ways.max(0) + row
    tags = [int((total + follows[:, O]).argmax())]
    for back in reversed(came):
        tags.append(int(back[tags[-1]]))
    return tags[::-1]


def runs(places: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of `places` whose numbers follow each other.

    >>> runs(np.array([2, 3, 7, 9, 10, 11]))
    [(0, 2), (2, 3), (3, 6)]
    """
    if not len(places):
        return []
    cuts = (np.flatnonzero(np.diff(places) != 1) + 1).tolist()
    return list(zip([0, *cuts], [*cuts, len(places)], strict=True))


@dataclass
class NamesModel:
    """Weights and word lists, ready to tag; called as a spaCy model is."""

    words: Words
    weights: NDArray[np.float32]  # feature x tag
    follows: NDArray[np.float32]
    lang: str = ""
    eager: float = 0.0

    @property
    def bits(self) -> int:
        """How many bits a feature's number has."""
        return len(self.weights).bit_length() - 1

    def warily(self, text: str) -> Tagged:
        """The names in a text whose capitals are a guess."""
        return self(text, WARIER)

    def __call__(self, text: str, wary: float = 0.0) -> Tagged:
        """The names in a text, in text order. wary: how far a doubtful word that no list has is rather none."""
        found = tokens(self.words.read(text))
        rows = self.words.rows(found.words)
        places = self.words.candidates(rows)
        if not len(places):
            return Tagged([])
        scores = self.weights[self.words.features(rows, places, self.bits)].sum(1)
        scores[:, O] += STRICT
        sure = self._names(found, places, scores)
        if len(text) > SHORT and 1000 * len(sure) < RARE * len(text):
            return Tagged(sure)
        scores[:, O] -= STRICT + np.where(self.words.listed(rows, places), self.eager, -wary)
        return Tagged(self._names(found, places, scores))

    def _names(self, found: Tokens, places: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Name]:
        names: list[Name] = []
        hopeful = scores[:, 1:].max(1) - scores[:, O] > -self._slack
        for start, end in runs(places):
            if hopeful[start:end].any():
                first = int(places[start])
                for kind, a, b in spans(best(scores[start:end], self.follows)):
                    names.append(Name(found.starts[first + a], found.ends[first + b - 1], kind))
        return names

    @cached_property
    def _slack(self) -> float:
        """How much a sequence can gain by its transitions: words that are O by more than that need no search."""
        real = self.follows[self.follows > -1e5]
        return float(2 * (real.max() - real.min()))


def spans(tags: list[int]) -> list[tuple[str, int, int]]:
    """Kind, first and last + 1 word of each name.

    >>> spans([TAGS.index(tag) for tag in ("B-PERSON", "I-PERSON", "O", "B-LOCATION")])
    [('PERSON', 0, 2), ('LOCATION', 3, 4)]
    """
    found: list[tuple[str, int, int]] = []
    for at, number in enumerate(tags):
        tag = TAGS[number]
        if tag[0] == "B":
            found.append((tag[2:], at, at + 1))
        elif tag[0] == "I":
            kind, start, _ = found[-1]
            found[-1] = (kind, start, at + 1)
    return found


def load(folder: Path) -> NamesModel:
    """The model of a folder with names.npz and meta.json."""
    with np.load(folder / FILE) as stored:
        rest = json.loads(bytes(stored["words"]).decode())
        weights = stored["weights"].astype(np.float32) * stored["scale"]
        follows = stored["follows"]
    lists = {word: int(bits) for bits, some in rest["lists"].items() for word in some.split("\n")}
    classes = {word: int(number) for number, some in rest["classes"].items() for word in some.split("\n")}
    return NamesModel(Words(lists, classes), weights, follows, rest["language"], rest["eager"])


def save(model: NamesModel, folder: Path) -> None:
    """Write names.npz; weights as whole numbers of one byte."""
    scale = np.float32(np.abs(model.weights).max() / 127)
    grouped = [_grouped(model.words.lists), _grouped(model.words.classes)]
    rest = {"language": model.lang, "eager": model.eager, "lists": grouped[0], "classes": grouped[1]}
    np.savez_compressed(
        folder / FILE,
        weights=np.rint(model.weights / scale).astype(np.int8),
        scale=scale,
        follows=model.follows,
        words=np.frombuffer(json.dumps(rest, ensure_ascii=False).encode(), dtype=np.uint8),
    )


def _grouped(words: Mapping[str, int]) -> dict[int, str]:
    groups: dict[int, list[str]] = {}
    for word, number in sorted(words.items()):
        groups.setdefault(number, []).append(word)
    return {number: "\n".join(some) for number, some in sorted(groups.items())}
