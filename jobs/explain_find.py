"""Which document a user of `explain` means."""

import re
from collections.abc import Callable
from typing import Any

from corpusmill.jobs import light
from corpusmill.jobs.light import quoted
from corpusmill.schemas.errors import UserError

Row = dict[str, Any]

DOC_ID = re.compile(r"[0-9a-f]{6,32}")
RECORD = ["doc_id", "source", "source_id", "uri", "position"]
REFUSED = ["stage", "doc_id", "source", "uri", "locator", "error", "snippet"]
SHOWN = 5  # of several that could be meant


def find(warehouse: str, wanted: str, show: Callable[[str], str]) -> tuple[Row | None, Row | None]:
    """The row of raw_documents that is meant, or else the row of quarantine: one of the two.

    show: how an input's path or id may be put into a message.
    Raises UserError where nothing is meant, or more than one.
    """
    raw = light.open_table(warehouse, "raw_documents")
    if DOC_ID.fullmatch(wanted.lower()):
        records = light.rows(raw, RECORD, f"doc_id LIKE {quoted(wanted.lower() + '%')}")
        if records:
            return _only(records, f"'{wanted}' begins the doc_id of", show), None
    records = light.rows(raw, RECORD, f"source_id = {quoted(wanted)}")
    if records:
        return _only(records, "That is the own id of", show), None
    refused = _refused(warehouse, wanted)
    if refused:
        return None, refused
    raise UserError(_erased(warehouse, wanted) or _unknown(warehouse, wanted, show))


def _erased(warehouse: str, wanted: str) -> str | None:
    """Which request erased a document of that doc_id."""
    from corpusmill.jobs.erasures import erasures

    for row in erasures(warehouse) if DOC_ID.fullmatch(wanted.lower()) else ():
        if any(doc_id.startswith(wanted.lower()) for doc_id in row["doc_ids"]):
            return f"'{wanted}' was erased by request {row['request_id']} of {row['begun_at']:%Y-%m-%d}"
    return None


def _only(records: list[Row], what: str, show: Callable[[str], str]) -> Row:
    if len(records) == 1:
        return records[0]
    first = "\n".join(f"  {row['doc_id']}  {row['source']}  {show(row['uri'] or '')}" for row in records[:SHOWN])
    more = f"\n  and {len(records) - SHOWN} more" if len(records) > SHOWN else ""
    raise UserError(f"{what} {len(records)} documents; give a doc_id:\n{first}{more}")


def _refused(warehouse: str, wanted: str) -> Row | None:
    """Row of quarantine at `uri:locator`."""
    uri, colon, locator = wanted.rpartition(":")
    if not colon:
        return None
    where = f"uri = {quoted(uri)} AND locator = {quoted(locator)}"
    rows = light.rows(light.open_table(warehouse, "quarantine"), REFUSED, where)
    return rows[0] if rows else None


def _unknown(warehouse: str, wanted: str, show: Callable[[str], str]) -> str:
    """What there is instead: records of that file, which stand in quarantine, or how to name a document."""
    uri = wanted.rpartition(":")[0] or wanted
    rows = light.rows(light.open_table(warehouse, "quarantine"), REFUSED, f"uri = {quoted(uri)} AND stage = 'ingest'")
    if rows:
        first = ", ".join(f"{show(row['uri'])}:{row['locator']}" for row in rows[:SHOWN])
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        return f"no document of that name; of that file these records are in quarantine: {first}{more}"
    return (
        f"no document '{show(wanted)}' in {warehouse}. Give a doc_id or its first 6 digits or more, the id that the "
        "input gave it, or FILE:PLACE of a record in quarantine (columns uri and locator of table quarantine)."
    )
