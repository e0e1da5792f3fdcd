"""`corpusmill erase`: what it asks, and how it prints what goes."""

import sys
from collections.abc import Sequence

import typer

from corpusmill.jobs import show
from corpusmill.jobs.erase import Erasure, erase
from corpusmill.jobs.progress import Progress
from corpusmill.schemas.errors import UserError

SAID = {
    "nothing": "nothing was found: no document, earlier version or record in quarantine holds it",
    "declined": "nothing was erased",
}


def erase_command(
    warehouse: str,
    doc_ids: Sequence[str],
    subject: str | None,
    recipe: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Find, show, ask, erase. Raises UserError where nobody can be asked and `--yes` is not given."""
    if doc_ids and subject is not None:
        raise UserError("give --doc-id or --subject, not both: they are two requests")
    if subject == "-":
        subject = sys.stdin.readline().strip()
    asking = not (yes or dry_run)
    if asking and (as_json or not sys.stdin.isatty()):
        raise UserError("nobody can be asked here: look at --dry-run first, then give --yes")

    def confirm(found: Erasure) -> bool:
        if not asking:
            return True
        _print(found)
        return typer.confirm(f"\nErase {_n(len(found.documents), 'document')} and all older versions of their tables?")

    with Progress(show.console(stderr=True), quiet=as_json or asking) as progress:
        found = erase(
            warehouse,
            doc_ids=doc_ids,
            subject=subject,
            recipe_file=recipe,
            dry_run=dry_run,
            confirm=confirm,
            progress=progress,
        )
    show.as_json(found.to_dict()) if as_json else _print(found)


def _print(found: Erasure) -> None:
    if found.state in SAID:
        show.line(SAID[found.state])
        return
    copies = f", {_n(len(found.copies), 'exact copy', 'exact copies')} among them" if found.copies else ""
    erased = f"erased by request {found.request_id}" if found.request_id else "would be erased"
    show.line(f"{_n(len(found.documents), 'document')}{copies}: {erased}")
    if found.earlier:
        show.line(f"of {_n(len(found.earlier), 'document')} more only earlier contents")
    if found.files:
        show.line(f"{_n(found.files, 'input file')} will not be read any more, because of the name")
    if found.records:
        show.line("records in quarantine tell of the subject; they will only say that it was erased")
    if found.samples:
        show.line()
        heads = ("doc_id", "source", "found", "context")
        show.table(heads, [[row[name] for name in heads] for row in found.samples])
        rest = len(found.documents) + len(found.earlier) - len(found.samples)
        if rest > 0:
            show.line(f"and {rest:,} more")
    show.line()
    show.table(("table", "rows"), sorted(found.tables.items()))
    for what, values in (
        ("versions that had any of it", found.versions),
        ("MLflow runs that used them", found.mlflow_runs),
        ("models of these runs", found.models),
        ("replaced by a note", found.artifacts),
        ("published now", [found.published] if found.published else []),
    ):
        if values:
            show.line(f"{what}: {', '.join(values)}")


def _n(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
