"""Phone numbers: our own notion of what looks like one, `phonenumbers` (Google's metadata) to say what can be one."""

import re
from collections.abc import Iterator

import phonenumbers

from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.recognisers_rule import DASH, FIVE_DIGITS, SPACE, Page, words_before

#: Numbers written without a country code are tried as one of these countries'.
TRUNK_ZERO_REGIONS = ("DE", "AT", "CH", "GB")

#: What says, right before or behind a number, that it is one of a telephone.
KIND = r"(?:office|fax|telefax|cell|mobile?|home|work|privat|dienstlich|geschäftlich|tel|phone|festnetz)"
# `+49 (0)30 23125-111`, `0171 / 39200-12`, `(030) 23 12 51 11`, `212-555-0123`, `+1 (212) 555-0123 ext. 7`
CANDIDATE = re.compile(
    rf"(?<![\w+@#$€£./={DASH}])(?<!\d[,:])(?:\+{SPACE}?|\({SPACE}?\+?{SPACE}?)?\d"
    rf"(?:(?:{SPACE}?[()/.{DASH}]{SPACE}?|{SPACE}|\){SPACE}?[{DASH}/]{SPACE}?|{SPACE}?\(0?\){SPACE}?)?\d){{4,16}}"
    rf"(?:{SPACE}?(?:x|ext\.?|extension|Durchwahl|DW){SPACE}?\d{{1,5}})?(?![\w@]|[.,:/]\d|[{DASH}](?!{KIND}\b)\w)",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:\b(?:tele?(?:fon|phone)?(?:nummer|nr)?|fon|phone|cell|fax|telefax|mobile?(?:funk|nummer|telefon)?|handy(?:nummer)?|"
    r"rufnummer|durchwahl|hotline|whatsapp|call|dial|desk|anruf(?:en)?|rufen|erreich\w*|sms|text me at|"
    r"contact (?:number|no)|reach(?:ed|able)?|answer(?:s|ing)? at|messages (?:at|to)|"
    r"(?:my|his|her|our|your|their|new|meine|seine|ihre|neue) (?:number|nummer))\b|\u260e|\U0001f4de)",
    re.IGNORECASE,
)
LABEL_BEHIND = re.compile(rf"{SPACE}{{0,2}}[{DASH}(]?{KIND}\b", re.IGNORECASE)
NOT_A_PHONE = re.compile(
    r"\b(?:isbn|issn|doi|ean|artikel|art\.?-?nr|bestell|order|invoice|rechnung|version|commit|bug|ticket|serial|serien|iban|"
    r"kontonummer|account|blz|bic|steuer|port|pid|uid|gid|id)\b[^\n]{0,12}$",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(
    rf"\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[-./]\d{{1,2}}[-./](?:19|20)?\d\d(?![\d./-])|"
    rf"(?:19|20)\d\d ?[{DASH}/] ?(?:19|20)?\d\d$"
)
US_SHAPE = re.compile(r"(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\d)")
#: How a number can begin that stands without a label; a German or British one in groups, and not like `02 03 04 05 06`.
START = re.compile(rf"\(?{SPACE}?\+|\(?00|\(?0[1-9]|{US_SHAPE.pattern}")
GROUPED = re.compile(r"\(?0\d{2,4}(?![\d.])")
#: Groups of four that go on: of a card or an IBAN, whose check digits are wrong.
FOURS = re.compile(rf"(?:\d{{4}}|[A-Z]{{2}}\d\d){SPACE}$")
IN_FOURS = re.compile(rf"\d{{4}}{SPACE}\d{{4}}(?!\d)")
CODE_APART = re.compile(rf"00[1-9]\d{{0,2}}[{DASH}/ ]\d+[{DASH}/ ]\d")  # `001-212-555-0123`
GAP = re.compile(f"{SPACE}+")
EXTENSION = re.compile(rf"{SPACE}?(?:x|ext|extension|durchwahl|dw)\.?{SPACE}?\d{{1,5}}$", re.IGNORECASE)


def scan_phones(page: Page) -> Iterator[Finding]:
    """Phone numbers of the page, in text order.

    What looks like one number may be a number and others behind or before it, so shorter pieces are tried as well.
    """
    for start, end in page.windows(FIVE_DIGITS, 1):
        at = start
        while match := CANDIDATE.search(page.text, at, end):
            begin = match.start() + (match[0][0] == "(" and ")" not in match[0])  # `(212-555-0123)`
            gaps = [match.start() + gap.start() for gap in GAP.finditer(match[0])]
            at = gaps[0] if gaps else match.end()
            before = words_before(page.text, begin)
            behind = bool(LABEL_BEHIND.match(page.text, match.end()))
            labelled = behind or bool(LABEL.search(before))
            if not (labelled or START.match(page.text, begin)) or NOT_A_PHONE.search(before):
                continue
            if not labelled and FOURS.search(before) and IN_FOURS.match(page.text, begin):
                continue
            just_labelled = behind or (labelled and bool(LABEL.search(before[-25:])))
            for stop in (match.end(), *reversed(gaps)):
                if score := _score(page.text[begin:stop], labelled, just_labelled):
                    yield Finding(begin, stop, "PHONE_NUMBER", score, "phone_number")
                    at = stop
                    break


def _score(value: str, labelled: bool, just_labelled: bool) -> float:
    """How sure it is that the value is a phone number; a word like `Tel.` stands before it, or right before it."""
    number = EXTENSION.sub("", value)
    digits = sum(c.isdigit() for c in number)
    if not 5 <= digits <= 15 or DATE_LIKE.match(value.lstrip("(")):
        return 0.0
    if number.lstrip("( ").startswith(("+", "00")):
        international = re.sub(r"^\D*00", "+", number)
        if _valid(international, None):
            return 0.95 if labelled else 0.85
        if ("+" in number or CODE_APART.match(number)) and _possible(international):
            return 0.6
    elif re.match(r"\(?0[1-9]", number) and (labelled or (GROUPED.match(number) and digits >= 9)):
        if any(_national(number, region, labelled) for region in TRUNK_ZERO_REGIONS):
            return 0.95 if labelled else 0.6
    elif US_SHAPE.match(number):
        return 0.95 if labelled else 0.7 if _valid(number, "US") else 0.5
    # Behind a label nearly every number is one, made-up and local ones too.
    return 0.75 if just_labelled else 0.0


def _valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _national(number: str, region: str, labelled: bool) -> bool:
    """A number of the region; without a label or brackets its first group holds the area code.

    >>> [_national(n, "DE", False) for n in ("0176 1234567", "01761 234567", "06042 6070011", "0604 2607 0011")]
    [True, True, True, False]
    """
    if not _valid(number, region):
        return False
    if labelled or "(" in number:
        return True
    parsed = phonenumbers.parse(number, region)
    usual = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    first, area_code = (re.search(r"\d+", written) for written in (number, usual))
    return bool(first and area_code and first[0].startswith(area_code[0]))


def _possible(number: str) -> bool:
    """Its country exists and has numbers as long: a made-up or reserved number."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
