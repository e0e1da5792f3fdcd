"""What earlier runs wrote down, read without Spark where the warehouse is a folder."""

from typing import Any

from corpusmill.schemas.errors import UserError


def rows(location: str, table: str) -> list[dict[str, Any]]:
    """The rows of a small table; none where it does not exist."""
    from corpusmill.jobs.warehouse import Warehouse, is_catalog

    if is_catalog(location):
        from corpusmill.jobs import session

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


def dataset_versions(location: str) -> list[dict[str, Any]]:
    """The published versions, oldest first."""
    return sorted(rows(location, "dataset_versions"), key=lambda r: r["version"])


def latest_version(location: str) -> str | None:
    """`name@n` of the newest published version."""
    versions = dataset_versions(location)
    return f"{versions[-1]['name']}@{versions[-1]['version']}" if versions else None


def check_name(location: str, name: str) -> None:
    """Raise UserError where the warehouse holds another recipe's dataset."""
    from corpusmill.jobs import identity_file

    found = identity_file.claim(location, name)
    if found != name:
        raise UserError(
            f"the warehouse {location} holds the dataset '{found}', the recipe is '{name}'. A warehouse holds one dataset: "
            f"give another one by --warehouse, or rename the recipe."
        )
