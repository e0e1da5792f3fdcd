"""Tables of filter beside edits and decisions: documents that are flagged, and lines that are cut."""

from pyspark.sql.types import ArrayType, IntegerType, StringType, StructField, StructType

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.documents import DOC_ID, MADE_FROM, RUN_ID

FLAGS = Table(
    "flags",
    StructType(
        [
            DOC_ID,
            field("stage", StringType(), "the stage whose rule it is"),
            field("rule", StringType(), "a rule with `action: flag` that the document fails"),
            field("measured", StringType(), "as shown to a user"),
            field("limit", StringType(), "as shown to a user"),
            RUN_ID,
        ]
    ),
    key=("doc_id", "rule"),
    keep_history=True,
)

LINE_CUTS = Table(
    "line_cuts",
    StructType(
        [
            DOC_ID,
            field(
                "cuts",
                ArrayType(
                    StructType(
                        [
                            StructField("rule", StringType()),
                            StructField("start", IntegerType()),
                            StructField("end", IntegerType()),
                        ]
                    )
                ),
                "lines that a rule cuts; code points into documents.text; empty for a document that loses none",
            ),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
)
