"""Near-duplicates: signatures propose pairs, their n-gram sets decide, keeper order says which of a pair goes.

    signatures(documents)  ->  proposed_pairs  ->  ngram_sets of those documents only  ->  similar_pairs
    -> jobs.near_dedup_rounds.removal_set  ->  removal_set.near_clusters, merge_clusters(exact, near)

Keeper order is `priority` descending, then doc_id. Documents with equal n-gram sets are alike to everybody, so only the
first of them goes through all this; the others share its fate, with a similarity of 1 if it is kept. A document
with fewer words than an n-gram has no signature, is in no pair, and stays unless it is an exact copy.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    BinaryType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from corpusmill.schemas.recipe_stages import NearDedup
from corpusmill.transforms import keeper
from corpusmill.transforms.exact_dedup import first_equal
from corpusmill.transforms.text import minhash, pairs, shingles
from corpusmill.transforms.text.edits import edited_texts

SIGNED = [
    StructField("n_chars", LongType()),
    StructField("signature", BinaryType()),
    StructField("n_ngrams", IntegerType()),
    StructField("ngrams_hash", StringType()),
    StructField("hash_version", StringType()),
]
BANDED = "band long, doc_id string, priority long, n_ngrams int"
PROPOSED = "a string, b string, a_priority long, b_priority long, home long"
SIMILAR = "a string, b string, a_priority long, b_priority long, similarity double, method string"
TEXTS_AT_ONCE = 500
NGRAMS_A_PART = 4_000_000  # 32 MB: a set is moved once to each part that needs it, so not many more parts than needed


@dataclass(frozen=True)
class NearDedupOptions:
    """What the recipe's key `near_dedup` says, with the bands planned."""

    ngram: int
    minimum_similarity: float
    bands: minhash.Bands
    seed: int
    unit: shingles.Unit = "words"

    @property
    def hash_version(self) -> str:
        """Signatures with the same version can be compared."""
        return f"{self.unit}-{shingles.HASH_VERSION} ngram={self.ngram} slots={self.bands.slots} seed={self.seed}"


def options_of(near: NearDedup) -> NearDedupOptions:
    """The recipe's options with bands and rows: the given ones, else those that reach the recall."""
    bands = minhash.plan(near.minimum_similarity, near.recall, near.bands, near.rows)
    return NearDedupOptions(near.ngram, near.minimum_similarity, bands, near.seed, near.unit)


def signatures(documents: DataFrame, options: NearDedupOptions) -> DataFrame:
    """The documents with `text` replaced by n_chars, signature, n_ngrams, ngrams_hash and hash_version.

    documents: doc_id, text, edits (to apply; may be left out), and any columns to carry. Signature and ngrams_hash are
    null where the text has fewer words than an n-gram.
    """
    carried = [field for field in documents.schema if field.name not in ("text", "edits")]
    names = [field.name for field in carried + SIGNED]
    version = options.hash_version

    def signed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch, texts in _pieces(batches):
            values, offsets = shingles.ngram_sets(texts, options.ngram, options.unit)
            slots = minhash.signatures(values, offsets, options.bands.slots, options.seed).astype("<u4", copy=False)
            sizes = np.diff(offsets).tolist()
            new = [
                pa.array(texts.str.len_chars().to_list(), pa.int64()),
                pa.array([row.tobytes() if n else None for row, n in zip(slots, sizes, strict=True)], pa.binary()),
                pa.array(sizes, pa.int32()),
                pa.array(shingles.set_hashes(values, offsets), pa.string()),
                pa.array([version] * len(texts), pa.string()),
            ]
            yield pa.RecordBatch.from_arrays([*(batch[field.name] for field in carried), *new], names=names)

    return documents.mapInArrow(signed, StructType(carried + SIGNED))


def unsigned(documents: DataFrame) -> DataFrame:
    """The documents as `signatures` gives them, with nothing measured."""
    return documents.drop("text").withColumns({f.name: F.lit(None).cast(f.dataType) for f in SIGNED})


