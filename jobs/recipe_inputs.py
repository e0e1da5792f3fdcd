"""Are the files that a recipe names there? Asked before a run, so that a wrong path costs a second, not an hour."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_problems import nearest
from corpusmill.jobs.recipe_yaml import Key, Problem
from corpusmill.schemas.errors import RecipeError, UserError
from corpusmill.schemas.recipe import Recipe, Source

GLOB = re.compile(r"[*?\[]")


def check_inputs(loaded: LoadedRecipe, environ: Mapping[str, str] = os.environ) -> dict[str, int | None]:
    """How many files each source has; None for a source that is not on this machine and is not looked at.

    Raises RecipeError that names every source, benchmark, model, tokenizer or key that is not there.
    """
    document, recipe = loaded.document, loaded.recipe
    document.problems = _missing_files(recipe) + _missing_key(recipe, environ)
    files: dict[str, int | None] = {}
    for number, source in enumerate(recipe.sources):
        try:
            files[source.name] = _count(source)
        except UserError as error:
            near = _nearest_file(source.path)
            document.problems.append(Problem(("sources", number, "path"), f"{error}{near}"))
    if document.problems:
        raise RecipeError(document.message())
    return files


def is_here(path: str) -> bool:
    """Can this machine say whether the file exists? Not for URIs, nor for volumes seen from outside Databricks."""
    return "://" not in path and not (path.startswith("/Volumes/") and not os.path.isdir("/Volumes"))


def _count(source: Source) -> int | None:
    from corpusmill.jobs.read_files import list_files  # here: pyarrow takes longer to import than a recipe to read

    return len(list_files(source).files) if is_here(source.path) else None


def _missing_files(recipe: Recipe) -> list[Problem]:
    named: list[tuple[Key, str | None, str]] = []
    if recipe.language:
        named.append((("language", "model"), recipe.language.model, "language model"))
    if recipe.quality:
        named += [
            (("quality", "classifiers", number, "path"), classifier.path, "classifier")
            for number, classifier in enumerate(recipe.quality.classifiers)
        ]
        for code, model in recipe.quality.perplexity.items():
            at = ("quality", "perplexity", code)
            named += [((*at, "path"), model.path, "language model"), ((*at, "pieces"), model.pieces, "model")]
    if recipe.tokenise:
        named.append((("tokenise", "tokenizer"), recipe.tokenise.tokenizer, "tokenizer"))
    if recipe.decontaminate:
        named += [
            (("decontaminate", "benchmarks", number, "path"), benchmark.path, "benchmark")
            for number, benchmark in enumerate(recipe.decontaminate.benchmarks)
            if not GLOB.search(benchmark.path)
        ]
    named += [
        (("against", number, "path"), corpus.path, "corpus")
        for number, corpus in enumerate(recipe.against)
        if corpus.path and not GLOB.search(corpus.path)
    ]
    if recipe.anonymise:
        named += [(("anonymise", "models", code), name, "model") for code, name in recipe.anonymise.models.items()]
    return [
        Problem(key, f"there is no {what} at {path}{_nearest_file(path)}")
        for key, path, what in named
        if path and os.path.isabs(path) and is_here(path) and not os.path.exists(path)  # what is not absolute is a name
    ]


def _missing_key(recipe: Recipe, environ: Mapping[str, str]) -> list[Problem]:
    kind, _, place = ((recipe.anonymise and recipe.anonymise.key) or "").partition(":")
    if kind == "env" and not environ.get(place):
        return [Problem(("anonymise", "key"), f"the environment variable {place} is not set")]
    if kind == "file" and is_here(place) and not os.path.isfile(place):
        return [Problem(("anonymise", "key"), f"there is no file {place}")]
    return []


def _nearest_file(path: str) -> str:
    """The name in the same folder that was probably meant."""
    folder = Path(path).parent
    return nearest(Path(path).name, os.listdir(folder)) if folder.is_dir() and not os.path.lexists(path) else ""
