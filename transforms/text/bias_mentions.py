"""Where a batch of texts of one language mentions groups of people, and the words beside the mentions."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusmill.transforms.text.bias_lists import HIDDEN, Lists, is_in, stem
from corpusmill.transforms.text.signals_pieces import GOLDEN, Keys, Mask, offsets_of
from corpusmill.transforms.text.words import WORD

WINDOW = 10  # words on either side of a mention, of its sentence
FEW = 1_000  # groups are fewer
LONG = 6  # words around a mention, in a passage that is copied rather than said again
SAME = 3  # times that such a passage counts: too few for a finding of its own
MOST = 20  # mentions of a group that count beside its words in one document, so that a book does not speak for all

SENTENCE_END = r"[.!?\u2026]+|\n\s*\n"
PLACEHOLDER = r"<[A-Z][A-Z_]+(?::[0-9a-f]{12})?>"  # what anonymise puts in the place of personal data
TALKED_OF = r"^\p{L}[\p{L}'\u2019\-]+$"  # words that may stand in the report: no numbers, no single letters

# German verbs in the third person singular; others end in -t or -te, but not all that does is a verb.
SINGULAR_VERBS = """
    ist hat war wird wurde kann muss muß will soll darf mag wäre hätte würde ging kam sah gab nahm stand lag saß schrieb
    ließ fand blieb sprach trug zog lief rief schlief las aß trank starb half traf begann verlor warf
"""
NO_VERBS = """
    nicht jetzt dort erst fast mit seit selbst sonst meist oft gut echt leicht laut recht weit direkt sofort zuletzt
    überhaupt insgesamt statt damit somit bereit schlecht heute bitte zuerst fest nachts rechts alt kalt rote zweite
    dritte letzte beste erste weitere konkret bekannt unbekannt beliebt berühmt exakt perfekt komplett nett satt tot rot
    bunt hart zart spät zunächst möglichst selbst mindestens höchst zumeist indirekt korrekt
