"""A hash of the code that a stage runs: of its own modules, not of the whole package.

A change of a rule makes filter run again and leaves the texts alone.
"""

import ast
import hashlib
import importlib.metadata
import importlib.util
from functools import cache
from pathlib import Path

PACKAGE = "corpusmill"


def version() -> str:
    """Of the installed package."""
    return importlib.metadata.version(PACKAGE)


@cache
def code_hash(*modules: str) -> str:
    """16 hex digits over the sources of the modules and of those of ours that they import, schemas/ apart."""
    seen: dict[str, bytes] = {}
    todo = list(modules)
    while todo:
        name = todo.pop()
        if name in seen or not name.startswith(PACKAGE):
            continue
        source = _source(name)
        if source is None:
            continue
        seen[name] = source
        todo += _imported(source)
    digest = hashlib.sha256()
    for name in sorted(seen):
        digest.update(name.encode() + b"\0" + seen[name] + b"\0")
    return digest.hexdigest()[:16]


def _source(name: str) -> bytes | None:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).read_bytes()


def _imported(source: bytes) -> list[str]:
    """Names that a module imports, those inside functions too; `from a import b` may name a module b."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [n for n in names if n.startswith(f"{PACKAGE}.") and not n.startswith(f"{PACKAGE}.schemas")]
