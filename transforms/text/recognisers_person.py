"""Rules for names that the words around them give away: titles, greetings, signatures, headers, labels.

They need no model, and find no name that stands alone in a sentence; for those there is the mode `full`.
"""

import re

from corpusmill.transforms.text.name_lists import PARTICLES
from corpusmill.transforms.text.recognisers_rule import CAPITAL, COLON_CAPITAL, SPACE, Rule, words

NAME_WORD = rf"(?:{CAPITAL}\.|{CAPITAL}[\w'\u2019]*(?:-{CAPITAL}[\w'\u2019]*)?)"
NAME = rf"{NAME_WORD}(?<!\.)"
PARTICLE = f"(?:{'|'.join(sorted(PARTICLES))})"
#: One to four words: `Müller`, `Anna-Lena von der Heide`, `J. R. Smith`
PERSON = rf"(?P<value>{NAME_WORD}(?:{SPACE}(?:{PARTICLE}{SPACE}){{0,2}}{NAME_WORD}){{0,3}})"
FULL_NAME = rf"(?P<value>{NAME_WORD}(?:{SPACE}(?:{PARTICLE}{SPACE}){{0,2}}{NAME_WORD}){{1,3}})"

DEGREE = r"(?:(?:(?:Dr|Prof)\b\.?|(?:Ing|Dipl|med|jur|rer|nat|phil|habil|h|c|Mag|B|M|Sc)\.)[- ]?){1,6}"
TITLE_DE = rf"(?:Herrn?|Hr\.|Frau|Fr\.|Familie|Fräulein)(?:{SPACE}{DEGREE}(?<!\s))?"
TITLE_EN = r"(?:Mrs?|Ms|Miss|Mx|Sir|Lady|Madam)\b\.?(?: Dr\.?| Prof\.?)?"
DOCTOR = r"(?:Dr|Prof)\.(?:[- ](?:Dr|med|rer|nat|jur|phil|habil|h|c|Ing)\.){0,4}"

CLOSING = (
    r"(?:[Mm]it (?:freundlichen|besten|herzlichen|lieben|vielen) Grü(?:ß|ss)en|MfG|(?:[Ff]reundliche|[Bb]este|"
    r"[Ll]iebe|[Vv]iele|"
    r"[Hh]erzliche|[Ss]chöne)(?: liebe)? Grü(?:ß|ss)e|Hochachtungsvoll|LG|VG|"
    r"(?:(?:[Kk]ind|[Bb]est|[Ww]arm|[Ww]armest) )?[Rr]egards|[Ss]incerely(?: yours)?|[Yy]ours (?:sincerely|"
    r"faithfully|truly)|"
    r"Cheers|[Bb]est wishes|[Mm]any thanks|Thanks|Best)"
)
LABEL = (
    r"(?:(?:[Vv]or|[Nn]ach|[Ff]amilien|[Gg]eburts|[Rr]uf)?[Nn]amen?|[Aa]nsprechpartner(?:in)?|[Pp]atient(?:in)?|"
    r"[Aa]utor(?:in)?|"
    r"[Kk]und(?:e|in)|[Kk]ontakt|[Ii]nhaber(?:in)?|[Gg]eschäftsführer(?:in)?|[Vv]ersicherte[r]?|[Mm]ieter(?:in)?|"
    r"[Ee]mpfänger(?:in)?|"
    r"[Aa]bsender(?:in)?|[Bb]earbeiter(?:in)?|[Uu]nterzeichner(?:in)?|[Aa]ntragsteller(?:in)?|[Ff]ull name|"
    r"[Ff]irst name|[Ll]ast name|"
    r"[Ss]urname|[Nn]ame of patient|[Cc]ontact(?: person)?|[Aa]uthor|[Cc]ustomer|[Ee]mployee|[Aa]pplicant|"
    r"[Mm]aintainer|"
    r"[Ss]igned(?: by)?|[Uu]nterschrift|[Bb]earbeitet von|[Ww]ritten by|[Rr]eported by|[Pp]repared by)"
)

