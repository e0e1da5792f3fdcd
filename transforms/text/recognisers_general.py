"""Rules for what looks the same in every language: e-mail, URLs, IP addresses, bank and card numbers, birth dates."""

import re

from corpusmill.transforms.text import recognisers_checks as checks
from corpusmill.transforms.text.recognisers_rule import FIVE_DIGITS, SPACE, SPACES, Rule, words

#: Ends of names that are no top-level domain: `getty@tty1.service`, `logo@2x.png`.
FILE_ENDINGS = words(
    "service socket timer target mount slice scope device path swap png jpg jpeg gif svg webp ico html htm php css "
    "js "
    "json xml yaml yml conf cfg ini txt log tar gz zip deb rpm so dll exe git bat"
)


def _email(value: str) -> bool:
    """Is this an address? `anna@example.org.txt` is one with a file's ending, `logo@2x.png` is none."""
    host = re.split("@|%40", value)[-1].lower().split(".")
    last = len(host)
    while host and host[-1] in FILE_ENDINGS:
        host.pop()
    named = len(host) == last or (len(host) > 1 and host[-1].isalpha())
    return named and not value.startswith("git@")


# Any top-level domain that begins with a letter: so `name@4.17.21` is a version, and made-up domains are found.
LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
EMAIL = rf"(?<![\w.+@-])\w[\w.%+'&~-]{{0,63}}(?:@|%40)(?:{LABEL}\.){{1,8}}[^\W\d_](?:[\w-]{{0,61}}[^\W_])(?![\w@])"
AT = rf"{SPACE}?[\[({{]{SPACE}?(?:at|ät){SPACE}?[\])}}]{SPACE}?"
DOT = rf"(?:\.|{SPACE}?[\[({{]{SPACE}?(?:dot|punkt){SPACE}?[\])}}]{SPACE}?|{SPACE}(?:dot|punkt){SPACE})"

URL_CHARACTER = r"[^\s<>\"'`{}|\\^]"
# A parameter that names a person. `id` alone names anything.
USER_PARAMETER = (
    r"e-?mail|mail|user(?:_?name|_?id)?|login|account|phone|tel|first_?name|last_?name|"
    r"customer(?:_?id)?|kunde(?:n_?nr)?"
)
URL_END = r"(?<![.,;:!?)\]])"

IBAN = "|".join(
    rf"{country}\d{{2}}(?:[{SPACES}-]?[A-Z0-9]){{{length - 4}}}" for country, length in checks.IBAN_LENGTHS.items()
)
OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
IP_CONTEXT = (
    r"\b(?:ip(?:v4)?|address|adresse|host|server|client|gateway|router|dns|ping|inet|netmask|from|remote|login|"
    r"nameserver)\b"
)
VERSION_WORD = (
    r"(?:\b(?:version|ver|v|release|rel|revision|rev|build|kernel|firmware|section|abschnitt|kapitel|chapter)\.?|"
    r"[-_/=]{1,2})[ :]*$"
)


def _address(value: str) -> bool:
    """An address by its looks alone: what begins with 8 or 9 and stays small is a version (`8.0.67.5`).

    >>> _address("9.45.123.7"), _address("192.168.0.1"), _address("8.0.67.5")
    (True, True, False)
    """
    octets = [int(octet) for octet in value.split(".")]
    return checks.ip_address(value) and (octets[0] >= 10 or max(octets) >= 100 or len(set(octets)) == 1)


