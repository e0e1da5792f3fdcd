"""What is done with a finding: replace, pseudonym, mask, hash, encrypt, redact or keep; and a keyed hash for the audit.

replace     <PERSON>                                     encrypt    <PERSON:enc:...>, which `sealed.opened` reads
pseudonym   a made-up value, see `pseudonyms.py`;        redact     nothing
            for types that have none, as hash            keep       the value
mask        ********                                     hash       <PERSON:3fa94c21d0b7>
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.pseudonyms import Pseudonyms, before
from corpusmill.transforms.text.sealed import seal

MASK_STEP = 4  # a mask's length is rounded up to it, so that it tells a PIN from an address but not their exact lengths


@dataclass(frozen=True)
class Origin:
    """Where the values of a document come from, and what makes what stands for them.

    key: the secret. doc_id: an encrypted value opens in this document only. pseudonyms: of the document or the corpus.
    """

    key: bytes = field(repr=False)
    doc_id: str
    pseudonyms: Pseudonyms = field(repr=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A found value and the end of what stands before it."""

    entity_type: str
    text: str
    before: str


#: name -> (value, origin) -> what stands there instead; None leaves the value.
OPERATORS: dict[str, Callable[[Value, Origin], str | None]] = {
    "replace": lambda value, origin: f"<{value.entity_type}>",
    "pseudonym": lambda value, origin: origin.pseudonyms.of(value.entity_type, value.text, value.before),
    "mask": lambda value, origin: "*" * (-(-len(value.text) // MASK_STEP) * MASK_STEP),
    "hash": lambda value, origin: f"<{value.entity_type}:{value_hmac(origin.key, value.entity_type, value.text)[:12]}>",
    "encrypt": lambda value, origin: seal(origin.key, origin.doc_id, value.entity_type, value.text),
    "redact": lambda value, origin: "",
    "keep": lambda value, origin: None,
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
    return hmac.digest(key, f"{entity_type}\0{value}".encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def apply(
    text: str,
    findings: Sequence[Finding],
    operators: Mapping[str, str],
    key: bytes,
    doc_id: str = "",
    pseudonyms: Pseudonyms | None = None,
) -> tuple[str, list[Applied]]:
    """The text with each finding treated as `operators[its type]` or `operators["default"]` says, and what was done.

    findings: without overlaps and in text order, as `findings.resolve` gives them. doc_id: encrypted values open in
    this document only. pseudonyms: those that have met the people of all its fields; default: of the corpus, and of
    the people of this text.
    Raises UserError for an operator that does not exist.

    >>> apply("Ask Anna.", [Finding(4, 8, "PERSON", 0.9, "title")], {"default": "replace"}, b"key")[0]
    'Ask <PERSON>.'
    """
    if pseudonyms is None:
        pseudonyms = Pseudonyms(key)
        pseudonyms.meet(text, findings)
    origin = Origin(key, doc_id, pseudonyms)
    pieces, applied, at = [], [], 0
    for finding in findings:
        value = Value(finding.entity_type, text[finding.start : finding.end], before(text, finding))
        name = operators.get(finding.entity_type, operators.get("default", "replace"))
        if name not in OPERATORS:
            raise UserError(
                f"anonymise: no operator '{name}' for {finding.entity_type}. There are: {', '.join(OPERATORS)}"
            )
        replacement = OPERATORS[name](value, origin)
        pieces += [text[at : finding.start], value.text if replacement is None else replacement]
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
                value_hmac(key, finding.entity_type, value.text),
            )
        )
    return "".join([*pieces, text[at:]]), applied
