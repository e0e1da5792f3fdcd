"""The share of a document's words that stand in the list of toxic words of its language."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from corpusmill.transforms.text.signals_pieces import GOLDEN, Keys, Mask, share
from corpusmill.transforms.text.words import Documents

SIEVE_BITS = 16
SIEVE_SHIFT = np.uint64(64 - SIEVE_BITS)
LISTS = Path(__file__).parent / "data" / "toxic_words.json"


@dataclass(frozen=True, eq=False)
class _Entries:
    """by_length: by number of words, sorted keys of first words and of entries. sieve: of first words' high bits."""

    by_length: dict[int, tuple[Keys, Keys]]
    sieve: Mask


def toxic_word_fraction(documents: Documents) -> pl.Series:
    """Words in entries over words, 0..1; null for a document of a language without a list.

    >>> from corpusmill.transforms.text.words import Documents
    >>> texts = pl.Series(["a shitty piece of shit", "a bird", "a shit"])
    >>> toxic_word_fraction(Documents(texts, pl.Series(["en", "en", "xx"]))).to_list()
    [0.8, 0.0, None]
    """
    words, listed = documents.words, _languages()
    number = documents.languages.replace_strict(listed, default=None, return_dtype=pl.UInt64)
    own = np.repeat(number.fill_null(len(listed)).to_numpy(), words.count)  # the number beyond the last has no list
    keys: Keys = words.hashes + own.astype(np.uint64) * GOLDEN
    found = np.zeros(len(keys), dtype=np.bool_)
    last = words.offsets[words.document + 1]
    entries = _entries()
    begins = np.flatnonzero(entries.sieve[keys >> SIEVE_SHIFT])  # few words get past it
    for n, (first, whole) in entries.by_length.items():
        starts = begins[_in(keys[begins], first)]
        starts = starts[starts + n <= last[starts]]
        key = keys[starts]
        for step in range(1, n):
            key = key * GOLDEN + words.hashes[starts + step]
        for start in starts[_in(key, whole)]:
            found[start : start + n] = True
    fractions = share(words.total(found), words.count)
    return fractions.set(number.is_null(), None)


@cache
def _languages() -> dict[str, int]:
    return {language: i for i, language in enumerate(json.loads(LISTS.read_text()))}


@cache
def _entries() -> _Entries:
    found: dict[int, tuple[list[Keys], list[Keys]]] = {}
    for number, entries in enumerate(json.loads(LISTS.read_text()).values()):
        split = pl.Series(entries, dtype=pl.String).str.split(" ")
        for n in sorted(set(split.list.len())):
            columns = [pl.Series(split.filter(split.list.len() == n).list.get(i)) for i in range(n)]
            hashes = [column.hash().to_numpy() for column in columns]
            first = key = hashes[0] + np.array([number], np.uint64) * GOLDEN
            for following in hashes[1:]:
                key = key * GOLDEN + following
            firsts, keys = found.setdefault(n, ([], []))
            firsts.append(first)
            keys.append(key)
    by_length = {n: (np.unique(np.concatenate(f)), np.unique(np.concatenate(k))) for n, (f, k) in found.items()}
    sieve = np.zeros(1 << SIEVE_BITS, dtype=np.bool_)
    for first, _ in by_length.values():
        sieve[first >> SIEVE_SHIFT] = True
    return _Entries(by_length, sieve)


def _in(keys: Keys, sorted_keys: Keys) -> Mask:
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return sorted_keys[at] == keys
