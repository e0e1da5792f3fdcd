"""What leaves the mill: the corpus, its findings, its tokens and what they are packed into."""

from pyspark.sql.types import ArrayType, DoubleType, IntegerType, StringType, StructType

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.documents import DOC_ID, MADE_FROM, MESSAGES, RUN_ID
from corpusmill.schemas.inputs import TEXT_MAP

TOKEN_IDS = ArrayType(IntegerType())

PII_FINDINGS = Table(
    "pii_findings",
    StructType(
        [
            DOC_ID,
            field("field", StringType(), "text, messages[3].content, metadata.author, source_id"),
            field("start", IntegerType(), "code points in that field of documents"),
            field("end", IntegerType(), "half-open"),
            field("entity_type", StringType(), "PERSON, EMAIL_ADDRESS, ..."),
            field("score", DoubleType(), "0..1"),
            field("recogniser", StringType(), "what found it"),
            field("operator", StringType(), "what was done"),
            field("replacement", StringType(), "what stands there instead"),
            field("value_hmac", StringType(), "keyed hash of the value; never the value"),
            RUN_ID,
        ]
    ),
    key=("doc_id", "field", "start"),
    keep_history=True,
)

CORPUS = Table(
    "corpus",
    StructType(
        [
            DOC_ID,
            field("source", StringType(), "name of the recipe's source"),
            field("source_id", StringType(), "the input's own id, anonymised"),
            field("text", StringType(), "the published text, anonymised where the recipe says so"),
            field("messages", MESSAGES, "of a conversation, anonymised"),
            field("language", StringType(), "ISO 639-1 where there is one; und"),
            field("n_tokens", IntegerType(), "tokens of text without an end token; null without tokenise"),
            field("split", StringType(), "train, validation, test"),
            field("metadata", TEXT_MAP, "carried fields, anonymised"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)

TOKENS = Table(
    "tokens",
    StructType([DOC_ID, field("input_ids", TOKEN_IDS, "token ids of corpus.text, without an end token"), RUN_ID]),
    key=("doc_id",),
)

PACKING_PLAN = Table(
    "packing_plan",
    StructType(
        [
            field("sequence_id", StringType(), "the sequence"),
            field("position", IntegerType(), "order in the sequence, from 0"),
            DOC_ID,
            field("start", IntegerType(), "in the document's tokens with its end token"),
            field("end", IntegerType(), "half-open"),
            RUN_ID,
        ]
    ),
    key=("sequence_id", "position"),
    changes_by="sequence_id",
    keep_history=True,
)

PRETRAINING_SEQUENCES = Table(
    "pretraining_sequences",
    StructType(
        [
            field("sequence_id", StringType(), "split, bucket and number"),
            field("split", StringType(), "train, validation, test: a sequence holds documents of one split"),
            field("input_ids", TOKEN_IDS, "length real entries, padding after them"),
            field("position_ids", TOKEN_IDS, "restart at each segment"),
            field("segment_ids", TOKEN_IDS, "number the documents in the sequence from 0; -1 on padding"),
            field("doc_ids", ArrayType(StringType()), "one a segment"),
            field("length", IntegerType(), "real entries"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("sequence_id",),
    changes_by="sequence_id",
    keep_history=True,
)

SFT_CONVERSATIONS = Table(
    "sft_conversations",
    StructType(
        [
            DOC_ID,
            field("split", StringType(), "train, validation, test"),
            field("messages", MESSAGES, "role and content, anonymised"),
            field("input_ids", TOKEN_IDS, "the rendered conversation"),
            field("assistant_mask", TOKEN_IDS, "1 on the tokens to learn, 0 elsewhere"),
            field("length", IntegerType(), "tokens"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)
