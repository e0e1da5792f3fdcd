"""corpus -> packed sequences and rendered conversations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StringType, StructType

from corpusmill.schemas.contract import field
from corpusmill.schemas.published import PACKING_PLAN, SFT_CONVERSATIONS
from corpusmill.transforms.made_from import made_from

PLAN = StructType([f for f in PACKING_PLAN.schema if f.name != "run_id"])
RENDERED = StructType(
    [
        *[f for f in SFT_CONVERSATIONS.schema if f.name != "run_id"],
        *(field(name, StringType(), "of a decision, where it is left out") for name in ("rule", "measured", "limit")),
    ]
)


@dataclass(frozen=True)
class Packing:
    """How documents become sequences. kind: best_fit or concat; end_id: None where documents have no end token."""

    kind: str
    sequence_length: int
    end_id: int | None
    pad_id: int


def token_counts(corpus: DataFrame, packing: Packing) -> DataFrame:
    """doc_id, split and n: tokens with the end token, of documents that have any."""
    extra = 0 if packing.end_id is None else 1
    return corpus.select("doc_id", "split", (F.col("n_tokens") + extra).alias("n")).where("n > 0")


def with_copies(counts: DataFrame, mix_plan: DataFrame) -> DataFrame:
    """The counts with `copies`, as the mixture has it. What is held out is there once: nothing is learned from it."""
    planned = counts.join(mix_plan.select("doc_id", F.col("copies").alias("_copies")), "doc_id", "left")
    copies = F.when(F.col("split") == "train", F.coalesce("_copies", F.lit(1))).otherwise(1)
    return planned.withColumn("copies", copies).drop("_copies")


def packing_plan(counts: DataFrame, packing: Packing, n_buckets: int) -> DataFrame:
    """Rows of `packing_plan`. Each bucket, a share of the documents by their id, is packed on its own.

    So a changed document moves the sequences of its bucket only. concat is one stream, and has one bucket a split.
    counts: with `copies` where documents are repeated: each time is an epoch, with buckets of its own, so that no
    sequence of best_fit has a document twice; in a stream the epochs follow each other.
    """
    kind, length = packing.kind, packing.sequence_length
    n_buckets = n_buckets if kind == "best_fit" else 1
    copies = F.col("copies") if "copies" in counts.columns else F.lit(1)

    def pack(group: pa.Table) -> pa.Table:
        from corpusmill.transforms.text import packing as text_packing

        group = group.sort_by([("epoch", "ascending"), ("doc_id", "ascending")])
        split, bucket = group.column("split")[0].as_py(), group.column("bucket")[0].as_py()
        do = text_packing.best_fit if kind == "best_fit" else text_packing.concat
        pieces = do(group.column("n").to_numpy(), length)
        names = [f"{split}-{bucket:05d}-{number:07d}" for number in range(int(pieces["sequence"].max(initial=-1)) + 1)]
        columns = {
            "sequence_id": pa.array(names, pa.string()).take(pa.array(pieces["sequence"])),
            "position": pa.array(pieces["position"], pa.int32()),
            "doc_id": group.column("doc_id").take(pa.array(pieces["document"])),
            "start": pa.array(pieces["start"], pa.int32()),
            "end": pa.array(pieces["end"], pa.int32()),
        }
        return pa.table(columns)

    # doc_id is a hash: its first 32 bits spread evenly.
    bucket = F.conv(F.substring("doc_id", 1, 8), 16, 10).cast("bigint") % n_buckets
    epochs = F.explode(F.sequence(F.lit(0), copies - 1)).alias("epoch")
    placed = counts.select("doc_id", "split", F.col("n").cast("bigint").alias("n"), bucket.alias("bucket"), epochs)
    if kind == "best_fit":
        placed = placed.withColumn("bucket", F.col("bucket") + F.col("epoch") * n_buckets)
    return placed.groupBy("split", "bucket").applyInArrow(pack, PLAN)


def uncovered(plan: DataFrame, counts: DataFrame) -> DataFrame:
    """Documents whose tokens are not all in the plan, as often as `copies` says (else once); there must be none."""
    covered = plan.groupBy("doc_id").agg(F.sum(F.col("end") - F.col("start")).alias("covered"))
    copies = F.col("copies") if "copies" in counts.columns else F.lit(1)
    both = counts.join(covered, "doc_id", "full_outer")
    return both.where(~(F.col("n").cast("bigint") * copies).eqNullSafe(F.col("covered"))).select("doc_id")


def sequence_versions(plan: DataFrame, corpus: DataFrame, made_with: str) -> DataFrame:
    """sequence_id, split and made_from: what a sequence is made from is its pieces and their documents' rows."""
    piece = F.struct("position", "doc_id", "start", "end", "made_from")
    joined = plan.join(corpus.select("doc_id", "split", "made_from"), "doc_id")
    pieces = F.to_json(F.sort_array(F.collect_list(piece)))
    of_pieces = made_from(pieces, F.lit(made_with)).alias("made_from")
    return joined.groupBy("sequence_id").agg(F.first("split").alias("split"), of_pieces)


