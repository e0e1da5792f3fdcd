"""Rules for American and British addresses; street, town and postcode are one finding.

They score higher than a model does, which takes `Victoria Road` for a woman.
"""

import re

from corpusmill.transforms.text.recognisers_rule import CAPITAL, DASH, FIVE_DIGITS, SPACE, SPACES, Rule

ENGLISH = ("en",)

STREET_EN_END = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Terrace|Ter|Place|Pl|Way|"
    r"Close|Crescent|"
    r"Parkway|Pkwy|Highway|Hwy|Circle|Cir|Row|Grove|Gardens|Mews|Walk|Trail|Alley|Quay|Wharf|Hill|Green|Loop|"
    r"Plaza)\b\.?"
)
WORD_EN = rf"{CAPITAL}[\w'\u2019.{DASH}]{{0,30}}"
STREET_EN = (
    rf"\d{{1,5}}[A-Za-z]?(?:[{DASH}/]\d{{1,5}})?{SPACE}(?:[NSEW]\.?{SPACE}|(?:North|South|East|West){SPACE})?"
    rf"(?:(?:{WORD_EN}|\d{{1,3}}(?:st|nd|rd|th)){SPACE}){{1,4}}?{STREET_EN_END}(?:{SPACE}[NSEW]{{1,2}}\b)?"
)
UNIT = rf"(?:,?{SPACE}?\n?(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.?{SPACE}?#?\w{{1,6}})"
STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|"
    "S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
ZIP = r"\d{5}(?:-\d{4})?(?![\w-])"
UK_AREA = (
    "(?:AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|"
    "FK|FY|G|GL|GU|GY|HA|"
    "HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|"
    "PA|PE|PH|PL|PO|PR|RG|"
    "RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE)"
)
UK_POSTCODE = rf"{UK_AREA}\d[A-Z\d]? \d(?![GKMT]B\b)[ABD-HJLNP-UW-Z]{{2}}(?!\w)"
TOWN_EN = rf"{CAPITAL}[\w.'\u2019{DASH}]{{1,30}}(?:{SPACE}{CAPITAL}[\w.'\u2019{DASH}]{{1,30}}){{0,2}}"
BREAK_EN = rf"(?:,?{SPACE}?\n[>?|*{SPACES}]{{0,6}}|,{SPACE}?|{SPACE})"  # lines of a quoted mail begin with `> `
REST_EN = (
    rf"(?:{BREAK_EN}{TOWN_EN}(?:,?{SPACE}(?:{STATE})\b)?(?:,?{BREAK_EN}(?:{ZIP}|{UK_POSTCODE}))|{BREAK_EN}(?:{ZIP}|"
    rf"{UK_POSTCODE})|"
    rf"{BREAK_EN}{TOWN_EN},{SPACE}{STATE}\b)"
)

ZIP_CONTEXT = r"\b(?:zip|postal|post) ?code[^\d\n>]{0,15}$|\bzip[^\d\n>]{0,5}$"
RULES = (
    Rule(
        "en_street_address",
        "LOCATION",
        rf"(?<![\w.,#-])(?:\d{{1,5}}{SPACE})?{STREET_EN}{UNIT}?{REST_EN}?",
        re.compile(rf"\d[A-Za-z]?{SPACE}[A-Z0-9]"),
        0.9,
        languages=ENGLISH,
        lines=4,
    ),
    Rule(
        "us_town_state_zip",
        "LOCATION",
        rf"(?<!\w){TOWN_EN},{SPACE}{STATE}{SPACE}{ZIP}",
        FIVE_DIGITS,
        0.9,
        languages=ENGLISH,
    ),
    Rule(
        "uk_postcode",
        "LOCATION",
        rf"(?<![\w.-])(?:{TOWN_EN},?{SPACE})?{UK_POSTCODE}",
        re.compile(r"\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?!\w)"),
        0.7,
        languages=ENGLISH,
    ),
    Rule(
        "us_zip_in_context",
        "LOCATION",
        rf"(?<![\w.,-]){ZIP}",
        FIVE_DIGITS,
        0.0,
        context=ZIP_CONTEXT,
        context_score=0.75,
        languages=ENGLISH,
    ),
    Rule(
        "postcode_in_context",
        "LOCATION",
        r"(?<![\w.,-])\d{3,6}(?![\w-]|[.,]\d)",
        ("zip", "postal", "postcode", "post code"),
        0.0,
        context=ZIP_CONTEXT,
        context_score=0.7,
        languages=ENGLISH,
    ),
)
