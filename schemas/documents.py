"""What the stages decide about a document: its text and signals, edits, duplicates, decisions."""

from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    StringType,
    StructField,
    StructType,
)

from corpusmill.schemas.contract import Table, field
from corpusmill.schemas.inputs import TEXT_MAP

RUN_ID = field("run_id", StringType(), "the run that wrote the row")
DOC_ID = field("doc_id", StringType(), "the document")
MADE_FROM = field("made_from", StringType(), "hash of the input's content, the stage's options and its code")

SHARES = MapType(StringType(), FloatType())

MESSAGES = ArrayType(
    StructType(
        [
            StructField("role", StringType()),
            StructField("content", StringType()),
        ]
    )
)


SCORES = MapType(StringType(), DoubleType())


def documents(signals: StructType) -> Table:
    """The table of readable documents; the struct of signals is declared with the signals themselves."""
    return Table(
        "documents",
        StructType(
            [
                DOC_ID,
                field("source", StringType(), "name of the recipe's source"),
                field("source_id", StringType(), "the input's own id"),
                field("content_type", StringType(), "of the input"),
                field("text", StringType(), "clean text; never changes after prepare"),
                field("messages", MESSAGES, "of a conversation; text is then their contents joined by blank lines"),
                field("content_hash", StringType(), "hash of text, messages and metadata"),
                field("exact_hash", StringType(), "hash of text, normalised: case, white space, Unicode form"),
                field("n_chars", IntegerType(), "code points of text"),
                field("language", StringType(), "ISO 639-1 where there is one; und"),
                field("language_confidence", FloatType(), "0..1"),
                field("languages", SHARES, "language to its share of the letters that say something; und: empty"),
                field("signals", signals, "measures of text; null where the recipe has no quality"),
                field(
                    "scores",
                    SCORES,
                    "by quality.classifiers and quality.perplexity, by name; null where there are none",
                ),
                field("metadata", TEXT_MAP, "the fields listed in sources[].metadata"),
                MADE_FROM,
                RUN_ID,
            ]
        ),
        key=("doc_id",),
    )


def edited_documents(signals: StructType) -> Table:
    """The table of what differs from `documents` where a document has edits: measures of its edited text."""
    return Table(
        "edited_documents",
        StructType(
            [
                DOC_ID,
                field("exact_hash", StringType(), "as in documents, of the edited text"),
                field("n_chars", IntegerType(), "code points of the edited text"),
                field("signals", signals, "measures of the edited text; null where the recipe has no quality"),
                field("scores", SCORES, "as in documents, of the edited text"),
                MADE_FROM,
                RUN_ID,
            ]
        ),
        key=("doc_id",),
    )


EDITS = Table(
    "edits",
    StructType(
        [
            DOC_ID,
            field("stage", StringType(), "the stage of the rule"),
            field("rule", StringType(), "the rule"),
            field("start", IntegerType(), "code points into documents.text"),
            field("end", IntegerType(), "half-open"),
            field("replacement", StringType(), "what stands there instead"),
            RUN_ID,
        ]
    ),
    key=("doc_id", "start", "rule"),
)

