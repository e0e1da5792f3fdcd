"""What a recogniser found: a span of a text and what it is. Never the text itself."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

#: What is looked for by default.
ENTITY_TYPES = (
    "PERSON", "LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "CREDIT_CARD", "IP_ADDRESS", "URL",
    "DATE_OF_BIRTH", "SECRET", "US_SSN", "US_PASSPORT", "DE_TAX_ID", "DE_TAX_NUMBER", "DE_VAT_ID",
    "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE", "DE_ID_CARD", "DE_PASSPORT", "DE_DRIVER_LICENSE",
    "DE_LICENSE_PLATE", "DE_COMMERCIAL_REGISTER",
)  # fmt: skip

#: What Presidio finds besides, looked for only when the recipe's `entities` lists it; the first three need a model.
ON_REQUEST = ("ORGANIZATION", "DATE_TIME", "NRP", "DE_LANR", "DE_BSNR")

#: What our own operators leave behind: `<PERSON>` (replace), `<PERSON:3fa94c21d0b7>` (hash), `<PERSON:enc:...>`
#: (encrypt), and the e-mail addresses of `pseudonym`, which are nobody's. Others look like any name.
PLACEHOLDER = re.compile(
    rf"<(?:{'|'.join(ENTITY_TYPES + ON_REQUEST)})(?::[0-9a-f]{{12}}|:enc:[A-Za-z0-9_-]{{32,}})?>"
    r"|user[0-9a-f]{10}@example\.org"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A span [start, end) in code points, its type, how sure (0..1), and the name of what found it."""

    start: int
    end: int
    entity_type: str
    score: float
    recogniser: str


def resolve(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without overlaps, in text order; of two that overlap stays the higher score, the longer, the first.

    >>> person, mail = Finding(0, 9, "PERSON", 0.7, "title"), Finding(4, 20, "EMAIL_ADDRESS", 1.0, "email")
    >>> [f.entity_type for f in resolve([person, mail])]
    ['EMAIL_ADDRESS']
    """
    kept: list[Finding] = []
    order = sorted(findings, key=lambda f: (-f.score, f.start - f.end, f.start, f.entity_type, f.recogniser))
    starts: list[int] = []
    for finding in order:
        at = bisect_left(starts, finding.start)
        free_before = at == 0 or kept[at - 1].end <= finding.start
        free_after = at == len(kept) or finding.end <= kept[at].start
        if finding.start < finding.end and free_before and free_after:
            kept.insert(at, finding)
            starts.insert(at, finding.start)
    return kept


def overlaps(start: int, end: int, found: Iterable[Finding]) -> bool:
    """One of the findings, in any order, has a part of [start, end).

    >>> found = [Finding(4, 9, "PERSON", 0.7, "title")]
    >>> overlaps(8, 12, found), overlaps(9, 12, found)
    (True, False)
    """
    return any(f.start < end and start < f.end for f in found)


def placeholders(text: str) -> Iterable[re.Match[str]]:
    """Where our own operators have replaced something; most texts are not searched for it."""
    return PLACEHOLDER.finditer(text) if "<" in text or "@example.org" in text else ()


def covered(finding: Finding, kept: list[Finding]) -> bool:
    """One of the kept findings (as `resolve` gives them) holds the whole span of this one."""
    at = bisect_right(kept, finding.start, key=lambda k: k.start) - 1
    return at >= 0 and finding.end <= kept[at].end


def outside_placeholders(findings: Iterable[Finding], text: str) -> list[Finding]:
    """Findings with our own placeholders cut out of them, so that a second run finds nothing in the first one's output.

    A piece that is left over counts only if it holds a letter or digit.
    """
    spans = [m.span() for m in placeholders(text)]
    if not spans:
        return list(findings)
    result = []
    for finding in findings:
        at = finding.start
        for start, end in [s for s in spans if s[0] < finding.end and s[1] > finding.start]:
            result.append(replace(finding, start=at, end=max(at, start)))
            at = max(at, end)
        result.append(replace(finding, start=at, end=max(at, finding.end)))
    return [f for f in result if any(c.isalnum() for c in text[f.start : f.end])]
