"""Rules for addresses of any country as English texts, and lists of customers, write them; a block is one finding."""

import re

from corpusmill.transforms.text.name_lists import TIMES_OF_YEAR
from corpusmill.transforms.text.recognisers_address_english import BREAK_EN, ENGLISH, TOWN_EN, ZIP
from corpusmill.transforms.text.recognisers_rule import CAPITAL, DASH, SPACE, SPACES, Rule, words

UNIT = rf"(?:Apt|Apartment|Suite|Ste|Flat)\b\.?{SPACE}#?\d{{1,5}}"
WORD = rf"[\w'\u2019.{DASH}]{{1,30}}"
WORDS = rf"(?:{WORD}{SPACE}){{0,5}}?{WORD}"
NUMBER = r"\d{1,5}[A-Za-z]?(?![\w:]|[.,]\d)"
#: What follows a street: a town or two lines of it, a country, a postcode.
PLACE = (
    rf"{TOWN_EN}(?:{BREAK_EN}{{1,2}}{CAPITAL}{WORD}(?:{SPACE}{CAPITAL}?\w{{1,30}}){{0,3}}){{0,2}}"
    rf"(?:{BREAK_EN}\d{{4,6}}(?![\w-]))?"
)
BEFORE = r"Rua|Via|Viale|Vicolo|Corso|Piazza|Calle|C/|Avenida|Av(?:da)?\.|Paseo|Plaza|Rue|Impasse|Quai|[Uu]l\.|Ulica"
AT_END = (
    r"straat|laan|gracht|plein|kade|dreef|steeg|gatan|gränd|vägen|stigen|vej|gade|stræde|veien|vegen|gata|stien|katu|kuja|tie|"
    r"polku|vænget|strasse|stra(?:ß)e|gasse"
)
BEHIND = r"utca|útja?|tér|körút|sétány|u\.|[Ss]trasse|[Ss]tra(?:ß)e|str\.|gate"
SMALL = r"(?:de|da|do|dos|das|del|dei|degli|delle|della|di|du|des|la|le|les|el|e|y|of)"
#: French: the number stands before, and the kind of street is mostly written small.
RUE = r"(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]llée)"
STREET = (
    rf"(?:(?:{BEFORE}){SPACE}(?:{SMALL}{SPACE}){{0,2}}{CAPITAL}{WORD}(?:{SPACE}(?:{SMALL}{SPACE})?{CAPITAL}{WORD}){{0,3}},?"
    rf"{SPACE}{NUMBER}|"
    rf"\d{{1,4}},?{SPACE}{RUE}(?={SPACE}(?:{SMALL}{SPACE}|[dl]['\u2019]|{CAPITAL}))"
    rf"(?:{SPACE}(?:[dl]['\u2019])?[\w-]{{1,30}}){{1,5}}?(?={SPACE}*(?:[,.;\n]|$)|{SPACE}\d)|"
    rf"{CAPITAL}\w{{1,30}}(?:{AT_END}){SPACE}{NUMBER}|"
    rf"{CAPITAL}\w{{1,30}}(?:{SPACE}\w{{1,30}})?{SPACE}(?:{BEHIND}){SPACE}\d{{1,4}}(?![\w:]))"
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


#: What says that an address follows.
STANDS = (
    r"(?:lives?|living|lived|located|resid(?:es?|ing)|(?:office|station|shop|restaurant|house|clinic|school|hotel) is|"
    r"offices? are|arrived|return(?:ed)? ?(?:it )?|sent?|delivered?|ship(?:ped)?|"
    r"drop(?:s|ped)?(?: (?:you|me|us|him|her|them|it))?(?: off)?) (?:at|to|in|on)"
)
#: Before a number these are no streets.
NO_STREETS = TIMES_OF_YEAR | words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
    "Room Page Chapter Section Figure Table Part Unit Step Level Version Gate Platform Line Floor Building Windows "
    "Debian Ubuntu Python Java Port Day Week Year "
    "in on at for since until from to by with about around before after during was is were has had when where then"
)


def _of_a_street(value: str) -> bool:
    """Words with a capital, of which none makes the number a date or a count, or begins a new phrase.

    >>> [_of_a_street(v) for v in ("641 Dlouhá 688, Turnov", "5 May 2020", "Rome in 1990")]
    [True, False, False]
    """
    before = re.match(r"(?:\d+\s+)?(.*?)\s\d", value)
    parts = re.findall(r"[^\W\d_]+", before[1]) if before else []
    return any(part[0].isupper() for part in parts) and not any(part in NO_STREETS for part in parts)


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
        re.compile(r"\d"),
        0.88,
    ),
    Rule(
        "address_in_context",
        "LOCATION",
        rf"(?<![\w.,#-])\d{{1,5}}{SPACE}{WORDS}{SPACE}\d{{1,5}}[A-Za-z]?(?:{BREAK_EN}{PLACE})?(?![\w-]|[.,]\d)",
        re.compile(rf"\d{SPACE}\w+{SPACE}"),
        0.0,
        context=rf"\b{STANDS}\b[^\d\n>]{{0,10}}$|\baddress(?: is)?:?[^\d\n>]{{0,15}}$",
        context_score=0.9,
        check=_of_a_street,
        languages=ENGLISH,
        lines=4,
    ),
    Rule(
        "street_in_context",
        "LOCATION",
        rf"\b{STANDS}{SPACE}(?P<value>{CAPITAL}{WORD}(?:{SPACE}{WORD}){{0,4}}?{SPACE}\d{{1,5}}[A-Za-z]?)(?![\w-]|[.,]\d)",
        ("live", "living", "located", "resid", " is ", "arrived", "return", "sen", "deliver", "ship", "drop"),
        0.9,
        check=_of_a_street,
        languages=ENGLISH,
    ),
)
