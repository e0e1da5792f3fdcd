"""What a reviewer leaves behind: verdicts on a sample of findings and passages, and signatures under a report."""

from pyspark.sql.types import IntegerType, LongType, StringType, StructType, TimestampType

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.documents import DOC_ID, RUN_ID

AUDIT_VERDICTS = Table(
    "audit_verdicts",
    StructType(
        [
            field("name", StringType(), "the dataset"),
            field("version", IntegerType(), "its version"),
            field("kind", StringType(), "finding, or passage: published text that was looked at for what was missed"),
            DOC_ID,
            field("field", StringType(), "as in pii_findings"),
            field("start", IntegerType(), "of a finding as in pii_findings; of a passage in corpus"),
            field("end", IntegerType(), "half-open"),
            field("entity_type", StringType(), "of a finding; null for a passage"),
            field("language", StringType(), "of the document"),
            field("verdict", StringType(), "finding: right, type, wrong, unsure; passage: clean, left, unsure"),
            field("reviewer", StringType(), "who judged"),
            field("judged_at", TimestampType(), "when the page was saved"),
            field("seed", LongType(), "of the sample"),
            RUN_ID,
        ]
    ),
    key=("name", "version", "kind", "doc_id", "field", "start", "reviewer", "judged_at"),
    keep_history=True,
)

AUDIT_SIGN_OFFS = Table(
    "audit_sign_offs",
    StructType(
        [
            field("name", StringType(), "the dataset"),
            field("version", IntegerType(), "its version"),
            field("content_hash", StringType(), "of that version, as in dataset_versions"),
            field("signed_by", StringType(), "name, as given"),
            field("signed_at", TimestampType(), "when"),
            field("report_digest", StringType(), "sha256 of the report, the HTML file"),
            field("data_digest", StringType(), "sha256 of its data, the JSON file"),
            RUN_ID,
        ]
    ),
    key=("name", "version", "signed_by", "signed_at"),
    changes_by="version",
    keep_history=True,
)
