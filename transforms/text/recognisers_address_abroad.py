"""Rules for addresses of any country as English texts, and lists of customers, write them; a block is one finding."""

import re

from corpusmill.transforms.text.recognisers_address_english import BREAK_EN, ENGLISH, TOWN_EN, ZIP
from corpusmill.transforms.text.recognisers_rule import CAPITAL, DASH, SPACE, SPACES, Rule

UNIT = rf"(?:Apt|Apartment|Suite|Ste|Flat)\b\.?{SPACE}#?\d{{1,5}}"
WORD = rf"[\w'\u2019.{DASH}]{{1,30}}"
WORDS = rf"(?:{WORD}{SPACE}){{0,5}}?{WORD}"
NUMBER = r"\d{1,5}[A-Za-z]?(?![\w:]|[.,]\d)"
#: What follows a street: a town or two lines of it, a country, a postcode.
PLACE = (
    rf"{TOWN_EN}(?:{BREAK_EN}{{1,2}}{CAPITAL}{WORD}(?:{SPACE}{CAPITAL}?\w{{1,30}}){{0,3}}){{0,2}}"
    rf"(?:{BREAK_EN}\d{{4,6}}(?![\w-]))?"
)
BEFORE = r"Rua|Via|Viale|Corso|Piazza|Calle|Avenida|Av\.|Paseo|Plaza|Rue|Impasse|Quai|[Uu]l\.|Ulica"
AT_END = r"straat|laan|gracht|plein|gatan|vägen|vej|gade|veien|gata|katu|kuja|vænget|strasse|stra(?:ß)e|gasse"
BEHIND = r"utca|út|tér|u\.|[Ss]trasse|[Ss]tra(?:ß)e|str\.|gate"
SMALL = r"(?:de|da|do|dos|das|del|della|di|du|des|la|le|les|el)"
STREET = (
    rf"(?:(?:{BEFORE}){SPACE}(?:{SMALL}{SPACE}){{0,2}}{CAPITAL}{WORD}(?:{SPACE}{CAPITAL}{WORD}){{0,3}},?{SPACE}{NUMBER}|"
    rf"{CAPITAL}\w{{1,30}}(?:{AT_END}){SPACE}{NUMBER}|"
    rf"{CAPITAL}\w{{1,30}}(?:{SPACE}{CAPITAL}\w{{1,30}})?{SPACE}(?:{BEHIND}){SPACE}\d{{1,4}}(?![\w:]))"
)

COUNTRIES = frozenset(
    re.split(
        r"\|",
        "Albania|Algeria|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bangladesh|Belarus|Belgium|Bolivia|"
        "Brazil|Bulgaria|Cambodia|Cameroon|Canada|Chile|China|Colombia|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|"
        "Czechia|Denmark|Dominican Republic|Ecuador|Egypt|El Salvador|England|Estonia|Ethiopia|Finland|France|Georgia|"
        "Germany|Ghana|Greece|Greenland|Guatemala|Haiti|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|"
        "Ireland|Israel|Italy|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Latvia|Lebanon|Libya|Liechtenstein|"
        "Lithuania|Luxembourg|Malaysia|Malta|Mexico|Moldova|Monaco|Montenegro|Morocco|Nepal|Netherlands|New Zealand|"
        "Nicaragua|Nigeria|North Macedonia|Norway|Pakistan|Panama|Paraguay|Peru|Philippines|Poland|Portugal|"
        "Puerto Rico|Qatar|Romania|Russia|San Marino|Saudi Arabia|Scotland|Senegal|Serbia|Singapore|Slovakia|Slovenia|"
        "South Africa|South Korea|Spain|Sri Lanka|Sweden|Switzerland|Syria|Taiwan|Tanzania|Thailand|The Netherlands|"
        "Tunisia|Turkey|Uganda|Ukraine|United Arab Emirates|United Kingdom|United States|Uruguay|Uzbekistan|Venezuela|"
        "Vietnam|Wales|Zambia|Zimbabwe",
    )
)


