"""A small dataset that tests run through the whole pipeline, in the session of the tests."""

import json
import random
from pathlib import Path
from typing import Any

import yaml

from corpusmill.jobs import light, recipe
from corpusmill.jobs.run import RunResult, run

WORDS = (
    "garden river winter letter market window doctor engine bridge forest kitchen teacher island "
    "mountain picture summer village harbour station orchard painter morning evening journey library museum theatre"
)


class Quiet:
    """Progress that keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return (lambda text: self.notes.append(text)) if name == "note" else (lambda *args, **kwargs: None)


def prose(seed: int, n_words: int = 60) -> str:
    """English-looking text that shares next to no 5-gram with that of another seed."""
    chosen = random.Random(seed)
    sentences = [" ".join(["The", *chosen.choices(WORDS.split(), k=9)]) + "." for _ in range(n_words // 10)]
    return " ".join(sentences)


class Mill:
    """A folder with inputs, a recipe and a warehouse."""

    def __init__(self, folder: Path, **keys: Any) -> None:
        self.folder = folder
        self.warehouse = str(folder / "warehouse")
        self.recipe: dict[str, Any] = {
            "name": "small",
            "sources": [{"name": "pages", "path": "in/*.jsonl", "metadata": ["author"]}],
            "clean": {},
            "exact_dedup": {},
            "near_dedup": {},
            "anonymise": {"mode": "patterns"},
            "tokenise": {"sequence_length": 64},
            "outputs": ["corpus", "pretraining_sequences"],
        } | keys
        (folder / "in").mkdir(parents=True, exist_ok=True)

    def write(self, name: str, *records: dict[str, Any] | str) -> None:
        """A file of records; a string stands as it is, for what is broken."""
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
        (self.folder / "in" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *overrides: str, **options: Any) -> RunResult:
        path = self.folder / "recipe.yml"
        path.write_text(yaml.safe_dump(self.recipe), encoding="utf-8")
        self.progress = Quiet()
        return run(recipe.load(path, overrides), warehouse=self.warehouse, progress=self.progress, **options)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return light.read(self.warehouse, table).to_pylist(maps_as_pydicts="strict")

    def content_hash(self) -> str:
        return max(self.rows("dataset_versions"), key=lambda r: r["version"])["content_hash"]

    def funnel(self) -> dict[str, tuple[int, int, int, int]]:
        """Of each stage's last run: in, kept, dropped, quarantined."""
        rows = sorted(self.rows("stage_runs"), key=lambda r: r["finished_at"])
        return {r["stage"]: (r["n_in"], r["n_kept"], r["n_dropped"], r["n_quarantined"]) for r in rows}
