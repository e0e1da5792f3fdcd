"""Folders to look for input files in: of this machine, or behind a URI; both list one folder at a time."""

import os
from typing import NamedTuple
from urllib.parse import quote

from pyarrow import fs

from corpusmill.jobs.read_streams import filesystem, is_remote

NOT_A_FILE = "neither a file nor a folder (a broken link, a socket or a device)"


class Entry(NamedTuple):
    """Something in a folder. size in bytes; modified in nanoseconds since 1970; problem: why it cannot be read."""

    name: str
    is_folder: bool = False
    size: int = 0
    modified: int = 0
    problem: str = ""


class LocalTree:
    """A folder of this machine."""

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)

    def path(self, relative: str) -> str:
        """What opens a file of the tree."""
        return os.path.join(self.root, relative) if relative else self.root

    def kind(self, relative: str) -> str | None:
        """`file`, `folder`, or None where there is neither."""
        path = self.path(relative)
        return "folder" if os.path.isdir(path) else "file" if os.path.isfile(path) else None

    def identity(self, relative: str) -> str:
        """One name for a folder, by whatever links it is reached."""
        return os.path.realpath(self.path(relative))

    def entries(self, relative: str) -> list[Entry]:
        """What is in a folder. Raises OSError where it cannot be listed."""
        with os.scandir(self.path(relative)) as found:
            return [_local_entry(item) for item in found]


def _local_entry(item: os.DirEntry[str]) -> Entry:
    try:
        if item.is_dir():
            return Entry(item.name, is_folder=True)
        if not item.is_file():
            return Entry(item.name, problem=NOT_A_FILE)
        status = item.stat()
    except OSError as error:
        return Entry(item.name, problem=reason_of(error))
    return Entry(item.name, size=status.st_size, modified=status.st_mtime_ns)


class RemoteTree:
    """A folder behind a URI. What follows a `?` there are options of the store, which stay with each file's path."""

    def __init__(self, root: str) -> None:
        base, question, query = root.partition("?")
        self._base, self._query = base.rstrip("/"), question + query
        self.root = self._base + self._query
        self._store, self._inner = filesystem(f"{self._base}/{self._query}")

    def path(self, relative: str) -> str:
        """What opens a file of the tree."""
        return f"{self._base}/{quote(relative)}{self._query}" if relative else self.root

    def kind(self, relative: str) -> str | None:
        """`file`, `folder`, or None where there is neither."""
        kinds = {fs.FileType.Directory: "folder", fs.FileType.File: "file"}
        return kinds.get(self._store.get_file_info(self._within(relative)).type)

    def identity(self, relative: str) -> str:
        """One name for a folder; stores of objects have no links."""
        return relative

    def entries(self, relative: str) -> list[Entry]:
        """What is in a folder. Raises OSError where it cannot be listed."""
        found = self._store.get_file_info(fs.FileSelector(self._within(relative)))
        return [
            Entry(i.base_name, i.type == fs.FileType.Directory, i.size or 0, i.mtime_ns or 0)
            if i.type in (fs.FileType.Directory, fs.FileType.File)
            else Entry(i.base_name, problem=NOT_A_FILE)
            for i in found
        ]

    def _within(self, relative: str) -> str:
        return f"{self._inner.rstrip('/')}/{relative}".rstrip("/")


Tree = LocalTree | RemoteTree


def open_tree(root: str) -> Tree:
    """The tree under a path or URI. Raises OSError or pyarrow.ArrowInvalid where a URI names no store."""
    return RemoteTree(root) if is_remote(root) else LocalTree(root)


def reason_of(error: Exception) -> str:
    """Why something cannot be opened, in words; without a path where the system names the reason.

    >>> reason_of(FileNotFoundError(2, "No such file", "/data/x"))
    'it is not there (any more)'
    """
    if isinstance(error, FileNotFoundError):
        return "it is not there (any more)"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return str(error).splitlines()[0] if str(error) else type(error).__name__
