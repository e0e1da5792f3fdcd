"""What stands only in one of two texts, seen as near_dedup sees them: by word n-grams.

A word counts as common where an n-gram around it stands in the other text too, wherever that may be. It takes time in
proportion to the texts, and marks nothing in a passage that only moved.
"""

import re
import unicodedata
from collections.abc import Sequence

Span = tuple[int, int]

WORD = re.compile(r"[\w\u0300-\u036f]+")  # with combining accents, which are composed before words are compared
CONTEXT = 60  # characters shown on either side of a passage
LONGEST = 240  # characters shown of one


def only_here(text: str, other: str, ngram: int) -> list[Span]:
    """The passages of the text that the other one lacks, in order, from the first letter of each to its last.

    Where one of the two has fewer words than an n-gram, single words are compared.

    >>> one, two = "We sell red apples, and pears too.", "We sell green apples, and pears too."
    >>> [one[start:end] for start, end in only_here(one, two, 3)]
    ['We sell red']
    >>> only_here("Red apples", "red APPLES!", 5), only_here("a b c d e f", "d e f a b c", 3)
    ([], [])
    """
    places, words = _words(text)
    _, others = _words(other)
    if min(len(words), len(others)) < ngram:
        ngram = 1
    known = set(_ngrams(others, ngram))
    common = bytearray(len(words))
    for at, gram in enumerate(_ngrams(words, ngram)):
        if gram in known:
            common[at : at + ngram] = b"\1" * ngram
    passages: list[Span] = []
    for at, (start, end) in enumerate(places):
        if common[at]:
            continue
        if at and not common[at - 1]:
            start = passages.pop()[0]
        passages.append((start, end))
    return passages


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


def _words(text: str) -> tuple[list[Span], list[str]]:
    found = [(match.span(), match[0]) for match in WORD.finditer(text)]
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
