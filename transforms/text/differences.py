"""What stands only in one of two texts, seen as near_dedup sees them: by word n-grams.

A word counts as common where an n-gram around it stands in the other text too, wherever that may be: that takes time in
proportion to the texts, and marks nothing in a passage that only moved. Of the rest, if it is short, those words are
common too that difflib finds in the same order.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from corpusmill.transforms.text import shingles

Span = tuple[int, int]

ALIGNED = 500  # words on either side up to which the rest is aligned, which takes time in proportion to their product
TOGETHER = 2  # words that must agree in a row there: single ones agree by chance
CONTEXT = 60  # characters shown on either side of a passage
LONGEST = 240  # characters shown of one


def only_here(text: str, other: str, ngram: int, unit: shingles.Unit = "words") -> list[Span]:
    """The passages of the text that the other one lacks, in order, from the first letter of each to its last.

    Where one of the two has fewer words than an n-gram, single words are compared.

    >>> one, two = "We sell red apples, and pears too.", "We sell green apples, and pears too."
    >>> [one[start:end] for start, end in only_here(one, two, 3)]
    ['red']
    >>> only_here("Red apples", "red APPLES!", 5), only_here("a b c d e f", "d e f a b c", 3)
    ([], [])
    """
    places, words = _words(text, unit)
    _, others = _words(other, unit)
    if min(len(words), len(others)) < ngram:
        ngram = 1
    mine, its = _uncovered(words, others, ngram), _uncovered(others, words, ngram)
    common: set[int] = set()
    if max(len(mine), len(its)) <= ALIGNED:
        rests = [words[at] for at in mine], [others[at] for at in its]
        for block in SequenceMatcher(None, *rests, autojunk=False).get_matching_blocks():
            if block.size >= TOGETHER:
                common.update(mine[block.a : block.a + block.size])
    passages: list[Span] = []
    last = -2
    for at in mine:
        if at in common:
            continue
        start = passages.pop()[0] if at == last + 1 else places[at][0]
        passages.append((start, places[at][1]))
        last = at
    return passages


def _uncovered(words: Sequence[str], others: Sequence[str], ngram: int) -> list[int]:
    """Places of the words in none of whose n-grams the others agree."""
    known = set(_ngrams(others, ngram))
    covered = bytearray(len(words))
    for at, gram in enumerate(_ngrams(words, ngram)):
        if gram in known:
            covered[at : at + ngram] = b"\1" * ngram
    return [at for at, found in enumerate(covered) if not found]


def windows(text: str, passages: Sequence[Span]) -> list[Span]:
    """What to show of a text: its passages with a little context, those that lie close together in one.

    >>> text = "word " * 100
    >>> windows(text, [(100, 104), (130, 134), (400, 404)])
    [(40, 194), (340, 464)]
    """
    shown: list[Span] = []
    for start, end in passages:
        window = _from_word(text, start - CONTEXT), _to_word(text, min(end, start + LONGEST) + CONTEXT)
        if shown and window[0] <= shown[-1][1]:
            window = shown.pop()[0], window[1]
        shown.append(window)
    return shown


@cache
def _pattern(unit: shingles.Unit) -> re.Pattern[str]:
    """Words with their combining accents, which are composed before words are compared."""
    if unit == "characters":
        return re.compile(r"\w[\u0300-\u036f]*")
    alone = shingles.unspaced()
    return re.compile(rf"[{alone}][\u0300-\u036f]*|(?:[^\W{alone}]|[\u0300-\u036f])+")


def _words(text: str, unit: shingles.Unit) -> tuple[list[Span], list[str]]:
    found = [(match.span(), match[0]) for match in _pattern(unit).finditer(text)]
    return [span for span, _ in found], [unicodedata.normalize("NFC", word).lower() for _, word in found]


def _ngrams(words: Sequence[str], ngram: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[step:] for step in range(ngram)), strict=False))


def _from_word(text: str, at: int) -> int:
    """The beginning of the word at this place; a word longer than the context is cut."""
    at = max(0, at)
    return at - len(re.split(r"\s", text[max(0, at - CONTEXT) : at])[-1])


def _to_word(text: str, at: int) -> int:
    """The end of the word at this place."""
    rest = text[at : at + CONTEXT]
    return min(len(text), at + len(re.split(r"\s", rest, maxsplit=1)[0]))
