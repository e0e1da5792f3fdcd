"""The second look at published documents: what may have been missed, and which rare combinations remain."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpusmill.jobs.audit_texts import Texts
from corpusmill.transforms.text import combinations, mask, residual
from corpusmill.transforms.text.intervals import upper_bound

if TYPE_CHECKING:
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions, Anonymiser

Row = Mapping[str, Any]

DOCUMENTS = 1_000  # looked at, at most
SECONDS = 120.0  # after which no further document is begun
SHOWN = 24  # in masked context
COMBINED = ("text", "messages[")  # fields that rare combinations are looked for in


def options_for(applied: "AnonymiseOptions | None") -> "AnonymiseOptions":
    """The recognisers of the second look: all types at a low score, with models where any is installed."""
    from corpusmill.transforms.text import model_versions
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions

    languages = applied.languages if applied else ("de", "en")
    lowest = min(residual.LOW_SCORE, applied.minimum_score if applied else 1.0)
    models = applied.models if applied else {}
    full = AnonymiseOptions(languages=languages, mode="full", minimum_score=lowest, models=models)
    if len(model_versions.missing(full)) < len(languages):
        return full
    return AnonymiseOptions(languages=languages, mode="patterns", minimum_score=lowest)


def look(
    documents: Sequence[Row],
    texts: Texts,
    recognisers: "Anonymiser",
    masker: "Anonymiser",
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Search the documents, in their order, for what is left; a document that cannot be searched counts as having it.

    documents: as `audit_sample.draw_documents` gives them: however far the time reaches, it is a random sample.
    """
    began, searched, failed, uncertain = clock(), 0, 0, 0
    with_any: Counter[str] = Counter()
    n_findings: Counter[str] = Counter()
    types: Counter[tuple[str, str]] = Counter()
    shown: list[dict[str, Any]] = []
    for document in documents:
        if searched and clock() - began > seconds:
            break
        searched += 1
        uncertain += texts.uncertain(document["doc_id"])
        try:
            found = _search(document, texts, recognisers)
        except Exception:  # no result is no proof of absence
            failed += 1
            found = []
        for means in {f.recogniser for *_, f in found}:
            with_any[means] += 1
        with_any["any"] += bool(found)
        for name, text, finding in found:
            n_findings[finding.recogniser] += 1
            types[finding.entity_type, finding.recogniser] += 1
            if len(shown) < SHOWN and sum(s["means"] == finding.recogniser for s in shown) < SHOWN // 3:
                known = [*texts.known(document["doc_id"], name), *(f for n, _, f in found if n == name)]
                span = finding.start, finding.end
                pieces = mask.around(text, span, known, masker, document["language"])
                shown.append(_shown(document, name, finding, pieces))
    with_any["any"] += failed
    return {
        "documents": searched,
        "drawn": len(documents),
        "failed": failed,
        "uncertain": uncertain,
        "any": _rate(with_any["any"], searched),
        "means": [{"means": m, "findings": n_findings[m], **_rate(with_any[m], searched)} for m in residual.MEANS],
        "types": [{"type": kind, "means": m, "n": n} for (kind, m), n in types.most_common()],
        "samples": shown,
    }


def _search(document: Row, texts: Texts, recognisers: "Anonymiser") -> list[tuple[str, str, Any]]:
    """Field, its text and what was found in it, of all fields of a document."""
    doc_id = document["doc_id"]
    return [
        (name, text, finding)
        for name, text in sorted(texts.published(doc_id).items())
        for finding in residual.scan(text, document["language"], recognisers, texts.placed(doc_id, name))
    ]


def _shown(document: Row, name: str, finding: Any, pieces: Sequence[mask.Piece]) -> dict[str, Any]:
    return {
        "means": finding.recogniser,
        "entity_type": finding.entity_type,
        "score": finding.score,
        **{k: document[k] for k in ("doc_id", "source", "language")},
        "field": name,
        "pieces": [list(piece) for piece in pieces],
    }


def _rate(hits: int, n: int) -> dict[str, Any]:
    return {"hits": hits, "rate": hits / n if n else None, "upper": upper_bound(hits, n)}


def combine(documents: Sequence[Row], texts: Texts) -> dict[str, Any]:
    """Rare combinations of job, town and age in the documents' published texts."""
    found = {
        d["doc_id"]: {
            one
            for name, text in texts.published(d["doc_id"]).items()
            if name.startswith(COMBINED)
            for one in combinations.combinations(text)
        }
        for d in documents
    }
    return {"documents": len(documents), **combinations.rare(found)}
