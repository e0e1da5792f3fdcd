"""Gather the real text that any Python environment holds: what its packages say about themselves, and their licences.

    python examples/installed_texts.py FOLDER

Writes FOLDER/texts.jsonl, one record a text: {"id": "numpy/README", "text": ..., "package": ..., "version": ...}.
Licences repeat from package to package, word for word or nearly so, which makes them good food for deduplication.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE")


def texts(package: Distribution) -> Iterator[tuple[str, str]]:
    """Name and text of a package's README, which stands in its METADATA, and of its licence files."""
    description = package.metadata.get_payload()
    if isinstance(description, str) and description.strip():
        yield "README", description
    for file in package.files or ():
        if file.parts[0].endswith(".dist-info") and file.name.upper().startswith(LICENCE_NAMES):
            path = Path(str(file.locate()))
            if path.is_file():
                yield "/".join(file.parts[1:]), path.read_text(encoding="utf-8", errors="replace")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    installed = {package.name.lower(): package for package in distributions() if package.name != "corpusmill"}
    count = 0
    with open(folder / "texts.jsonl", "w", encoding="utf-8") as sink:
        for name, package in sorted(installed.items()):
            for title, text in texts(package):
                record = {"id": f"{name}/{title}", "text": text, "package": name, "version": package.version}
                sink.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
    print(f"{count} texts of {len(installed)} installed packages -> {folder}/texts.jsonl")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
