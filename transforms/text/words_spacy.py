"""Words as spaCy's tokenizers without a model cut them, marks and all: the ones that datatrove counts.

What stands between white space is cut by itself, so each different run of a batch is cut once. Forms that a tokenizer
knows over a space (Spanish "EE. UU.") therefore stay in two. Chinese, Japanese, Thai, Lao, Khmer and Burmese, for which
datatrove takes other libraries, are cut into words as our own signals cut them, every other sign being a word too.
"""

import os
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpusmill.transforms.text.arrays import count_within
from corpusmill.transforms.text.signals_pieces import Numbers, Pieces, offsets_of
from corpusmill.transforms.text.words import WORD

if TYPE_CHECKING:
    from spacy.language import Language

WHITE = r"\s\x1c-\x1f"  # what Python takes for white space
RUN = f"[^{WHITE}]+"
GAP = rf"(?:[{WHITE}]{{2,}}|[{WHITE}--\x20])"  # is a word to spaCy
UNDIVIDED = frozenset(("ja", "km", "lo", "my", "th", "zh"))
OTHERS = {"bs": "sr", "nn": "nb", "no": "nb", "ro": "xx", "sh": "sr"}  # whose tokenizer is taken, as in datatrove
LONGEST_RUN = 1000  # characters; a longer one is a word: of brackets, cutting takes time by its square
ANY = "xx"  # spaCy's tokenizer for a language that it does not know


def cut(texts: pl.Series, language: str | None) -> tuple[Pieces, Pieces]:
    """What stands between white space in each text, and the words that it is cut into.

    >>> runs, words = cut(pl.Series(["Don't, he said."]), "en")
    >>> runs.values.to_list(), words.values.to_list()
    (["Don't,", 'he', 'said.'], ['Do', "n't", ',', 'he', 'said', '.'])
    """
    found = texts.str.extract_all(RUN)
    runs = Pieces(found.explode().drop_nulls(), offsets_of(found.list.len().to_numpy()))
    distinct = runs.values.unique(maintain_order=True)
    words = _cut_apart(distinct, language)
    number = _numbers(runs.values, distinct)
    counts = words.count[number]
    offsets = offsets_of(counts)
    where = np.repeat(words.offsets[number], counts) + count_within(counts)
    return runs, Pieces(words.values.gather(where), offsets[runs.offsets])


def n_sentences(texts: pl.Series, words: Pieces, language: str | None) -> Numbers:
    """Sentences of each text, as spaCy's sentencizer counts those that are not blank. words: what `cut` gave.

    >>> texts = pl.Series(["One. Two (2.) Three!", "One.  -", "One. -", ""])
    >>> n_sentences(texts, cut(texts, "en")[1], "en").tolist()
    [3, 2, 1, 0]
    """
    counts = _n_sentences(words)
    stripped = texts.str.strip_chars()
    gaps = stripped.str.contains(_gap_behind_end())
    filled = stripped.filter(gaps).str.replace_all(GAP, " x ")
    counts[gaps.to_numpy()] = _n_sentences(cut(filled, language)[1])
    return counts


def _n_sentences(words: Pieces) -> Numbers:
    """The same, where no gap is a word."""
    ends = words.values.is_in(list(_sentence_ends())).to_numpy()
    solid = np.flatnonzero(ends | ~words.matching(r"^\p{P}+$"))  # other marks belong to the sentence before
    text, ends = words.document[solid], ends[solid]
    begins = ~ends[1:] & ends[:-1] & (text[1:] == text[:-1])
    return np.bincount(text[1:][begins], minlength=len(words.count)) + (words.count > 0)


@cache
def _gap_behind_end() -> str:
    """A wide gap between the end of a sentence and marks alone, up to the next end: there a sentence begins with it."""
    ends = "".join(f"\\x{{{ord(end):x}}}" for end in sorted(_sentence_ends()))
    between = rf"[\p{{P}}{WHITE}]*"
    return f"[{ends}]{between}{GAP}{between}(?:[{ends}]|$)"


@cache
def _sentence_ends() -> frozenset[str]:
    from spacy.pipeline import Sentencizer

    return frozenset(Sentencizer.default_punct_chars)


def _numbers(values: pl.Series, distinct: pl.Series) -> Numbers:
    """Of each value, where it stands in `distinct`."""
    known = pl.DataFrame({"value": distinct}).with_row_index("number")
    joined = pl.DataFrame({"value": values}).join(known, "value", "left", maintain_order="left")
    return joined["number"].to_numpy().astype(np.int64)


def _cut_apart(runs: pl.Series, language: str | None) -> Pieces:
    if language in UNDIVIDED:
        found = runs.str.extract_all(rf"{WORD}|\S")
        return Pieces(found.explode().drop_nulls(), offsets_of(found.list.len().to_numpy()))
    model = _model(OTHERS.get(language or ANY, language or ANY))
    long = runs.str.len_chars() > LONGEST_RUN
    with model.memory_zone():  # or the strings of all texts would stay in memory
        found = pl.Series([word.text for word in model.tokenizer("\n".join(runs.set(long, "x")))], dtype=pl.String)
    between = (found == "\n").to_numpy()  # a line break is a word by itself, and in no other
    run = np.cumsum(between)[~between]
    offsets = offsets_of(np.bincount(run, minlength=len(runs)))
    values = found.filter(pl.Series(~between))
    return Pieces(values.scatter(offsets[:-1][long.to_numpy()], runs.filter(long)), offsets)


@cache
def _model(code: str) -> "Language":
    """spaCy's tokenizer of a language; that of any language where there is none, or where it needs another library."""
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # spaCy imports it; it misses torch aloud
    import spacy
    from spacy.language import Tokenizer
    from spacy.vocab import Vocab

    try:
        model = spacy.blank(code, vocab=Vocab())  # its own vocabulary would note the shape and more of each new word
    except ImportError:
        return _model(ANY)
    return model if isinstance(model.tokenizer, Tokenizer) else _model(ANY)
