"""Which files a source names: a file, a folder or a glob, on this machine or behind a URI."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape
from pathlib import PurePosixPath
from typing import Protocol

import pyarrow as pa

from corpusmill.jobs.read_streams import COMPRESSIONS, is_remote
from corpusmill.jobs.read_trees import Entry, Tree, open_tree, reason_of
from corpusmill.schemas.errors import UserError

FORMATS = {
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv"),
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm", ".xhtml"),
}
FORMAT_OF_SUFFIX = {suffix: name for name, suffixes in FORMATS.items() for suffix in suffixes}
# Read as text under an explicit format, these would give an error a line, or noise.
REFUSED_SUFFIXES = frozenset({".xz", ".lzma", ".lz4", ".br", ".zip", ".7z", ".rar", ".tar", ".tgz"})

EVERYTHING_BELOW = ("**",)


@dataclass(frozen=True)
class InputFile:
    """A file to read. uri: relative to the fixed part of the source's path, with `/`. path: what opens it here.

    size in bytes; modified in nanoseconds since 1970; format: a key of FORMATS.
    """

    uri: str
    path: str
    size: int
    modified: int
    format: str


@dataclass(frozen=True)
class UnreadableFile:
    """Something that stands where the source points and cannot be read; `error` says why and what to do."""

    uri: str
    error: str


@dataclass(frozen=True)
class Listing:
    """What a source names, sorted by uri. root: the fixed part of its path, which differs from machine to machine."""

    root: str
    files: list[InputFile]
    unreadable: list[UnreadableFile]


class Source(Protocol):
    """What is needed of a recipe's source."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def format(self) -> str: ...


def list_files(source: Source) -> Listing:
    """The files of a source, and those that stand there and cannot be read.

    Names that begin with `.` or `_` are left out, unless the path spells them. A glob knows `*`, `?`, `[...]` and `**`;
    a folder that it matches is taken whole. Raises UserError where the path names nothing that can be read.
    """
    try:
        tree, pattern = _locate(source)
        found = dict(_walk(tree, "", pattern, frozenset({tree.identity("")})))
    except (OSError, pa.ArrowException) as error:
        raise UserError(f"source `{source.name}`: {source.path} cannot be listed: {reason_of(error)}") from None
    files: list[InputFile] = []
    unreadable: list[UnreadableFile] = []
    for uri, entry in sorted(found.items()):
        kind = format_of(entry.name) if source.format == "auto" else source.format
        problem = entry.problem or _problem(entry.name, kind)
        if problem or kind is None:
            unreadable.append(UnreadableFile(os.fsencode(uri).decode("utf-8", "backslashreplace"), problem))
        else:
            files.append(InputFile(uri, tree.path(uri), entry.size, entry.modified, kind))
    if not files:
        reasons = Counter(file.error for file in unreadable).most_common(3)
        why = "; ".join(f"{n} x {error}" for error, n in reasons) or "no file is there"
        raise UserError(f"source `{source.name}`: nothing to read at {source.path}: {why}")
    return Listing(tree.root, files, unreadable)


def format_of(name: str) -> str | None:
    """The format that a file's suffix tells, compression put aside; None where it tells none.

    >>> format_of("part-0.JSONL.gz"), format_of("README")
    ('jsonl', None)
    """
    path = PurePosixPath(name.lower())
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    return FORMAT_OF_SUFFIX.get(path.suffix)


def _problem(name: str, kind: str | None) -> str:
    """Why a file cannot be read, judging by its name; empty where it can."""
    suffix = PurePosixPath(name.lower()).suffix
    if not _is_utf8(name):
        return "the file's name is not UTF-8; rename it"
    if suffix in REFUSED_SUFFIXES:
        return f"{suffix} files are not read; unpack it, or compress it with gz, zst or bz2"
    if kind is None:
        return f"unknown format {suffix or '(no suffix)'}; set sources[].format"
    if kind == "parquet" and suffix in COMPRESSIONS:
        return "a Parquet file is compressed inside; decompress it"
    return ""


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # what Python makes of the bytes of such a name
        return False
    return True


def _locate(source: Source) -> tuple[Tree, tuple[str, ...]]:
    """The tree at the fixed part of the source's path, and the pattern below it."""
    path, options = source.path.removeprefix("file://"), ""
    if is_remote(path):
        path, question, query = path.partition("?")
        options = question + query
    else:
        path = os.path.abspath(path)
    parts = path.rstrip("/").split("/")
    wild = next((i for i, part in enumerate(parts) if re.search(r"[*?\[]", part)), None)
    if wild is not None and not os.path.exists(path):
        tree = open_tree("/".join(parts[:wild]) + "/" + options)
        if tree.kind("") != "folder":
            raise UserError(f"source `{source.name}`: no folder {tree.root}, where {source.path} begins")
        return tree, tuple(parts[wild:])
    tree = open_tree(path + options)
    match tree.kind(""):
        case "folder":
            return tree, EVERYTHING_BELOW
        case "file":
            return open_tree("/".join(parts[:-1]) + "/" + options), (escape(parts[-1]),)
    raise UserError(f"source `{source.name}`: no file or folder at {source.path}")


def _walk(tree: Tree, folder: str, pattern: tuple[str, ...], above: frozenset[str]) -> Iterator[tuple[str, Entry]]:
    """The files below a folder that match, by their paths from the root; a folder in `above` is not entered again."""
    head, rest = pattern[0], pattern[1:]
    anywhere = head == "**"
    if anywhere and rest:
        yield from _walk(tree, folder, rest, above)
    try:
        entries = tree.entries(folder)
    except OSError as error:
        if not folder:
            raise
        yield folder, Entry(folder, problem=f"the folder cannot be listed: {reason_of(error)}")
        return
    for entry in entries:
        if not _matches(entry.name, "*" if anywhere else head):
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_folder:
            if not rest:
                yield path, entry
        elif (identity := tree.identity(path)) not in above:
            below = pattern if anywhere else rest or EVERYTHING_BELOW
            yield from _walk(tree, path, below, above | {identity})


def _matches(name: str, pattern: str) -> bool:
    """Whether a name fits one part of a glob; hidden names only fit a part that begins as they do.

    >>> _matches("part-0.txt", "*.txt"), _matches("_old.txt", "*.txt"), _matches("_old.txt", "_*.txt")
    (True, False, True)
    """
    return fnmatchcase(name, pattern) and (name[0] not in "._" or name[0] == pattern[0])
