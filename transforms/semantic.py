"""Semantic duplicates: embeddings -> clusters by k-means -> pairs within clusters whose cosine reaches the limit.

    embeddings(documents)  ->  jobs.semantic: centroids of a sample  ->  pairs

The pairs go into the removal set together with those of near_dedup. A document is compared in the PROBES clusters that
are nearest to it, so that two on either side of a border meet.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StructField, StructType

from corpusmill.schemas.recipe_stages import Semantic
from corpusmill.transforms.near_dedup import SIMILAR
from corpusmill.transforms.text import vectors
from corpusmill.transforms.text.edits import edited_texts

PROBES = 2
PER_CLUSTER = 4_000  # documents: compared with one another in a second or two
SAMPLED = 64  # documents of a cluster from which its centroid is found
TEXTS_AT_ONCE = 64

ASSIGNED = "cluster int, doc_id string, priority long, embedding binary"


def embeddings(documents: DataFrame, semantic: Semantic) -> DataFrame:
    """The documents with `text`, `edits` and `metadata` replaced by `embedding`, null where there is none."""
    carried = [f for f in documents.schema if f.name not in ("text", "edits", "metadata")]
    result = StructType([*carried, StructField("embedding", BinaryType())])
    names = [f.name for f in result]
    if semantic.embedding is not None:
        given = documents.withColumn("text", F.col("metadata")[semantic.embedding]).drop("metadata", "edits")
    else:
        given = documents.drop("metadata")

    def embed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for start in range(0, batch.num_rows, TEXTS_AT_ONCE):
                piece = batch.slice(start, TEXTS_AT_ONCE)
                found: Sequence[bytes | None]
                if semantic.model is None:
                    found = vectors.read(piece["text"].to_pylist())
                else:
                    found = vectors.made(edited_texts(piece).fill_null("").to_list(), semantic.model)
                arrays = [*(piece[f.name] for f in carried), pa.array(found, pa.binary())]
                yield pa.RecordBatch.from_arrays(arrays, names=names)

    return given.mapInArrow(embed, result)


def sample(embedded: DataFrame, n: int, seed: int) -> DataFrame:
    """The same n embeddings whatever the partitioning."""
    order = F.xxhash64(F.lit(seed), "doc_id")
    return embedded.select("embedding", "doc_id", order.alias("order")).orderBy("order", "doc_id").limit(n)


def pairs(embedded: DataFrame, centroids: vectors.Vectors, minimum_similarity: float) -> DataFrame:
    """SIMILAR, method `semantic`: pairs of a cluster whose cosine reaches the limit, a before b in keeper order.

    embedded: doc_id, priority, embedding (not null). centroids: of shape (clusters, numbers).
    """
    probes = min(PROBES, len(centroids))

    def assign(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if not batch.num_rows:
                continue
            found = vectors.nearest(vectors.matrix(batch["embedding"].to_pylist()), centroids, probes)
            rows = batch.take(pa.array(np.repeat(np.arange(batch.num_rows), probes)))
            cluster = pa.array(found.ravel(), pa.int32())
            yield pa.RecordBatch.from_arrays([cluster, *rows.columns], names=["cluster", *rows.schema.names])

    def compare(group: pa.Table) -> pa.Table:
        group = group.sort_by([("priority", "descending"), ("doc_id", "ascending")]).combine_chunks()
        found = vectors.matrix(group["embedding"].to_pylist())
        first, second, cosine = vectors.similar_pairs(found, minimum_similarity)
        sides = [pc.take(group[name], pa.array(at)) for name in ("doc_id", "priority") for at in (first, second)]
        method = pa.array(["semantic"] * len(first), pa.string())
        return pa.table([*sides, pa.array(cosine), method], names=[c.split()[0] for c in SIMILAR.split(", ")])

    assigned = embedded.select("doc_id", "priority", "embedding").mapInArrow(assign, ASSIGNED)
    return assigned.groupBy("cluster").applyInArrow(compare, SIMILAR).dropDuplicates(["a", "b"])
