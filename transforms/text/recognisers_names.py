"""What speaks for and against a model's names: their words, and how the same document writes them elsewhere."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.recognisers_rule import words

#: What models take for people and places in technical text.
NO_NAMES = words(
    "Linux GNU Debian Ubuntu Fedora Unix Windows Python Perl Java Ruby Rust Bash Emacs Vim Vi Gimp GIMP GNOME KDE "
    "Xfce Qt Gtk GTK "
    "Apache Nginx Samba Postfix Exim Docker Git GitHub GitLab Firefox Mozilla Chromium Thunderbird LibreOffice "
    "OpenOffice Writer "
    "Calc Impress Draw Base Math Basic Ctrl Alt Shift Enter Tab Esc Cursor Mouse Keyboard Menu File Edit View "
    "Insert Format "
    "Tools Window Help Choose Click Select Type Press Note Tip Warning Server Client Kernel Shell Root Grub GRUB "
    "LILO Raid RAID "
    "Ethernet Wi-Fi Bluetooth Unicode Ascii Latin Postscript PDF XML HTML HTTP JSON YAML TODO FIXME Bug License "
    "Copyright Readme "
    "README Makefile Appendix Chapter Figure Table Section Internet Intranet Web Email Spam"
)


WORD = re.compile(r"[^\W\d_]+")
NOT_IN_NAMES = re.compile(r"[\d_/\\=<>{}\[\]|@#$%^*~+()]")
REPEATED_SCORE = 0.6


@dataclass
class Document:
    """A text, and how often it holds each word, counted when first asked."""

    text: str

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word stands in the text, as it is written."""
        return Counter(WORD.findall(self.text))

    def small(self, word: str) -> bool:
        """The text writes the word in small letters at least as often as with a capital.

        >>> document = Document("Move the cursor. Cursor keys move it. Mark will mark it, says Mark.")
        >>> [document.small(word) for word in ("Cursor", "Mark", "Keys")]
        [True, False, True]
        """
        return 0 < self.counts[word.lower()] >= self.counts[word]

    def plausible(self, value: str) -> bool:
        """Could be the name of a person or place: letters, a capital first, and no word that the text writes small.

        >>> document = Document("Move the cursor: Cursor, then Choose View")
        >>> [document.plausible(v) for v in ("Anna Beispiel", "Cursor", "v2.0", "GIMP")]
        [True, False, False, False]
        """
        if not 1 < len(value) <= 60 or not value[0].isupper() or NOT_IN_NAMES.search(value):
            return False
        if any(part in NO_NAMES for part in value.split()):
            return False
        parts = [part for part in WORD.findall(value) if part[0].isupper()]
        return not all(self.small(part) for part in parts)


def repeated(found: Iterable[Finding], text: str) -> Iterator[Finding]:
    """A person's first or last name where it stands alone in the same text.

    >>> people = [Finding(0, 10, "PERSON", 0.85, "model")]
    >>> [(f.start, f.end) for f in repeated(people, "Anna Dorsch came. Dorsch left.")]
    [(18, 24)]
    """
    people = [f for f in found if f.entity_type == "PERSON"]
    document = Document(text)
    parts: set[str] = set()
    for finding in people:
        of_name = [part for part in WORD.findall(text[finding.start : finding.end]) if part[0].isupper()]
        if len(of_name) > 1:
            parts |= {part for part in of_name if len(part) > 2 and part[1:].islower() and not document.small(part)}
    often = [part for part in parts if document.counts[part] > 1 or document.counts[part + "s"]]
    if not often:
        return
    taken = sorted((f.start, f.end) for f in found)
    for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, often))})s?\b", text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield Finding(*match.span(), "PERSON", REPEATED_SCORE, "repeated")
