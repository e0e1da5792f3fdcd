"""Gopher's, C4's and FineWeb's signals as datatrove 0.10.1 measures them; its limits are in rules_datatrove.py.

Read from its filters (pipeline/filters: gopher_repetition, gopher_quality, c4, fineweb_quality) and written anew. Where
its two filters for repeated lines differ, in what they divide by, the one signal for it is FineWeb's: over the text
without line breaks, where Gopher's counts those too. C4's filter is taken without its end mark rule, as FineWeb runs
it. All are of the text as it is; `in_turn` those of FineWeb are of what C4's filter leaves of its lines, as where the
one follows the other.
"""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from corpusmill.transforms.text.ngrams_datatrove import Letters, repeated_ngrams, top_ngram
from corpusmill.transforms.text.signals_gopher_quality import STOP_WORDS
from corpusmill.transforms.text.signals_gopher_repetition import REPEATED_NGRAMS, TOP_NGRAMS
from corpusmill.transforms.text.signals_pieces import Mask, Numbers, Pieces, offsets_of, share
from corpusmill.transforms.text.words import stop_word_lists
from corpusmill.transforms.text.words_spacy import cut, n_sentences

SHORT_LINE = 30  # characters
LONGEST_WORD = 1000  # characters
FEWEST_WORDS = 3  # of a line that counts for C4

LINE_BREAK = r"\r\n|[\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]"  # that are none of \n, of Python's splitlines
CITATION = r"\[\d*\]|\[edit\]|\[citation needed\]"
POLICY = "terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
ELLIPSES = ("...", "\u2026")
# End marks of sentences of all scripts: Unicode's Sentence_Terminal, but for a few.
END_MARK = r"[\p{Sentence_Terminal}\u17d6\u17d9\u17da--\u2024\ufe12\ufe15\ufe16]"
# Marks: of ASCII, some of Europe and of East Asia, the full-width digit one, controls, and the end marks.
MARK = (
    r"!-/:-@\[-`{-~\u00ab\u00b4\u00bb\u2013\u2014\u2019\u201c-\u201e\u2026\u2236\u2501\u25ba\u3001\u3002\u3008-\u300d"
    r"\u3010\u3011\uff01\uff05\uff08\uff09\uff0c\uff0e\uff11\uff1a\uff1b\uff1f\uff5e\x00-\x08\x0b-\x1f\x7f-\x9f"
)
NO_MARK = f"[^{MARK}{END_MARK}]"


class C4Lines(NamedTuple):
    """Of each line whether C4 looks at it, and what it finds there; sentences: 0 in those that it cuts or ignores."""

    asked: Mask
    placeholder: Mask
    bracket: Mask
    notice: Mask
    sentences: Numbers

    @property
    def left(self) -> Mask:
        """The lines that it leaves in a text that it keeps."""
        return self.asked & ~self.notice


