"""Which dataset a warehouse holds: the name that the first run wrote down."""

import json
from pathlib import Path


def claim(location: str, name: str) -> str:
    """The name of the warehouse's dataset; written down as `name` where there is none yet.

    A warehouse in a catalog tells by its published versions.
    """
    from corpusmill.jobs.warehouse import is_catalog

    if is_catalog(location):
        from corpusmill.jobs import ledger

        versions = ledger.dataset_versions(location)
        return versions[-1]["name"] if versions else name
    path = Path(location, ".corpusmill", "dataset.json")
    if path.exists():
        return json.loads(path.read_text())["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps({"name": name}))
    aside.rename(path)
    return name
