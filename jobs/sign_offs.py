"""Signatures under audit reports: which versions have one, and what may go on without. Needs no Spark.

A signature names the digest of the report that was signed; a copy of that report stays in the warehouse beside it.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpusmill.jobs import light
from corpusmill.jobs.versions import label
from corpusmill.schemas.errors import RunFailed

TABLE = "audit_sign_offs"

Row = Mapping[str, Any]


def folder(warehouse: str, version: Row) -> Path:
    """Where the audit of a version stands: report.html, report.json, verdicts.html, and copies of what was signed."""
    return Path(warehouse, "audits", label(dict(version)))


def of(warehouse: str, version: Row) -> list[dict[str, Any]]:
    """The signatures under this content of a version, oldest first."""
    if not light.exists(warehouse, TABLE):
        return []
    rows = light.rows(light.open_table(warehouse, TABLE), where=f"version = {int(version['version'])}")
    mine = [r for r in rows if (r["name"], r["content_hash"]) == (version["name"], version["content_hash"])]
    return sorted(mine, key=lambda r: r["signed_at"])


def last(warehouse: str, version: Row) -> dict[str, Any] | None:
    """The newest signature; None for a version that nobody signed."""
    return next(reversed(of(warehouse, version)), None)


def told(sign_off: Row | None) -> str:
    """A signature in words: who and when; `no` where there is none.

    >>> told(None)
    'no'
    """
    return "no" if sign_off is None else f"{sign_off['signed_by']}, {sign_off['signed_at']:%Y-%m-%d}"


def copies(warehouse: str, version: Row, digest: str) -> tuple[Path, Path]:
    """Where the report that was signed, and its data, are kept."""
    stem = folder(warehouse, version) / f"signed-{digest[:12]}"
    return stem.with_suffix(".html"), stem.with_suffix(".json")


def digest(path: Path) -> str:
    """sha256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def trouble(warehouse: str, version: Row, sign_off: Row) -> str | None:
    """What is wrong with the kept copy of a signed report; None where it is what was signed."""
    for path, wanted in zip(
        copies(warehouse, version, sign_off["report_digest"]),
        (sign_off["report_digest"], sign_off["data_digest"]),
        strict=True,
    ):
        if not path.is_file():
            return f"the signed report {path.name} is gone"
        if digest(path) != wanted:
            return f"the signed report {path.name} was changed after it was signed"
    return None


def require(warehouse: str, version: Row) -> dict[str, Any]:
    """The signature of a version, for what may not go on without one.

    Raises RunFailed, saying what to do, where nobody signed, or where the signed report is not what it was.
    """
    found = last(warehouse, version)
    name = label(dict(version))
    if found is None:
        raise RunFailed(
            f"{name} is not signed. Write the report with `corpusmill audit {name}`, look at it, and sign it with "
            f"`corpusmill audit {name} --sign NAME`"
        )
    wrong = trouble(warehouse, version, found)
    if wrong:
        raise RunFailed(f"{name}: {wrong}. Audit it and sign it again")
    return found
