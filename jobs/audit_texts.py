"""The published texts that an audit looks into, and what stands where in them.

Values are read from `documents` to say where findings stand in the published text; they never leave this module but as
`Placed.value`, from which a shape is made, or a search in the same document.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from corpusmill.jobs import light
from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.anonymise import fields
from corpusmill.transforms.text.edits import spans_of
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.placing import Placed, place

Row = Mapping[str, Any]

READ = ["doc_id", "text", "messages", "metadata", "source_id"]


class Texts:
    """Some documents of a version: read at once, asked one at a time."""

    def __init__(self, warehouse: str, row: Row, inputs: Mapping[str, int], doc_ids: Iterable[str]) -> None:
        """row: the version, as `versions.resolve` gives it. inputs: Delta versions of what anonymise read for it."""
        self._warehouse, self._row, self._inputs = warehouse, row, inputs
        self._ids = sorted(set(doc_ids))
        self._placed: dict[tuple[str, str], list[tuple[int, Placed]]] = {}

    def published(self, doc_id: str) -> dict[str, str]:
        """The document's published strings by field."""
        return self._published.get(doc_id, {})

    def placed(self, doc_id: str, name: str) -> list[Placed]:
        """What stands in place of findings in a published field; nothing where that is not certain."""
        return [at for _, at in self._places(doc_id, name)]

    def placed_at(self, doc_id: str, name: str, start: int) -> Placed | None:
        """Where the finding of pii_findings that begins at `start` stands in the published field."""
        return next((at for begin, at in self._places(doc_id, name) if begin == start), None)

    def known(self, doc_id: str, name: str) -> list[Finding]:
        """The same as findings, for masking."""
        return [Finding(p.start, p.end, p.entity_type, 1.0, "applied") for p in self.placed(doc_id, name)]

    def uncertain(self, doc_id: str) -> bool:
        """Is there a field whose findings cannot be placed?"""
        return any(not self.placed(doc_id, name) for name in self._findings.get(doc_id, {}))

    def _places(self, doc_id: str, name: str) -> list[tuple[int, Placed]]:
        if (doc_id, name) not in self._placed:
            found = sorted(self._findings.get(doc_id, {}).get(name, ()), key=lambda f: f["start"])
            original, published = self._originals.get(doc_id, {}).get(name), self.published(doc_id).get(name, "")
            cuts = spans_of(self._edits.get(doc_id, ())) if name == "text" else []
            places = place(original, cuts, found, published) if found and original is not None else []
            self._placed[doc_id, name] = [(f["start"], at) for f, at in zip(found, places, strict=False)]
        return self._placed[doc_id, name]

    @cached_property
    def _published(self) -> dict[str, dict[str, str]]:
        return self._fields("corpus", self._row["tables"]["corpus"])

    @cached_property
    def _originals(self) -> dict[str, dict[str, str]]:
        return self._fields("documents", self._version("documents"))

    @cached_property
    def _findings(self) -> dict[str, dict[str, list[Row]]]:
        rows = self._rows("pii_findings", self._row["tables"]["pii_findings"])
        by: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for r in rows:
            by[r["doc_id"]][r["field"]].append(r)
        return by

    @cached_property
    def _edits(self) -> dict[str, list[Row]]:
        by: dict[str, list[Row]] = defaultdict(list)
        if light.exists(self._warehouse, "edits"):
            rows = self._rows("edits", self._version("edits"))
            for r in sorted(rows, key=lambda r: (r["start"], r["end"], r["rule"], r["replacement"] or "")):
                by[r["doc_id"]].append(r)  # in the order of transforms.edits
        return by

    def _fields(self, table: str, version: int | None) -> dict[str, dict[str, str]]:
        return {r["doc_id"]: fields(dict(r)) for r in self._rows(table, version, READ)}

    def _version(self, table: str) -> int | None:
        """What anonymise read; the table as it is now, where that was pruned."""
        version = self._inputs.get(table)
        try:
            light.open_table(self._warehouse, table, version)
        except UserError:
            return None
        return version

    def _rows(self, table: str, version: int | None, columns: list[str] | None = None) -> list[Row]:
        found = light.read(self._warehouse, table, columns, [("doc_id", "in", self._ids)], version)
        return found.to_pylist(maps_as_pydicts="strict")
