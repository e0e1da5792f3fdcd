"""What pydantic finds wrong with a recipe, in the words of the recipe's user."""

import difflib
import inspect
import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from corpusmill.jobs.recipe_yaml import Key, Problem
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.recipe_values import KEY_REFERENCE, LANGUAGE_CODE, NAME

WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "tuple_type": "a list, such as [a, b]",
    "dict_type": "a mapping, such as {key: value}",
    "model_type": "a mapping, such as {key: value}; {} for the defaults",
}
BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
FORMS = {
    NAME: "letters, digits, `_`, `.` and `-`, beginning with a letter or digit",
    LANGUAGE_CODE: "a language code of two or three small letters, such as de, en or fr",
    KEY_REFERENCE: "env:NAME, file:PATH or secret:SCOPE/KEY",
}


def problems_of(error: ValidationError) -> list[Problem]:
    """A problem for each thing that is wrong; what only follows from another one is left out."""
    found = error.errors(include_url=False)
    inner = [item["loc"] for item in found if item["type"] != "too_short"]
    return [
        _problem(item)
        for item in found
        if not (item["type"] == "too_short" and any(loc[: len(item["loc"])] == item["loc"] for loc in inner))
    ]


def nearest(word: object, words: Iterable[str]) -> str:
    """The end of a message: the word that was probably meant, if one is near.

    >>> nearest("jsnl", ["jsonl", "parquet"]), nearest("x", ["jsonl"])
    ("; did you mean 'jsonl'?", '')
    """
    near = difflib.get_close_matches(str(word), list(words), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def shown(value: Any) -> str:
    """A value as a message shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 80 else f"'{value[:77]}...'"
    return "a mapping" if isinstance(value, dict) else "a list"


def _problem(item: Any) -> Problem:
    kind, found, context = item["type"], item["input"], item.get("ctx", {})
    path: Key = tuple(part for part in item["loc"] if part != "[key]")
    if kind == "wrong":
        return Problem(path + tuple(context["at"]), context["what"])
    if kind == "extra_forbidden":
        return Problem(path, _unknown_key(path))
    if kind == "missing":
        field = _model_at(path[:-1]).model_fields[str(path[-1])]
        return Problem(path[:-1], f"the key {path[-1]} is missing: {field.description}")
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", context["expected"])
        what = path[-1] if item["loc"][-1] == "[key]" else found
        text = f"{shown(what)} is not allowed; allowed: {', '.join(allowed)}{nearest(what, allowed)}"
        return Problem(path, text)
    if kind in BOUNDS:
        bound, words = BOUNDS[kind]
        return Problem(path, f"{found} is out of range; it must be {words} {context[bound]:g}")
    if kind in WANTED:
        quotes = "; put it in quotes" if kind == "string_type" and isinstance(found, int | float) else ""
        return Problem(path, f"wanted {WANTED[kind]}, found {shown(found)}{quotes}")
    if kind == "string_pattern_mismatch":
        # A key that stands here by mistake must not be repeated in a message.
        value = "the value (not shown)" if context["pattern"] == KEY_REFERENCE else shown(found)
        return Problem(path, f"{value} is not allowed; allowed: {FORMS[context['pattern']]}")
    if kind in ("too_short", "string_too_short"):
        return Problem(path, "is empty; it needs at least one " + ("character" if kind[0] == "s" else "entry"))
    return Problem(path, item["msg"])


def _unknown_key(path: Key) -> str:
    """Names the nearest key here, or the places where a key of this name would stand."""
    key, here = str(path[-1]), list(_model_at(path[:-1]).model_fields)
    near = nearest(key, here)
    if not near:
        models = {stage: _model_at((stage,)) for stage in Recipe.model_fields}
        there = [f"{stage}.{key}" for stage, m in models.items() if m is not Recipe and key in m.model_fields]
        near = f"; did you mean {' or '.join(there)}?" if there else ""
    return f"unknown key; known here: {', '.join(here) or 'none, write {}'}{near}"


def _model_at(path: Key) -> type[BaseModel]:
    """The model of the mapping at a path."""
    model: type[BaseModel] = Recipe
    for part in path:
        field = model.model_fields.get(str(part))
        model = (field and _model_in(field.annotation)) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The first model that an annotation such as `tuple[Source, ...]` names."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)
