"""Sentences for the words that the bias report names, so that a reviewer sees what is behind a number; masked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from corpusmill.transforms.text.mask import default_masker, excerpts

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.bias import Ratio

Piece = tuple[str, bool]  # text, and whether it is the word or the mention

EACH = 2  # sentences for a word
AROUND = 120  # characters before and after word and mention, within their sentence
SENTENCE = re.compile(r"(?:[^.!?\u2026\n]|[.!?\u2026](?!\s)|\n(?!\s*\n))+")


def key(language: str, group: str, what: str) -> str:
    """Under which the sentences for a word beside a group are kept."""
    return f"{language}/{group}/{what}"


def samples(batches: "Iterable[pl.DataFrame]", leaning: "Sequence[Ratio]") -> dict[str, list[list[Piece]]]:
    """By `key`, sentences in pieces, from the first batches that have EACH for all of these words."""
    found: dict[str, list[list[Piece]]] = {key(r.language, r.leans or "", r.what): [] for r in leaning}
    masker = default_masker()
    for batch in batches:
        lacking = [r for r in leaning if len(found[key(r.language, r.leans or "", r.what)]) < EACH]
        if not lacking:
            break
        for language in sorted({r.language for r in lacking}):
            texts = batch.filter(language=language)["text"]
            for ratio, text, word, term in _places(texts, [r for r in lacking if r.language == language]):
                kept = found[key(language, ratio.leans or "", ratio.what)]
                span, marks = _sentence(text, word, term)
                if marks and len(kept) < EACH:
                    kept += excerpts(text, [span], marks, masker, language)
    return {name: texts for name, texts in found.items() if texts}


def _places(texts: "pl.Series", ratios: "Sequence[Ratio]") -> "Iterator[tuple[Ratio, str, str, str]]":
    """Texts in which a word stands beside its group, with the word and the term of the group as they stand there."""
    import numpy as np
    import polars as pl

    from corpusmill.transforms.text.bias_lists import lists, stem
    from corpusmill.transforms.text.bias_mentions import Words, find, neighbours

    language = ratios[0].language
    words, listed = Words(texts, language), lists(language)
    mentions = find(words, listed)
    beside = neighbours(words, listed, mentions, mentions).sort("at")
    group, at = beside["group"].to_numpy(), beside["at"].to_numpy()
    stems = stem(pl.Series([ratio.what for ratio in ratios]), language).hash().to_list()
    for ratio, wanted in zip(ratios, stems, strict=True):
        other = ratio.b if ratio.leans == ratio.a else ratio.a
        members = listed.members(ratio.leans or "", ratio.dimension, other)
        in_group = np.isin(mentions.group, members)
        places = at[np.isin(group, members) & (words.stem[words.word[at]] == wanted)]
        _, first = np.unique(words.document[places], return_index=True)
        for place in places[first[:EACH]]:
            near = np.flatnonzero(in_group & (words.sentence[mentions.start] == words.sentence[place]))
            nearest = near[np.argmin(np.abs(mentions.start[near] - place))]
            term = words.vocabulary.gather(words.word[mentions.start[nearest] : mentions.end[nearest]]).to_list()
            text, word = texts[int(words.document[place])], words.vocabulary[int(words.word[place])]
            yield ratio, text, word, r"\W+".join(map(re.escape, term))


def _sentence(text: str, word: str, term: str) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """A part of the first sentence that has both, and where they stand; no place where none has.

    >>> _sentence("He came. She is a nurse here.", "nurse", "She")
    ((9, 29), [(9, 12), (18, 23)])
    """
    for sentence in SENTENCE.finditer(text):
        both = [re.search(rf"(?<!\w)(?:{one})(?!\w)", sentence[0]) for one in (re.escape(word), term)]
        if all(both):
            marks = sorted((sentence.start() + m.start(), sentence.start() + m.end()) for m in both if m)
            begin = sentence.end() - len(sentence[0].lstrip())
            start, end = max(begin, marks[0][0] - AROUND), min(sentence.end(), marks[-1][1] + AROUND)
            return (start, end), marks
    return (0, 0), []