#: Capitalised words that stand where a name would, and are none.
NOT_NAMES = words(
    "Sie Ihr Ihre Ihnen Ihren Ihrer Ich Wir Du Der Die Das Den Dem Des Ein Eine Und Oder Mit Von Für Bei Im In An "
    "Am Zu Zur Zum "
    "Aus Auf Es Er Damen Herren Team Kunde Kundin Kunden Kollegen Kolleginnen Leute Alle Zusammen Mitglieder "
    "Nachbarn Freunde "
    "Dr Dr. Prof Prof. Präsident Präsidentin Minister Ministerin Doktor Doktorin Professor Professorin Richter "
    "Richterin Vorsitzende Bundeskanzlerin "
    "Bundeskanzler Kollege Kollegin Nachbar Nachbarin Gott "
    "The This That These Those You Your We Our It He She They I A An And Or But If For From To By With Of On At Is "
    "Are Not No All "
    "Any Each Please See Note Sir Madam Sirs Customer Customers Friend Friends Colleague Colleagues Everyone "
    "Everybody Reader "
    "Readers User Users Developers Maintainers Folks Support Service Sales Info Admin President Speaker Chairman "
    "Debian GNU Linux Ubuntu Unix BSD Fedora Windows Microsoft Google Apple Mozilla Firefox Apache Python Perl "
    "Java PHP KDE GNOME "
    "Project Foundation Software Free Inc Ltd LLC GmbH AG KG Corporation Corp University Universität Institute "
    "Institut "
    "License Lizenz Copyright Version File Files Name Names Type Table Figure Abbildung Tabelle Datei Server "
    "Client Network "
    "System Manager Package Default String Value Number Id ID URL Email E-Mail Mail Unknown Unbekannt None N/A "
    "Montag Dienstag "
    "Mittwoch Donnerstag Freitag Samstag Sonntag Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)


def _name(value: str) -> bool:
    """Could be a name: no word of it is in NOT_NAMES, and not all is capitals and dots."""
    parts = value.split()
    return not any(p in NOT_NAMES for p in parts) and any(len(p) > 1 and p[-1] != "." for p in parts)


def _full_name(value: str) -> bool:
    """As _name, and written as names are: no all-capital or camel-case word (GIMP, OpenOffice)."""
    return _name(value) and all(
        p[1:].islower() or len(p) < 3 or "-" in p or p[:2] in ("Mc", "O'") for p in value.split()
    )


def _rule(name: str, pattern: str, trigger: tuple[str, ...] | re.Pattern[str], score: float, **more: object) -> Rule:
    return Rule(name, "PERSON", pattern, trigger, score, **{"check": _name, **more})  # type: ignore[arg-type]


RULES = (
    _rule(
        "person_after_title_de",
        rf"\b{TITLE_DE}{SPACE}{{1,2}}{PERSON}",
        ("herr", "hr.", "frau", "fr.", "familie", "fräulein"),
        0.85,
        languages=("de",),
    ),
    _rule(
        "person_after_title_en",
        rf"\b{TITLE_EN}{SPACE}{{1,2}}{PERSON}",
        re.compile(r"(?:M(?:rs?|s|iss|x|adam)|Sir|Lady)\b"),
        0.85,
        languages=("en",),
    ),
    _rule("person_after_doctor", rf"\b{DOCTOR}{SPACE}{{0,2}}{PERSON}", ("dr.", "prof."), 0.85),
    _rule(
        "person_after_signed",
        rf"(?:\bgez\.|\bi\.{SPACE}?[AV]\.|\bppa\.|\bper pro\.?|/s/){SPACE}{{0,3}}\n?{SPACE}{{0,3}}{PERSON}",
        ("gez.", "i.a.", "i. a.", "i.v.", "i. v.", "ppa.", "per pro", "/s/"),
        0.8,
        lines=2,
    ),
    _rule(
        "person_after_closing",
        rf"^{SPACE}{{0,3}}{CLOSING}[,!.]?{SPACE}{{0,3}}(?:\n{SPACE}{{0,3}}){{1,3}}(?:{DEGREE}{SPACE}?)?{PERSON}{SPACE}{{0,3}}$",
        (
            "grüße",
            "grüsse",
            "mfg",
            "hochachtungsvoll",
            "lg",
            "vg",
            "regards",
            "sincerely",
            "yours",
            "cheers",
            "wishes",
            "thanks",
            "best",
        ),
        0.8,
        lines=4,
    ),
    _rule(
        "person_after_greeting",
        rf"^{SPACE}{{0,3}}(?:Liebe[rs]?|Hallo|Hi|Hello|Dear|Moin|Guten (?:Tag|Morgen|Abend)|Hey|"
        rf"Servus),?{SPACE}{PERSON}{SPACE}?[,!]",
        ("liebe", "hallo", "hi ", "hi,", "hello", "dear", "moin", "guten", "hey", "servus"),
        0.75,
    ),
    _rule(
        "person_before_email",
        rf"{FULL_NAME}[\"']?,?{SPACE}?(?:<|&lt;|\((?=[\w.+-]{{1,64}}(?:@|{SPACE}?[(\[]at)))(?=[\w.+-]{{1,64}}(?:@|"
        rf"{SPACE}?[(\[]at))",
        ("@", "(at)", "[at]"),
        0.85,
    ),
    _rule(
        "person_in_header",
        rf"^(?:From|To|Cc|Bcc|Von|An|Reply-To|Sender){SPACE}?:{SPACE}{{0,3}}\"?{FULL_NAME}(?=\"?{SPACE}{{0,3}}(?:$|"
        rf"[<,;(\[]))",
        COLON_CAPITAL,
        0.8,
        check=_full_name,
    ),
    _rule(
        "person_after_label",
        rf"\b{LABEL}{SPACE}?:{SPACE}{{0,3}}{FULL_NAME}",
        COLON_CAPITAL,
        0.75,
        check=_full_name,
    ),
    _rule(
        "first_or_last_name_after_label",
        rf"\b(?:Vorname|Nachname|Familienname|Geburtsname|First name|Last name|"
        rf"Surname){SPACE}?:{SPACE}{{0,3}}{PERSON}",
        COLON_CAPITAL,
        0.8,
        check=_full_name,
    ),
    _rule(
        "maiden_name",
        rf"(?:\bgeb\.|\bgeborene|\bverw\.|\bnée){SPACE}(?P<value>{NAME})(?!{SPACE}?\d)",
        ("geb.", "geborene", "verw.", "née"),
        0.7,
        check=_full_name,
    ),
    _rule(
        "person_who_introduces_themselves",
        rf"\b(?:[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Mm]y name is){SPACE}{PERSON}",
        ("name ist", "heiße", "heisse", "name is"),
        0.7,
        check=_full_name,
    ),
)
