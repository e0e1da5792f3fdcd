"""Make the names model of a language from labelled text: transforms/text/data/names_<language>/names.npz.

    python benchmarks/train_names.py de LABELLED OUT [--lists FOLDER] [--plain TEXTS...] [--classes] [--rounds 8]

LABELLED: a folder of *.jsonl as pii_convert.py and pii_templates.py write it. --lists: of pii_lists.py.
--plain: texts without labels (*.jsonl), for how words are mostly written. --classes: from all texts, classes of words
that stand between like neighbours.

An averaged perceptron over sequences: each run of words that may belong to a name is tagged with the weights so far,
wrong tags are given a head start (so that right ones win by a distance), and the weights move where the answer is
wrong.
A part of the words is read as if they were in no list, so that the model learns to know names by their context.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from word_classes import word_classes

from corpusmill.transforms.text.names import KINDS, TAGS, NamesModel, O, best, possible, runs, save
from corpusmill.transforms.text.names_features import (
    CAPITAL,
    COMMON,
    COMPANY,
    EITHER,
    NAME_LISTS,
    OF_COMPANY,
    PLACE_LISTS,
    SMALL,
    TEMPLATES,
    Words,
    tokens,
)

#: Files of pii_lists.py, those of people first; XX stands for the language.
LISTS = ("first", "last", "XX_first", "XX_last", "place", "country", "XX_place", "XX_country", "city")
HEAD_START = 1.0  # of wrong tags; a weight moves by 1
OFTEN = 5  # times that a word stands in the texts before its case says something
HIDDEN = 0.25  # share of words read as if they were in no list
FIRST_NAMES, LAST_NAMES = 0x33, 0xCC  # bits of LISTS
#: In a second copy of the texts, shares of words swapped (see Swaps): common ones with a capital, parts of names; of
#: words given a capital; of short texts written as headings.
COMMON_SWAPPED, NAMES_SWAPPED, RAISED, HEADINGS = 0.3, 0.15, 0.03, 0.03
Example = tuple[NDArray[np.int32], list[int]]  # features of a run of words, and its tags


def read_lists(folder: Path, language: str) -> dict[str, int]:
    """Word in lower case to bits: list n sets bit 2n for whole entries, 2n + 1 for words of longer ones."""
    found: dict[str, int] = {}
    for n, name in enumerate(LISTS):
        for entry in (folder / f"{name.replace('XX', language)}.txt").read_text(encoding="utf-8").lower().split("\n"):
            words = tokens(entry).words
            for word in words:
                if len(word) > 1:
                    found[word] = found.get(word, 0) | 1 << (2 * n + (len(words) > 1))
    return found


def read_cases(texts: Iterable[str]) -> dict[str, int]:
    """Word in lower case to SMALL or CAPITAL, of the words that the texts hold often enough to say so."""
    counts = Counter(word for text in texts for word in tokens(text).words if word[0].isalpha())
    cases: dict[str, int] = {}
    for word in {word.lower() for word in counts}:
        small, capital = counts[word], counts[word.capitalize()]
        if small >= OFTEN and small >= capital:
            cases[word] = SMALL
        elif capital >= OFTEN and 10 * small < capital:
            cases[word] = CAPITAL
    return cases


def read_dictionary(folder: Path, language: str) -> dict[str, int]:
    """Word in lower case to COMMON, or to COMMON and EITHER; of common_words.py."""
    found: dict[str, int] = {}
    for name, bits in (("common", COMMON), ("either", COMMON | EITHER)):
        file = folder / f"{language}_{name}.txt"
        found |= dict.fromkeys(file.read_text(encoding="utf-8").split("\n") if file.is_file() else (), bits)
    return found


def read_companies(folder: Path) -> dict[str, int]:
    """Word in lower case to COMPANY, where it is a whole name, or to OF_COMPANY; of company_lists.py."""
    found: dict[str, int] = {}
    file = folder / "company.txt"
    for name in file.read_text(encoding="utf-8").lower().split("\n") if file.is_file() else ():
        words = [word for word in tokens(name).words if len(word) > 1]
        for word in words:
            found[word] = found.get(word, 0) | (OF_COMPANY if words[1:] else COMPANY)
    return found


def tags_of(document: dict, starts: list[int], ends: list[int]) -> list[int]:  # type: ignore[type-arg]
    """The tag of each word: a span's words are those that begin in it."""
    tags = [0] * len(starts)
    at = 0
    for span in sorted(document["spans"], key=lambda s: s["start"]):
        if span["type"] in KINDS:
            mark = "B"
            while at < len(starts) and ends[at] <= span["start"]:
                at += 1
            while at < len(starts) and starts[at] < span["end"]:
                tags[at] = TAGS.index(f"{mark}-{span['type']}")
                mark, at = "I", at + 1
    return tags


