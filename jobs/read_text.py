"""Text, Markdown and HTML: a record a file."""

from collections.abc import Iterator

from corpusmill.jobs import read_streams
from corpusmill.jobs.read_fields import ReadOptions, Record, error_record, text_or_bytes
from corpusmill.jobs.read_files import InputFile

CONTENT_TYPES = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}


def read_text(file: InputFile, options: ReadOptions) -> Iterator[Record]:
    """The file as one record, whose id is its uri; bytes where it is not UTF-8. Raises OSError and BrokenStream."""
    content = bytearray()
    for chunk in read_streams.read_chunks(file.path):
        content += chunk
        if len(content) > read_streams.MAX_RECORD_BYTES:
            reason = f"the file is longer than {read_streams.MAX_RECORD_BYTES:,} bytes; split it"
            yield error_record(0, "", reason, bytes(content[: read_streams.CHUNK_BYTES]))
            return
    text, data = text_or_bytes(bytes(content))
    yield Record(0, "", file.uri, options.content_type or CONTENT_TYPES[file.format], text, data)
