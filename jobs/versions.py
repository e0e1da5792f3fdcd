"""Published versions of a dataset: what there is, and which one a user means. Needs no Spark."""

import re
from typing import Any

from corpusmill.jobs import light
from corpusmill.schemas.errors import RunFailed, UserError

MAPS = ("tables", "row_counts", "models")


def published(warehouse: str) -> list[dict[str, Any]]:
    """Rows of dataset_versions, oldest first; none where nothing was published yet."""
    if not light.exists(warehouse, "dataset_versions"):
        light.open_table(warehouse, "raw_documents")  # says what is wrong with a place that is no warehouse at all
        return []
    rows = light.rows(light.open_table(warehouse, "dataset_versions"))
    for row in rows:
        row.update({name: dict(row[name] or ()) for name in MAPS})
    return sorted(rows, key=lambda row: row["version"])


def resolve(warehouse: str, wanted: str | None = None) -> dict[str, Any]:
    """The version that `2`, `handbook@2`, `handbook` or None (both: the latest) names.

    Raises UserError naming what there is.
    """
    rows = published(warehouse)
    if not rows:
        raise UserError(f"nothing is published in {warehouse} yet; run the recipe through stage publish")
    dataset = rows[-1]["name"]
    name, number = _parts(wanted or dataset, dataset)
    if name != dataset:
        raise UserError(f"dataset '{name}' is not in {warehouse}; it holds '{dataset}'")
    if number is None:
        return rows[-1]
    for row in rows:
        if row["version"] == number:
            return row
    there = ", ".join(str(row["version"]) for row in rows)
    raise UserError(f"{dataset} has no version {number}; there are: {there}")


def listing(warehouse: str) -> list[dict[str, Any]]:
    """One row a version, the newest last.

    version, created, documents, tokens (None without tokenise), content_hash, anonymised, signed (who and when; None
    where nobody signed its audit), parent, mlflow_run_id, erased (requests that erased documents of it).
    """
    from corpusmill.jobs import sign_offs  # which calls versions by name, as this module does

    erased = _erasures(warehouse)
    return [
        {
            "version": label(row),
            "created": row["created_at"].isoformat(timespec="seconds"),
            "documents": row["row_counts"].get("corpus"),
            "tokens": _tokens(warehouse, row["tables"].get("corpus")),
            "content_hash": row["content_hash"],
            "anonymised": row["anonymised"],
            "signed": (signed := sign_offs.last(warehouse, row)) and sign_offs.told(signed),
            "parent": row["parent"],
            "mlflow_run_id": row["mlflow_run_id"],
            "erased": [e["request_id"] for e in erased if label(row) in (e["versions"] or ())],
        }
        for row in published(warehouse)
    ]


def label(row: dict[str, Any]) -> str:
    """How a version is called: handbook@2."""
    return f"{row['name']}@{row['version']}"


def _erasures(warehouse: str) -> list[dict[str, Any]]:
    if not light.exists(warehouse, "erasures"):
        return []
    return light.rows(light.open_table(warehouse, "erasures"), ["request_id", "versions"])


def _parts(wanted: str, dataset: str) -> tuple[str, int | None]:
    """Name and number.

    >>> _parts("handbook@2", "handbook"), _parts("2", "handbook"), _parts("2024", "2024"), _parts("handbook", "x")
    (('handbook', 2), ('handbook', 2), ('2024', None), ('handbook', None))
    """
    if wanted == dataset:
        return dataset, None
    name, at, number = wanted.rpartition("@")
    if not at:
        return (dataset, int(wanted)) if wanted.isdecimal() else (wanted, None)
    if not re.fullmatch(r"[0-9]+", number):
        raise UserError(f"'{wanted}': after @ comes the number of a version, as in {name or dataset}@2")
    return name or dataset, int(number)


def _tokens(warehouse: str, version: int | None) -> int | None:
    """Sum of corpus.n_tokens at a Delta version; None without tokenise, or where the version was pruned or erased."""
    if version is None:
        return None
    try:
        corpus = light.open_table(warehouse, "corpus", version)
        return light.query("SELECT sum(n_tokens) AS tokens FROM corpus", {"corpus": corpus})[0]["tokens"]
    except (UserError, RunFailed):
        return None