"""

Numbers = NDArray[np.int64]


class Words:
    """The words of a batch, end to end. document, sentence, word: of each; `vocabulary` has the different ones."""

    def __init__(self, texts: pl.Series, language: str) -> None:
        tokens = texts.str.replace_all(PLACEHOLDER, " ").str.extract_all(f"{WORD}|{SENTENCE_END}")
        flat = tokens.explode().drop_nulls()
        offsets = offsets_of(tokens.list.len().to_numpy())
        breaks = ~flat.str.contains(r"^\w").to_numpy()
        new = breaks.copy()
        new[offsets[:-1][offsets[:-1] < len(flat)]] = True
        kept = np.flatnonzero(~breaks)
        self.sentence: Numbers = np.cumsum(new)[kept]
        self.document: Numbers = np.repeat(np.arange(len(texts)), np.diff(offsets))[kept]
        words = flat.gather(kept)
        _, first, self.word = np.unique(words.hash().to_numpy(), return_index=True, return_inverse=True)
        self.vocabulary = words.gather(first)
        lower = self.vocabulary.str.to_lowercase()
        self.lower_hash: Keys = lower.hash().to_numpy()
        self.key: Keys = self.lower_hash[self.word]
        self.capital: Mask = (self.vocabulary != lower).to_numpy()
        self.stem: Keys = stem(self.vocabulary, language).hash().to_numpy()

    def __len__(self) -> int:
        return len(self.word)

    def per_document(self, n_documents: int) -> Numbers:
        """Words of each document."""
        return np.bincount(self.document, minlength=n_documents)

    def same_sentence(self, at: Numbers, other: Numbers) -> Mask:
        """Are these words there, and in one sentence?"""
        inside = (other >= 0) & (other < len(self))
        return inside & (self.sentence[np.where(inside, other, 0)] == self.sentence[at])


@dataclass(frozen=True, eq=False)
class Mentions:
    """start, end (half-open; numbers of words), group and document of each mention."""

    start: Numbers
    end: Numbers
    group: Numbers
    document: Numbers

    def chosen(self, which: NDArray[Any]) -> "Mentions":
        """Some of them."""
        return Mentions(self.start[which], self.end[which], self.group[which], self.document[which])


def find(words: Words, lists: Lists) -> Mentions:
    """Mentions of the groups, the longest term first; what a hidden term covers is none."""
    covered = np.zeros(len(words), dtype=np.bool_)
    person = is_in(words.lower_hash, lists.person)[words.word]
    starts, ends, groups = [], [], []
    for n, terms in lists.terms.items():
        key = words.key.copy()[: max(0, len(words) - n + 1)]
        for step in range(1, n):
            key = key * GOLDEN + words.key[step : len(words) - n + 1 + step]
        low, high = (np.searchsorted(terms.key, key, side) for side in ("left", "right"))
        found = np.flatnonzero(high > low)
        times = (high - low)[found]
        at = np.repeat(found, times)
        row = np.repeat(low[found] - offsets_of(times)[:-1], times) + np.arange(len(at))
        right = words.same_sentence(at, at + n - 1) & ~covered[at] & ~covered[np.minimum(at + n - 1, len(words) - 1)]
        right &= words.capital[words.word[at]] | ~terms.capital[row]
        following = words.same_sentence(at, at + n) & person[np.minimum(at + n, len(words) - 1)]
        right &= following | ~terms.before_person[row]
        at, row = at[right], row[right]
        for step in range(n):
            covered[at + step] = True
        starts.append(at)
        ends.append(at + n)
        groups.append(terms.group[row])
    order = np.argsort(np.concatenate(starts), kind="stable")
    start, end, group = (np.concatenate(parts)[order] for parts in (starts, ends, groups))
    kept = (group != HIDDEN) & _verb_where_needed(words, lists, start)
    return Mentions(start, end, group, words.document[start]).chosen(kept)


def _verb_where_needed(words: Words, lists: Lists, at: Numbers) -> Mask:
    needs = is_in(words.key[at], lists.with_verb)
    if not needs.any():
        return ~needs
    beside = np.unique(words.word[np.clip(np.concatenate([at[needs] - 1, at[needs] + 1]), 0, len(words) - 1)])
    verb = np.zeros(len(words.vocabulary), dtype=np.bool_)
    verb[beside] = [is_singular_verb(word) for word in words.vocabulary.gather(beside).to_list()]
    has = np.zeros(len(at), dtype=np.bool_)
    for step in (-1, 1):
        there = words.same_sentence(at, at + step)
        has |= there & verb[words.word[np.clip(at + step, 0, len(words) - 1)]]
    address = words.capital[words.word[at]] & words.same_sentence(at, at - 1)  # Sie within a sentence is you
    return (has & ~address) | ~needs


def is_singular_verb(word: str) -> bool:
    """Does a German word look like a verb of the third person singular?

    >>> [is_singular_verb(word) for word in ("Hat", "arbeitet", "sagte", "haben", "nicht", "Zeit", "gesagt")]
    [True, True, True, False, False, False, False]
    """
    lower = word.lower()
    like = word == lower and lower not in NO_VERBS.split() and re.fullmatch(r"(?!ge)\w{2,}te?", lower) is not None
    return like or lower in SINGULAR_VERBS.split()


def compared(words: Words, mentions: Mentions, seen: dict[int, int]) -> Mentions:
    """The mentions whose neighbours count: SAME of each long passage, and of a document MOST of a group.

    seen: how often a group and the words around it counted, by their hash; grows. A notice that stands on many pages is
    one statement; that many say in short that she is a nurse is not.
    """
    places, there = _window(words, mentions)
    weights = np.array([pow(3, i, 2**64) for i in range(places.shape[1])], dtype=np.uint64)
    around = (np.where(there, words.key[places], np.uint64(0)) * weights).sum(axis=1, dtype=np.uint64)
    around = around * GOLDEN + mentions.group.astype(np.uint64)
    long = there.sum(axis=1) >= LONG
    fresh = ~long
    for i in np.flatnonzero(long).tolist():
        times = seen.get(key := int(around[i]), 0)
        seen[key] = min(times + 1, SAME)
        fresh[i] = times < SAME
    order = np.flatnonzero(fresh)
    order = order[np.lexsort((around[order], mentions.group[order], mentions.document[order]))]
    same = mentions.document[order] * FEW + mentions.group[order]
    first = np.searchsorted(same, same)
    return mentions.chosen(np.sort(order[np.arange(len(order)) - first < MOST]))


def neighbours(words: Words, lists: Lists, every: Mentions, used: Mentions) -> pl.DataFrame:
    """group and word (number in the batch) of the words in the windows of `used`, each once a group.

    Left out: words of grammar, what is no word, and terms of groups of the same dimension.
    """
    places, there = _window(words, used)
    rows = pl.DataFrame(
        {"group": np.repeat(used.group, there.sum(axis=1)), "at": places[there].astype(np.int64)}
    ).unique()
    group, at = rows["group"].to_numpy(), rows["at"].to_numpy()
    kept = content(words, lists)[words.word[at]]
    terms = np.concatenate([np.arange(s, e) for s, e in zip(every.start, every.end, strict=True)] or [np.empty(0, int)])
    own = np.repeat(lists.dimension[every.group], every.end - every.start) * len(words) + terms
    kept &= ~np.isin(lists.dimension[group] * len(words) + at, own)
    return rows.filter(pl.Series(kept))


def content(words: Words, lists: Lists) -> Mask:
    """Which words of the vocabulary are compared."""
    return words.vocabulary.str.contains(TALKED_OF).to_numpy() & ~is_in(words.lower_hash, lists.stop_words)


def _window(words: Words, mentions: Mentions) -> tuple[Numbers, Mask]:
    """Numbers of the words around each mention, a row each, and which of them are there and in its sentence."""
    before = mentions.start[:, None] + np.arange(-WINDOW, 0)
    after = mentions.end[:, None] + np.arange(WINDOW)
    places = np.concatenate([before, after], axis=1)
    there = words.same_sentence(np.repeat(mentions.start, places.shape[1]), places.ravel()).reshape(places.shape)
    return np.clip(places, 0, max(0, len(words) - 1)), there