class Documents:
    """A batch of documents of one language as datatrove's filters see it."""

    def __init__(self, texts: pl.Series, language: str | None, in_turn: bool = False) -> None:
        self.texts = texts.fill_null("")
        self.language = language
        self.in_turn = in_turn

    @cached_property
    def length(self) -> Numbers:
        """Characters of each text."""
        return self.texts.str.len_chars().to_numpy().astype(np.int64)

    @cached_property
    def line_breaks(self) -> Numbers:
        """Line feeds of each text."""
        return self.texts.str.count_matches("\n", literal=True).to_numpy().astype(np.int64)

    @cached_property
    def lines(self) -> Pieces:
        """Lines between breaks of any kind, blank ones too; of Gopher's quality and C4."""
        return _pieces(self.texts.str.replace_all(LINE_BREAK, "\n").str.strip_suffix("\n").str.split("\n"))

    @cached_property
    def runs_of_lines(self) -> Pieces:
        """Parts between one or more line feeds; of Gopher's repetition."""
        return _pieces(self.texts.str.replace_all("\n+", "\n").str.split("\n"))

    @cached_property
    def paragraphs(self) -> Pieces:
        """Parts between two or more line feeds; of Gopher's repetition."""
        return _pieces(self.texts.str.strip_chars().str.replace_all("\n{2,}", "\n\n").str.split("\n\n"))

    @cached_property
    def written_lines(self) -> Pieces:
        """Lines that are not blank, with the white space around them; of FineWeb."""
        every = _pieces(self.texts.str.split("\n"))
        filled = (every.values.str.strip_chars() != "").to_numpy()
        return Pieces(every.values.filter(pl.Series(filled)), offsets_of(every.total(filled)))

    @cached_property
    def fineweb(self) -> "Documents":
        """What FineWeb's filter is asked of; of its words only the number is known."""
        if not self.in_turn:
            return self
        lines, left = self.lines, self.c4.left
        rows = pl.DataFrame({"document": lines.document, "line": self.without_citations}).filter(left)
        joined = rows.group_by("document").agg(pl.col("line").str.join("\n").str.strip_chars())
        every = pl.DataFrame({"document": np.arange(len(self.texts), dtype=np.int32)})
        found = Documents(every.join(joined, "document", "left", maintain_order="left")["line"], self.language)
        found.n_words = lines.totals(np.where(left, self._of_each_line(self._cut[1].count), 0)).to_numpy()
        return found

    @cached_property
    def n_words(self) -> Numbers:
        """Words and marks of each text."""
        return self.words.count

    @cached_property
    def without_citations(self) -> pl.Series:
        """`lines` as C4 leaves them."""
        return self.lines.values.str.strip_chars().str.replace_all(CITATION, "")

    @cached_property
    def _cut(self) -> tuple[Pieces, Pieces]:
        """Runs and words of `_cut_lines`."""
        return cut(self._cut_lines, self.language)

    @cached_property
    def _cut_lines(self) -> pl.Series:
        """`lines`, then those that C4 leaves otherwise."""
        return pl.concat([self.lines.values, self.without_citations.filter(self._cited)])

    @cached_property
    def _cited(self) -> pl.Series:
        return self.lines.values.str.contains(CITATION)

    @cached_property
    def words(self) -> Pieces:
        """Words and marks, as written."""
        offsets = self._cut[1].offsets[self.lines.offsets]
        return Pieces(self._cut[1].values.head(int(offsets[-1])), offsets)

    @cached_property
    def letters(self) -> Letters:
        """What the words are made of."""
        return Letters(self.words)

    @cached_property
    def named(self) -> Mask:
        """Words that are more than marks."""
        return self.words.matching(NO_MARK)

    @cached_property
    def c4(self) -> C4Lines:
        """What C4 asks of each line, in its order: a line that one question settles is not asked the next."""
        runs = self._cut[0]
        number = np.repeat(np.arange(len(runs.count)), runs.count)
        too_long = np.bincount(number[runs.lengths > LONGEST_WORD], minlength=len(runs.count)) > 0
        n_lines = len(self.lines.values)
        asked = ~too_long[:n_lines] & (runs.count[:n_lines] >= FEWEST_WORDS)
        lower = self.without_citations.str.to_lowercase()
        placeholder = asked & _has(lower, "lorem ipsum")
        script = asked & ~placeholder & _has(lower, "javascript")
        bracket = asked & ~placeholder & ~script & _has(lower, r"\{")
        notice = script | (asked & ~placeholder & ~bracket & _has(lower, POLICY))
        return C4Lines(asked, placeholder, bracket, notice, np.where(asked & ~notice, self._sentences, 0))

    @property
    def _sentences(self) -> Numbers:
        """Sentences of each line without its citations, as spaCy's sentencizer counts: none of a blank one."""
        return self._of_each_line(n_sentences(self._cut_lines, self._cut[1], self.language))

    def _of_each_line(self, counts: Numbers) -> Numbers:
        """Of counts over `_cut` that of each line, without its citations."""
        found = counts[: len(self.lines.values)].copy()
        found[self._cited.to_numpy()] = counts[len(self.lines.values) :]
        return found

    def per_word(self, number: pl.Series | Numbers) -> pl.Series:
        return share(np.asarray(number).astype(np.int64), self.n_words)

    def distinct_stop_words(self) -> pl.Series:
        """How many different stop words of its language a document has, as they are written in the list; else null."""
        listed = STOP_WORDS.get(self.language or "") or stop_word_lists().get(self.language or "")
        if listed is None:
            return pl.Series([None] * len(self.texts), dtype=pl.Int64)
        found = self.words.values.is_in(list(listed)).to_numpy() & self.words.first
        return self.words.totals(found)


