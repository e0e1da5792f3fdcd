"""What a record is, and how one is made of an object's fields: of a JSON line, a Parquet row or a CSV row."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson

if TYPE_CHECKING:
    from corpusmill.schemas.recipe import Source

SNIPPET_CHARACTERS = 200
MISSING = object()

# How a record shows what it is, where it has no text: kind, the fields it must have, those that go with them.
# OpenAI and Hugging Face messages, ShareGPT, Alpaca, TRL; the order decides where a record fits several.
FORMS = (
    ("preference", ("prompt", "chosen", "rejected"), ("system", "tools")),
    ("conversation", ("messages",), ("system", "tools")),
    ("conversation", ("conversations",), ("system", "tools")),
    ("conversation", ("instruction", "output"), ("input", "system")),
    ("conversation", ("prompt", "completion"), ("system", "tools")),
    ("conversation", ("query", "response"), ("system",)),
)
KINDS = ("conversation", "preference")


class Record(NamedTuple):
    """One record of a file, or (`error` set) why there is none.

    position: its number in the file from 0. locator: where a person finds it, such as `line 5`. Of `text` and `data`
    exactly one is set. snippet: the first raw characters of a bad record: to be masked before it is stored or shown.
    """

    position: int
    locator: str
    source_id: str | None = None
    content_type: str | None = None
    text: str | None = None
    data: bytes | None = None
    metadata: dict[str, str] | None = None
    error: str | None = None
    snippet: str | None = None


class BadRecord(Exception):
    """A record cannot be used; `str(error)` says why and holds nothing of its values.

    reason: the same without the names of the fields that the record has.
    """

    def __init__(self, reason: str, fields: Iterable[str] | None = None) -> None:
        super().__init__(reason if fields is None else f"{reason}; it has: {names_of(fields)}")
        self.reason = reason


@dataclass(frozen=True)
class ReadOptions:
    """How to read a source's files; plain values, so that it travels to the workers.

    text, id, content_type: None where the recipe leaves them to the defaults, which a record need not have. messages:
    the field with a conversation, None to look for one. metadata: fields to carry.
    """

    source: str
    text: str | None = None
    id: str | None = None
    messages: str | None = None
    metadata: tuple[str, ...] = ()
    content_type: str | None = None


def read_options(source: "Source") -> ReadOptions:
    """The options that a recipe's source asks for; a default that the recipe spells out counts as asked for."""
    spelt, fields = source.model_fields_set, source.fields
    return ReadOptions(
        source=source.name,
        text=fields.text if "text" in fields.model_fields_set else None,
        id=fields.id if "id" in fields.model_fields_set else None,
        messages=fields.messages,
        metadata=tuple(source.metadata),
        content_type=source.content_type if "content_type" in spelt else None,
    )


def record_of(row: Mapping[str, Any], options: ReadOptions, position: int, locator: str) -> Record:
    """The record that an object's fields make. Raises BadRecord."""
    content_type, text, data = _content(row, options)
    return Record(position, locator, _id(row, options), content_type, text, data, _metadata(row, options.metadata))


def error_record(position: int, locator: str, error: str, raw: bytes | str = "") -> Record:
    """The record that stands for a bad one; `raw` is what it was read from."""
    start = raw[: 4 * SNIPPET_CHARACTERS]
    text = start.decode("utf-8", "replace") if isinstance(start, bytes) else start.encode("utf-8", "replace").decode()
    return Record(position, locator, error=error, snippet=text[:SNIPPET_CHARACTERS])


def lookup(row: Mapping[str, Any], name: str) -> Any:
    """A field's value by its name or, where there is none of that name, by its dotted path; else MISSING.

    >>> lookup({"meta": {"id": 7}}, "meta.id"), lookup({"meta.id": 8, "meta": {"id": 7}}, "meta.id")
    (7, 8)
    """
    if name in row:
        return row[name]
    value: Any = row
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    return value


def forms_for(options: ReadOptions) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """The forms of conversations and preferences that a record may have under these options."""
    if options.messages:
        return (("conversation", (options.messages,), ("system", "tools")),)
    if options.content_type in KINDS:
        return tuple(form for form in FORMS if form[0] == options.content_type)
    return FORMS if options.content_type is None and options.text is None else ()


