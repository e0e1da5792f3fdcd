"""`corpusmill recipe schema` and `corpusmill recipe check`: what they print."""

import json
from collections.abc import Sequence
from typing import Any

from corpusmill.jobs.locate import for_recipe
from corpusmill.jobs.recipe import LoadedRecipe, json_schema, load
from corpusmill.jobs.recipe_inputs import check_inputs
from corpusmill.schemas.recipe import Recipe

# A stage that a recipe names runs where it is named; the others are always needed.
STAGES = ("ingest", "prepare", "filter", "exact_dedup", "near_dedup", "mix", "anonymise", "shape", "publish")
ON_DEMAND = ("exact_dedup", "near_dedup", "mix")


def schema_command() -> None:
    """Print the JSON Schema of a recipe."""
    print(json.dumps(json_schema(), indent=2))


def check_command(
    path: str,
    overrides: Sequence[str] = (),
    as_json: bool = False,
    run_date: str | None = None,
    warehouse: str | None = None,
) -> None:
    """Print what a recipe would do, if it can be run. Raises RecipeError with all that is wrong with it."""
    loaded = load(path, overrides, run_date)
    summary = summarise(loaded, check_inputs(loaded), warehouse)
    print(json.dumps(summary, indent=2) if as_json else as_text(summary))


def summarise(loaded: LoadedRecipe, files: dict[str, int | None], warehouse: str | None = None) -> dict[str, Any]:
    """What a recipe reads, does and writes. files: how many each source has; None: not looked at (remote)."""
    recipe = loaded.recipe
    return {
        "recipe": str(loaded.path),
        "dataset": recipe.name,
        "warehouse": for_recipe(warehouse, recipe.warehouse, recipe.name),
        "sources": [{"name": s.name, "path": s.path, "files": files[s.name]} for s in recipe.sources],
        "stages": stages_of(recipe),
        "anonymised": recipe.anonymise is not None,
        "outputs": list(recipe.outputs),
    }


def stages_of(recipe: Recipe) -> list[str]:
    """The stages that run for a recipe, in order."""
    return [stage for stage in STAGES if stage not in ON_DEMAND or getattr(recipe, stage) is not None]


def as_text(summary: dict[str, Any]) -> str:
    """The summary for a person."""
    lines = [f"{summary['recipe']} is in order.", f"  dataset    {summary['dataset']}"]
    for source in summary["sources"]:
        count = source["files"]
        found = "not looked at" if count is None else f"{count} file{'s' * (count != 1)}"
        lines.append(f"  source     {source['name']}: {found} at {source['path']}")
    lines.append(f"  stages     {', '.join(summary['stages'])}")
    if not summary["anonymised"]:
        lines.append("  note       no key `anonymise`: personal data stays in the corpus, which is marked so")
    lines.append(f"  outputs    {', '.join(summary['outputs'])}")
    lines.append(f"  warehouse  {summary['warehouse']}")
    return "\n".join(lines)