PASSAGES = Table(
    "passages",
    StructType(
        [
            DOC_ID,
            field(
                "passages",
                ArrayType(
                    StructType(
                        [
                            field(
                                "hash", LongType(), "64 bits, salted, of the passage: case, white space, Unicode form"
                            ),
                            field("before", IntegerType(), "where the passage before it ends; code points"),
                            field("start", IntegerType(), "where it begins"),
                            field("end", IntegerType(), "where it ends"),
                            field("after", IntegerType(), "where the next one begins; of the last: the text's end"),
                            field("left", IntegerType(), "passages from this one to the last, short ones too"),
                        ]
                    )
                ),
                "the document's passages of enough words; hashes and places in documents.text",
            ),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
)

PASSAGE_COUNTS = Table(
    "passage_counts",
    StructType(
        [
            field("source", StringType(), "name of the recipe's source"),
            field("hash", LongType(), "as in passages"),
            field("n_documents", LongType(), "documents of the source that hold it; equal texts count once"),
            field("kept_doc_id", StringType(), "the one of them that keeps it: the longest, then the lowest doc_id"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("source", "hash"),
    changes_by="kept_doc_id",
    keep_history=True,
)

MINHASH_SIGNATURES = Table(
    "minhash_signatures",
    StructType(
        [
            DOC_ID,
            field("signature", BinaryType(), "bands * rows little-endian uint32; null for a text too short"),
            field("n_ngrams", IntegerType(), "distinct n-grams"),
            field("ngrams_hash", StringType(), "equal for equal sets of n-grams; null where there are none"),
            field("hash_version", StringType(), "normalisation, n-gram, permutations and seed"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
)

FOREIGN_DOCUMENTS = Table(
    "foreign_documents",
    StructType(
        [
            field("doc_id", StringType(), "hash of corpus, own id and content"),
            field("corpus", StringType(), "name in the recipe's `against`"),
            field("uri", StringType(), "the file, relative to the corpus' path; the table's name"),
            field("position", LongType(), "number of the record in its file, from 0"),
            field("exact_hash", StringType(), "as in documents"),
            field("signature", BinaryType(), "as in minhash_signatures; null without near_dedup"),
            field("n_ngrams", IntegerType(), "distinct n-grams"),
            field("ngrams_hash", StringType(), "equal for equal sets of n-grams; null where there are none"),
            field("hash_version", StringType(), "normalisation, n-gram, permutations and seed"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)

EMBEDDINGS = Table(
    "embeddings",
    StructType(
        [
            DOC_ID,
            field("embedding", BinaryType(), "little-endian float32, of length 1; null where there is none"),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
)

DUPLICATE_CLUSTERS = Table(
    "duplicate_clusters",
    StructType(
        [
            DOC_ID,
            field("cluster_id", StringType(), "doc_id of the document kept"),
            field("kept_doc_id", StringType(), "its own in the row of a kept one; may be one of foreign_documents"),
            field("method", StringType(), "exact, minhash, semantic"),
            field(
                "similarity",
                DoubleType(),
                "with the kept document: Jaccard, or cosine where semantic; 1.0 for a kept one",
            ),
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)

CONTAMINATION_SCANS = Table(
    "contamination_scans",
    StructType(
        [
            DOC_ID,
            field(
                "found",
                ArrayType(
                    StructType(
                        [
                            StructField("benchmark", StringType()),
                            StructField("item_id", StringType()),
                            StructField("n_words", IntegerType()),
                            StructField("overlap", DoubleType()),
                            StructField("start", IntegerType()),
                            StructField("end", IntegerType()),
                        ]
                    )
                ),
                "what contamination is made of; empty for a document that was looked at and holds nothing",
            ),
            MADE_FROM,
            RUN_ID,
        ]
    ),
    key=("doc_id",),
)

CONTAMINATION = Table(
    "contamination",
    StructType(
        [
            DOC_ID,
            field("benchmark", StringType(), "name of the benchmark"),
            field("item_id", StringType(), "its item: line number from 0, or the value of its id"),
            field("overlap", DoubleType(), "share of the item's n-grams that stand together in the document, 0..1"),
            field("start", IntegerType(), "where it stands; code points into documents.text"),
            field("end", IntegerType(), "half-open"),
            RUN_ID,
        ]
    ),
    key=("doc_id", "benchmark", "item_id"),
    keep_history=True,
)

DECISIONS = Table(
    "decisions",
    StructType(
        [
            DOC_ID,
            field("stage", StringType(), "the stage that drops it"),
            field("rule", StringType(), "the first rule, in the recipe's order, that drops it"),
            field("measured", StringType(), "as shown to a user"),
            field("limit", StringType(), "as shown to a user"),
            field("detail", StringType(), "the other rules of the stage that it fails, or what else explains it"),
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)

TOKEN_COUNTS = Table(
    "token_counts",
    StructType(
        [DOC_ID, field("n_tokens", IntegerType(), "tokens of the text with its edits, for mix"), MADE_FROM, RUN_ID]
    ),
    key=("doc_id",),
    keep_history=True,
)

MIX_PLAN = Table(
    "mix_plan",
    StructType(
        [
            DOC_ID,
            field("copies", IntegerType(), "how often it is in the mixture; 0 is a decision at mix"),
            field("group", StringType(), "the group whose share it counts to"),
            RUN_ID,
        ]
    ),
    key=("doc_id",),
    keep_history=True,
)
