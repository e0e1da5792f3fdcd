"""Files that a reader never sees half of."""

from pathlib import Path


def put(path: Path, text: str) -> Path:
    """Write aside and rename; makes the folder where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.rename(path)
    return path
