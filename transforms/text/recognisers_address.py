"""Rules for postal addresses in German text; street, postcode and town are one finding."""

import re

from corpusmill.transforms.text.recognisers_rule import CAPITAL, DASH, FIVE_DIGITS, SPACE, Rule, words

GERMAN = ("de",)

NUMBER_DE = rf"\d{{1,4}}(?:{SPACE}?[a-zA-Z](?!\w))?(?:{SPACE}?[{DASH}/+]{SPACE}?\d{{1,4}}[a-z]?(?!\w))?(?![\w:]|[.,]\d)"
#: Endings after which a number is nearly always that of a house; `Hof`, `Markt`, `Park`, `Berg` only before a postcode.
STREET_END = (
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|stieg|graben|"
    r"promenade|twiete|zeile|kai)"
)
STREET_WORD = (
    r"(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Steig|Pfad|Markt|Hof|"
    r"Graben|Wall|Promenade|Kai)"
)
STREET_DE = (
    rf"(?:(?:{CAPITAL}[\w.{DASH}]{{0,40}}{SPACE}){{1,3}}{STREET_WORD}|"
    rf"{CAPITAL}[\w.{DASH}]{{0,40}}[{DASH}]{STREET_WORD}|"
    rf"{CAPITAL}\w{{1,40}}{STREET_END})"
)
UNIT_DE = rf"{SPACE}?(?:%|€|[KMGT]i?B\b|k?m\b|Uhr\b|Prozent\b|Euro\b|Stück\b|Jahr|Minute|Punkt|Kilo)"
NO_STREETS = words(
    "String Substring Spring Omkring Hering Speicherplatz Arbeitsplatz Stellplatz Parkplatz Sitzplatz Tabellenplatz "
    "Studienplatz Ausweg Umweg Rückweg Heimweg Hinweg Rechtsweg Dienstweg Postweg Der Die Das Den Dem Des Ein Eine "
    "Einen "
    "Einem Einer Dieser Diese Dieses Diesen Diesem Auf Vom Zum Im"
)
#: Streets that are named by where they are: `Am Alten Markt 3`, `Unter den Linden 5`
STREET_BY_PLACE = (
    rf"(?:Am|Im|An der|An den|An dem|Auf der|Auf dem|Auf den|Unter den|Zum|Zur|In der|In den|Hinter der|Vor dem|"
    rf"Beim|Bei der)"
    rf"(?:{SPACE}{CAPITAL}\w{{2,30}}){{1,2}}"
)
TOWN = (
    rf"{CAPITAL}\w{{1,40}}(?:[{DASH}]{CAPITAL}\w{{1,30}})?"
    rf"(?:{SPACE}(?:am|an der|im|in der|ob der|bei|vor der|a\.{SPACE}?d\.){SPACE}{CAPITAL}\w{{1,40}}|"
    rf"{SPACE}\({CAPITAL}\w{{1,40}}\))?"
)
POSTCODE_TOWN = rf"(?:(?:D|DE|A|CH){SPACE}?[{DASH}]{SPACE}?)?\d{{4,5}}{SPACE}{TOWN}"
BREAK = rf"(?:{SPACE}?[,;|/]?{SPACE}?\n{SPACE}{{0,4}}|{SPACE}?[,;|·]{SPACE}|{SPACE}(?:in{SPACE})?)"

#: Large towns and endings of names of towns: a five-digit number and a noun is otherwise anything (`10000 Dateien`).
TOWNS = words(
    "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover "
    "Nürnberg Duisburg "
    "Bochum Wuppertal Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden Mönchengladbach Gelsenkirchen "
    "Aachen Kiel "
    "Chemnitz Halle Magdeburg Freiburg Krefeld Mainz Lübeck Erfurt Oberhausen Rostock Kassel Hagen Potsdam "
    "Saarbrücken Hamm Ludwigshafen "
    "Oldenburg Leverkusen Osnabrück Solingen Heidelberg Darmstadt Herne Neuss Regensburg Paderborn Ingolstadt "
    "Würzburg Fürth Ulm "
    "Heilbronn Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Koblenz Bremerhaven Erlangen Recklinghausen "
    "Remscheid Jena Trier "
    "Salzgitter Moers Siegen Hildesheim Gütersloh Kaiserslautern Cottbus Hanau Schwerin Witten Esslingen Gera "
    "Iserlohn Düren "
    "Tübingen Flensburg Zwickau Gießen Ratingen Lünen Konstanz Worms Marburg Velbert Minden Bamberg Bayreuth Celle "
    "Passau Fulda "
    "Aschaffenburg Plauen Neubrandenburg Weimar Stralsund Greifswald Kempten Landshut Wien Graz Linz Salzburg "
    "Innsbruck Zürich Basel "
    "Bern Genf Luzern Lausanne Winterthur"
)
TOWN_ENDINGS = (
    "burg", "stadt", "heim", "hausen", "dorf", "berg", "feld", "furt", "bach", "ingen", "münde", "kirchen",
    "brück", "brücken", "beck", "rode", "stedt", "leben", "wald", "tal", "see", "au", "itz", "ow", "hafen",
    "horst", "büttel", "weiler", "hofen", "walde", "kirch", "born", "bronn", "roda", "werder", "moor", "sund",
    "loh", "büll", "koog", "zell", "münster", "fels", "stein", "hagen",
)  # fmt: skip