def mended(tags: list[int]) -> list[int]:
    """I- at the start of a run becomes B-: a name may begin with a word that no candidate is."""
    result = []
    for n, tag in enumerate(tags):
        alone = TAGS[tag][0] == "I" and (n == 0 or TAGS[result[-1]][1:] != TAGS[tag][1:])
        result.append(tag - 1 if alone else tag)
    return result


def frequent(texts: Iterable[str], number: int = 300) -> set[str]:
    """The most frequent words, in small letters."""
    return {word for word, _ in Counter(w.lower() for text in texts for w in tokens(text).words).most_common(number)}


class Swaps:
    """Text written anew with words that are common ones and names, too: common words where no name is, names where one
    is, so that the model learns to tell them by what stands around them.
    """

    def __init__(self, lists: Mapping[str, int], often: Collection[str], chance: random.Random):
        self.chance = chance
        self.common = {w for w, bits in lists.items() if bits & COMMON and len(w) > 2 and w not in often}
        doubtful = sorted(w for w in self.common if lists[w] & NAME_LISTS)
        self.any = [w.capitalize() for w in doubtful]
        self.first, self.last, self.place = (
            [w.capitalize() for w in doubtful if lists[w] & bits] for bits in (FIRST_NAMES, LAST_NAMES, PLACE_LISTS)
        )

    def __call__(self, words: list[str], tags: list[int]) -> list[str]:
        heading = len(words) < 60 and self.chance.random() < HEADINGS
        rows = zip(words, tags, [*tags, O][1:], strict=True)
        return [self._word(word, tag, after, heading) for word, tag, after in rows]

    def _word(self, word: str, tag: int, after: int, heading: bool) -> str:
        name, least = TAGS[tag][2:], self.chance.random()
        if word[1:] and not word[1:].islower():
            return word
        if name in ("PERSON", "LOCATION"):
            pool = self.place if name == "LOCATION" else self.first if TAGS[after] == "I-PERSON" else self.last
            return self.chance.choice(pool) if word[0].isupper() and least < NAMES_SWAPPED else word
        if name or word.lower() not in self.common:
            return word.capitalize() if heading and not name and len(word) > 3 else word
        if word[0].isupper():
            return self.chance.choice(self.any) if least < COMMON_SWAPPED else word
        if least < RAISED:
            return self.chance.choice(self.any) if least < RAISED / 2 else word.capitalize()
        return word.capitalize() if heading else word


def examples(
    documents: list[dict],  # type: ignore[type-arg]
    words: Words,
    bits: int,
    chance: random.Random,
    swaps: Callable[[list[str], list[int]], list[str]] | None = None,
) -> Iterator[Example]:
    for document in documents:
        found = tokens(document["text"])
        tags = tags_of(document, found.starts, found.ends)
        written = swaps(found.words, tags) if swaps else found.words
        seen = [f"\0{w}" if w[0].isupper() and chance.random() < HIDDEN else w for w in written]
        rows = words.rows(seen)
        places = words.candidates(rows)
        features = words.features(rows, places, bits).astype(np.int32)
        for start, end in runs(places):
            yield features[start:end], mended([tags[place] for place in places[start:end].tolist()])


