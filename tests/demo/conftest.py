"""One run of the demo's recipe, without the texts of the installed packages, which differ from machine to machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """The warehouse with demo@1."""
    folder = tmp_path_factory.mktemp("demo")
    recipe = yaml.safe_load((ROOT / "recipes" / "demo.yml").read_text())
    recipe["sources"] = [source for source in recipe["sources"] if source["name"] != "installed"]
    for source in recipe["sources"]:
        source["path"] = str(ROOT / "recipes" / source["path"])
    (folder / "demo.yml").write_text(yaml.safe_dump(recipe, sort_keys=False))
    command = [sys.executable, "-c", "from corpusmill.jobs.cli import main; main()"]
    done = subprocess.run(
        [*command, "run", "demo.yml", "--warehouse", "warehouse"],
        cwd=folder, env={**os.environ, "CORPUSMILL_KEY": "a key of this test"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "said.txt").write_text(done.stdout + done.stderr)
    return folder / "warehouse"