def _known_town(value: str) -> bool:
    """The town of `12345 Musterstadt` is a large one or ends as towns do.

    >>> _known_town("10115 Berlin"), _known_town("12345 Musterstadt"), _known_town("10000 Dateien")
    (True, True, False)
    """
    first = re.split(r"[^\w]", value.split(maxsplit=1)[1], maxsplit=1)[0]
    return first in TOWNS or (first[0].isupper() and first.endswith(TOWN_ENDINGS) and len(first) > 4)


RULES = (
    Rule(
        "de_street_address",
        "LOCATION",
        rf"(?<!\w){STREET_DE}{SPACE}{NUMBER_DE}(?!{UNIT_DE})(?:{BREAK}{POSTCODE_TOWN})?",
        re.compile(rf"(?:[a-zß]|tr\.){SPACE}\d"),
        0.9,
        check=lambda value: value.split(maxsplit=1)[0] not in NO_STREETS,
        languages=GERMAN,
        lines=2,
    ),
    Rule(
        "de_street_by_place_and_town",
        "LOCATION",
        rf"(?<!\w)(?:{STREET_BY_PLACE}|"
        rf"(?:{CAPITAL}[\w.{DASH}]{{1,40}}{SPACE}){{0,2}}{CAPITAL}[\w.{DASH}]{{1,40}}){SPACE}{NUMBER_DE}"
        rf"{BREAK}(?:(?:D|DE){SPACE}?[{DASH}]{SPACE}?)?\d{{5}}{SPACE}{TOWN}",
        FIVE_DIGITS,
        0.9,
        languages=GERMAN,
        lines=2,
    ),
    Rule(
        "de_postcode_and_town",
        "LOCATION",
        rf"(?<![\w.,/+{DASH}])(?:(?:D|DE){SPACE}?[{DASH}]{SPACE}?)?(?P<value>\d{{5}}{SPACE}{TOWN})",
        FIVE_DIGITS,
        0.88,
        check=_known_town,
        languages=GERMAN,
    ),
    Rule(
        "de_postcode_and_town_in_context",
        "LOCATION",
        rf"(?<![\w.,/+{DASH}])(?:(?:D|DE){SPACE}?[{DASH}]{SPACE}?)?(?P<value>\d{{5}}{SPACE}{TOWN})",
        FIVE_DIGITS,
        0.0,
        context=r"\bplz\b|postleitzahl|adresse|anschrift|wohnhaft|wohnort|wohne|postfach",
        context_score=0.8,
        languages=GERMAN,
    ),
    Rule(
        "at_ch_postcode_and_town",
        "LOCATION",
        rf"(?<!\w)(?:A|AT|CH)[{DASH}](?P<value>\d{{4}}{SPACE}{TOWN})",
        re.compile(rf"(?:A|T|CH)[{DASH}]\d{{4}}{SPACE}"),
        0.8,
        languages=GERMAN,
    ),
    Rule(
        "de_postcode_in_context",
        "LOCATION",
        r"(?<![\w.,-])\d{5}(?![\w-]|[.,]\d)",
        FIVE_DIGITS,
        0.0,
        context=r"(?:\bplz|postleitzahl)[^\d\n>]{0,15}$",
        context_score=0.75,
        languages=GERMAN,
    ),
    Rule(
        "post_box",
        "LOCATION",
        rf"\b(?:P\.?{SPACE}?O\.?{SPACE}?Box|Postfach){SPACE}\d[\d ]{{0,8}}\d(?!\d)",
        ("box", "postfach"),
        0.8,
        flags=re.IGNORECASE,
    ),
)
