"""What stands around the code: recipes, Make targets, documents."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from corpusmill.jobs.recipe import json_schema, load
from corpusmill.schemas.stages import STAGES

ROOT = Path(__file__).parents[1]
TARGETS = ("venv", "demo", "test", "test-train", "test-browser", "check-all", "bench", "lint")
# No registry's host and no path of somebody's machine belongs into the repository.
FOREIGN = re.compile(
    r"pypi\.org|pythonhosted|registry\.npmjs|repo1?\.maven\.(apache\.)?org|crates\.io|(?<![\w.])/(root|home)/\w"
)


def committed(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("recipe", sorted((ROOT / "recipes").glob("*.yml")), ids=lambda p: p.name)
def test_every_recipe_can_be_loaded(recipe):
    assert load(recipe).recipe.name == recipe.stem


def test_the_schema_beside_the_recipes_is_the_one_that_the_command_prints():
    """`corpusmill recipe schema > recipes/recipe.schema.json` renews it."""
    assert json.loads((ROOT / "recipes" / "recipe.schema.json").read_text()) == json_schema()


def test_bare_make_prints_help_with_every_target():
    done = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )
    for target in TARGETS:
        assert re.search(rf"^  make {target} +\w", done.stdout, re.MULTILINE), target


def test_ci_runs_what_it_should():
    assert "for target in lint test test-train test-browser; do" in (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_readme_names_every_command_and_no_other():
    import typer

    from corpusmill.jobs.cli import app

    group = typer.main.get_command(app)
    groups = {name: of.commands for name, of in group.commands.items() if hasattr(of, "commands")}
    commands = group.commands.keys() - groups.keys()
    commands |= {f"{name} {one}" for name, of in groups.items() for one in of}
    of_groups = "|".join(rf"{name} \w+" for name in groups)
    table = re.findall(rf"^\| `({of_groups}|\w+)[^`]*` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(table) == commands


@pytest.mark.parametrize("document", committed("*.md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_in_documents_lead_to_files(document):
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        assert "://" in link or (document.parent / link).exists(), link


def test_the_architecture_names_every_stage():
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert all(stage in text for stage in STAGES)


def test_no_file_names_a_registry_or_a_machine():
    found = {}
    for file in committed():
        if file.resolve() == Path(__file__).resolve() or b"\0" in file.read_bytes()[:1000]:
            continue
        hits = FOREIGN.findall(file.read_text(errors="replace"))
        if hits:
            found[str(file.relative_to(ROOT))] = hits[:3]
    assert not found


def test_scripts_that_make_targets_call_are_there():
    for script in re.findall(r"python ([\w/]+\.py)", (ROOT / "Makefile").read_text()):
        assert (ROOT / script).exists(), script
