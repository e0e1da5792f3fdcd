"""All recognisers that need no model, in one visible tuple, and the function that runs them."""

from collections.abc import Iterable, Sequence

from corpusmill.transforms.text import (
    recognisers_address,
    recognisers_address_abroad,
    recognisers_address_english,
    recognisers_general,
    recognisers_numbers,
    recognisers_person,
    recognisers_secrets,
)
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.recognisers_phone import scan_phones
from corpusmill.transforms.text.recognisers_rule import Page, Rule

RULES: tuple[Rule, ...] = (
    *recognisers_general.RULES,
    *recognisers_secrets.RULES,
    *recognisers_numbers.RULES,
    *recognisers_address.RULES,
    *recognisers_address_english.RULES,
    *recognisers_address_abroad.RULES,
    *recognisers_person.RULES,
)


class Patterns:
    """The rules for some languages and entity types; `scan` runs them over one text.

    >>> [f.entity_type for f in Patterns(("en",), ("EMAIL_ADDRESS",)).scan("Ask anna@example.org, not anna@2x.png.")]
    ['EMAIL_ADDRESS']
    """

    def __init__(self, languages: Iterable[str], entities: Sequence[str]):
        spoken = frozenset(languages)
        self.rules = tuple(
            r for r in RULES if r.entity_type in entities and (not r.languages or spoken.intersection(r.languages))
        )
        self.phones = "PHONE_NUMBER" in entities

    def scan(self, text: str, gated: bool = True) -> list[Finding]:
        """All that the rules find, overlaps and low scores included. `gated=False` searches every line: a test's."""
        page = Page(text, gated)
        found = [finding for rule in self.rules for finding in rule.scan(page)]
        if self.phones:
            found.extend(scan_phones(page))
        return found
