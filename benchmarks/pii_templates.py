"""Labelled documents made from templates: letters, forms, tickets, chats and texts without personal data.

    python benchmarks/pii_templates.py de|en train|things|held NUMBER LISTS > LABELLED.jsonl

LISTS: the folder that pii_lists.py and company_lists.py make. `things` are sentences about firms, brands and what is
named after people, some of them with people. The templates of `held` share no sentence with the others, and half of
their names are in none of the lists that the names model knows. Numbers with check digits are drawn until the check of
the recogniser passes, so these measure notations and context, not the checks themselves.
"""

import json
import random
import re
import string
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from corpusmill.transforms.text import recognisers_checks as checks


def words(text: str) -> list[str]:
    return text.split()


HERE = Path(__file__).resolve().parent / "pii_templates"
MONTHS = {
    "de": words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "en": words("January February March April May June July August September October November December"),
}
STREETS = {
    "de": words("Linden Schiller Bahnhof Garten Mozart Kirch Wiesen Berg Haupt Schul Goethe Eichen Mühlen Ulmen"),
    "en": words("Maple Oak Station Church Mill Park Washington Elm Victoria King Lincoln Cedar Walnut River Queens"),
}
ENDINGS = {
    "de": words("straße str. weg platz allee gasse ring ufer"),
    "en": words("Street St Avenue Ave Road Rd Lane Drive Court Boulevard"),
}
PHONES = {
    "de": (
        "0%0 #######", "0%#0/######", "(0%##) ## ## ##", "+49 %0 #######", "+49 (0)%## ######-##", "0049 %## #######",
        "0%## - ######", "0%##/## ## ##-#", "+43 1 #######", "+41 44 ### ## ##",
    ),
    "en": (
        "(%##) 555-01##", "%##-555-01##", "+1 %## 555 01##", "020 7946 0###", "+44 20 7946 0###", "%##.555.01##",
        "001-%##-555-01##", "+1-%##-555-01##x###",
    ),
}  # fmt: skip
MOBILE = ("017% #######", "015%#/#######", "+49 17# ########")
IBANS = ("DE## #### #### #### #### ##", "DE####################", "AT## #### #### #### ####")
NEAR = 0.7  # share of names and towns of the language's own countries
STATES = words("CA NY TX WA OH IL MA OR CO GA")


