"""A hash of the code that a stage runs: of its own modules, not of the whole package.

A change of a rule makes filter run again and leaves the texts alone.
"""

import ast
import hashlib
import importlib.metadata
import importlib.util
import re
from functools import cache
from pathlib import Path

PACKAGE = "corpusmill"
FILE_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def version() -> str:
    """Of the installed package."""
    return importlib.metadata.version(PACKAGE)


@cache
def code_hash(*modules: str) -> str:
    """16 hex digits over the sources of the modules and of those of ours that they import, schemas/ apart.

    And over the word lists and tables that they name: files of the folder `data` beside a module.
    """
    seen: dict[str, bytes] = {}
    todo = list(modules)
    while todo:
        name = todo.pop()
        if name in seen or not name.startswith(PACKAGE):
            continue
        module = _module(name)
        if module is not None:
            seen[name] = module[0]
            todo += module[1]
    digest = hashlib.sha256()
    for name in sorted(seen):
        digest.update(name.encode() + b"\0" + seen[name] + b"\0")
    return digest.hexdigest()[:16]


@cache
def _module(name: str) -> tuple[bytes, list[str]] | None:
    """Its content, data files included, and what it imports; read once for all stages."""
    path = _path(name)
    if path is None:
        return None
    tree = ast.parse(path.read_bytes())
    return b"\0".join(file.read_bytes() for file in [path, *_data(path, tree)]), _imported(tree)


def _path(name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin)


def _data(module: Path, tree: ast.Module) -> list[Path]:
    """Files of the folder `data` beside the module whose names stand in it."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = [module.parent / "data" / text for text in sorted(texts) if FILE_NAME.fullmatch(text)]
    return [path for path in named if path.is_file()]


def _imported(tree: ast.Module) -> list[str]:
    """Names that a module imports, those inside functions too; `from a import b` may name a module b."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [n for n in names if n.startswith(f"{PACKAGE}.") and not n.startswith(f"{PACKAGE}.schemas")]
