"""What comes in: the records as they were read, those that could not be used, and the files they came from."""

from pyspark.sql.types import BinaryType, DateType, LongType, MapType, StringType, StructType, TimestampType

from corpusmill.schemas.contract import Table, field

TEXT_MAP = MapType(StringType(), StringType())

RAW_DOCUMENTS = Table(
    "raw_documents",
    StructType(
        [
            field("doc_id", StringType(), "32 hex digits; the same on any machine, in any order"),
            field("source", StringType(), "name of the recipe's source"),
            field("source_id", StringType(), "the input's own id, as it came; null where it has none"),
            field("uri", StringType(), "the file, relative to the fixed part of the source's path"),
            field("position", LongType(), "place in the file: record number from 0"),
            field("locator", StringType(), "place in the file, as shown to a user: line 5, row 17"),
            field("number", LongType(), "of an input without id: its number among equal contents, from 0"),
            field("content_type", StringType(), "text/plain, text/html, text/markdown, conversation, preference"),
            field("text", StringType(), "the text, or the JSON of a conversation"),
            field("bytes", BinaryType(), "the bytes, where the file is not UTF-8; text is null then"),
            field("metadata", TEXT_MAP, "the fields listed in sources[].metadata"),
            field("content_hash", StringType(), "hash of content_type, text, bytes and metadata"),
            field("run_date", DateType(), "--run-date of the run that read it"),
            field("ingested_at", TimestampType(), "when it was read"),
            field("run_id", StringType(), "the run that wrote the row"),
        ]
    ),
    key=("doc_id",),
)

QUARANTINE = Table(
    "quarantine",
    StructType(
        [
            field("stage", StringType(), "the stage that could not handle it"),
            field("doc_id", StringType(), "null for what never entered raw_documents"),
            field("source", StringType(), "name of the recipe's source"),
            field("uri", StringType(), "the file, relative to the fixed part of the source's path"),
            field("locator", StringType(), "place in the file: line, row or byte"),
            field("error", StringType(), "what is wrong with it"),
            field("snippet", StringType(), "its first characters, masked"),
            field("run_id", StringType(), "the run that wrote the row"),
        ]
    ),
    key=("stage", "source", "uri", "locator"),
    changes_by="uri",
    keep_history=True,
)

INPUT_FILES = Table(
    "input_files",
    StructType(
        [
            field("source", StringType(), "name of the recipe's source"),
            field("uri", StringType(), "the file, relative to the fixed part of the source's path"),
            field("size", LongType(), "bytes"),
            field("modified", LongType(), "modification time, nanoseconds since 1970"),
            field("read_with", StringType(), "hash of the options and code that read it"),
            field("run_id", StringType(), "the run that read it last"),
        ]
    ),
    key=("source", "uri"),
    changes_by="uri",
)
