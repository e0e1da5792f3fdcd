"""Lists of firms, brands and products, one name a line.

    python benchmarks/company_lists.py LISTS CHECKOUTS

LISTS: the folder that pii_lists.py makes. Of the two files that are written there, company.txt has all names, for
`train_names.py` and `pii_templates.py`; firms.txt, which is transforms/text/data/firms.txt, has those that are well
known and hardly people's names.

CHECKOUTS: a folder with the repositories that `sources` names, each in a folder of its own name (`simple-icons`, ...).
All are given away (CC0, PDDL), but for name-suggestion-index (BSD 3-Clause; OpenStreetMap's brands, their countries)
and FinanceDatabase (MIT).
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 5  # words of a name
#: 001 is the world, 150 Europe.
COUNTRIES = re.compile(r"(?:de|at|ch|li|lu|gb|ie|im|je|gg|us|ca|au|nz|za|001|150|conus)\b")
#: What of OpenStreetMap names no firm.
NO_FIRMS = re.compile(
    r"school|kindergarten|university|college|library|social_|community|playground|park|government|party"
)
PUBLIC = {"public body", "government", "school", "church", "political party"}
FORMS = (
    r"incorporated|inc|corporation|corp|limited|ltd|plc|llc|llp|lp|s\.?a|s\.?e|n\.?v|b\.?v|ag|kgaa|kg|ohg|gbr|"
    r"e\.? ?[kv]|aktiengesellschaft|(?:ag|se|g?gmbh) & co\.? ?(?:kgaa|kg|ohg)|g?gmbh|ug|co\.? kg|"
    r"& co\.? ?(?:kg|kgaa|ohg)|(?:& |and )?(?:co|company)|group|gruppe|holdings?"
)
LEGAL_FORM = re.compile(rf"(?:,\s*|\s+)(?:{FORMS})\.?$", re.IGNORECASE)
SHARES = re.compile(
    r"[\s,-]+(?:class [a-d]\b|series [a-d]\b|common (?:stock|shares?|units?)|ordinary shares?|american dep|adrs?\b|"
    r"depositary|shares? of|capital stock|limited partner|\([^)]*\)).*",
    re.IGNORECASE,
)
SIZES = ("Mega Cap", "Large Cap", "Mid Cap")  # from two billion dollars on
#: Papers on a stock exchange that are no firm's shares.
PAPERS = re.compile(
    r"\b(?:etfs?|etn|funds?|trust|notes?|warrants?|units?|rights?|preferred|bonds?|acquisition)\b|\d%", re.I
)
NO_NAME = re.compile(r"[/:@<>{}|\"\u201e\u201c\u201d#]|www\.|\bFoundation$|\w\.[a-z]{2,6}$|[^\x00-\u024f\u2010-\u20ac]")


def cleaned(name: str) -> Iterator[str]:
    """The name without legal form, where it can be one."""
    name = re.sub(r"\s+", " ", re.sub("[\u00ae\u2122\u00a9]", "", name)).replace("\u2019", "'").strip(" ,;-")
    while (shorter := LEGAL_FORM.sub("", re.sub(r"\s*\([^)]*\)$", "", name)).strip(" ,;-&+")) not in (name, ""):
        name = shorter
    if len(name) > 1 and re.search(r"[^\W\d_]", name) and len(name.split()) <= LONGEST and not NO_NAME.search(name):
        yield name


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def name_suggestion_index(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("data/brands/*/*.json")):
        for item in load(path)["items"] if not NO_FIRMS.search(path.stem) else ():
            places = item.get("locationSet", {}).get("include", ())
            if any(COUNTRIES.match(str(place).lower()) for place in places):
                yield from (item["tags"][key] for key in ("brand", "name") if key in item.get("tags", {}))


def corpora(folder: Path) -> Iterator[str]:
    data = folder / "data"
    yield from load(data / "corporations/cars.json")["cars"]
    yield from load(data / "corporations/fortune500.json")["companies"]
    yield from load(data / "corporations/newspapers.json")["newspapers"]
    yield from load(data / "medicine/drugs.json")["drugs"]


def simple_icons(folder: Path) -> Iterator[str]:
    yield from (icon["title"] for icon in load(folder / "data/simple-icons.json"))


def logos(folder: Path) -> Iterator[str]:
    yield from (logo["name"] for logo in load(folder / "logos.json"))


def datenanfragen(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("companies/*.json")):
        record = load(path)
        if not PUBLIC & set(record.get("categories", ())):
            yield from (record["name"], *record.get("runs", ()))


def listings(path: Path, column: str) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not PAPERS.search(" ".join(filter(None, row.values()))):
                yield SHARES.sub("", row[column])


def finance_database(folder: Path) -> Iterator[str]:
    """Firms of some size on the exchanges of Frankfurt, Vienna, Zurich and London, wherever they are at home."""
    for exchange in ("GER", "VIE", "EBS", "LSE"):
        with (folder / f"database/equities/{exchange}.csv").open(encoding="utf-8", newline="") as file:
            yield from (row["name"] for row in csv.DictReader(file) if row["market_cap"] in SIZES)


def sources(folder: Path) -> dict[str, Iterator[str]]:
    """The names of each source, by repository."""
    return {
        "osmlab/name-suggestion-index": name_suggestion_index(folder / "name-suggestion-index"),
        "dariusk/corpora": corpora(folder / "corpora"),
        "simple-icons/simple-icons": simple_icons(folder / "simple-icons"),
        "gilbarbara/logos": logos(folder / "logos"),
        "datenanfragen/data": datenanfragen(folder / "data"),
        "JerBouma/FinanceDatabase": finance_database(folder / "FinanceDatabase"),
        "datasets/nasdaq-listings": listings(folder / "nasdaq-listings/data/nasdaq-listed-symbols.csv", "Company Name"),
        "datasets/nyse-other-listings": listings(folder / "nyse-other-listings/data/other-listed.csv", "Company Name"),
        "datasets/s-and-p-500-companies": listings(folder / "s-and-p-500-companies/data/constituents.csv", "Security"),
    }


#: One of these knows the best known only; of the others two have to have a name.
WELL_KNOWN = {
    "dariusk/corpora", "simple-icons/simple-icons", "gilbarbara/logos", "datasets/s-and-p-500-companies",
    "JerBouma/FinanceDatabase",
}  # fmt: skip
#: Of these some are mostly software, whose names are words of all kinds.
SOFTWARE = {"simple-icons/simple-icons", "gilbarbara/logos"}
WORD = r"[^\W\d_][^\W_]*(?:[-'.][^\W_]+)*\.?"
OF_WORDS = re.compile(rf"{WORD}(?: {WORD}){{0,2}}")


def well_known(found: dict[str, set[str]], names: set[str], surnames: set[str], places: set[str]) -> Iterator[str]:
    """Firms of up to three words that are hardly people and no places. What they are not is in small letters.

    None ends in a common surname (`Paul Smith`); what is one word is no name at all, and known as more than software.
    """
    for name, by in found.items():
        words = name.lower().split()
        known = OF_WORDS.fullmatch(name) and (len(by) > 1 or by & WELL_KNOWN)
        person = words[-1] in surnames or (len(words) == 1 and (words[0] in names or by <= SOFTWARE))
        if known and not person and name.lower() not in places and words[-1] != "street":
            yield name


def main(lists: str, checkouts: str) -> None:
    found: dict[str, set[str]] = {}
    for source, names in sources(Path(checkouts)).items():
        for form in (form for name in names if name for form in cleaned(name)):
            found.setdefault(form, set()).add(source)
    usual = {name.lower() for name in load(Path(checkouts, "corpora/data/humans/lastNames.json"))["lastNames"]}
    names = read(lists, "first", "en_last")
    places = read(lists, "place", "en_place", "de_place", "country", "en_country", "de_country")
    known = well_known(found, names, usual | read(lists, "de_last"), places)
    for file, chosen in (("company.txt", found), ("firms.txt", known)):
        Path(lists, file).write_text("\n".join(sorted(chosen)) + "\n", encoding="utf-8")
    print(len(found), "names")


def read(lists: str, *files: str) -> set[str]:
    """The names of these lists, in small letters."""
    return {line for file in files for line in Path(lists, f"{file}.txt").read_text("utf-8").lower().splitlines()}


if __name__ == "__main__":
    main(*sys.argv[1:])
