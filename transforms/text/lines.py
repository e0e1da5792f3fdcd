"""Lines that are cut out of a text: C4's rules for lines, lines that repeat, lines of links. Rules are data."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from corpusmill.transforms.text.signals_c4 import LINE_END, NOTICE
from corpusmill.transforms.text.signals_gopher_quality import ELLIPSIS
from corpusmill.transforms.text.signals_pieces import Mask, Pieces, offsets_of

C4 = "Raffel et al. 2020 (JMLR 21/140), section 2.2; TFDS c4_utils.py"
FEWEST_WORDS = 5  # between white space, of TFDS c4_utils.py; the paper's text says 3
LONGEST_WORD = 1000  # characters, of TFDS c4_utils.py
ADDRESS = r"(?:[a-z]{3,6}://|www\.)[^\s<>]+"


class LineRule(NamedTuple):
    """A rule for lines: which of them it cuts. Blank lines are never asked."""

    preset: str
    name: str
    source: str
    cuts: Callable[[Pieces], Mask]

    @property
    def full_name(self) -> str:
        """As in `edits.rule`."""
        return f"{self.preset}.{self.name}"


def _n_words(lines: Pieces) -> pl.Series:
    return lines.values.str.count_matches(r"\S+")


def _without_end_mark(lines: Pieces) -> Mask:
    return ~lines.matching(LINE_END) | lines.matching(f"(?:{ELLIPSIS})$")


def _long_word(lines: Pieces) -> Mask:
    found = np.zeros(len(lines.values), dtype=np.bool_)
    at = np.flatnonzero(lines.lengths > LONGEST_WORD)
    words = lines.values.gather(at).str.split(" ").list.eval(pl.element().str.len_chars().max()).list.first()
    found[at] = (words > LONGEST_WORD).to_numpy()
    return found


def _said_before(lines: Pieces) -> Mask:
    return lines.repeated & ~lines.first & (_n_words(lines) >= FEWEST_WORDS).to_numpy()


def _links(lines: Pieces) -> Mask:
    found = np.zeros(len(lines.values), dtype=np.bool_)
    at = np.flatnonzero(lines.matching(ADDRESS))
    addresses = lines.values.gather(at).str.extract_all(ADDRESS).list.join("").str.len_chars()
    found[at] = 2 * addresses.to_numpy() > lines.lengths[at]
    return found


LINE_RULES = (
    LineRule("c4", "line_long_word", f"{C4}: a word of more than {LONGEST_WORD} characters", _long_word),
    LineRule("c4", "line_end_mark", f"{C4}: no end mark, or an ellipsis", _without_end_mark),
    LineRule(
        "c4", "line_words", f"{C4}: under {FEWEST_WORDS} words", lambda d: (_n_words(d) < FEWEST_WORDS).to_numpy()
    ),
    LineRule("c4", "line_notice", f"{C4}: JavaScript and policies; in German too: ours", lambda d: d.matching(NOTICE)),
    LineRule(
        "repeated",
        "line",
        f"ours, after C4's: of equal lines of a document, of {FEWEST_WORDS} words or more, the first stays",
        _said_before,
    ),
    LineRule("links", "line", "ours: more than half of the characters are those of addresses", _links),
)

LINE_PRESETS = tuple(dict.fromkeys(rule.preset for rule in LINE_RULES))


def cuts(texts: pl.Series, presets: Sequence[str]) -> list[list[dict[str, object]]]:
    """Of each text the lines to be cut: rule (the first that cuts it), start and end in code points.

    >>> cuts(pl.Series(["Read this whole line, please.\\n\\nHome\\nhttps://example.org/a"]), ["links"])
    [[{'rule': 'links.line', 'start': 36, 'end': 57}]]

    A line goes with the blank lines that follow it. presets: names out of LINE_PRESETS. Null texts have no lines.
    """
    parts = texts.fill_null("").str.split("\n")
    document = np.repeat(np.arange(len(parts)), parts.list.len().to_numpy())
    raw = parts.explode()
    sizes = raw.str.len_chars().to_numpy().astype(np.int64) + 1
    before = offsets_of(sizes)[:-1]
    first = np.searchsorted(document, np.arange(len(parts)))
    start = before - before[first][document]
    values = raw.str.strip_chars()
    filled = np.flatnonzero((values != "").to_numpy())
    lines = Pieces(values.gather(filled), offsets_of(np.bincount(document[filled], minlength=len(parts))))
    # Up to where the next line begins that is not blank; of the last one, to the end of the text.
    end = np.append(start[filled[1:]], 0)
    last = np.append(document[filled][1:] != document[filled][:-1], True)[: len(filled)]
    lengths = texts.fill_null("").str.len_chars().to_numpy()
    end = np.where(last, lengths[document[filled]], end[: len(filled)])

    found: list[list[dict[str, object]]] = [[] for _ in range(len(texts))]
    rule_of = np.full(len(filled), -1)
    chosen = [rule for rule in LINE_RULES if rule.preset in presets]
    for number, rule in enumerate(chosen):
        rule_of[(rule_of < 0) & rule.cuts(lines)] = number
    for at in np.flatnonzero(rule_of >= 0).tolist():
        span = {"start": int(start[filled[at]]), "end": int(end[at])}
        found[document[filled[at]]].append({"rule": chosen[rule_of[at]].full_name, **span})
    return found
