"""documents that passed -> corpus rows with their findings and tokens: one pass over the texts in Arrow batches."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, StringType, StructType

from corpusmill.schemas.contract import field
from corpusmill.schemas.published import CORPUS, PII_FINDINGS, TOKEN_IDS
from corpusmill.schemas.recipe_stages import Split
from corpusmill.transforms.edits import with_edits
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text.anonymise import PublishOptions

FINDING = StructType([f for f in PII_FINDINGS.schema if f.name not in ("doc_id", "run_id")])
RESULT = StructType(
    [
        *[f for f in CORPUS.schema if f.name not in ("split", "run_id")],
        field("input_ids", TOKEN_IDS, "tokens of text"),
        field("findings", ArrayType(FINDING), "findings of all fields"),
        field("error", StringType(), "why it could not be handled"),
    ]
)


def to_publish(documents: DataFrame, edits: DataFrame, made_with: str, unpublished: str | None = None) -> DataFrame:
    """The documents with their edits, and made_from: content, edits, options and code make a corpus row what it is.

    unpublished: a field of metadata that stays behind.
    """
    if unpublished is not None:
        documents = documents.withColumn("metadata", F.map_filter("metadata", lambda name, _: name != unpublished))
    of_edited = made_from("content_hash", F.coalesce(F.to_json("edits"), F.lit("")), F.lit(made_with))
    return with_edits(documents, edits).withColumn("made_from", of_edited)


def publish(documents: DataFrame, options: PublishOptions) -> DataFrame:
    """RESULT for each document of `to_publish`; `error` is set where it could not be anonymised."""
    schema = to_arrow_schema(RESULT)

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text.anonymise import publish as publish_batch

        for batch in source:
            yield publish_batch(batch, options, schema)

    needed = ("doc_id", "source", "source_id", "text", "messages", "language", "metadata", "edits", "made_from")
    return documents.select(*needed).mapInArrow(batches, RESULT)


def as_they_are(documents: DataFrame) -> DataFrame:
    """RESULT for each document of `to_publish`, without edits, where nothing is replaced and no token counted."""
    made: dict[str, Column] = {"findings": F.array().cast(ArrayType(FINDING))}
    there = set(documents.columns)
    nothing = F.lit(None)
    return documents.select(
        *(
            (F.col(f.name) if f.name in there else made.get(f.name, nothing.cast(f.dataType)).alias(f.name))
            for f in RESULT
        )
    )


def split(shares: Split) -> Column:
    """train, validation or test by the hash of doc_id and the seed.

    The cluster decides in principle; what is kept of a cluster carries the cluster's id as its own.
    """
    # 52 bits as a fraction: exact in a double, and the same everywhere.
    digits = F.substring(F.sha2(F.concat_ws("|", F.lit(str(shares.seed)), F.col("doc_id")), 256), 1, 13)
    fraction = F.conv(digits, 16, 10).cast("double") / F.lit(float(16**13))
    held_out = F.when(fraction < shares.validation, "validation")
    return held_out.when(fraction < shares.validation + shares.test, "test").otherwise("train")