MONTH = (
    r"(?:jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|apr(?:il)?|ma[iy]|june?|juni|july?|juli|"
    r"aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
DATE = (
    rf"(?:\d{{1,2}}{SPACE}?[./-]{SPACE}?\d{{1,2}}{SPACE}?[./-]{SPACE}?(?:\d{{4}}|\d{{2}})|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?{SPACE}?(?:of )?{MONTH},?{SPACE}?\d{{4}}|"
    rf"{MONTH}{SPACE}\d{{1,2}}(?:st|nd|rd|th)?,?{SPACE}\d{{4}})(?!\d)"
)
BORN = (
    r"(?:\bgeb(?:oren(?:e|er|en)?)?\b\.?|\bgeburts(?:datum|tag)|\bborn\b|\bbirth[ -]?da(?:te|y)\b|\bdate of birth\b|"
    r"\bd\.?o\.?b\b\.?)"
)
# Between word and date: no other date, nothing that was replaced or masked; two stars may close a bold label.
GAP = r"[^\d\n>*]{0,40}(?:\*\*?[^\d\n>*]{0,10})?"
BORN_TRIGGER = ("geb", "born", "birth", "dob", "d.o.b")

RULES = (
    Rule("email", "EMAIL_ADDRESS", EMAIL, ("@", "%40"), 0.95, check=_email),
    Rule(
        "email_spelled_out",
        "EMAIL_ADDRESS",
        rf"(?<![\w.+-])[\w.+-]{{1,64}}{AT}{LABEL}(?:{DOT}{LABEL}){{0,4}}{DOT}[^\W\d_]{{2,12}}(?!\w)",
        ("(at)", "[at]", "{at}", "( at )", "[ at ]", "(ät)"),
        0.9,
        flags=re.IGNORECASE,
    ),
    Rule(
        "url_with_credentials",
        "SECRET",
        r"\b[a-z][a-z0-9+.-]{1,20}://(?P<value>[^\s/@:<>?#*\"']{1,100}:[^\s/@<>\"']{1,200})@(?=[\w\[])",
        ("://",),
        1.0,
        flags=re.IGNORECASE,
    ),
    Rule(
        "url_with_user",
        "URL",
        rf"\b[a-z][a-z0-9+.-]{{1,20}}://[^\s/@:<>?#*\"']{{1,100}}@[\w\[]{URL_CHARACTER}{{0,500}}{URL_END}",
        ("://",),
        1.0,
        flags=re.IGNORECASE,
    ),
    Rule(
        "url_with_user_parameter",
        "URL",
        rf"\bhttps?://{URL_CHARACTER}{{1,500}}?[?&;](?:{USER_PARAMETER})=[^\s<>&=\"'$%{{]{URL_CHARACTER}{{0,500}}{URL_END}",
        ("://",),
        1.0,
        flags=re.IGNORECASE,
    ),
    Rule(
        "url_of_home_page",
        "URL",
        rf"\bhttps?://[\w.:-]{{1,200}}/(?:~|%7e)[\w.-]{{1,60}}{URL_CHARACTER}{{0,500}}{URL_END}",
        ("/~", "/%7e"),
        0.8,
        flags=re.IGNORECASE,
    ),
    Rule(
        "ip_v4",
        "IP_ADDRESS",
        # From 8.x on: four-part versions (2.6.32.5) begin lower, few addresses do.
        rf"(?<![\w.@-])(?!^[\d.]+\.{SPACE})(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]\d|[89])(?:\.{OCTET}){{3}}(?![\w-]|\.\d|"
        rf"\.\w+\b)",
        re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d"),
        0.7,
        unless=VERSION_WORD,
        check=_address,
    ),
    Rule(
        "ip_v4_in_context",
        "IP_ADDRESS",
        rf"(?<![\w.-])(?!^[\d.]+\.{SPACE})[1-9]\d{{0,2}}(?:\.{OCTET}){{3}}(?!\w|\.\d)",
        re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d"),
        0.0,
        context=IP_CONTEXT,
        context_score=0.75,
        unless=VERSION_WORD,
        check=checks.ip_address,
    ),
    Rule(
        "ip_v6",
        "IP_ADDRESS",
        r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?:%\w{1,15})?(?![\w:])",
        re.compile(r":[0-9A-Fa-f]{0,4}:"),
        0.9,
        check=checks.ip_address,
    ),
    Rule(
        "iban",
        "IBAN_CODE",
        rf"(?<![A-Za-z0-9])(?:{IBAN})(?![A-Za-z0-9])",
        FIVE_DIGITS,
        1.0,
        check=checks.iban,
        flags=re.IGNORECASE,
    ),
    Rule(
        "credit_card",
        "CREDIT_CARD",
        # The second look back: an IBAN in groups, whose check digits are wrong.
        rf"(?<![\w.,-])(?<![A-Z]{{2}}\d\d{SPACE})(?:\d{{12,19}}|\d{{4}}([{SPACES}-])\d{{4}}\1\d{{4}}\1\d{{1,4}}(?:\1\d{{1,3}})?|"
        rf"\d{{4}}([{SPACES}-])\d{{6}}\2\d{{4,5}})(?![\w-]|[.,:]\d)",
        FIVE_DIGITS,
        0.9,
        check=checks.luhn,
    ),
    Rule(
        "credit_card_in_context",
        "CREDIT_CARD",
        rf"(?<![\w.,-])\d(?:[{SPACES}-]?\d){{11,18}}(?![\w-]|[.,:]\d)",
        FIVE_DIGITS,
        0.0,
        context=r"(?:credit|debit|bank|visa|master|amex|maestro)[ -]?card|card n(?:o|umber)\b|kreditkarte|kartennummer",
        context_score=0.8,
        check=checks.luhn_digit,
    ),
    Rule(
        "date_after_born",
        "DATE_OF_BIRTH",
        rf"{BORN}{GAP}(?:\n[^\d\n>*]{{0,10}})?(?P<value>{DATE})",
        BORN_TRIGGER,
        0.95,
        lines=2,
        flags=re.IGNORECASE,
    ),
    Rule(
        "date_before_born",
        "DATE_OF_BIRTH",
        rf"(?<!\d)(?P<value>{DATE})[^\d\n<>*.;]{{0,40}}\b(?:geboren|born)\b",
        BORN_TRIGGER,
        0.9,
        flags=re.IGNORECASE,
    ),
    Rule(
        "date_after_star",
        "DATE_OF_BIRTH",
        rf"(?<![\w*])\*{SPACE}?(?P<value>\d{{1,2}}\.{SPACE}?(?:\d{{1,2}}\.|{MONTH}){SPACE}?\d{{4}})(?![\w.-])",
        re.compile(rf"\*{SPACE}?\d"),
        0.6,
        languages=("de",),
        flags=re.IGNORECASE,
    ),
)
