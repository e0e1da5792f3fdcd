"""The hash of what a dataset version holds: over the rows of its outputs, in any order, batching and encoding.

A row becomes one unambiguous string of bytes (below), that string 128 bits of BLAKE2b; the rows of a table are added
modulo 2**128, so that order and batches do not matter, and a SHA-256 over the tables' sums and counts is the version's
content hash. A sum, not an exclusive or: a row that stands twice must count twice.

The bytes of a row are made a column at a time (no Python object a value): the columns by name, each as up to three
streams, and a row takes its slice of every stream in turn.

    every type     one byte a value: 0 null, 1 there
    number         8 bytes a value                         string, bytes   length (8 bytes) a value, then the bytes
    list, map      length a value, then the elements       struct          its fields by name
                   (a map by key)

Counts and lengths come before what they count, so two different rows never give the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

# What differs between two runs over the same inputs: the run, the hash of its code, times, hashes that depend on a key.
IGNORED = frozenset(
    {"run_id", "made_from", "run_date", "ingested_at", "created_at", "finished_at", "mlflow_run_id", "value_hmac"}
)

# The bytes of all values of a column, and where each row's part begins: rows + 1 positions.
Stream = tuple[bytes, list[int]]


class Partial(NamedTuple):
    """Rows counted and added so far; `str` and `parse` carry it through a Spark column.

    >>> Partial.parse(str(Partial(2, 255)))
    Partial(rows=2, total=255)
    """

    rows: int
    total: int  # of the rows' hashes, 0 .. 2**128 - 1

    def __str__(self) -> str:
        return f"{self.rows}:{self.total:032x}"

    @staticmethod
    def parse(text: str) -> "Partial":
        rows, total = text.split(":")
        return Partial(int(rows), int(total, 16))


def add(batch: pa.RecordBatch) -> Partial:
    """Hash the rows of one batch, without the columns in IGNORED.

    Raises TypeError for a column of a type that no table here has (decimals, unions).
    """
    names = sorted(name for name in batch.schema.names if name not in IGNORED)
    kinds = [[name, _kind(batch.schema.field(name).type)] for name in names]
    key = hashlib.blake2b(json.dumps(kinds).encode()).digest()
    at = list(range(batch.num_rows + 1))
    cut = [_slices(stream) for name in names for stream in _streams(batch.column(name), at)]
    total = 0
    for parts in zip(*cut, strict=True):
        total += int.from_bytes(hashlib.blake2b(b"".join(parts), digest_size=16, key=key).digest(), "little")
    return Partial(batch.num_rows, total % 2**128)


def combine(tables: Mapping[str, Iterable[Partial]]) -> str:
    """Content hash, 64 hex digits, of named tables whose batches were hashed by `add`.

    >>> one, two = (add(pa.record_batch({"a": values})) for values in ([1], [2]))
    >>> combine({"corpus": [one, two]}) == combine({"corpus": [two, one]})
    True
    """
    sums = []
    for name, partials in sorted(tables.items()):
        rows = total = 0
        for partial in partials:
            rows, total = rows + partial.rows, total + partial.total
        sums.append([name, str(Partial(rows, total % 2**128))])
    return hashlib.sha256(json.dumps(sums).encode()).hexdigest()


def _slices(stream: Stream) -> Iterator[bytes]:
    data, at = stream
    return map(data.__getitem__, map(slice, at, at[1:]))


def _streams(array: pa.Array, at: list[int]) -> list[Stream]:
    """Streams of an array; row i of the table owns its values at[i] .. at[i + 1]."""
    array = _plain(array)
    kind = array.type
    streams = [(_data(array.is_valid().cast(pa.uint8()), 1), at)]
    if pa.types.is_null(kind):
        return streams
    if pa.types.is_struct(kind):  # flatten: nulls of the struct become nulls of its fields
        fields = sorted(zip((field.name for field in kind), array.flatten(), strict=True), key=lambda field: field[0])
        return streams + [stream for _, values in fields for stream in _streams(values, at)]
    if pa.types.is_large_list(kind):  # flatten: what lies under a null is left out
        lengths = pc.list_value_length(array).fill_null(0)
        begin = list(accumulate(lengths.to_pylist(), initial=0))
        inner = _streams(array.flatten(), [begin[place] for place in at])
        return [*streams, (_data(lengths, 8), [8 * place for place in at]), *inner]
    if pa.types.is_large_binary(kind):
        array = array.fill_null(b"")
        lengths = _data(pc.binary_length(array), 8), [8 * place for place in at]
        _, offsets, values = array.buffers()
        ends = memoryview(offsets).cast("q")[array.offset : array.offset + len(array) + 1] if len(array) else [0]
        data = values.slice(ends[0], ends[-1] - ends[0]).to_pybytes() if values else b""
        return [*streams, lengths, (data, [ends[place] - ends[0] for place in at])]
    return [*streams, (_data(array.fill_null(0), 8), [8 * place for place in at])]


def _plain(array: pa.Array) -> pa.Array:
    """The same values as int64, float64, large_binary, large_list or struct."""
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        return _plain(array.storage)
    if pa.types.is_dictionary(kind):
        return _plain(array.dictionary_decode())
    if pa.types.is_map(kind):
        return _map_by_key(array)
    match _kind(kind):
        case "int" if pa.types.is_date32(kind) or pa.types.is_boolean(kind):
            return array.cast(pa.int32()).cast(pa.int64())
        case "int" | "time":
            return (array.cast(pa.timestamp("us", kind.tz)) if pa.types.is_timestamp(kind) else array).cast(pa.int64())
        case "float":  # + 0.0: the negative zero is zero
            values = pc.add(array.cast(pa.float64()), 0.0)
            return pc.if_else(pc.is_nan(values), float("nan"), values)
        case "string" | "binary":
            return array.cast(pa.large_string() if pa.types.is_string_view(kind) else kind).cast(pa.large_binary())
        case ["list", _]:
            return array.cast(pa.large_list(kind.value_field))
    return array


def _map_by_key(array: pa.MapArray) -> pa.Array:
    """A map as a list of its entries, sorted by key within each row: Spark promises no order."""
    fields = array.type.key_field.with_name("key"), array.type.item_field.with_name("value")
    entries = array.cast(pa.large_list(pa.struct(fields)))
    lengths, flat = pc.list_value_length(entries).fill_null(0), entries.flatten()
    offsets = pa.array(accumulate(lengths.to_pylist(), initial=0), pa.int64())
    owner = pc.list_parent_indices(pa.LargeListArray.from_arrays(offsets, flat))
    order = pc.sort_indices(
        pa.table({"row": owner, "key": flat.field(0)}), sort_keys=[("row", "ascending"), ("key", "ascending")]
    )
    return pa.LargeListArray.from_arrays(offsets, flat.take(order), mask=array.is_null())


def _data(array: pa.Array, width: int) -> bytes:
    """The bytes of a fixed-width array, whatever part of its buffer it is."""
    if width == 8 and array.type.bit_width != 64:
        array = array.cast(pa.int64())
    buffer = array.buffers()[1]
    return buffer.slice(array.offset * width, len(array) * width).to_pybytes() if buffer else b""


def _kind(kind: pa.DataType) -> str | list[object]:
    """A type as it counts here: widths, offsets and encodings do not."""
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return _kind(kind.storage_type)
    if types.is_dictionary(kind):
        return _kind(kind.value_type)
    if types.is_map(kind):
        return ["map", _kind(kind.key_type), _kind(kind.item_type)]
    if types.is_struct(kind):
        return ["struct", *sorted([field.name, _kind(field.type)] for field in kind)]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return ["list", _kind(kind.value_type)]
    for name, tests in (
        ("null", (types.is_null,)),
        ("string", (types.is_string, types.is_large_string, types.is_string_view)),
        ("binary", (types.is_binary, types.is_large_binary, types.is_binary_view, types.is_fixed_size_binary)),
        ("int", (types.is_integer, types.is_boolean, types.is_date32)),
        ("float", (types.is_floating,)),
        ("time", (types.is_timestamp,)),
    ):
        if any(test(kind) for test in tests):
            return name
    raise TypeError(
        f"content hash: no rule for type {kind}; known: numbers, strings, bytes, lists, structs, maps, times"
    )
