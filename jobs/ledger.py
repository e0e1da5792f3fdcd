"""What earlier runs wrote down, read without Spark where the warehouse is a folder."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpusmill.jobs.locate import is_catalog
from corpusmill.jobs.whole_files import put
from corpusmill.schemas.errors import UserError


def rows(location: str, table: str) -> list[dict[str, Any]]:
    """The rows of a small table; none where it does not exist."""
    if is_catalog(location):
        from corpusmill.jobs import session
        from corpusmill.jobs.warehouse import Warehouse

        warehouse = Warehouse(session.get(), location)
        return [r.asDict() for r in warehouse.read(table).collect()] if warehouse.exists(table) else []
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    try:
        found = DeltaTable(f"{location}/{table}").to_pyarrow_table()
    except TableNotFoundError:
        return []
    return found.to_pylist(maps_as_pydicts="strict")


def last_runs(location: str) -> dict[str, dict[str, Any]]:
    """The newest row of `stage_runs` for each stage that ever ran."""
    ordered = sorted(rows(location, "stage_runs"), key=lambda r: r["finished_at"])
    return {r["stage"]: r for r in ordered}


def unrecorded(location: str, tables: Sequence[str], past: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Those of the tables with a commit that no finished stage wrote down: what a killed run left.

    past: as `last_runs` gives it. A table that no finished stage has named yet is not one of them.
    """
    written: dict[str, int] = {}
    for row in sorted(past.values(), key=lambda r: r["finished_at"]):
        written |= row["output_versions"]
    known = [t for t in tables if t in written]
    now = _versions(location, known)
    return [t for t in known if now.get(t) != written[t]]


def _versions(location: str, tables: Sequence[str]) -> dict[str, int]:
    if is_catalog(location):
        from corpusmill.jobs import session
        from corpusmill.jobs.warehouse import Warehouse

        return Warehouse(session.get(), location).versions(tables)
    from deltalake import DeltaTable

    paths = {t: f"{location}/{t}" for t in tables}
    return {t: DeltaTable(path).version() for t, path in paths.items() if DeltaTable.is_deltatable(path)}


def dataset_versions(location: str) -> list[dict[str, Any]]:
    """The published versions, oldest first."""
    return sorted(rows(location, "dataset_versions"), key=lambda r: r["version"])


def last_version(location: str) -> dict[str, Any] | None:
    """The row of the newest published version; None before the first."""
    versions = dataset_versions(location)
    return versions[-1] if versions else None


def latest_version(location: str) -> str | None:
    """`name@n` of the newest published version."""
    last = last_version(location)
    return f"{last['name']}@{last['version']}" if last else None


def check_name(location: str, name: str) -> None:
    """Raise UserError where the warehouse holds another recipe's dataset."""
    found = _claim(location, name)
    if found != name:
        raise UserError(
            f"the warehouse {location} holds the dataset '{found}', the recipe is '{name}'. A warehouse holds "
            "one dataset: give another one by --warehouse, or rename the recipe."
        )


def _claim(location: str, name: str) -> str:
    """The name of the warehouse's dataset; written down as `name` where there is none yet.

    A warehouse in a catalog tells by its published versions.
    """
    if is_catalog(location):
        versions = dataset_versions(location)
        return versions[-1]["name"] if versions else name
    known = _dataset(location)
    if not known:
        _write_dataset(location, {"name": name})
    return known.get("name", name)


def remember_recipe(location: str, path: Path) -> None:
    """Write down which recipe file was run last, for what has to run its stages again (in a folder only)."""
    known = {} if is_catalog(location) else _dataset(location)
    if known and known.get("recipe") != str(path.absolute()):
        _write_dataset(location, known | {"recipe": str(path.absolute())})


def remembered_recipe(location: str) -> Path | None:
    """The recipe file that was run last; None where that is not known."""
    known = {} if is_catalog(location) else _dataset(location)
    return Path(known["recipe"]) if "recipe" in known else None


def _dataset(location: str) -> dict[str, str]:
    """What a folder says of its dataset; empty before the first run."""
    path = Path(location, ".corpusmill", "dataset.json")
    return json.loads(path.read_text()) if path.exists() else {}


def _write_dataset(location: str, known: Mapping[str, str]) -> None:
    put(Path(location, ".corpusmill", "dataset.json"), json.dumps(known))