def measure(texts: pl.Series, languages: pl.Series, in_turn: bool = False) -> pl.DataFrame:
    """A column for each of MEASURES and a row for each text.

    >>> measure(pl.Series(["One, two (two)!"]), pl.Series(["en"]))["alphabetic_word_fraction"].to_list()
    [0.42857142857142855]
    """
    rows = pl.DataFrame({"text": texts, "language": languages}).with_row_index("row")
    found = []
    for (language,), group in rows.group_by("language", maintain_order=True):
        documents = Documents(group["text"], language if isinstance(language, str) else None, in_turn)
        columns = {name: of(documents) for name, of in MEASURES.items()}
        found.append(pl.DataFrame({"row": group["row"], **columns}))
    return pl.concat(found).sort("row").drop("row") if found else pl.DataFrame({name: [] for name in MEASURES})


def _pieces(parts: pl.Series) -> Pieces:
    return Pieces(parts.explode(), offsets_of(parts.list.len().to_numpy()))


def _has(values: pl.Series, pattern: str) -> Mask:
    return values.str.contains(pattern).to_numpy()


def _repeats(pieces: Pieces) -> Numbers:
    """Characters of each document's pieces that have occurred before."""
    return pieces.total(pieces.lengths * ~pieces.first)


def _repeated_lines(d: Documents) -> pl.Series:
    return share(_repeats(d.written_lines), d.length - d.line_breaks)


def _share_of_lines(d: Documents, are: Callable[[Pieces], Mask]) -> pl.Series:
    return d.written_lines.share(are(d.written_lines))


def _ellipses(d: Documents) -> pl.Series:
    one, other = (d.texts.str.count_matches(sign, literal=True) for sign in ELLIPSES)
    return d.per_word(one + other)


def _top(n: int) -> Callable[[Documents], pl.Series]:
    return lambda d: share(top_ngram(d.words, n), d.length)


def _repeated(n: int) -> Callable[[Documents], pl.Series]:
    return lambda d: share(repeated_ngrams(d.words, d.letters, n), d.length)


MEASURES: dict[str, Callable[[Documents], pl.Series]] = {
    "duplicate_line_fraction": lambda d: d.runs_of_lines.share(~d.runs_of_lines.first),
    "duplicate_paragraph_fraction": lambda d: d.paragraphs.share(~d.paragraphs.first),
    "duplicate_line_character_fraction": lambda d: _repeated_lines(d.fineweb),
    "duplicate_paragraph_character_fraction": lambda d: share(_repeats(d.paragraphs), d.length),
    **{f"top_{n}_gram_character_fraction": _top(n) for n in TOP_NGRAMS},
    **{f"duplicate_{n}_gram_character_fraction": _repeated(n) for n in REPEATED_NGRAMS},
    "word_count": lambda d: d.words.totals(d.named),
    "mean_word_length": lambda d: share(d.words.total(d.words.lengths * d.named), d.words.total(d.named)),
    "hash_word_ratio": lambda d: d.per_word(d.texts.str.count_matches("#", literal=True)),
    "ellipsis_word_ratio": _ellipses,
    "bullet_line_fraction": lambda d: d.lines.share(d.lines.matching(r"^\s*[\u2022-]")),
    "ellipsis_line_fraction": lambda d: d.lines.share(d.lines.matching(r"(?:\.\.\.|\u2026)\s*$")),
    "alphabetic_word_fraction": lambda d: d.words.share(d.words.matching(r"\p{L}")),
    "stop_word_count": lambda d: d.distinct_stop_words(),
    "lorem_ipsum_count": lambda d: d.lines.totals(d.c4.placeholder),
    "curly_bracket_line_fraction": lambda d: d.lines.share(d.c4.bracket, among=d.c4.asked),
    "notice_line_fraction": lambda d: d.lines.share(d.c4.notice, among=d.c4.asked),
    "sentence_count": lambda d: d.lines.totals(d.c4.sentences),
    "line_punctuation_fraction": lambda d: _share_of_lines(d.fineweb, lambda lines: lines.matching(f"{END_MARK}$")),
    "short_line_fraction": lambda d: _share_of_lines(d.fineweb, lambda lines: lines.lengths <= SHORT_LINE),
    "line_word_ratio": lambda d: d.fineweb.per_word(d.fineweb.line_breaks),
}
