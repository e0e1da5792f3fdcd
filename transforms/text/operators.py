"""What is done with a finding: replace, mask, hash, redact or keep; and a keyed hash of the value for the audit."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.findings import Finding

MASK_STEP = 4  # a mask's length is rounded up to it, so that it tells a PIN from an address but not their exact lengths


def _mask(entity_type: str, value: str, digest: str) -> str:
    return "*" * (-(-len(value) // MASK_STEP) * MASK_STEP)


#: name -> (entity type, value, keyed hash of the value in hex) -> what stands there instead; None leaves the value.
OPERATORS: Mapping[str, Callable[[str, str, str], str | None]] = {
    "replace": lambda entity_type, value, digest: f"<{entity_type}>",
    "mask": _mask,
    "hash": lambda entity_type, value, digest: f"<{entity_type}:{digest[:12]}>",
    "redact": lambda entity_type, value, digest: "",
    "keep": lambda entity_type, value, digest: None,
}


@dataclass(frozen=True, slots=True)
class Applied:
    """A finding and what was done with it; start and end count code points of the text before replacing.

    replacement: what stands there now; None where the value was kept, so that it never holds the value.
    value_hmac: see `value_hmac`; 32 hex digits.
    """

    start: int
    end: int
    entity_type: str
    score: float
    recogniser: str
    operator: str
    replacement: str | None
    value_hmac: str


def value_hmac(key: bytes, entity_type: str, value: str) -> str:
    """HMAC-SHA256 of the type and the value, its first 128 bits in hex: equal values can be counted, not looked up."""
    return hmac.new(key, f"{entity_type}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def apply(
    text: str, findings: Sequence[Finding], operators: Mapping[str, str], key: bytes
) -> tuple[str, list[Applied]]:
    """The text with each finding treated as `operators[its type]` or `operators["default"]` says, and what was done.

    findings: without overlaps and in text order, as `findings.resolve` gives them. Raises UserError for an operator
    that does not exist.

    >>> apply("Ask Anna.", [Finding(4, 8, "PERSON", 0.9, "title")], {"default": "replace"}, b"key")[0]
    'Ask <PERSON>.'
    """
    pieces, applied, at = [], [], 0
    for finding in findings:
        value = text[finding.start : finding.end]
        name = operators.get(finding.entity_type, operators.get("default", "replace"))
        if name not in OPERATORS:
            raise UserError(
                f"anonymise: no operator '{name}' for {finding.entity_type}. There are: {', '.join(OPERATORS)}"
            )
        digest = value_hmac(key, finding.entity_type, value)
        replacement = OPERATORS[name](finding.entity_type, value, digest)
        pieces += [text[at : finding.start], value if replacement is None else replacement]
        at = finding.end
        applied.append(
            Applied(
                finding.start,
                finding.end,
                finding.entity_type,
                finding.score,
                finding.recogniser,
                name,
                replacement,
                digest,
            )
        )
    return "".join([*pieces, text[at:]]), applied
