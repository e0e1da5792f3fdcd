"""Check digits and other tests of whether a number is possible; each takes the value as it is written."""

import ipaddress
import re
from collections import Counter


def _plain(value: str) -> str:
    return re.sub(r"[\W_]", "", value).upper()


def _digit_sum(number: int) -> int:
    return number // 10 + number % 10


#: Which prefixes issuers give to cards of so many digits (ISO/IEC 7812-1: Visa, Mastercard, American Express, Diners
#: Club, JCB, UnionPay, Maestro).
CARD_PREFIXES = {
    12: "5[0678]|6", 13: "4", 14: "3[0689]", 15: "3[47]|2131|1800", 16: "4|5[0-8]|6|2[1-7]|3[05-9]", 17: "5[0678]|6",
    18: "5[0678]|6", 19: "4|5[0678]|6",
}  # fmt: skip


def luhn(value: str) -> bool:
    """A payment card: Luhn (ISO/IEC 7812-1), and a prefix that an issuer has for its length.

    >>> luhn("4111 1111 1111 1111"), luhn("4111 1111 1111 1112"), luhn("5373354499820")
    (True, False, False)
    """
    number = _plain(value)
    prefix = CARD_PREFIXES.get(len(number))
    return prefix is not None and re.match(prefix, number) is not None and luhn_digit(number)


def luhn_digit(value: str) -> bool:
    """Luhn's check digit alone, whoever issued the number; not of one digit repeated.

    >>> luhn_digit("0604 2607 0011"), luhn_digit("0000 0000 0000")
    (True, False)
    """
    number = _plain(value)
    total = sum(int(d) if i % 2 == 0 else _digit_sum(2 * int(d)) for i, d in enumerate(reversed(number)))
    return total % 10 == 0 and len(set(number)) > 1


#: Length of the IBAN of each country (SWIFT's IBAN registry, the European ones and some more).
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28,
    "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip


def iban(value: str) -> bool:
    """An IBAN: the country's length and ISO 7064 mod 97.

    >>> iban("DE89 3704 0044 0532 0130 00"), iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    code = _plain(value)
    if IBAN_LENGTHS.get(code[:2]) != len(code) or not code.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def _mod_11_10(digits: str) -> bool:
    """ISO 7064 mod 11,10 over all digits, the last one being the check digit."""
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def german_tax_id(value: str) -> bool:
    """Steueridentifikationsnummer: 11 digits, mod 11,10; of the first ten just one digit stands twice or three times.

    >>> german_tax_id("86 095 742 719"), german_tax_id("86095742718")
    (True, False)
    """
    number = _plain(value)
    repeated = [n for n in Counter(number[:10]).values() if n > 1]
    return len(number) == 11 and number[0] != "0" and repeated in ([2], [3]) and _mod_11_10(number)


def german_vat_id(value: str) -> bool:
    """Umsatzsteuer-Identifikationsnummer: DE and 9 digits, mod 11,10.

    >>> german_vat_id("DE 136 695 976"), german_vat_id("DE136695977")
    (True, False)
    """
    return _mod_11_10(_plain(value)[2:])


def german_social_security(value: str) -> bool:
    """Rentenversicherungsnummer: area, birth date, letter, serial, check digit (VKVV, section 4).

    >>> german_social_security("15 070649 C 103"), german_social_security("15070649C104")
    (True, False)
    """
    number = _plain(value)
    day, month = int(number[2:4]), int(number[4:6])
    if not (1 <= day <= 31 or 51 <= day <= 81) or not 1 <= month <= 12:
        return False
    digits = f"{number[:8]}{ord(number[8]) - 64:02d}{number[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(_digit_sum(int(d) * w) for d, w in zip(digits, weights, strict=True))
    return total % 10 == int(number[11])


def german_health_insurance(value: str) -> bool:
    """Krankenversichertennummer: letter, 8 digits, check digit (SGB V, section 290).

    >>> german_health_insurance("A000500015"), german_health_insurance("A000500016")
    (True, False)
    """
    number = _plain(value)
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    return sum(_digit_sum(int(d) * (1 + i % 2)) for i, d in enumerate(digits)) % 10 == int(number[9])


def travel_document(value: str) -> bool:
    """Serial number of an identity card or passport: weights 7, 3, 1 (ICAO Doc 9303, part 3); two digits at least.

    >>> travel_document("L01X00T44"), travel_document("L01X00T45")
    (True, False)
    """
    number = _plain(value)
    if sum(c.isdigit() for c in number) < 2:
        return False
    total = sum(int(c, 36) * (7, 3, 1)[i % 3] for i, c in enumerate(number[:8]))
    return total % 10 == int(number[8])


def us_ssn(value: str) -> bool:
    """A Social Security Number that can have been issued: area, group and serial are not zero, area not 666 or 9xx.

    >>> us_ssn("219-09-9999"), us_ssn("666-09-9999"), us_ssn("000-12-3456")
    (True, False, False)
    """
    number = _plain(value)
    if number[:3] in ("000", "666") or number[0] == "9":
        return False
    return not (number[3:5] == "00" or number[5:] == "0000" or len(set(number)) == 1)


def ip_address(value: str) -> bool:
    """An address that can be somebody's: not loopback, unspecified or a netmask; IPv6 with a digit in it.

    >>> [ip_address(a) for a in ("192.0.2.7", "127.0.0.1", "255.255.255.0", "2001:db8::7", "dead::beef", "12:30:15")]
    [True, False, False, True, False, False]
    """
    try:
        address = ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not value.startswith(("0.", "255."))
    return any(c.isdigit() for c in value) and len([g for g in value.split(":") if g]) > 1
