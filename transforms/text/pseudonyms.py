"""Consistent made-up values in place of found ones: the same person gets the same made-up name, and there is no table.

Each part of a value is mapped by itself, by an HMAC of what makes no difference between its spellings: a surname for
itself; a given name together with the surname, so that it says nothing about others of that name; the first letters of
given names alike, so that `A. Meier` stays consistent with `Anna Meier`. Within a document a given name alone belongs
to the first person there who has it.
"""

import hmac
import re
from collections.abc import Callable, Iterable
from functools import cached_property

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.made_up import LANGUAGES, choose, known_given, language_of, names
from corpusmill.transforms.text.made_up_forms import email, phone, place, url
from corpusmill.transforms.text.name_words import BEFORE, NameWord, folded, parts, stem


class Pseudonyms:
    """Made-up values for the values of one document, or of a corpus.

    key: the secret. scope: another scope (a document's id) gives other values; "" is the whole corpus.
    language: of names that do not say theirs, and of numbers without a country.

    >>> made = Pseudonyms(b"a long secret")
    >>> made.of("PERSON", "Anna Meier").split()[1] == made.of("PERSON", "Frau Dr. MEIER").split()[2].title()
    True
    """

    def __init__(self, key: bytes, scope: str = "", language: str = "de"):
        self._key = hmac.digest(key, f"corpusmill pseudonyms\0{scope}".encode(), "sha256")
        self.language = language if language in LANGUAGES else "en"
        self._surname_of: dict[str, str] = {}
        self._surnames: set[str] = set()

    def meet(self, text: str, findings: Iterable[Finding]) -> None:
        """Take note of who has which given name; before `of`, for all fields of a document."""
        for finding in findings:
            if finding.entity_type == "PERSON":
                found = parts(text[finding.start : finding.end], before(text, finding))
                surname = _surname(found)
                self._surnames.update(stem(word.text)[0] for word in found if word.role == "surname")
                for word in found if surname else ():
                    if word.role == "given":
                        self._surname_of.setdefault(folded(word.text), surname)

    def of(self, entity_type: str, value: str, before: str = "") -> str:
        """What stands for the value; `<TYPE:` and 12 hex digits where the type, or the value, has no made-up form.

        before: what stands before it, see `before`.
        """
        if entity_type == "PERSON":
            made = self._person(value, before)
        else:
            make = self._makers.get(entity_type)
            made = make(value) if make else value
        return made if made != value else f"<{entity_type}:{self._number(entity_type, value) >> 16:012x}>"

    @cached_property
    def _makers(self) -> dict[str, Callable[[str], str]]:
        return {
            "LOCATION": lambda value: place(value, self._language(folded(value)), self._number),
            "EMAIL_ADDRESS": lambda value: email(value, self._number),
            "PHONE_NUMBER": lambda value: phone(value, self.language, self._number),
            "URL": lambda value: url(value, self._number),
        }

    def _number(self, *what: str) -> int:
        """64 bits that only the key gives."""
        message = "\0".join(what).encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self._key, message, "sha256")[:8], "big")

    def _person(self, value: str, before: str) -> str:
        pieces, at = [], 0
        found = parts(value, before)
        surname = _surname(found)
        for word in found:
            pieces += [value[at : word.start], _written_as(word.text, self._word(word, surname))]
            at = word.end
        return "".join([*pieces, value[at:]])

    def _word(self, word: NameWord, surname: str) -> str:
        if word.role == "alone":
            return self._alone(word.text)
        if word.role == "initial":
            return self._initial(folded(word.text), surname, self._language(surname))
        if word.role == "given":
            return self._given(word.text, folded(word.text), surname)
        return self._family(word.text)

    def _alone(self, word: str) -> str:
        """A single word: a given name where the document or the common names say so, in the genitive too."""
        whole, (stemmed, ending) = folded(word), stem(word)
        for form, rest in ((whole, ""), (stemmed, ending)):
            if form in self._surname_of:
                return self._given(word, form, self._surname_of[form]) + rest
        if stemmed in self._surnames:
            return self._family(word)
        for form, rest in ((whole, ""), (stemmed, ending)):
            if form in known_given():
                return self._given(word, form, "") + rest
        return self._family(word)

    def _family(self, word: str) -> str:
        name, ending = stem(word)
        return choose(names(self._language(name)).surnames, self._number("surname", name), word) + ending

    def _given(self, word: str, name: str, surname: str) -> str:
        known, gender = known_given().get(name, ("", gender_of(name)))
        language = self._language(surname) if surname else known or self.language
        initial = self._initial(name[:1], surname, language)
        return choose(names(language).given[gender][initial], self._number("given", surname, name), word)

    def _initial(self, letter: str, surname: str, language: str) -> str:
        return choose(names(language).initials, self._number("initial", surname, letter), letter)

    def _language(self, name: str) -> str:
        return language_of(name) or self.language


def before(text: str, finding: Finding) -> str:
    """The end of what stands before a finding: a title there tells a surname."""
    return text[max(0, finding.start - BEFORE) : finding.start]


def _surname(found: Iterable[NameWord]) -> str:
    """The first word of the first surname, as it counts; empty where there is none."""
    return next((stem(word.text)[0] for word in found if word.role == "surname"), "")


def gender_of(name: str) -> str:
    """The form of a folded given name that is not among the common ones, by its ending.

    >>> gender_of("jorina"), gender_of("waldebert"), gender_of("xi")
    ('female', 'male', 'neutral')
    """
    if re.search(r"(?:a|ie|ine|ette|elle|lyn|trud|hild)$", name):
        return "female"
    return "male" if re.search(r"(?:o|us|er|ert|rich|fried|ard|old|mut|mar|[^aeiou]n|im|as|ev)$", name) else "neutral"


def _written_as(original: str, made: str) -> str:
    """In capitals, or in lower case, where the original is."""
    if len(original) > 1 and original.isupper():
        return made.upper()
    if len(original) == 1:
        return made.upper() if original.isupper() else made
    return made.lower() if original.islower() else made