def _country(value: str) -> bool:
    """Words that are a country, then a postcode.

    >>> _country("South Africa 7065"), _country("Cyprus (Greek) 13429"), _country("Model 3000")
    (True, True, False)
    """
    return re.sub(r"\W+(?:\(\w+\)\W+)?\d+$", "", value) in COUNTRIES


RULES = (
    Rule(
        "military_address",
        "LOCATION",
        rf"(?:\b(?:(?:PSC|Unit|CMR){SPACE}\d{{1,5}},?{SPACE}Box{SPACE}\d{{1,5}}|US[A-Z]{{1,3}}{SPACE}{WORD})"
        rf"{BREAK_EN})?\b[ADF]PO,?{SPACE}A[AEP]{SPACE}{ZIP}",
        ("apo", "dpo", "fpo"),
        0.9,
        languages=ENGLISH,
        lines=2,
        flags=re.IGNORECASE,
    ),
    Rule(
        "address_with_unit",
        "LOCATION",
        rf"(?<![\w.,#-])\d{{1,5}}{SPACE}{WORDS}{BREAK_EN}{UNIT}(?:{BREAK_EN}{PLACE})?",
        ("apt", "apartment", "suite", "flat"),
        0.9,
        languages=ENGLISH,
        lines=6,
    ),
    Rule(
        "unit",
        "LOCATION",
        rf"(?<!\w)(?:Apt|Apartment|Suite|Ste)\b\.?{SPACE}#?\d{{1,5}}(?![\w.-])",
        ("apt", "apartment", "suite", "ste "),
        0.6,
        languages=ENGLISH,
    ),
    Rule(
        "country_and_postcode",
        "LOCATION",
        rf"^[>?|*,{SPACES}]{{0,8}}(?P<value>{CAPITAL}\w+(?:{SPACE}\w+){{0,3}}(?:{SPACE}\(\w+\))?{SPACE}\d{{4,6}})"
        rf"(?={SPACE}*$)",
        re.compile(r"[a-z)] \d{4,6}[ \t]*(?:\n|\Z)"),
        0.9,
        check=_country,
        languages=ENGLISH,
    ),
    Rule(
        "street_corner",
        "LOCATION",
        rf"\b(?:the )?corner of{SPACE}(?:\d{{1,5}}{SPACE})?{CAPITAL}{WORD}"
        rf"(?:{SPACE}(?:{CAPITAL}{WORD}|str\.?|\d{{1,4}}\.?)){{0,3}}{SPACE}and{SPACE}(?:{WORD}{SPACE})?{CAPITAL}{WORD}(?:{SPACE}{CAPITAL}{WORD}){{0,2}}",
        ("corner of",),
        0.9,
        languages=ENGLISH,
    ),
    Rule(
        "street_of_other_language",
        "LOCATION",
        rf"(?<![\w.])(?:\d{{1,5}}{SPACE})?{STREET}",
        re.compile(rf"(?:{BEFORE}|{AT_END}|{BEHIND}){SPACE}"),
        0.88,
    ),
    Rule(
        "address_in_context",
        "LOCATION",
        rf"(?<![\w.,#-])\d{{1,5}}{SPACE}{WORDS}{SPACE}\d{{1,5}}[A-Za-z]?(?:{BREAK_EN}{PLACE})?(?![\w-]|[.,]\d)",
        re.compile(rf"\d{SPACE}\w+{SPACE}"),
        0.0,
        context=r"\b(?:lives?|living|lived|located|resid(?:es?|ing)|office is|offices? are|"
        r"station is|shop is|restaurant is|house is|arrived|"
        r"return(?:ed)? (?:it )?|sent?|delivered?|ship(?:ped)?) (?:at|to|in|on)\b[^\d\n>]{0,10}$|"
        r"\baddress(?: is)?:?[^\d\n>]{0,15}$",
        context_score=0.9,
        languages=ENGLISH,
        lines=4,
    ),
)
