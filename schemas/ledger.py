"""What happened: a row for each stage of a run, each published version, each look at encrypted values, each erasure."""

from pyspark.sql.types import (
    ArrayType,
    DoubleType,
    IntegerType,
    LongType,
    MapType,
    StringType,
    StructType,
    TimestampType,
)

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.documents import RUN_ID

VERSIONS = MapType(StringType(), LongType())
STRINGS = ArrayType(StringType())

STAGE_RUNS = Table(
    "stage_runs",
    StructType(
        [
            RUN_ID,
            field("stage", StringType(), "the stage"),
            field("n_in", LongType(), "documents that came in, of the whole dataset after the run"),
            field("n_kept", LongType(), "documents that go on"),
            field("n_dropped", LongType(), "documents with a decision at this stage"),
            field("n_quarantined", LongType(), "documents that could not be handled"),
            field("n_done", LongType(), "documents worked on in this run"),
            field("seconds", DoubleType(), "wall time"),
            field("input_versions", VERSIONS, "Delta versions read"),
            field("output_versions", VERSIONS, "Delta versions after the stage"),
            field("fingerprint", StringType(), "hash of options, code and the state that the stage started from"),
            field("made_with", StringType(), "hash of options and code alone"),
            field("state", StringType(), "names the output's content: changes only when a row changed"),
            field("code_version", StringType(), "version of corpusmill and hash of the stage's modules"),
            field("finished_at", TimestampType(), "when"),
        ]
    ),
    key=("run_id", "stage"),
    changes_by="run_id",
    keep_history=True,
)

DATASET_VERSIONS = Table(
    "dataset_versions",
    StructType(
        [
            field("name", StringType(), "the dataset: the recipe's name"),
            field("version", IntegerType(), "1, 2, ..."),
            field("tables", VERSIONS, "published tables and their Delta versions"),
            field("row_counts", VERSIONS, "rows of each"),
            field("recipe", StringType(), "the recipe as it was used, YAML"),
            field("code_version", StringType(), "version of corpusmill and hash of its modules"),
            field(
                "models",
                MapType(StringType(), StringType()),
                "name to hash or version; anonymise.key: id of the key",
            ),
            field("anonymised", StringType(), "mode of anonymisation; 'no' where the recipe has none"),
            field("content_hash", StringType(), "sha256 over the rows of the outputs, in any order"),
            field("parent", IntegerType(), "the version before it"),
            field("created_at", TimestampType(), "when"),
            field("mlflow_run_id", StringType(), "the MLflow run that holds report and metrics"),
            RUN_ID,
        ]
    ),
    key=("name", "version"),
    changes_by="version",
    keep_history=True,
)

REVEALS = Table(
    "reveals",
    StructType(
        [
            field("revealed_at", TimestampType(), "when"),
            field("user", StringType(), "who, as the operating system says"),
            field("version", StringType(), "of the dataset: name@number"),
            field("doc_id", StringType(), "the document"),
            field("field", StringType(), "as in pii_findings"),
            field("n_values", IntegerType(), "encrypted values that were shown; never the values"),
            field("key_id", StringType(), "id of the key that opened them"),
            RUN_ID,
        ]
    ),
    key=("run_id",),
    changes_by="run_id",
    keep_history=True,
)

# Hashes of ours alone: no name, no id of an input, no path. It is what keeps an erased record from coming back.
ERASURES = Table(
    "erasures",
    StructType(
        [
            field("request_id", StringType(), "the request: when it began, and a random part"),
            field("state", StringType(), "begun; done once the bytes are gone"),
            field("subject_hmac", StringType(), "keyed hash of the subject; null where documents were named"),
            field("key_id", StringType(), "the key of that hash"),
            field("doc_ids", STRINGS, "documents erased"),
            field("content_hashes", STRINGS, "of what they held, now or earlier, as in raw_documents"),
            field("files", STRINGS, "files not read any more: hash of source and uri"),
            field("places", STRINGS, "records that never were documents: hash of source and place, or snippet"),
            field("tables", VERSIONS, "rows erased, by table"),
            field("versions", STRINGS, "dataset versions that had any of it: handbook@2"),
            field("mlflow_runs", STRINGS, "MLflow runs that used one of these versions"),
            field("models", STRINGS, "registered and logged models of these runs"),
            field("artifacts", STRINGS, "reports and logged files replaced by a note, or removed"),
            field("delta_versions", VERSIONS, "Delta versions after it: of earlier ones files may be gone"),
            field("published", StringType(), "the latest dataset version after it"),
            field("begun_at", TimestampType(), "when"),
            field("finished_at", TimestampType(), "when the bytes were gone"),
            RUN_ID,
        ]
    ),
    key=("request_id",),
    changes_by="request_id",
    keep_history=True,
)
