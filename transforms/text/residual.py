"""A second look at published text by other means than those that made it: what may have been missed.

recognisers      all entity types at a low score, in mode `full` where its models are installed
checksums        numbers with a right check digit, whatever words stand before them
forms            e-mail, phone, address and titled name by forms of their own, which share nothing with the recognisers
repeats          a word of a name that was replaced in a document and still stands in that document

Each finds more than there is: the rate is of documents worth a look, not of documents with a person's data.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from corpusmill.transforms.text import recognisers_checks
from corpusmill.transforms.text.anonymiser import Anonymiser
from corpusmill.transforms.text.findings import Finding, outside_placeholders, resolve
from corpusmill.transforms.text.placing import Placed
from corpusmill.transforms.text.recognisers import RULES
from corpusmill.transforms.text.recognisers_rule import Page, Rule

MEANS = ("recognisers", "checksums", "forms", "repeats")
LOW_SCORE = 0.3  # of findings of the recognisers' second look

FORMS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # The first part keeps a long word without @ from being tried from each of its letters.
        ("EMAIL_ADDRESS", r"(?<![^\s@<>()\[\]:;,\"'])[^\s@<>()\[\]:;,\"']+@[^\s@<>]+\.[^\W\d_]{2,}"),
        ("PHONE_NUMBER", r"(?<![\w+.])(?:\+|00)[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){7,12}(?![\w.]\d)"),
        ("PHONE_NUMBER", r"(?<![\w.,/-])0[1-9]\d{1,4} ?[/-] ?\d{3,8}(?:[ -]\d{1,6}){0,3}(?!\w)"),
        ("PHONE_NUMBER", r"(?<![\w.-])\(?[2-9]\d{2}\)?[ .-]\d{3}[.-]\d{4}(?![\w-])"),
        ("PERSON", r"\b(?:Herrn?|Frau|Mrs?|Ms|Dr)\b\.? (?P<value>[A-ZÄÖÜ][a-zäöüßé]+(?:[ -][A-ZÄÖÜ][a-zäöüßé]+)?)"),
        ("LOCATION", r"\b[A-ZÄÖÜ][a-zäöüß-]*(?:straße|strasse|str\.|weg|allee|gasse|platz) \d{1,4} ?[a-z]?\b"),
        ("LOCATION", r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,2}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court)\b"),
    )
)  # fmt: skip
NAME_PART = re.compile(r"[^\W\d_]{3,}")


def scan(text: str, language: str, recognisers: Anonymiser, replaced: Sequence[Placed] = ()) -> list[Finding]:
    """What each of MEANS finds in a published text, each without overlaps; `recogniser` names the means.

    recognisers: with LOW_SCORE, or another. replaced: what stands in place of findings: nothing in it counts.
    Raises the recognisers' error where they fail: a text that was not searched has no result.
    """
    found = recognisers.find([text], [language])[0]
    if isinstance(found, Exception):
        raise found
    second = [replace(f, recogniser="recognisers") for f in found]
    left = []
    for every in (second, checksums(text), forms(text), repeats(text, replaced)):
        free = [f for f in every if not any(p.start < f.end and f.start < p.end for p in replaced)]
        left += resolve(outside_placeholders(free, text))
    return left


def checksums(text: str) -> list[Finding]:
    """Numbers with a right check digit, without a look at the words around them.

    >>> [f.entity_type for f in checksums("The number 86095742719 stands alone, 86095742718 too.")]
    ['DE_TAX_ID']
    """
    page = Page(text)
    return [replace(f, recogniser="checksums") for rule in _checked() for f in rule.scan(page)]


def forms(text: str) -> Iterator[Finding]:
    """What has the form of personal data.

    >>> [(f.entity_type, f.start) for f in forms("Ask Frau Lind, nora.lind@example.org.")]
    [('EMAIL_ADDRESS', 15), ('PERSON', 9)]
    """
    for kind, pattern in FORMS:
        for match in pattern.finditer(text):
            start, end = match.span("value" if "value" in pattern.groupindex else 0)
            yield Finding(start, end, kind, 0.5, "forms")


def repeats(text: str, replaced: Iterable[Placed]) -> list[Finding]:
    """Words of replaced names that still stand in the text, as capitalised as there.

    >>> [(f.start, f.end) for f in repeats("<PERSON> left. Lind was late.", [Placed(0, 8, "PERSON", "Nora Lind")])]
    [(15, 19)]
    """
    names = {p.value for p in replaced if p.entity_type == "PERSON"}
    parts = {part for name in names for part in NAME_PART.findall(name) if part[0].isupper()}
    if not parts:
        return []
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(parts)))})\b")
    return [Finding(*match.span(), "PERSON", 0.4, "repeats") for match in words.finditer(text)]


@cache
def _checked() -> tuple[Rule, ...]:
    """The recognisers' rules with a check digit, rid of their context."""
    return tuple(
        replace(rule, context="", unless="", score=max(rule.score, rule.context_score), languages=())
        for rule in RULES
        if rule.check is not None and rule.check.__module__ == recognisers_checks.__name__ and rule.check not in LOOSE
    )


#: Checks of possible ranges, not of a digit: without context they find versions and any nine digits.
LOOSE = (recognisers_checks.ip_address, recognisers_checks.us_ssn)
