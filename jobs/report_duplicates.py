"""The report's part on duplicates: how many, how similar, how sure; the rows are those of `report_queries`."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corpusmill.jobs.report_parts import Row, binned, origin
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.recipe_stages import NearDedup
from corpusmill.transforms.text import differences, mask, minhash

Span = tuple[int, int]
Excerpts = Callable[[str, Sequence[Span], Sequence[Span], str], list[list[mask.Piece]]]  # text, spans, marks, language

READ = 6_000  # characters of a document in a pair: differences are sought in them
# A passage shown begins before this, so that a value at its end is read as a whole and masked.
LOOKED_AT = READ - mask.READ_AHEAD - differences.LONGEST - 2 * differences.CONTEXT
EXCERPTS = 2  # of each document of a pair
SHOWN = 200  # characters of a document without a difference
SOURCES = 15  # pairs of sources listed, the most frequent


def duplicates(
    recipe: Recipe, facts: Mapping[str, Sequence[Row]], texts: Mapping[str, Row], excerpts: Excerpts
) -> dict[str, Any] | None:
    """Of removed documents how and how similar; of clusters how large; None where the recipe does not deduplicate."""
    if recipe.exact_dedup is None and recipe.near_dedup is None:
        return None
    similar = facts.get("similarity", ())
    methods: Counter[str] = Counter()
    for r in similar:
        methods[r["a"]] += r["n"]
    sizes = {int(r["a"]): r["n"] for r in facts.get("cluster", ())}
    similarities = [
        {"from": int(r["b"]) / 20, "n": r["n"]}
        for r in sorted(similar, key=lambda r: int(r["b"]))
        if r["a"] == "minhash"
    ]
    near = recipe.near_dedup
    copied = sorted(facts.get("copied", ()), key=lambda r: (-r["n"], r["a"] or "", r["b"] or ""))
    return {
        "methods": dict(methods),
        "clusters": sum(sizes.values()),
        "largest": max(sizes, default=0),
        "sizes": binned(sizes, ((2, 2), (3, 3), (4, 5), (6, 10), (11, 100), (101, 0))),
        "similarities": similarities,
        "near": near and _near(near, similarities) | {"skipped": sum(r["n"] for r in facts.get("skipped", ()))},
        "copied": [{"removed": r["a"] or "?", "kept": r["b"] or "?", "n": r["n"]} for r in copied[:SOURCES]],
        "n_copied": len(copied),
        "pairs": [
            _pair(r, near or NearDedup(), texts, excerpts)
            for r in sorted(facts.get("pair", ()), key=lambda r: (r["x"], r["a"]))
        ],
    }


def _near(near: NearDedup, similarities: Sequence[Row]) -> dict[str, Any]:
    """The bands, their S-curve, and how many pairs like those found it lets one expect to be missed."""
    bands = minhash.plan(near.minimum_similarity, near.recall, near.bands, near.rows)
    limit = near.minimum_similarity
    over = minhash.just_over(limit)

    def point(similarity: float) -> dict[str, float]:
        return {"similarity": round(similarity, 4), "probability": minhash.s_curve(bands, similarity)}

    found = [(r["n"], minhash.s_curve(bands, min(1.0, max(limit, r["from"] + 0.025)))) for r in similarities]
    return {
        "ngram": near.ngram,
        "unit": near.unit,
        "bands": bands.bands,
        "rows": bands.rows,
        "limit": point(limit),
        "over": point(over),
        "curve": [point(n / 100) for n in range(101)],
        "found": sum(n for n, _ in found),
        "missed": sum(n * (1 - p) / p for n, p in found if p > 0),
    }


def _pair(pair: Row, near: NearDedup, texts: Mapping[str, Row], excerpts: Excerpts) -> dict[str, Any]:
    """The document kept, then the one removed, each with places that it alone has."""
    sides = [origin(doc_id, texts.get(doc_id)) for doc_id in (pair["b"], pair["a"])]
    written = [((texts.get(side["doc_id"]) or {}).get("text") or "")[:READ] for side in sides]
    documents = []
    for side, text, other in zip(sides, written, reversed(written), strict=True):
        only = differences.only_here(text, other, near.ngram, near.unit)
        first = [span for span in only if span[0] < LOOKED_AT or len(text) < READ][:EXCERPTS]
        windows = differences.windows(text, first) or [(0, _some(text))]
        shown = excerpts(text, windows, only, side["language"]) if text else []
        documents.append({**side, "excerpts": [[list(piece) for piece in pieces] for pieces in shown]})
    return {"similarity": pair["x"], "documents": documents}


def _some(text: str) -> int:
    """Where the beginning that is shown of a text ends: between two words."""
    return len(text) if len(text) <= SHOWN else max(text.rfind(" ", 0, SHOWN), 1)
