"""What happened: a row for each stage of a run, each published version, each look at encrypted values."""

from pyspark.sql.types import DoubleType, IntegerType, LongType, MapType, StringType, StructType, TimestampType

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.documents import RUN_ID

VERSIONS = MapType(StringType(), LongType())

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
