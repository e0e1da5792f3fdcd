"""What may still tell a person in published text although each part names nobody: job, town and age together.

"The mayor of a small town, 42" is one person. A combination that few documents share is rare (k-anonymity, Sweeney
2002, over the texts: k is the number of documents with the same values). The lists of jobs and towns are ours and
short: this is a view for a reviewer, not a proof that nothing is left.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpusmill.transforms.text.recognisers_rule import words

REACH = 150  # code points between two attributes of one combination, at most
FEW = 5  # documents: a combination that fewer share is rare
KINDS = ("job", "town", "age")

AGE = re.compile(
    r"\b(?P<a>\d{1,3})[- ]?(?:jährige[rnsm]?\b|Jahre alt\b|years? old\b|year-olds?\b)"
    r"|\b(?:aged|age of|age|im Alter von) (?P<b>\d{1,3})\b(?![.,]?\d)"
    r"|(?<=>)(?:, | \()(?P<c>[1-9]\d)[,)]"  # <PERSON>, 42, and <PERSON> (42)
)
JOBS_DE = words(
    "Altenpfleger Anwalt Anwältin Apotheker Architekt Arzt Augenarzt Augenärztin Autor Bauer Bauingenieur "
    "Bibliothekar Buchhalter Buchhändler Busfahrer Bäcker Bäckermeister Bäuerin Bürgermeister Chefarzt Chefärztin "
    "Dachdecker Dirigent Elektriker Erzieher Fahrlehrer Feuerwehrfrau Feuerwehrmann Fischer Fleischer Florist "
    "Fotograf Friseur Förster Gastwirt Geschäftsführer Glaser Gärtner Hausarzt Hausmeister Hausärztin Hebamme Imker "
    "Informatiker Ingenieur Journalist Jurist Kantor Kapitän Kellner Klempner Koch Kommissar Krankenpfleger "
    "Krankenschwester Köchin Küster Landrat Landrätin Landwirt Lehrer Lokführer Maler Maurer Mechaniker Metzger "
    "Musiker Müller Notar Oberarzt Oberbürgermeister Oberärztin Optiker Organist Pastor Pfarrer Physiotherapeut "
    "Pilot Polizist Postbote Professor Psychologe Psychologin Rechtsanwalt Rechtsanwältin Rektor Richter "
    "Schauspieler Schlosser Schmied Schneider Schornsteinfeger Schreiner Schulleiter Sozialarbeiter Staatsanwalt "
    "Staatsanwältin Steuerberater Sänger Taxifahrer Tierarzt Tierärztin Tischler Totengräber Trainer Uhrmacher "
    "Verkäufer Winzer Zahnarzt Zahnärztin Zimmermann Ärztin"
)
JOBS_EN = words(
    "accountant actor actress architect astronaut author baker barber barrister beekeeper blacksmith bricklayer "
    "butcher carpenter chef cleaner coach composer conductor cook councillor curator dentist detective doctor "
    "driver economist editor electrician engineer farmer firefighter fisherman florist gardener geologist glazier "
    "goalkeeper governor grocer hairdresser headmaster headmistress headteacher janitor jeweller joiner journalist "
    "judge landlord lawyer lecturer librarian lighthouse-keeper locksmith magistrate mason mayor mechanic midwife "
    "miner musician notary nurse optician organist painter paramedic pastor pathologist pharmacist photographer "
    "physician physicist physiotherapist pilot plumber policeman policewoman politician postman potter priest "
    "principal printer professor programmer psychologist rector sailor scientist sculptor secretary sergeant "
    "sheriff shopkeeper singer soldier solicitor surgeon tailor teacher translator undertaker vet veterinarian "
    "vicar waiter waitress watchmaker welder"
)
TOWNS = words(
    "Aachen Aberdeen Adelaide Ahrensbök Amsterdam Atlanta Augsburg Austin Baltimore Bamberg Basel Bayreuth "
    "Belfast Berlin Bern Bielefeld Birmingham Bochum Bologna Bonn Boston Bottrop Bradford Braunschweig Bregenz "
    "Bremen Bremerhaven Brighton Brisbane Bristol Brussels Brüssel Calgary Cambridge Canterbury Cardiff Celle "
    "Chemnitz Chicago Cincinnati Cleveland Coburg Cologne Copenhagen Cottbus Coventry Cuxhaven Dallas Darmstadt "
    "Denver Derby Dessau Detroit Dortmund Dresden Dublin Duisburg Dundee Durham Düsseldorf Edinburgh Eisenach Emden "
    "Erfurt Erlangen Exeter Flensburg Frankfurt Freiburg Fulda Fürth Galway Gelsenkirchen Geneva Genf Gera "
    "Glasgow Graz Greifswald Görlitz Göttingen Hagen Halifax Hamburg Hamm Hannover Heidelberg Heilbronn "
    "Hildesheim Houston Hull Ingolstadt Innsbruck Inverness Jena Kaiserslautern Karlsruhe Kassel Kiel Klagenfurt "
    "Koblenz Konstanz Krefeld Köln Lancaster Landshut Leeds Leicester Leipzig Leverkusen Limerick Lincoln Linz "
    "Liverpool London Ludwigsburg Ludwigshafen Luzern Lübeck Lüneburg Madrid Magdeburg Mainz Manchester Mannheim "
    "Marburg Melbourne Miami Minden Minneapolis Montreal Munich Mönchengladbach München Münster Nashville Newcastle "
    "Norwich Nottingham Nuremberg Nürnberg Oberhausen Offenburg Oldenburg Omaha Osnabrück Ottawa Oxford Paderborn "
    "Paris Passau Philadelphia Phoenix Pittsburgh Plymouth Portland Portsmouth Potsdam Prag Prague Ravensburg "
    "Regensburg Remscheid Reutlingen Rom Rostock Rügen Saarbrücken Salzburg Schwerin Seattle Sheffield Siegen "
    "Solingen Southampton Speyer Stralsund Stuttgart Sunderland Swansea Sydney Toronto Trier Tübingen Ulm Vancouver "
    "Vienna Warsaw Washington Weimar Wien Wiesbaden Winchester Wismar Wolfsburg Wuppertal Würzburg York "
    "Zurich Zwickau Zürich"
)


def _one_of(listed: Iterable[str], ending: str = "") -> re.Pattern[str]:
    longest_first = sorted(listed, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))}){ending}(?!\w)")


JOB_DE, JOB_EN, TOWN = _one_of(JOBS_DE, "(?:in|s|n)?"), _one_of(JOBS_EN, "(?:'s)?"), _one_of(TOWNS, "s?")


@dataclass(frozen=True, slots=True, order=True)
class Combination:
    """Job, town and age that stand close together; what is not there is empty, 0 for the age."""

    job: str = ""
    town: str = ""
    age: int = 0

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind in KINDS if getattr(self, kind))


def combinations(text: str) -> set[Combination]:
    """Combinations of at least two kinds in a text.

    >>> combinations("The mayor of Derby, aged 42, came.")
    {Combination(job='mayor', town='Derby', age=42)}
    >>> combinations("The mayor came. He is tall."), combinations("Aged 42.")
    (set(), set())
    """
    groups: list[list[tuple[int, int, str, Any]]] = []
    for found in sorted(_attributes(text)):
        if groups and found[0] - groups[-1][-1][1] <= REACH:
            groups[-1].append(found)
        else:
            groups.append([found])
    whole = set()
    for group in groups:
        # The first of each kind: a list of towns is no combination.
        first = {kind: value for *_, kind, value in reversed(group)}
        if len(first) > 1:
            whole.add(Combination(**first))
    return whole


def _attributes(text: str) -> Iterable[tuple[int, int, str, Any]]:
    for pattern in (JOB_DE, JOB_EN):
        for match in pattern.finditer(text):
            yield *match.span(), "job", match[1]
    for match in TOWN.finditer(text):
        yield *match.span(), "town", match[1]
    for match in AGE.finditer(text):
        age = int(match["a"] or match["b"] or match["c"])
        if 0 < age <= 110:
            yield *match.span(), "age", age


def rare(by_document: Mapping[str, Iterable[Combination]], shown: int = 20) -> dict[str, Any]:
    """How many combinations there are, how many are rare, and which documents to look at first.

    rows: kinds, combinations, documents, rare (combinations that fewer than FEW documents share), rare_documents.
    first: the rarest of the most kinds: job, decade of the age, whether there is a town, k, up to three documents.
    """
    holders: dict[Combination, list[str]] = defaultdict(list)
    for doc_id, found in sorted(by_document.items()):
        for one in found:
            holders[one].append(doc_id)
    few = {one: ids for one, ids in holders.items() if len(ids) < FEW}
    rows = []
    for kinds in sorted({one.kinds for one in holders}, key=lambda k: (-len(k), k)):
        alike = {one: ids for one, ids in holders.items() if one.kinds == kinds}
        rows.append(
            {
                "kinds": list(kinds),
                "combinations": len(alike),
                "documents": len({i for ids in alike.values() for i in ids}),
                "rare": sum(one in few for one in alike),
                "rare_documents": len({i for one, ids in alike.items() if one in few for i in ids}),
            }
        )
    order = sorted(few, key=lambda one: (-len(one.kinds), len(few[one]), one))[:shown]
    first = [
        {
            "job": one.job,
            "town": bool(one.town),
            "decade": one.age // 10 * 10 if one.age else None,
            "k": len(few[one]),
            "doc_ids": few[one][:3],
        }
        for one in order
    ]
    sizes = Counter(min(len(ids), FEW) for ids in holders.values())
    return {"few": FEW, "rows": rows, "first": first, "k": {str(k): n for k, n in sorted(sizes.items())}}
