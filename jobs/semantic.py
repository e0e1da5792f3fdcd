"""Documents -> embeddings -> pairs of semantic duplicates: an optional part of near_dedup."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.jobs.changes import bring_up_to_date
from corpusmill.jobs.code import code_hash
from corpusmill.jobs.stage import Context, digest
from corpusmill.schemas.documents import EMBEDDINGS
from corpusmill.schemas.errors import RunFailed, UserError
from corpusmill.schemas.recipe_stages import NearDedup, Semantic
from corpusmill.transforms import semantic as transform
from corpusmill.transforms.made_from import made_from
from corpusmill.transforms.text import vectors

CODE = ("corpusmill.transforms.semantic", "corpusmill.jobs.semantic")


def state(semantic: Semantic) -> Any:
    """What the vectors are made with. Raises UserError where the model cannot be used."""
    if semantic.model is None:
        return None
    if find_spec("sentence_transformers") is None or not Path(semantic.model, "modules.json").exists():
        vectors.load(semantic.model)  # says what is wrong
        raise UserError(f"near_dedup.semantic.model: no modules.json in {semantic.model}")
    files = sorted(f for f in Path(semantic.model).rglob("*") if f.is_file())
    return [[str(f.relative_to(semantic.model)), hashlib.sha256(f.read_bytes()).hexdigest()] for f in files]


def similar_pairs(context: Context, documents: DataFrame, ordered: DataFrame, near: NearDedup) -> DataFrame | None:
    """Pairs as `near_dedup.similar_pairs` gives them; None where the recipe does not ask for them.

    documents: doc_id, text, edits, metadata, content_hash. ordered: doc_id and priority of those to compare.
    """
    warehouse, semantic = context.warehouse, near.semantic
    if semantic is None:
        return None
    warehouse.ensure(EMBEDDINGS)
    made_with = digest(state(semantic), semantic.embedding, code_hash("corpusmill.transforms.text.vectors"))
    of_text = made_from("content_hash", F.lit(made_with), F.to_json("edits"))
    wanted = documents.withColumn("made_from", of_text).select("doc_id", "text", "edits", "metadata", "made_from")
    bring_up_to_date(warehouse, EMBEDDINGS, wanted, lambda rows: transform.embeddings(rows, semantic))
    embedded = context.read("embeddings").where("embedding IS NOT NULL").join(ordered, "doc_id")
    n_documents = embedded.count()
    n_without = context.read("embeddings").where("embedding IS NULL").count()
    if n_without:
        context.progress.note(f"{n_without:,} document(s) have no embedding, and are not compared by meaning")
    if not n_documents:
        raise RunFailed(
            f"near_dedup.semantic: no document has an embedding. {semantic.embedding or semantic.model}: want a list "
            "of numbers in a field that sources[].metadata carries."
        )
    k = min(n_documents, semantic.clusters or -(-n_documents // transform.PER_CLUSTER))
    rows = transform.sample(embedded, min(n_documents, k * transform.SAMPLED), near.seed).collect()
    centroids = vectors.k_means(vectors.matrix([r["embedding"] for r in rows]), k, near.seed)
    return warehouse.work("near_semantic", transform.pairs(embedded, centroids, semantic.minimum_similarity))
