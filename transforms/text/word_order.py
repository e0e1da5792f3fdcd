"""Which words of a batch are among the commonest of their language, or of a vocabulary, and whether their order is one.

In any language a few words make a third of a text, and which of them may follow each other is narrow: "of the" is
frequent, "the of" is not. Shuffled words keep their numbers and lose their order.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusmill.transforms.text.hash_table import HashTable
from corpusmill.transforms.text.signals_pieces import GOLDEN, Keys, Numbers, Pieces
from corpusmill.transforms.text.signals_vocabulary import CONSENT, SELLING

DATA = Path(__file__).parent / "data" / "word_order.json"  # benchmarks/train_word_order.py makes it
COMMON = 96  # words of a language that the file has

OTHER, SELLS, CONSENTS = 0, COMMON + 1, COMMON + 2  # kinds of words; 1..COMMON is the number of a common one

Kinds = NDArray[np.uint8]


class Tables(NamedTuple):
    """languages: in the order of the tables. kinds: of words, by hash and language. tenths: of bits, by pair."""

    languages: tuple[str, ...]
    kinds: HashTable
    tenths: NDArray[np.int8]


@cache
def tables() -> Tables:
    """The tables of all languages that have them, read once a process."""
    made = json.loads(DATA.read_text(encoding="utf-8"))
    known: dict[int, int] = {}
    for number, (code, of_language) in enumerate(made.items()):
        kinds = {
            **dict.fromkeys(CONSENT[code].split(), CONSENTS),
            **dict.fromkeys(SELLING[code].split(), SELLS),
            **{word: n for n, word in enumerate(of_language["words"], 1)},
        }
        known.update(zip(keys_in(pl.Series(list(kinds)).hash().to_numpy(), number), kinds.values(), strict=True))
    table = HashTable(np.array(list(known), np.uint64), np.array(list(known.values()), np.uint8))
    tenths = np.array([of_language["bits"] for of_language in made.values()], dtype=np.int8)
    return Tables(tuple(made), table, tenths)


def keys_in(hashes: Keys, numbers: Numbers | int) -> Keys:
    """Hashes of words made different by the number of their language."""
    return hashes + np.atleast_1d(numbers).astype(np.uint64) * GOLDEN


def language_numbers(languages: pl.Series) -> Numbers:
    """Of each document, which table is its language's; -1: none."""
    numbers = np.full(len(languages), -1)
    for number, code in enumerate(tables().languages):
        numbers[(languages == code).fill_null(False).to_numpy()] = number
    return numbers


def kinds_of(words: Pieces, numbers: Numbers) -> Kinds:
    """The kind of each word in the tables of its document's language."""
    return tables().kinds.get(keys_in(words.hashes, np.repeat(numbers, words.count)))


def order(words: Pieces, kinds: Kinds, numbers: Numbers) -> tuple[NDArray[np.float64], Numbers]:
    """Of each document the bits of all pairs of neighbours of which one is common, and how many pairs that are."""
    common = np.where(kinds <= COMMON, kinds, OTHER)
    pairs = np.flatnonzero(((common[:-1] | common[1:]) != 0) & (words.document[:-1] == words.document[1:]))
    document = words.document[pairs]
    tenths = tables().tenths[numbers[document], common[pairs], common[pairs + 1]]
    size = len(words.count)
    return np.bincount(document, weights=tenths, minlength=size) / 10, np.bincount(document, minlength=size)
