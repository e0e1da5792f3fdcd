"""The bytes of an input file: opened wherever it lies, decompressed, in chunks or lines, in bounded memory."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from pyarrow import fs

CHUNK_BYTES = 1 << 20
# An Arrow string column addresses its bytes by 32 bits, so one value must stay under 2 GiB; half of it leaves room.
MAX_RECORD_BYTES = 1 << 30

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


# What pyarrow's messages hold where the bytes are at fault, and not the disk or the network.
DAMAGES = {
    "Truncated compressed stream": "the compressed file ends early",
    "inflate failed": "the gzip compression is damaged, or the file is not gzip",
    "bz2 decompress failed": "the bzip2 compression is damaged, or the file is not bzip2",
    "ZSTD decompress failed": "the zstd compression is damaged, or the file is not zstd",
}


class BrokenStream(Exception):
    """A file that cannot be read to its end; `str(error)` says why and holds nothing of its content."""

    partial: bytes = b""


def is_remote(path: str) -> bool:
    """Whether the path is a URI (s3://, abfss://, gs://) and not a path of this machine.

    >>> is_remote("s3://bucket/pages"), is_remote("/Volumes/main/raw/pages")
    (True, False)
    """
    return "://" in path


def filesystem(path: str) -> tuple[fs.FileSystem, str]:
    """The file system that holds `path`, and the path in it. Raises OSError or pyarrow.ArrowInvalid for a bad URI.

    >>> filesystem("file:///data/a%20b.txt")[1]
    '/data/a b.txt'
    """
    if not is_remote(path):
        return fs.LocalFileSystem(), path
    # Region and account stand in the URI or have to be asked for: once a bucket, not once a file.
    scheme, rest = path.split("://", 1)
    bucket, _, key = rest.partition("/")
    key, question, query = key.partition("?")
    opened, inner = _open_bucket(f"{scheme}://{bucket}/{question}{query}")
    return opened, f"{inner.rstrip('/')}/{unquote(key)}"


@lru_cache(maxsize=64)
def _open_bucket(uri: str) -> tuple[fs.FileSystem, str]:
    return fs.FileSystem.from_uri(uri)


def compression_of(path: str) -> str | None:
    """The compression that a file's suffix tells, None for none.

    >>> compression_of("a/part-0.jsonl.GZ"), compression_of("a/part-0.jsonl")
    ('gzip', None)
    """
    name = path.partition("?")[0].lower() if is_remote(path) else path.lower()
    return next((codec for suffix, codec in COMPRESSIONS.items() if name.endswith(suffix)), None)


def read_chunks(path: str) -> Iterator[bytes]:
    """The decompressed bytes of a file in chunks of at most CHUNK_BYTES, all members of a multi-member file.

    Raises OSError where it cannot be read, BrokenStream where the compression is damaged, after all before that.
    """
    codec = compression_of(path)
    done = 0
    try:
        for chunk in _raw_chunks(path, codec):
            done += len(chunk)
            yield chunk
    except OSError as error:
        reason = next((reason for sign, reason in DAMAGES.items() if sign in str(error)), None)
        if codec is None or reason is None:
            raise
        yield _rest_before_damage(path, codec, done)
        raise BrokenStream(reason) from None


def _raw_chunks(path: str, codec: str | None, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    where, inner = filesystem(path)
    with where.open_input_stream(inner, compression=codec) as stream:
        while chunk := stream.read(size):
            yield chunk


def _rest_before_damage(path: str, codec: str, done: int) -> bytes:
    """The bytes after the first `done` that can still be decompressed.

    A failed read keeps back what it had, less than a chunk; so the file is read again, and this last part byte by byte.
    """
    rest = bytearray()
    where, inner = filesystem(path)
    with where.open_input_stream(inner, compression=codec) as stream:
        try:
            while done:
                done -= len(stream.read(min(done, CHUNK_BYTES)))
            while byte := stream.read(1):
                rest += byte
        except OSError:
            pass
    return bytes(rest)


def read_lines(path: str) -> Iterator[bytes]:
    """The lines of a file without their line feed, and without a byte order mark at its start.

    A line over MAX_RECORD_BYTES is cut to MAX_RECORD_BYTES + 1, by which a caller can tell. Raises OSError and
    BrokenStream as `read_chunks`; the piece of a line before the damage is then `error.partial`.
    """
    held: list[bytes] = []
    try:
        for number, chunk in enumerate(read_chunks(path)):
            first, *others = (chunk.removeprefix(BYTE_ORDER_MARK) if number == 0 else chunk).split(b"\n")
            _hold(held, first)
            for piece in others:
                yield b"".join(held)
                held.clear()
                _hold(held, piece)
    except BrokenStream as error:
        error.partial = b"".join(held)
        raise
    if any(held):
        yield b"".join(held)


def _hold(held: list[bytes], piece: bytes) -> None:
    """Add a piece to a line, up to one byte more than a record may have."""
    held.append(piece[: MAX_RECORD_BYTES + 1 - sum(map(len, held))])
