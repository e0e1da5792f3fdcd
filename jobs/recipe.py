"""Read a recipe: YAML, `--set`, variables and dates in; a checked `Recipe` out, or one message with all its errors."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from corpusmill.jobs.locate import CATALOG
from corpusmill.jobs.recipe_problems import nearest, problems_of, shown
from corpusmill.jobs.recipe_rules import rule_problems
from corpusmill.jobs.recipe_yaml import Document, Key, Problem, dump, override, read
from corpusmill.schemas.errors import RecipeError, UserError
from corpusmill.schemas.recipe import Recipe

VARIABLE = re.compile(r"\$(?:\{(?P<braced>[^}]*)\}|(?P<bare>[A-Za-z_]\w*))")
WITH_DEFAULT = re.compile(r"(?P<name>[A-Za-z_]\w*)(?::-(?P<default>.*))?")
PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z_]\w*)\}")
PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


@dataclass(frozen=True)
class LoadedRecipe:
    """A recipe that can be run. path: the file; base: its folder, where relative paths begin.

    recipe: with absolute paths, variables and dates filled in. text: its YAML after `--set`, as a dataset version keeps
    it: with paths and variables as they were written, so that it holds no secret and is the same on any machine.
    """

    recipe: Recipe
    path: Path
    base: Path
    text: str
    run_date: date
    document: Document = field(repr=False, compare=False)


def load(
    path: str | Path,
    overrides: Sequence[str] = (),
    run_date: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> LoadedRecipe:
    """The recipe in a YAML file, changed by `key=value` overrides. run_date: YYYY-MM-DD for `{date}`, default today.

    Raises RecipeError with file, line, key, what was found and what is allowed, for all that is wrong at once.
    """
    path = Path(path)
    return load_text(_text(path), path, overrides, run_date, environ)


def load_text(
    text: str,
    path: Path,
    overrides: Sequence[str] = (),
    run_date: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> LoadedRecipe:
    """As `load`, of a text that stands in, or once stood in, the file at `path`."""
    day = _date(run_date)
    base = path.absolute().parent
    document = read(text, str(path))
    if not isinstance(document.tree, dict):
        found = "the file is empty" if document.tree is None else f"found {shown(document.tree)}"
        document.problems = document.problems or [Problem((), f"wanted keys such as name and sources; {found}")]
        raise RecipeError(document.message())
    for setting in overrides:
        override(document, setting)
    text = dump(document.tree)
    _fill_paths(document, base, day, environ)
    recipe = _validated(document)
    if recipe:
        document.problems += rule_problems(recipe)
    if recipe is None or document.problems:
        raise RecipeError(document.message())
    return LoadedRecipe(recipe, path, base, text, day, document)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a recipe, with a description for each key; editors complete and check with it."""
    from pydantic.json_schema import GenerateJsonSchema  # here: it takes as long to import as all of this module

    class WithoutNull(GenerateJsonSchema):
        def nullable_schema(self, schema: Any) -> Any:
            return self.generate_inner(schema["schema"])  # a key is given a value, or left out

        def default_schema(self, schema: Any) -> Any:
            found = super().default_schema(schema)
            if isinstance(found.get("default"), dict):
                found["default"] = {key: value for key, value in found["default"].items() if value is not None}
            return {key: value for key, value in found.items() if (key, value) != ("default", None)}

    schema = Recipe.model_json_schema(schema_generator=WithoutNull)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "corpusmill recipe"}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = nearest(path.name, [p.name for p in path.parent.glob("*.y*ml")])
        raise RecipeError(f"{path}: there is no such recipe{near}") from None
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 (at byte {error.start}); save the recipe as UTF-8") from None
    except OSError as error:
        raise RecipeError(f"{path}: the recipe cannot be read: {error.strerror}") from None


def _date(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"--run-date: '{text}' is not a date; write YYYY-MM-DD, such as 2026-01-31") from None


def _validated(document: Document) -> Recipe | None:
    """The recipe, or None with the problems added; a key that has a problem already gets no second one."""
    try:
        return Recipe.model_validate_json(to_json(document.tree))
    except ValidationError as error:
        known = {problem.path for problem in document.problems}
        document.problems += [problem for problem in problems_of(error) if problem.path not in known]
        return None


def _fill_paths(document: Document, base: Path, day: date, environ: Mapping[str, str]) -> None:
    """Fill variables, dates and the recipe's folder into the values that are paths."""
    for key, text in list(_texts(document.tree)):
        name = ".".join(map(str, key))
        place = next((place for pattern, place in PATHS if fnmatchcase(name, pattern)), None)
        if place is None:
            continue
        if PASSWORD.search(text):  # the recipe is stored with each dataset version
            document.problems.append(Problem(key, "holds a password; give it to the storage client, or in a variable"))
            continue
        wrong: list[str] = []
        filled = VARIABLE.sub(lambda match: _variable(match, environ, wrong), text)  # noqa: B023
        if key[0] == "sources":
            filled = filled.replace("{date}", day.isoformat())
            wrong += [f"{{{word}}} is unknown; only {{date}} is filled in" for word in PLACEHOLDER.findall(filled)]
        document.problems += [Problem(key, what) for what in wrong]
        document.put(key, place(filled, base) if filled else filled)


def _variable(match: re.Match[str], environ: Mapping[str, str], wrong: list[str]) -> str:
    """What stands for `$NAME`, `${NAME}` or `${NAME:-default}`; what is wrong is added to `wrong`."""
    parts = WITH_DEFAULT.fullmatch(match["braced"] if match["bare"] is None else match["bare"])
    if parts is None:
        wrong.append(f"{match[0]} is not understood; write ${{NAME}} or ${{NAME:-default}}")
        return match[0]
    value = environ.get(parts["name"]) or parts["default"]
    if value is None:
        wrong.append(f"the environment variable {parts['name']} is not set; ${{{parts['name']}:-default}} allows that")
    return value or ""


def _texts(value: Any, key: Key = ()) -> Any:
    """All texts in a tree, with their keys."""
    if isinstance(value, str):
        yield key, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        yield from _texts(item, (*key, part))


def _file(text: str, base: Path) -> str:
    return text if "://" in text else os.path.abspath(base / os.path.expanduser(text))


def _file_or_name(text: str, base: Path) -> str:
    """A name of a model hub or package stays as it is."""
    is_file = text.startswith((".", "/", "~")) or text.endswith(".json") or (base / text).exists()
    return _file(text, base) if is_file else text


def _warehouse(text: str, base: Path) -> str:
    """CATALOG.SCHEMA stays as it is."""
    return text if CATALOG.fullmatch(text) and not (base / text).is_dir() else _file(text, base)


def _key(text: str, base: Path) -> str:
    return "file:" + _file(text[5:], base) if text.startswith("file:") and text[5:] else text


PATHS: tuple[tuple[str, Callable[[str, Path], str]], ...] = (
    ("warehouse", _warehouse),
    ("sources.*.path", _file),
    ("against.*.path", _file),
    ("near_dedup.semantic.model", _file),
    ("language.model", _file),
    ("quality.classifiers.*.path", _file),
    ("quality.perplexity.*.path", _file),
    ("quality.perplexity.*.pieces", _file),
    ("decontaminate.benchmarks.*.path", _file),
    ("anonymise.key", _key),
    ("anonymise.models.*", _file_or_name),
    ("tokenise.tokenizer", _file_or_name),
)