class Maker:
    """Fills templates of one language, with its own source of chance."""

    def __init__(self, language: str, part: str, lists: Path, seed: int = 1):
        self.language, self.random = language, random.Random(f"{language}{part}{seed}")
        read = {path.stem: path.read_text(encoding="utf-8").split("\n") for path in lists.glob("*.txt")}
        self.first = [[n for n in read[f"{kind}first"] if n.isalpha()] for kind in (f"{language}_", "", "unseen_")]
        self.last = [read[f"{kind}last"] for kind in (f"{language}_", "", "unseen_")]
        self.places = [[n for n in read[f"{kind}place"] if n.count(" ") < 2] for kind in (f"{language}_", "")]
        self.countries = [n for n in read[f"{language}_country"] if n]
        self.companies = [n for n in read["company"] if n and n.count(" ") < 3]
        self.unseen = 0.5 if part == "held" else 0.1
        text = (HERE / f"{language}_{part}.txt").read_text(encoding="utf-8")
        self.templates = [one.strip("\n") for one in text.split("---\n")]
        self.kinds: dict[str, tuple[str | None, Callable[[], str]]] = self._kinds()

    def pick(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def digits(self, pattern: str) -> str:
        """`#` becomes a digit, `@` a letter, `&` one that documents' numbers use, `%` a digit that is not zero."""
        one = {"#": string.digits, "%": "123456789", "@": string.ascii_uppercase, "&": "CFGHJKLMNPRTVWXYZ"}
        return "".join(self.pick(list(one[c])) if c in one else c for c in pattern)

    def drawn(self, check: Callable[[str], bool], *patterns: str) -> str:
        while not check(value := self.digits(self.pick(list(patterns)))):
            pass
        return value

    def name(self, lists: list[list[str]]) -> str:
        """Of a list that no model knows, of the language, or of anywhere."""
        unseen, near = self.random.random() < self.unseen, self.random.random() < NEAR
        return str(self.pick(lists[2 if unseen else 0 if near else 1]))

    def first_name(self) -> str:
        return self.name(self.first)

    def last_name(self) -> str:
        name = self.name(self.last)
        return f"{name}-{self.name(self.last)}" if self.random.random() < 0.05 else name

    def town(self) -> str:
        return str(self.pick(self.places[self.random.random() > NEAR]))

    def person(self) -> str:
        first, last = self.first_name(), self.last_name()
        forms = [f"{first} {last}"] * 8 + [f"{first[0]}. {last}", f"{first}-{self.first_name()} {last}"]
        forms += [f"{first} {self.pick(list('ABEHJKM'))}. {last}"]
        return str(self.pick([*forms, f"{first} von {last}"] if self.language == "de" else forms))

    def streetname(self) -> str:
        name, end = self.pick(STREETS[self.language]), self.pick(ENDINGS[self.language])
        if self.language == "en":
            return f"{name} {end}"
        return f"{name}{end}" if self.random.random() < 0.7 else f"{self.last_name()}-{end.capitalize()}"

    def street(self) -> str:
        number = str(self.random.randint(1, 199))
        if self.language == "en":
            return f"{number} {self.streetname()}" + self.pick(["", "", f", Apt {self.digits('%#')}"])
        return f"{self.streetname()} {number}{self.pick(['', '', 'a', ' b'])}"

    def postcode_town(self) -> str:
        town = self.town()
        if self.language == "en":
            return f"{town}, {self.pick(STATES)} {self.digits('#####')}"
        return f"{self.digits('%####')} {town}"

    def address(self) -> str:
        return f"{self.street()}{self.pick([', ', chr(10)])}{self.postcode_town()}"

    def date(self, first: int = 2001, last: int = 2025) -> str:
        day, month, year = self.random.randint(1, 28), self.random.randint(1, 12), self.random.randint(first, last)
        word = MONTHS[self.language][month - 1]
        if self.language == "de":
            return str(self.pick([f"{day:02}.{month:02}.{year}", f"{day}. {word} {year}", f"{day}.{month}.{year}"]))
        return str(self.pick([f"{month:02}/{day:02}/{year}", f"{word} {day}, {year}", f"{year}-{month:02}-{day:02}"]))

    def phone(self) -> str:
        return self.digits(self.pick(PHONES[self.language]))

    def email(self) -> str:
        local = re.sub(r"[^a-z.]", "", f"{self.first_name()}.{self.last_name()}".lower()) or "post"
        return f"{local.strip('.')}@{self.pick(['example.org', 'mail.example.com', 'web.example', 'firma.quatsch'])}"

    def secret(self) -> str:
        letters = string.ascii_letters + string.digits
        many = lambda n: "".join(self.random.choices(letters, k=n))  # noqa: E731
        return str(self.pick([f"ghp_{many(36)}", f"sk-{many(40)}", self.digits("AKIA@@@@##@@@@##@@@@")]))

    def brand(self) -> str:
        """A firm as it is spoken of; some are named after their founders."""
        founders = f"{self.last_name()} & {self.last_name()}"
        return str(self.pick(self.companies) if self.random.random() < 0.9 else self.pick([founders, self.last_name()]))

    def company(self) -> str:
        """A firm with its legal form."""
        forms = ("GmbH", "AG", "& Sohn KG") if self.language == "de" else ("Inc.", "Ltd", "LLC")
        return f"{self.last_name() if self.random.random() < 0.5 else self.brand()} {self.pick(forms)}"

    def eponym(self) -> str:
        """What a thing is called after one discoverer, or two."""
        return self.last_name() + (f"-{self.last_name()}" if self.random.random() < 0.3 else "")

    def _kinds(self) -> dict[str, tuple[str | None, Callable[[], str]]]:
        """Placeholder to type (None: no personal data) and how a value is made."""
        draw, digits, pick = self.drawn, self.digits, self.pick
        names = {
            "PERSON": {"person": self.person, "first": self.first_name, "last": self.last_name},
            "LOCATION": {"town": self.town, "country": lambda: pick(self.countries), "streetname": self.streetname}
            | {"street": self.street, "postcode_town": self.postcode_town, "address": self.address},
            "PHONE_NUMBER": {"phone": self.phone, "mobile": lambda: digits(pick(MOBILE))},
            "EMAIL_ADDRESS": {"email": self.email},
            "DATE_OF_BIRTH": {"birth": lambda: self.date(1940, 2005)},
            "IP_ADDRESS": {"ip": lambda: f"203.0.113.{self.random.randint(1, 254)}"},
            "SECRET": {"secret": self.secret},
            "ORGANIZATION": {"company": self.company, "brand": self.brand},
            "US_PASSPORT": {"uspassport": lambda: digits("%########")},
            "DE_TAX_NUMBER": {"taxnumber": lambda: digits("%##/###/#####")},
            "DE_DRIVER_LICENSE": {"licence": lambda: digits("B###@##C@##")},
            "DE_LICENSE_PLATE": {"plate": lambda: digits(pick(("B-@@ %##", "M-@ %###", "HH-@@ %##", "KA @@ %#")))},
            "DE_COMMERCIAL_REGISTER": {"hrb": lambda: digits(pick(("HRB %#####", "HRA %###")))},
        }
        made = {name: (kind, value) for kind, some in names.items() for name, value in some.items()}
        checked = {
            "iban": ("IBAN_CODE", checks.iban, IBANS),
            "card": ("CREDIT_CARD", checks.luhn, ("4### #### #### ####", "5%##############", "37## ###### #####")),
            "ssn": ("US_SSN", checks.us_ssn, ("###-##-####",)),
            "taxid": ("DE_TAX_ID", checks.german_tax_id, ("%##########", "%# ### ### ###")),
            "vatid": ("DE_VAT_ID", checks.german_vat_id, ("DE#########", "DE ### ### ###")),
            "sv": ("DE_SOCIAL_SECURITY", checks.german_social_security, ("%# ###### @ ###", "%#######@###")),
            "kvnr": ("DE_HEALTH_INSURANCE", checks.german_health_insurance, ("@#########",)),
            "idcard": ("DE_ID_CARD", checks.travel_document, ("L########", "L%&#X##T#", "T########")),
            "passport": ("DE_PASSPORT", checks.travel_document, ("C########", "C%F#X##T#")),
        }
        made |= {name: (kind, partial(draw, check, *some)) for name, (kind, check, some) in checked.items()}
        plain = {
            "eponym": self.eponym,
            "date": self.date,
            "time": lambda: f"{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}",
            "number": lambda: digits("%#####"),
            "code": lambda: digits("@@-####-@"),
            "amount": lambda: digits("%.###"),
            "version": lambda: digits(pick(("%.#.##", "%.#.#.##", "20##.%"))),
            "isbn": lambda: digits("978-3-%##-#####-#"),
        }
        return made | {name: (None, value) for name, value in plain.items()}

    def document(self) -> dict[str, Any]:
        """One document, its values labelled."""
        text, spans = "", []
        for n, piece in enumerate(re.split(r"\{(\w+)\}", self.pick(self.templates))):
            if n % 2 == 0:
                text += piece
                continue
            kind, value = self.kinds[piece]
            start = len(text)
            text += value()
            if kind and spans and spans[-1]["type"] == kind and text[spans[-1]["end"] : start] in (" ", "-"):
                spans[-1]["end"] = len(text)  # first and last name are one label
            elif kind:
                spans.append({"start": start, "end": len(text), "type": kind})
        return {"text": text, "language": self.language, "spans": spans}


def main(language: str, part: str, number: str, lists: str) -> None:
    maker = Maker(language, part, Path(lists))
    for _ in range(int(number)):
        print(json.dumps(maker.document(), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
