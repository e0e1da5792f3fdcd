"""A recogniser as data, and how it is run over a text: only on the lines where it can find something.

A rule's `trigger` must occur in every match of its pattern, and a match spans at most `lines` lines. So running the
pattern on the lines around the triggers finds what running it on the whole text finds (a test compares the two), and
costs next to nothing where there is no trigger: searching a literal runs at a gigabyte a second, a pattern at tens of
megabytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from corpusmill.transforms.text.findings import Finding

Trigger = tuple[str, ...] | re.Pattern[str]
Window = tuple[int, int]

SPACES = " \t\u00a0\u2009\u202f"  # never a line break: most rules stay within one line
SPACE = f"[{SPACES}]"
DASH = r"\-\u2010\u2011\u2013"  # for use inside a character class
#: A capital letter: Latin, Greek, Cyrillic. (`re` has no class for it, and `[A-Z]` leaves out Ä and Š.)
CAPITAL = f"[{''.join(c for c in map(chr, range(0x41, 0x530)) if c.isupper())}]"
# Triggers that several rules share. A pattern that begins with a literal or a set is searched fast, with \\b slowly.
FIVE_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){4}")  # the weakest sign of a number that names somebody
CODE = re.compile(r"[A-Z][A-Z0-9]{8}")
COLON_CAPITAL = re.compile(rf":{SPACE}{{0,3}}\"?{CAPITAL}")
MASK = "****"  # what the operator mask writes is this or some of it
CONTEXT_REACH = 60  # code points before a match in which its context words count; about eight words


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Rule:
    """Finds one entity type by a pattern; the group `value`, where there is one, is the finding.

    trigger: literals in lower case, or a pattern; one of them is in every match.
    score, context_score: 0..1, without and with a context word before the match; 0 means not found.
    context, unless: patterns, case ignored, looked for in the CONTEXT_REACH code points before the match; where
        `unless` matches nothing is found.
    check: says whether the value is possible (check digits, lists).
    languages: of documents that it is for; empty means all.
    """

    name: str
    entity_type: str
    pattern: str
    trigger: Trigger
    score: float
    context: str = ""
    context_score: float = 0.0
    unless: str = ""
    check: Callable[[str], bool] | None = None
    languages: tuple[str, ...] = ()
    lines: int = 1
    flags: int = 0

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags | re.MULTILINE)

    @cached_property
    def _context(self) -> re.Pattern[str]:
        return re.compile(self.context, re.IGNORECASE)

    @cached_property
    def _unless(self) -> re.Pattern[str]:
        return re.compile(self.unless, re.IGNORECASE)

    def scan(self, page: "Page") -> Iterator[Finding]:
        """Findings of this rule in the page, in text order."""
        group = "value" if "value" in self._regex.groupindex else 0
        for start, end in page.windows(self.trigger, self.lines):
            for match in self._regex.finditer(page.text, start, end):
                value = match.span(group)
                if self.check and not self.check(match[group]):
                    continue
                score = self._score(page.text, value[0])
                if score:
                    yield Finding(*value, self.entity_type, score, self.name)

    def _score(self, text: str, start: int) -> float:
        if not self.context and not self.unless:
            return self.score
        before = words_before(text, start)
        if self.unless and self._unless.search(before):
            return 0.0
        if self.context and self._context.search(before):
            return self.context_score
        return self.score


def words_before(text: str, start: int) -> str:
    """The context of a match: what stands before it, back to CONTEXT_REACH code points, a `>` or a mask.

    The `>` is the end of a placeholder. Without that limit a replaced value would bring context words nearer to the
    next number, or be one (`<US_SSN>`), and a second run would find more than the first.
    """
    before = text[max(0, start - CONTEXT_REACH) : start]
    before = before[before.rfind(">") + 1 :]
    return before[before.rfind(MASK) + len(MASK) :] if MASK in before else before


@dataclass
class Page:
    """A text and, found once for all rules, the lines that each trigger stands in."""

    text: str
    gated: bool = True
    _windows: dict[tuple[Trigger, int], list[Window]] = field(default_factory=dict)

    @cached_property
    def _lower(self) -> str:
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.text)  # İ would become two

    def windows(self, trigger: Trigger, lines: int) -> list[Window]:
        """The parts of the text, whole lines, in which a match of `lines` lines with this trigger can be."""
        if not self.gated:
            return [(0, len(self.text))]
        key = (trigger, lines)
        if key not in self._windows:
            hits = self._literals(trigger) if isinstance(trigger, tuple) else self._matches(trigger)
            self._windows[key] = hits if lines == 1 else self._widened(hits, lines - 1)
        return self._windows[key]

    def _line(self, start: int, end: int) -> Window:
        stop = self.text.find("\n", end)
        return self.text.rfind("\n", 0, start) + 1, len(self.text) if stop < 0 else stop

    def _matches(self, trigger: re.Pattern[str]) -> list[Window]:
        found, at = [], 0
        while match := trigger.search(self.text, at):
            found.append(self._line(*match.span()))
            at = found[-1][1]
        return found

    def _literals(self, trigger: tuple[str, ...]) -> list[Window]:
        found = []
        for literal in trigger:
            at = self._lower.find(literal)
            while at >= 0:
                found.append(self._line(at, at + len(literal)))
                at = self._lower.find(literal, found[-1][1])
        return _merged(found)

    def _widened(self, windows: list[Window], by: int) -> list[Window]:
        wide = []
        for start, end in windows:
            for _ in range(by):
                start = self.text.rfind("\n", 0, max(0, start - 1)) + 1
                stop = self.text.find("\n", end + 1)
                end = len(self.text) if stop < 0 else stop
            wide.append((start, end))
        return _merged(wide)


def _merged(windows: list[Window]) -> list[Window]:
    merged: list[Window] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