def proposed_pairs(signed: DataFrame, options: NearDedupOptions, earlier: DataFrame | None = None) -> DataFrame:
    """The pairs to compare, each once: a (before b in keeper order), b, their priorities, and `home`.

    signed: doc_id, priority (long), signature, n_ngrams, ngrams_hash, of every document to be compared. `home` is the
    hash of a document that stands first in a bucket of the pair: pairs of one cluster tend to share it. earlier: as
    `near_dedup_increment.earlier_pairs` gives them, to be compared whether a bucket holds them or not.
    """
    in_bands = banded(first_of_equal(signed).where("first = doc_id").drop("first"), options)
    # Not by what is published: so a pair that a bucket proposed is left out later only where new ones came between.
    order = [F.col("band"), keeper.by_rule(F.col("priority")).desc(), F.col("doc_id")]
    limit = options.minimum_similarity

    def propose(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return pairs.propose(batches, limit)

    proposed = in_bands.repartition("band").sortWithinPartitions(*order).mapInArrow(propose, PROPOSED)
    proposed = proposed.where(F.col("b_priority") < keeper.FOREIGN)  # two foreign ones are of no interest
    if earlier is not None:
        proposed = proposed.unionByName(earlier)
    # Moved first: buckets of one pair seldom lie in one task, so that grouping before moving costs and saves nothing.
    by_pair = proposed.repartition("a", "b").groupBy("a", "b", "a_priority", "b_priority")
    return by_pair.agg(F.min("home").alias("home"))


def skipped_pairs(signed: DataFrame, options: NearDedupOptions) -> DataFrame:
    """One row, `skipped`: what `pairs.skipped` counts, of more signatures than one process holds."""
    buckets = banded(first_of_equal(signed).where("first = doc_id").drop("first"), options).groupBy("band").count()
    beyond = F.greatest(F.col("count") - 1 - (pairs.HEADS + pairs.WINDOW), F.lit(0))
    return buckets.agg(F.coalesce(F.sum(beyond * (beyond + 1) / 2), F.lit(0)).cast("long").alias("skipped"))


def members(proposed: DataFrame) -> DataFrame:
    """doc_id of each document that is in a pair: those whose n-gram sets are needed."""
    return proposed.select(F.explode(F.array("a", "b")).alias("doc_id")).distinct()


def ngram_sets(documents: DataFrame, options: NearDedupOptions) -> DataFrame:
    """doc_id and its n-gram set, sorted little-endian uint64 in one binary.

    documents: doc_id, text, edits (to apply; may be left out).
    """

    def sets(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch, texts in _pieces(batches):
            values, offsets = shingles.ngram_sets(texts, options.ngram, options.unit)
            packed = values.astype("<u8", copy=False).data.cast("B")
            cuts = (offsets * 8).tolist()
            binaries = [packed[start:end] for start, end in itertools.pairwise(cuts)]
            yield pa.RecordBatch.from_arrays([batch["doc_id"], pa.array(binaries, pa.binary())], ["doc_id", "ngrams"])

    return documents.mapInArrow(sets, "doc_id string, ngrams binary")


def parts_for(n_ngrams: int) -> int:
    """Parts for `similar_pairs`, so that the n-gram sets of one, of so many n-grams in all, fit a task with ease.

    >>> parts_for(0), parts_for(NGRAMS_A_PART - 1), parts_for(10 * NGRAMS_A_PART)
    (1, 1, 11)
    """
    return n_ngrams // NGRAMS_A_PART + 1


def similar_pairs(proposed: DataFrame, sets: DataFrame, minimum_similarity: float, parts: int) -> DataFrame:
    """Those of the proposed pairs whose true Jaccard similarity is at least the limit, with it.

    sets: as `ngram_sets` gives them, for `members(proposed)`. Pairs go to a part by their `home`, and a set is moved
    once to each part that needs it; a part is compared in memory (`parts_for`).
    """
    part = F.pmod("home", F.lit(parts))
    needed = proposed.select(part.alias("set_part"), F.explode(F.array("a", "b")).alias("doc_id")).distinct()

    def compare(pair_rows: pa.Table, set_rows: pa.Table) -> pa.Table:
        similarity = _jaccards(pair_rows, set_rows)
        columns = [pair_rows[name] for name in ("a", "b", "a_priority", "b_priority")]
        columns += [pa.array(similarity), pa.array(["minhash"] * len(pair_rows), pa.string())]
        found = pa.table(columns, names=["a", "b", "a_priority", "b_priority", "similarity", "method"])
        return found.filter(pa.array(similarity >= minimum_similarity))

    moved = needed.join(sets, "doc_id").groupBy("set_part")
    return proposed.withColumn("part", part).groupBy("part").cogroup(moved).applyInArrow(compare, SIMILAR)


def first_of_equal(signed: DataFrame) -> DataFrame:
    """Those with a signature, and `first`: of the documents with the same n-gram set the first in keeper order."""
    return signed.where("signature is not null").withColumn("first", first_equal("ngrams_hash"))


def banded(signed: DataFrame, options: NearDedupOptions) -> DataFrame:
    """A row for each band of each signature: band (its hash), doc_id, priority, n_ngrams."""
    bands = options.bands

    def cut(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            slots = np.frombuffer(b"".join(batch["signature"].to_pylist()), dtype="<u4")
            hashed = minhash.bands_of(slots.reshape(batch.num_rows, bands.slots), bands)
            rows = pa.array(np.repeat(np.arange(batch.num_rows), bands.bands))
            others = [batch[name].take(rows) for name in ("doc_id", "priority", "n_ngrams")]
            yield pa.RecordBatch.from_arrays(
                [pa.array(hashed.ravel()), *others], ["band", "doc_id", "priority", "n_ngrams"]
            )

    return signed.select("doc_id", F.col("priority").cast("long"), "n_ngrams", "signature").mapInArrow(cut, BANDED)


def _jaccards(pair_rows: pa.Table, set_rows: pa.Table) -> np.ndarray:
    ids = pl.Series(pl.from_arrow(set_rows["doc_id"]))
    place = pl.DataFrame({"doc_id": ids, "at": np.arange(len(ids))})
    left, right = (
        pl.DataFrame({"doc_id": pl.from_arrow(pair_rows[side])}).join(
            place, on="doc_id", how="left", maintain_order="left"
        )["at"]
        for side in ("a", "b")
    )
    packed = set_rows["ngrams"].cast(pa.large_binary()).combine_chunks()
    _, ends, data = packed.buffers()
    offsets = np.frombuffer(ends, dtype=np.int64)[packed.offset : packed.offset + len(packed) + 1] // 8
    values = np.frombuffer(data, dtype="<u8")[offsets[0] : offsets[-1]]
    return pairs.jaccards(values, offsets - offsets[0], left.to_numpy(), right.to_numpy())


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, pl.Series]]:
    """Batches of few enough texts that what is made of them at once stays small, each with its edited texts."""
    for batch in batches:
        for start in range(0, batch.num_rows, TEXTS_AT_ONCE):
            piece = batch.slice(start, TEXTS_AT_ONCE)
            yield piece, edited_texts(piece)
