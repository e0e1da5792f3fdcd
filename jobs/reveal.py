"""`corpusmill reveal`: a published text with its encrypted values in clear, for whoever holds the key. Needs no Spark.

That it was done is a row of `reveals`, written before anything is shown.
"""

import getpass
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml

from corpusmill.jobs import key, light, lock, versions
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_values import KEY_REFERENCE

FIELD = re.compile(r"(?P<text>text|source_id)|messages\[(?P<message>\d+)\]\.content|metadata\.(?P<metadata>.+)")
DOC_ID = re.compile(r"[0-9a-f]{6,32}")


@dataclass(frozen=True)
class Revealed:
    """text: with what was encrypted. n_closed: tokens in it that are none of this document's."""

    doc_id: str
    version: str
    field_name: str
    text: str = field(repr=False)
    n_values: int
    n_closed: int
    key_id: str


def reveal(warehouse: str, wanted: str, field_name: str = "text", key_place: str | None = None) -> Revealed:
    """Open the encrypted values of a field of a document of the latest version, and write down who did.

    wanted: doc_id, or its first 6 digits or more. field_name: as in pii_findings. key_place: env:NAME, file:PATH or
    secret:SCOPE/KEY; default: as the version's recipe says.
    Raises UserError where the key is not the version's, or there is nothing to open.
    """
    from corpusmill.transforms.text.sealed import TOKEN, opened

    version = versions.resolve(warehouse)
    label = versions.label(version)
    doc_id, text = _published(warehouse, version, wanted, field_name)
    if not TOKEN.search(text):
        raise UserError(f"{field_name} of {doc_id} in {label} holds nothing that is encrypted")
    secret, key_id = _key(version, key_place)
    clear, n_values, n_closed = opened(text, secret, doc_id)
    if not n_values:
        raise UserError(f"the key {key_id} opens nothing in {field_name} of {doc_id}: it was not encrypted with it")
    found = Revealed(doc_id, label, field_name, clear, n_values, n_closed, key_id)
    _write_down(warehouse, found)
    return found


def _published(warehouse: str, version: dict[str, Any], wanted: str, field_name: str) -> tuple[str, str]:
    """doc_id and text of the field, as it was published."""
    if not DOC_ID.fullmatch(wanted.lower()):
        raise UserError(f"--doc-id: '{wanted}' is no doc_id; give its first 6 hexadecimal digits or more")
    corpus = light.open_table(warehouse, "corpus", version["tables"]["corpus"])
    where = f"doc_id LIKE {light.quoted(wanted.lower() + '%')}"
    rows = light.rows(corpus, ["doc_id", "text", "messages", "metadata", "source_id"], where)
    if len(rows) != 1:
        found = f"{len(rows)} documents that begin" if rows else "no document that begins"
        raise UserError(
            f"{versions.label(version)} has {found} with {wanted}; `corpusmill explain {wanted}` tells the fate of one"
        )
    text = _field(rows[0], field_name)
    if text is None:
        raise UserError(
            f"--field: document {rows[0]['doc_id']} has no {field_name}. There are text, source_id, "
            "messages[0].content, metadata.NAME: column `field` of pii_findings says what was found where"
        )
    return rows[0]["doc_id"], text


def _field(row: dict[str, Any], name: str) -> str | None:
    match = FIELD.fullmatch(name)
    if match is None:
        return None
    found: str | None
    if match["text"]:
        found = row[match["text"]]
    elif match["metadata"]:
        found = dict(row["metadata"] or ()).get(match["metadata"])
    else:
        contents = [message["content"] for message in row["messages"] or ()]
        at = int(match["message"])
        found = contents[at] if at < len(contents) else None
    return found


def _key(version: dict[str, Any], place: str | None) -> tuple[bytes, str]:
    """The version's key and its id, from the place given or from that of the recipe."""
    if place is not None and not re.fullmatch(KEY_REFERENCE, place):
        raise UserError(f"--key: '{place}' is none of env:NAME, file:PATH, secret:SCOPE/KEY")
    recipe = yaml.safe_load(version["recipe"]) or {}
    try:
        secret, origin = key.resolve(place or (recipe.get("anonymise") or {}).get("key"), make=False)
    except UserError as error:
        raise UserError(f"{error} Give the key by --key env:NAME | file:PATH | secret:SCOPE/KEY") from None
    key_id, used = key.key_id(secret), version["models"].get("anonymise.key")
    if used is not None and used != key_id:
        raise UserError(
            f"{versions.label(version)} was encrypted with the key {used}; {origin} holds the key {key_id}, which "
            "opens nothing there. Give the right one by --key env:NAME | file:PATH | secret:SCOPE/KEY"
        )
    return secret, key_id


def _write_down(warehouse: str, found: Revealed) -> None:
    from corpusmill.jobs import session
    from corpusmill.jobs.warehouse import Warehouse
    from corpusmill.schemas.ledger import REVEALS

    now = datetime.now(UTC)
    run_id = lock.new_run_id(now)
    row = {
        "revealed_at": now,
        "user": getpass.getuser(),
        "version": found.version,
        "doc_id": found.doc_id,
        "field": found.field_name,
        "n_values": found.n_values,
        "key_id": found.key_id,
        "run_id": run_id,
    }
    spark: Any = session.get() if "://" in warehouse else None  # in a folder of this machine nothing is asked of it
    tables = Warehouse(spark, warehouse, run_id)
    if not tables.exists(REVEALS.name):
        with lock.hold(warehouse, run_id):
            tables.ensure(REVEALS)
    tables.write_rows(REVEALS, [row])
