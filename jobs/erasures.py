"""What was erased: what ingest must not read again, and why an older version cannot be read. Needs no Spark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from corpusmill.jobs import ledger
from corpusmill.jobs.read_files import Listing, UnreadableFile
from corpusmill.schemas.errors import RunFailed
from corpusmill.transforms.text import identity

HIDDEN = "erased:"  # before the hash that stands for the name of a file in quarantine


def file_hash(source: str, uri: str) -> str:
    """What stands for a file: the doc_id that it has where a file is a document."""
    return identity.doc_id(source, uri)


def place_hash(source: str, uri: str | None, locator: str | None) -> str:
    """What stands for the place of a record that never was a document."""
    return identity.doc_id(f"{source}\0place", f"{uri}\0{locator}")


def snippet_hash(source: str, snippet: str) -> str:
    """What stands for the masked beginning of a record that never was a document."""
    return identity.doc_id(f"{source}\0snippet", snippet)


def erasures(location: str) -> list[dict[str, Any]]:
    """The rows of `erasures`, oldest first; none before the first."""
    return sorted(ledger.rows(location, "erasures"), key=lambda r: r["begun_at"])


def unfinished(location: str) -> list[dict[str, Any]]:
    """Those that were killed, or failed, in the middle."""
    return [row for row in erasures(location) if row["state"] != "done"]


def refuse_unfinished(location: str) -> None:
    """Raise RunFailed where an erasure did not end: what is there may still hold what was to go."""
    for row in unfinished(location):
        raise RunFailed(
            f"erasure {row['request_id']} was begun and did not end. Finish it first: corpusmill erase --warehouse "
            f"{location}"
        )


def why_gone(path: str, version: int) -> str:
    """Why files of a table at a Delta version are gone, in words. path: of the table, in a folder."""
    location, _, table = path.rstrip("/").rpartition("/")
    for row in erasures(location):
        if (row["delta_versions"] or {}).get(table, -1) > version:
            day = f"{row['begun_at']:%Y-%m-%d}"
            return f"erased by request {row['request_id']} of {day}; its row counts and content hash stay on record"
    return "files of it are gone (pruned)"


def reason(request_id: str) -> str:
    """What quarantine says of an erased record that an input holds."""
    return f"erased by request {request_id}"


@dataclass(frozen=True)
class Erased:
    """What must not come back, by hash, with the request that erased it."""

    rows: Sequence[Mapping[str, Any]]

    def _by(self, column: str) -> dict[str, str]:
        return {value: row["request_id"] for row in reversed(self.rows) for value in row[column] or ()}

    @cached_property
    def doc_ids(self) -> dict[str, str]:
        return self._by("doc_ids")

    @cached_property
    def content_hashes(self) -> dict[str, str]:
        return self._by("content_hashes")

    @cached_property
    def files(self) -> dict[str, str]:
        return self._by("files")

    @cached_property
    def places(self) -> dict[str, str]:
        return self._by("places")

    def without_files(self, source: str, listing: Listing) -> Listing:
        """The listing without the names of erased files: they are not read, and counted as unreadable."""
        if not self.files:
            return listing
        uris = [f.uri for f in listing.files] + [f.uri for f in listing.unreadable]
        hidden = [self.hidden(source, uri) for uri in uris]
        files = [f for f in listing.files if not self.hidden(source, f.uri)]
        unreadable = [f for f in listing.unreadable if not self.hidden(source, f.uri)]
        return Listing(listing.root, files, [*unreadable, *(h for h in hidden if h)])

    def hidden(self, source: str, uri: str) -> UnreadableFile | None:
        """What stands for a file that is not read any more; None for all others."""
        found = file_hash(source, uri)
        by = self.files.get(found)
        return UnreadableFile(f"{HIDDEN}{found}", reason(by)) if by else None

    def refused(self, columns: Mapping[str, pa.Array], doc_ids: Sequence[str | None]) -> dict[str, pa.Array]:
        """`error` and `snippet` of scanned records, those of erased ones filled and emptied.

        columns: source, uri, locator, content_hash, error, snippet (masked). doc_ids: None where a record has no id.
        """
        names = ("source", "uri", "locator", "content_hash", "error", "snippet")
        rows = zip(*(columns[name].to_pylist() for name in names), doc_ids, strict=True)
        judged = [self._judged(*row) for row in rows]
        return {
            "error": pa.array([error for error, _ in judged], pa.string()),
            "snippet": pa.array([snippet for _, snippet in judged], pa.string()),
        }

    def _judged(
        self,
        source: str,
        uri: str,
        locator: str,
        content_hash: str | None,
        error: str | None,
        snippet: str | None,
        doc_id: str | None,
    ) -> tuple[str | None, str | None]:
        by = self.doc_ids.get(doc_id or "") or self.content_hashes.get(content_hash or "")
        by = by or (self.place(source, uri, locator, snippet) if error else None)
        return (reason(by), None) if by else (error, snippet)

    def place(self, source: str, uri: str | None, locator: str | None, snippet: str | None) -> str | None:
        """The request that erased what quarantine said of a record."""
        found = self.places.get(place_hash(source, uri, locator))
        return found or (self.places.get(snippet_hash(source, snippet)) if snippet else None)