def sequences(plan: DataFrame, tokens: DataFrame, packing: Packing) -> DataFrame:
    """Columns of `pretraining_sequences` but split and made_from, for the sequences of the plan."""
    ids = F.col("input_ids") if packing.end_id is None else F.concat("input_ids", F.array(F.lit(packing.end_id)))
    piece = F.slice(ids, F.col("start") + 1, F.col("end") - F.col("start"))
    pieces = plan.join(tokens.select("doc_id", "input_ids"), "doc_id").select(
        "sequence_id", F.struct("position", "doc_id", piece.alias("ids")).alias("piece")
    )
    whole = pieces.groupBy("sequence_id").agg(F.sort_array(F.collect_list("piece")).alias("pieces"))
    whole = whole.withColumn("length", F.aggregate("pieces", F.lit(0), lambda n, p: n + F.size(p["ids"])))
    padding = F.lit(packing.sequence_length) - F.col("length")

    def padded(of_piece: Column, with_value: int) -> Column:
        return F.concat(F.flatten(of_piece), F.array_repeat(F.lit(with_value), padding))

    positions = F.transform("pieces", lambda p: F.sequence(F.lit(0), F.size(p["ids"]) - 1))
    segments = F.transform("pieces", lambda p, number: F.array_repeat(number, F.size(p["ids"])))
    return whole.select(
        "sequence_id",
        padded(F.col("pieces.ids"), packing.pad_id).alias("input_ids"),
        padded(positions, 0).alias("position_ids"),
        padded(segments, -1).alias("segment_ids"),
        F.col("pieces.doc_id").alias("doc_ids"),
        "length",
    )


def conversations(corpus: DataFrame, tokenizer: tuple[str | None, str | None], sequence_length: int) -> DataFrame:
    """RENDERED for the conversations of the corpus; `rule` is set where one is left out of `sft_conversations`."""
    schema = to_arrow_schema(RENDERED)

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text import chat, tokens

        loaded = tokens.load_tokenizer(*tokenizer)
        for batch in source:
            rows = [row | _rendered(row["messages"], loaded, chat, sequence_length) for row in batch.to_pylist()]
            columns = [pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return corpus.select("doc_id", "split", "messages", "made_from").mapInArrow(batches, RENDERED)


def _rendered(messages, tokenizer, chat, sequence_length: int) -> dict[str, object]:  # type: ignore[no-untyped-def]
    try:
        rendered = chat.render(messages, tokenizer)
    except chat.ChatError as error:
        return {"rule": "sft_conversations.template", "measured": str(error), "limit": "the tokenizer's chat template"}
    length = len(rendered.input_ids)
    result = {"input_ids": rendered.input_ids, "assistant_mask": rendered.assistant_mask, "length": length}
    if length > sequence_length:
        limit = f"at most {sequence_length} tokens"
        return {"rule": "sft_conversations.sequence_length", "measured": f"{length} tokens", "limit": limit}
    return result