def names_of(fields: Iterable[str]) -> str:
    """Names of fields, as an error may show them: what looks like a name, since a key can hold personal data too.

    >>> names_of(["id", "html", "anna@example.org"])
    'id, html and 1 other'
    """
    names = list(fields)
    shown = [name for name in names if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,29}", name)][:12]
    others = len(names) - len(shown)
    rest = [f"{others} other{'s' * (others > 1)}"] if others else []
    return " and ".join([", ".join(shown)] * bool(shown) + rest) or "no fields"


def _content(row: Mapping[str, Any], options: ReadOptions) -> tuple[str, str | None, bytes | None]:
    """Content type, text and bytes of a record."""
    wants_form = bool(options.messages) or options.content_type in KINDS
    name = options.text or "text"
    value = MISSING if wants_form else lookup(row, name)
    if isinstance(value, str):
        return options.content_type or "text/plain", value, None
    if isinstance(value, bytes):
        return options.content_type or "text/plain", *text_or_bytes(value)
    if value is MISSING or value is None:
        for kind, needed, optional in forms_for(options):
            parts = {field: lookup(row, field) for field in needed}
            if not any(part is MISSING or part is None for part in parts.values()):
                parts |= {field: row[field] for field in optional if row.get(field) is not None}
                return kind, to_json(parts), None
    if wants_form:
        wanted = " or ".join("+".join(needed) for _, needed, _ in forms_for(options))
        raise BadRecord(f"no {options.content_type or 'conversation'}: wants {wanted}", row)
    if value is MISSING:
        raise BadRecord(f"field `{name}` is missing", row)
    raise BadRecord(f"field `{name}` is {_kind(value)}, wants a string")


def text_or_bytes(data: bytes) -> tuple[str | None, bytes | None]:
    """The text of UTF-8 bytes, without a byte order mark; the bytes themselves where they are not UTF-8.

    >>> text_or_bytes("\\ufeffGrüße".encode()), text_or_bytes("Grüße".encode("latin-1"))
    (('Grüße', None), (None, b'Gr\\xfc\\xdfe'))
    """
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return None, data


def _id(row: Mapping[str, Any], options: ReadOptions) -> str | None:
    """The record's own id; None where it has none and the recipe names no field for it."""
    name = options.id or "id"
    value = lookup(row, name)
    if value is MISSING or value is None or value == "":
        if options.id is None:
            return None
        raise BadRecord(f"field `{name}` (the id) is {'missing' if value is MISSING else 'empty'}")
    if isinstance(value, bool | float) and (isinstance(value, bool) or not math.isfinite(value)):
        raise BadRecord(f"field `{name}` (the id) is {_kind(value)}, wants a string or a number")
    if isinstance(value, str | int | float | Decimal | UUID):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise BadRecord(f"field `{name}` (the id) is {_kind(value)}, wants a string or a number")


def _metadata(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str] | None:
    """The listed fields that the record has, by the names that the recipe gives them."""
    found = ((name, lookup(row, name)) for name in names)
    return {name: _as_string(value) for name, value in found if value is not MISSING and value is not None} or None


def _as_string(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, str) else str(value) if isinstance(value, Decimal | UUID) else to_json(value)


def to_json(value: Any) -> str:
    """Compact JSON. Raises BadRecord for what JSON cannot hold."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except (orjson.JSONEncodeError, UnicodeError) as error:
        raise BadRecord("a field cannot be written as JSON") from error


def _plain(value: Any) -> Any:
    """What orjson does not know: decimals and durations as strings, bytes as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _kind(value: Any) -> str:
    """A value's kind, in the words of JSON.

    >>> _kind(True), _kind({}), _kind(None)
    ('true or false', 'an object', 'null')
    """
    kinds = ((type(None), "null"), (bool, "true or false"), (int | float | Decimal, "a number"), (str, "a string"))
    more = ((list, "a list"), (Mapping, "an object"), (datetime | date | time, "a time"), (bytes, "bytes"))
    return next((word for kind, word in (*kinds, *more) if isinstance(value, kind)), "of another kind")
