"""How `corpusmill tune` prints what it found."""

from corpusmill.jobs import show
from corpusmill.jobs.tune import Detail, Tuning, share


def tuning(found: Tuning, as_json: bool) -> None:
    """All rules, then the one that was looked at."""
    if as_json:
        show.as_json(found.to_dict())
        return
    show.line(
        f"{found.drops:,} of {found.documents:,} documents would be dropped ({share(found.drops, found.documents)})"
    )
    show.line()
    rows = [(c.rule, c.limit, c.drops, share(c.drops, found.documents), c.alone, c.first) for c in found.rules]
    show.table(("rule", "limit", "drops", "share", "alone", "decides"), rows)
    for detail in found.details:
        _detail(detail, found.documents)


def _detail(detail: Detail, n_documents: int) -> None:
    show.line(f"\n{detail.rule}, {detail.bound} {detail.limit:g}\n")
    rows = [
        (f"{limit:g}" + (" *" if limit == detail.limit else ""), drops, share(drops, n_documents), alone)
        for limit, drops, alone in detail.curve
    ]
    show.table((detail.bound, "drops", "share", "alone"), rows)
    for what, groups in (("language", detail.by_language), ("source", detail.by_source)):
        show.line()
        show.table((what, "documents", "drops", "share"), [(g, n, f, share(f, n)) for g, n, f in groups])
    for what, samples in (("dropped", detail.dropped), ("kept", detail.kept)):
        show.line(f"\nnext to the limit, {what}:")
        for measured, doc_id, text in samples:
            show.line(f"  {measured:.4g}  {doc_id[:12]}  {text}")
