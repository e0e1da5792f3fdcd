"""What speaks for and against a model's names: their words, and how the same document writes them elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpusmill.transforms.text.findings import Finding, overlaps
from corpusmill.transforms.text.name_lists import DIRECTIONS, OFFICES, PARTICLES, PEOPLES
from corpusmill.transforms.text.names_features import Words
from corpusmill.transforms.text.recognisers_person import NOT_NAMES
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
    "Desktop Dashboard Toolbox Dialog Layer Layers Mode Modes Filter Filters Blur Gaussian Hue Chroma Lens Pixel "
    "Raster Pattern Gradient Brush Brushes Preview Gray Grey Fractal Fraktal Horizontal Vertical Vertikal Clustering "
    "Macintosh Android Schwarzweiß Hilfslinien Rauschen Weichzeichner Werkzeug Ebene Ebenen Knoten Auswahl Dreieck "
    "README Makefile Appendix Chapter Figure Table Section Internet Intranet Web Email Spam"
)


WORD = re.compile(r"[^\W\d_]+")
NOT_IN_NAMES = re.compile(r"[\d_/\\=<>{}\[\]|@#$%^*~+()]")
REPEATED_SCORE = 0.6
MANY = 2.0  # people in 1,000 characters from which on a part of a name is looked for alone


@dataclass
class Document:
    """A text, and how often it holds each word, counted when asked.

    words: what a model of ours knows of words. nouns: its language writes every noun with a capital.
    """

    text: str
    words: Words | None = None
    nouns: bool = False

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word stands in the text, as it is written."""
        return Counter(WORD.findall(self.text))

    def small(self, word: str) -> bool:
        """The text writes the word in small letters at least as often as with a capital, and no list has it as a name.

        >>> document = Document("Move the cursor. Cursor keys move it. Mark will mark it, says Mark.")
        >>> [document.small(word) for word in ("Cursor", "Mark", "Keys")]
        [True, False, True]
        """
        low = word.lower()
        known = self.words is not None and self.words.likely(low)
        return 0 < self.counts[low] >= self.counts[word] and not known

    def common(self, word: str) -> bool:
        """A common word, in this text or in general."""
        return self.small(word) or (self.words is not None and self.words.common(word.lower()))

    def distinctive(self, part: str) -> bool:
        """A word of a person's name that names them alone, too: no title, people or common word, and no initial.

        >>> document = Document("Senator Baker came. The baker left.")
        >>> [document.distinctive(part) for part in ("Dorsch", "Baker", "Senator", "German", "GIMP")]
        [True, False, False, False, False]
        """
        known = part in NOT_NAMES or part in NO_NAMES or part in OFFICES or part in PEOPLES
        return not known and len(part) > 2 and part[1:].islower() and not self.common(part)

    def plausible(self, value: str) -> bool:
        """Could be the name of a person or place: letters, a capital first, and no word that the text writes small.

        >>> document = Document("Move the cursor: Cursor, then Choose View")
        >>> [document.plausible(v) for v in ("Anna Beispiel", "Cursor", "v2.0", "GIMP")]
        [True, False, False, False]
        """
        if not 1 < len(value) <= 60 or NOT_IN_NAMES.search(value) or any(part in NO_NAMES for part in value.split()):
            return False
        if value.islower():
            return self.words is not None and self.words.likely(value)
        parts = [part for part in WORD.findall(value) if part[0].isupper()]
        if of_a_people(parts) or all(part in DIRECTIONS for part in parts):
            return False
        begins = value[0].isupper() or value.split()[0] in PARTICLES
        return begins and not all(self.small(part) or part in NOT_NAMES for part in parts)


#: Endings that are taken off a word to see whether it is a common one, and endings that names hardly have.
ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "en", "n", "e")
NO_NAMES_END = re.compile(
    r"(?:ing|ings|tion|tions|ness|ment|ments|able|ible|less|ful|ous|ity|ism|isms|ized?|ised?|ship|bound|ically)$"
)


def with_capitals(text: str, known: Words) -> str:
    """A text in small letters with a capital for each word that could be a name; of the same length.

    >>> from corpusmill.transforms.text.names_features import SMALL
    >>> known = Words({word: SMALL for word in ("ask", "about", "the", "house")}, {})
    >>> with_capitals("ask anna about the houses and the lightness", known)
    'ask Anna about the houses And the lightness'
    """

    def written(match: re.Match[str]) -> str:
        word = match[0]
        if known.common(word) or len(word[0].upper()) > 1:
            return word
        listed = known.person(word) or known.likely(word)
        inflected = (known.common(word.removesuffix(ending)) for ending in ENDINGS if word.endswith(ending))
        if not listed and (NO_NAMES_END.search(word) or any(inflected)):
            return word
        return word[0].upper() + word[1:]

    return WORD.sub(written, text)


def of_a_people(parts: list[str]) -> bool:
    """The capitalised words of a value say of which people, region or faith something is, and name nobody.

    >>> of_a_people(["South", "Korean"]), of_a_people(["Indians"]), of_a_people(["South", "Korea"])
    (True, True, False)
    """
    return any(part in PEOPLES for part in parts) and all(part in PEOPLES or part in DIRECTIONS for part in parts)


def without_titles(value: str) -> str:
    """The value without words at its beginning that name nobody: `Kollegin Weigel`, `President Lincoln`.

    >>> without_titles("Kollegin Weigel"), without_titles("Weigel")
    ('Weigel', 'Weigel')
    """
    first, _, rest = value.partition(" ")
    return without_titles(rest.lstrip()) if rest and (first in NOT_NAMES or first in OFFICES) else value


def repeated(found: Sequence[Finding], document: Document) -> Iterator[Finding]:
    """A person's first or last name where it stands alone in the same text.

    >>> people = [Finding(0, 11, "PERSON", 0.85, "model")]
    >>> [(f.start, f.end) for f in repeated(people, Document("Anna Dorsch came. Dorsch left."))]
    [(18, 24)]
    """
    people = [f for f in found if f.entity_type == "PERSON"]
    text = document.text
    if 1000 * len(people) < MANY * len(text):
        return
    parts: set[str] = set()
    for finding in people:
        of_name = [part for part in WORD.findall(text[finding.start : finding.end]) if part[0].isupper()]
        if len(of_name) > 1:
            parts |= {part for part in of_name if document.distinctive(part)}
    if document.words is not None and document.nouns:
        parts = {part for part in parts if document.words.person(part.lower())}
    often = [part for part in parts if document.counts[part] > 1 or document.counts[part + "s"]]
    if not often:
        return
    for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, often))})s?\b", text):
        if not overlaps(*match.span(), found):
            yield Finding(*match.span(), "PERSON", REPEATED_SCORE, "repeated")
