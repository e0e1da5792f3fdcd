"""Embeddings as unit vectors: read, made by a model, put into clusters, compared within them.

A vector is little-endian float32 in one binary, of length 1, so that a product of two is their cosine similarity.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Indices = NDArray[np.int64]

ROUNDS = 10  # of k-means: SemDeDup's centroids (Abbas et al. 2023) hardly move after ten
BLOCK = 512  # vectors compared with all before them at once
HEADS = 48  # of a vector's like ones the first so many are pairs, so that a thousand equal ones do not give a million
SLACK = 1e-4  # products of matrices are float32 and depend on the block; what is near the limit is counted again


def read(texts: Sequence[str | None]) -> list[bytes | None]:
    """The vector of each JSON list of numbers; None where there is none, or one of length 0.

    >>> one, other, broken = read(["[3, 4]", None, "[1, \\"x\\"]"])
    >>> np.frombuffer(one, "<f4").round(2).tolist(), other, broken
    ([0.6000000238418579, 0.800000011920929], None, None)
    """
    return [None if text is None else _read(text) for text in texts]


def made(texts: Sequence[str], model: str) -> list[bytes]:
    """The vector of each text by the model in a folder. Raises UserError as `load`."""
    found = load(model).encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
    return [row.astype("<f4").tobytes() for row in found]


@lru_cache(maxsize=1)
def load(model: str) -> "SentenceTransformer":
    """The model of sentence-transformers in a folder, on the CPU. Raises UserError where it cannot be loaded."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise UserError(
            "near_dedup.semantic.model needs the package sentence-transformers: install `corpusmill[semantic]`, or "
            "give vectors of your own as near_dedup.semantic.embedding"
        ) from None
    try:
        return SentenceTransformer(model, device="cpu", local_files_only=True)
    except Exception as error:
        raise UserError(
            f"near_dedup.semantic.model: {model} is no folder of a sentence-transformers model ({type(error).__name__})"
        ) from None


def matrix(packed: Sequence[bytes]) -> Vectors:
    """Vectors as the rows of a matrix. Raises UserError where they are not equally long."""
    lengths = {len(one) // 4 for one in packed}
    if len(lengths) > 1:
        raise UserError(f"embeddings differ in length ({min(lengths)} to {max(lengths)} numbers); want one model's")
    return np.frombuffer(b"".join(packed), dtype="<f4").reshape(len(packed), -1)


def k_means(vectors: Vectors, k: int, seed: int) -> Vectors:
    """Centroids of length 1, shape (k, numbers), by spherical k-means; the same for the same vectors in this order."""
    random = np.random.Generator(np.random.PCG64(seed))
    centroids = vectors[np.sort(random.choice(len(vectors), k, replace=False))].copy()
    for _ in range(ROUNDS):
        nearest = np.argmax(vectors @ centroids.T, axis=1)
        sums = np.zeros(centroids.shape, dtype=np.float64)
        np.add.at(sums, nearest, vectors)
        lengths = np.linalg.norm(sums, axis=1)
        filled = lengths > 0  # a cluster that lost all stays where it is
        centroids[filled] = (sums[filled] / lengths[filled, None]).astype(np.float32)
    return centroids


def nearest(vectors: Vectors, centroids: Vectors, n: int) -> Indices:
    """The n nearest centroids of each vector, shape (vectors, n)."""
    return np.argsort(-(vectors @ centroids.T), axis=1, kind="stable")[:, :n]


def similar_pairs(vectors: Vectors, minimum_similarity: float) -> tuple[Indices, Indices, NDArray[np.float64]]:
    """Rows (earlier, later) of vectors at least so similar, and their cosine; of each later one the first HEADS.

    >>> vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    >>> [found.round(3).tolist() for found in similar_pairs(vectors, 0.7)]
    [[1], [2], [0.8]]
    """
    firsts, seconds = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for start in range(0, len(vectors), BLOCK):
        end = min(start + BLOCK, len(vectors))
        like = vectors[start:end] @ vectors[:end].T >= minimum_similarity - SLACK
        like &= np.arange(end) < np.arange(start, end)[:, None]
        like &= np.cumsum(like, axis=1) <= HEADS
        later, earlier = np.nonzero(like)
        firsts.append(earlier)
        seconds.append(later + start)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    cosine = (vectors[first].astype(np.float64) * vectors[second]).sum(axis=1)
    enough = cosine >= minimum_similarity
    return first[enough], second[enough], np.minimum(cosine[enough], 1.0)


def _read(text: str) -> bytes | None:
    try:
        numbers: Any = orjson.loads(text)
        vector = np.array(numbers, dtype=np.float64)
    except (ValueError, TypeError):
        return None
    length = np.linalg.norm(vector) if vector.ndim == 1 else 0.0
    return (vector / length).astype("<f4").tobytes() if np.isfinite(length) and length > 0 else None
