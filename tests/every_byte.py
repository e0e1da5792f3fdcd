"""All that stands in the files of a folder, whatever their format."""

import bz2
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq


def contents(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file, as its bytes and as what stands in it: Parquet by its rows, the rest decompressed."""
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        data = file.read_bytes()
        yield file, data.decode("utf-8", "replace")
        if data[:4] == b"PAR1":
            yield file, str(pq.read_table(file).to_pylist())
        for unpack in (gzip.decompress, bz2.decompress, zlib.decompress):
            try:
                yield file, unpack(data).decode("utf-8", "replace")
            except (OSError, ValueError, zlib.error):
                continue