class Trainer:
    """Weights, and the sums that make their average."""

    def __init__(self, bits: int):
        self.weights = np.zeros((1 << bits, len(TAGS)), dtype=np.float32)
        self.sums = np.zeros_like(self.weights)
        self.follows, self.follow_sums = possible(), np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
        self.steps = 1

    def learn(self, features: NDArray[np.int32], right: list[int]) -> bool:
        """One run; was it tagged wrong?"""
        scores = self.weights[features].sum(1) + HEAD_START
        scores[np.arange(len(right)), right] -= HEAD_START
        guess = best(scores, self.follows)
        self.steps += 1
        if guess == right:
            return False
        for at, (good, bad) in enumerate(zip(right, guess, strict=True)):
            if good != bad:
                for tag, by in ((good, 1), (bad, -1)):
                    np.add.at(self.weights, (features[at], tag), by)
                    np.add.at(self.sums, (features[at], tag), by * self.steps)
        for path, by in ((right, 1), (guess, -1)):
            for before, after in zip([0, *path], [*path, 0], strict=True):
                self.follows[before, after] += by
                self.follow_sums[before, after] += by * self.steps
        return True

    def average(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self.weights - self.sums / self.steps, self.follows - self.follow_sums / self.steps


def train(some: list[Example], bits: int, rounds: int, chance: random.Random) -> Trainer:
    trainer = Trainer(bits)
    for n in range(rounds):
        began = time.perf_counter()
        chance.shuffle(some)
        wrong = sum(trainer.learn(features, tags) for features, tags in some)
        print(f"round {n + 1}: {wrong} of {len(some)} runs wrong, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lists", type=Path)
    parser.add_argument("--plain", type=Path, nargs="*", default=[])
    parser.add_argument("--classes", action="store_true")
    parser.add_argument("--swaps", action="store_true", help="read the texts a second time with Swaps")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=3, help="how many orders of the texts the weights are a mean of")
    parser.add_argument("--eager", type=float, default=16.0, help="how far doubtful words of a list are names")
    parser.add_argument("--bits", type=int, default=19)
    options = parser.parse_args()
    chance = random.Random(1)
    files = sorted(options.labelled.glob("*.jsonl"))
    documents = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    plain = [json.loads(line)["text"] for file in options.plain for line in file.open(encoding="utf-8")]
    texts = [*plain, *(document["text"] for document in documents)]
    lists = read_lists(options.lists, options.language) if options.lists else {}
    dictionary = read_dictionary(options.lists, options.language) if options.lists else {}
    companies = read_companies(options.lists) if options.lists else {}
    firms = {word: bit for word, bit in companies.items() if word not in dictionary}
    for word, bit in (*read_cases(texts).items(), *dictionary.items(), *firms.items()):
        lists[word] = lists.get(word, 0) | bit
    words = Words(lists, word_classes(texts) if options.classes else {})
    swaps = Swaps(lists, frequent(texts), chance) if options.swaps else None
    averages = []
    for seed in range(1, options.seeds + 1):
        chance.seed(seed)
        some = list(examples(documents, words, options.bits, chance))
        if swaps:
            some += examples(documents[::2], words, options.bits, chance, swaps)
        print(f"{len(documents)} documents, {len(some)} runs, {len(TEMPLATES)} features a word", file=sys.stderr)
        averages.append(train(some, options.bits, options.rounds, chance).average())
    weights, follows = (np.mean(parts, axis=0, dtype=np.float32) for parts in zip(*averages, strict=True))
    options.out.mkdir(parents=True, exist_ok=True)
    save(NamesModel(words, weights, follows, options.language, options.eager), options.out)


if __name__ == "__main__":
    main()
