"""Which warehouse a command means. Imports nothing heavy."""

import os
import re
from pathlib import Path

from corpusmill.schemas.errors import UserError

CATALOG = re.compile(r"\w+(\.\w+){1,2}")
IMPOSSIBLE = re.compile(r"[\[\]{}\\^|?*%`]")  # Spark takes them for a pattern, Delta's libraries for a broken URL
HERE = Path("warehouse")  # relative to the working directory


def is_catalog(location: str) -> bool:
    """Is this `catalog.schema`, not a folder? A folder of such a name that exists is a folder.

    >>> is_catalog("main.curated"), is_catalog("./main.curated"), is_catalog("/data/w"), is_catalog("w")
    (True, False, False, False)
    """
    return bool(CATALOG.fullmatch(location)) and not Path(location).is_dir()


def for_recipe(given: str | None, in_recipe: str | None, name: str) -> str:
    """Warehouse of a recipe: as given, as the recipe says, as CORPUSMILL_WAREHOUSE says, else ./warehouse/<name>.

    Raises UserError where it is a folder that cannot hold tables.

    >>> for_recipe("w", None, "handbook")
    'w'
    """
    location = given or in_recipe or os.environ.get("CORPUSMILL_WAREHOUSE") or str(HERE / name)
    wrong = "://" not in location and IMPOSSIBLE.search(str(Path(location).absolute()))
    if wrong:
        raise UserError(
            f"warehouse {location}: a folder whose path holds `{wrong[0]}` cannot hold tables. Choose a path "
            "without any of [ ] { } \\ ^ | ? * % and backticks (--warehouse)."
        )
    return location


def for_command(given: str | None, dataset: str | None = None) -> str:
    """Warehouse of a command that takes no recipe: as given, CORPUSMILL_WAREHOUSE, else the only one in ./warehouse.

    dataset: where there are several, the one of this name is meant.
    Raises UserError where there is none, or where more than one could be meant; it lists what is there.
    """
    location = given or os.environ.get("CORPUSMILL_WAREHOUSE")
    if location:
        if not is_catalog(location) and "://" not in location and not is_warehouse(Path(location)):
            origin = "--warehouse" if given else "CORPUSMILL_WAREHOUSE"
            raise UserError(f"{origin}: {location} is not a warehouse: {_lack(Path(location))}. {_listed()}")
        return location
    there = found()
    if dataset and HERE / dataset in there:
        return str(HERE / dataset)
    if len(there) != 1:
        raise UserError(f"Which warehouse? {_listed()} Name one with --warehouse or CORPUSMILL_WAREHOUSE.")
    return str(there[0])


def found() -> list[Path]:
    """Warehouses in ./warehouse."""
    return sorted(folder for folder in HERE.glob("*") if is_warehouse(folder))


def is_warehouse(folder: Path) -> bool:
    """Does the folder hold a Delta table?"""
    return next(folder.glob("*/_delta_log"), None) is not None


def _lack(folder: Path) -> str:
    return "it holds no tables" if folder.is_dir() else "there is no such folder"


def _listed() -> str:
    names = ", ".join(str(folder) for folder in found())
    return (
        f"In ./{HERE} there are: {names}." if names else f"In ./{HERE} there is none yet: `corpusmill run` makes one."
    )
