"""Gendered forms of German role nouns: generic masculine, pairs, Binnen-I, star, colon, underscore, slash."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from corpusmill.transforms.text.bias_mentions import Numbers, Words
from corpusmill.transforms.text.signals_pieces import Mask

ROLES = Path(__file__).parent / "data" / "bias_roles.yml"

FORMS = {
    "masculine plural": "Lehrer after die, alle, viele, ...; Lehrern, Ärzte: for men alone, or for all (generic)",
    "masculine, number unknown": "Lehrer elsewhere: one man, or the plural without a word that shows it",
    "feminine singular": "Lehrerin",
    "feminine plural": "Lehrerinnen",
    "pair": "Lehrerinnen und Lehrer, Lehrer und Lehrerinnen, Lehrerinnen/Lehrer",
    "Binnen-I": "LehrerInnen",
    "star": "Lehrer*innen",
    "colon": "Lehrer:innen",
    "underscore": "Lehrer_innen",
    "slash or bracket": "Lehrer/-innen, Lehrer(innen)",
    "neutral": "Studierende, Lehrkräfte, Mitglieder, ... (as listed)",
}
SIGNS = {
    "*": "star",
    ":": "colon",
    "_": "underscore",
    "/": "slash or bracket",
    "(": "slash or bracket",
    "I": "Binnen-I",
}

# With -innen after a sign any noun is one of a person; with -in only one that ends like such a noun.
PERSON_ENDING = "(?:er|or|ist|ent|ant|at|eur|log|leg|rzt|alt|und|ig)"
MARKED = (
    r"\p{Lu}\p{L}+(?:[*:_]|/-?)innen|\p{Lu}\p{L}+\(-?innen\)|\p{Lu}\p{L}*\p{Ll}{2}Innen"
    rf"|\p{{Lu}}\p{{L}}*{PERSON_ENDING}(?:(?:[*:_]|/-?)in|\(-?in\)|In)"
)
WHOLE = rf"(?:{MARKED})([^\p{{L}}\p{{N}}]|$)"
AND = ["und", "oder", "bzw", "beziehungsweise", "sowie"]
BETWEEN = 3  # words from one noun of a pair to the other: der Lehrer und die Lehrerin

# What a word of the vocabulary is: number of its role * KINDS + one of these.
MASCULINE, PLURAL, FEMININE, FEMININES, NEUTRAL = range(5)
KINDS = 5
NONE = -1


def marked(texts: pl.Series) -> pl.DataFrame:
    """document (number) and form of each noun with a sign for all genders.

    >>> marked(pl.Series(["Liebe Kolleg*innen, die LehrerInnen", "ein LogIn, std:in"])).rows()
    [(0, 'star'), (0, 'Binnen-I')]
    """
    found = pl.DataFrame({"document": np.arange(len(texts)), "noun": texts.str.extract_all(WHOLE)})
    rows = found.explode("noun").drop_nulls()
    sign = rows["noun"].str.extract(r"([*:_/(I])-?i?n(?:nen)?\)?[^\p{L}]?$")
    forms = sign.replace_strict(SIGNS, default=None, return_dtype=pl.String)
    return rows.select("document", form=forms).drop_nulls()


def without_marked(texts: pl.Series) -> pl.Series:
    """The texts with those nouns taken out, which would be taken for masculine ones."""
    return texts.str.replace_all(WHOLE, " $1")


def forms(words: Words) -> pl.DataFrame:
    """document, role and form of each role noun without a sign; a pair is one row."""
    known = _known()
    what = np.array([known.get(word, NONE) for word in words.vocabulary.to_list()], dtype=np.int64)[words.word]
    at = np.flatnonzero(what != NONE)
    role, kind = what[at] // KINDS, what[at] % KINDS
    feminine, masculine = (kind == FEMININE) | (kind == FEMININES), kind <= PLURAL
    paired = np.zeros(len(at), dtype=np.bool_)
    first = np.zeros(len(at), dtype=np.bool_)
    here = np.arange(len(at) - 1)
    gap = at[here + 1] - at[here]
    near = (role[here] == role[here + 1]) & (gap <= BETWEEN) & words.same_sentence(at[here], at[here + 1])
    near &= (feminine[here] & masculine[here + 1]) | (masculine[here] & feminine[here + 1])
    near &= (gap == 1) | _after_and(words, at[here])
    for i in np.flatnonzero(near):
        if not paired[i]:
            paired[i] = paired[i + 1] = first[i] = True
    kind = np.where((kind == MASCULINE) & _plural_before(words, at), PLURAL, kind)
    names = list(FORMS)
    by_kind = np.array([names[1], names[0], names[2], names[3], "neutral"], dtype=object)
    kept = ~paired | first
    form = np.where(first, "pair", by_kind[kind])
    roles = np.array([*_roles(), *_neutral()], dtype=object)
    return pl.DataFrame(
        {"document": words.document[at][kept], "role": roles[role][kept].tolist(), "form": form[kept].tolist()},
        schema={"document": pl.Int64, "role": pl.String, "form": pl.String},
    )


def _after_and(words: Words, at: Numbers) -> Mask:
    between = words.vocabulary.is_in(AND).to_numpy()
    return between[words.word[np.minimum(at + 1, len(words) - 1)]]


def _plural_before(words: Words, at: Numbers) -> Mask:
    listed = words.vocabulary.str.to_lowercase().is_in(_data()["plural_before"]).to_numpy()
    return words.same_sentence(at, at - 1) & listed[words.word[np.maximum(at - 1, 0)]]


@cache
def _known() -> dict[str, int]:
    """Every form of every role, and the neutral words."""
    found: dict[str, int] = {}
    for number, (masculine, (plural, feminine)) in enumerate(_roles().items()):
        oblique = {f"{masculine}s", f"{masculine}es"}
        for word in {masculine, *oblique}:
            found[word] = number * KINDS + MASCULINE
        weak = plural.endswith("en") or plural == masculine  # Studenten, Lehrer: singular or plural
        found[plural] = number * KINDS + (MASCULINE if weak else PLURAL)
        if not plural.endswith(("n", "s")):
            found[f"{plural}n"] = number * KINDS + PLURAL
        found[feminine] = number * KINDS + FEMININE
        found[f"{feminine}nen"] = number * KINDS + FEMININES
    for number, word in enumerate(_neutral(), start=len(_roles())):
        found[word] = number * KINDS + NEUTRAL
    return found


@cache
def _data() -> dict[str, list[str]]:
    raw = yaml.safe_load(ROLES.read_text(encoding="utf-8"))
    return {name: [part.strip() for part in re.split(",", text) if part.strip()] for name, text in raw.items()}


@cache
def _roles() -> dict[str, tuple[str, str]]:
    """Masculine singular -> masculine plural, feminine singular."""
    found = {}
    for entry in _data()["roles"]:
        masculine, *others = entry.split("/")
        plural, feminine = others or (masculine if masculine.endswith("er") else f"{masculine}en", f"{masculine}in")
        found[masculine] = (plural, feminine)
    return found


@cache
def _neutral() -> tuple[str, ...]:
    return tuple(_data()["neutral"])
