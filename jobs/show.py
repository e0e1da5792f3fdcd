"""How the commands print what they found: tables and lines for people. Machines get JSON (`as_json`)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from corpusmill.jobs.explain import Explanation
    from corpusmill.jobs.explain_pair import Comparison

WIDE = 160  # columns where there is no terminal: no line is broken there
FUNNEL = {
    "stage": "stage",
    "n_in": "in",
    "n_kept": "kept",
    "n_dropped": "dropped",
    "n_quarantined": "quarantined",
    "n_done": "worked on",
    "seconds": "seconds",
}
VERSIONS = ("version", "created", "documents", "tokens", "content_hash", "anonymised", "signed", "parent")


def console(stderr: bool = False) -> Console:
    """Standard output, or standard error."""
    found = Console(stderr=stderr)
    return found if found.is_terminal else Console(stderr=stderr, width=WIDE)


def as_json(value: Any) -> None:
    """Print a value as JSON; times and the like as text."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def line(text: str = "") -> None:
    """Print a line as it is: nothing in it is taken for markup."""
    console().print(text, markup=False, highlight=False, soft_wrap=True)


def table(heads: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under heads; numbers to the right, with separators."""
    rows = [list(row) for row in rows]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        number = any(isinstance(row[place], int | float) for row in rows)
        grid.add_column(head, justify="right" if number else "left", no_wrap=number)
    for row in rows:
        grid.add_row(*(_cell(value) for value in row))
    console().print(grid, markup=False)


def funnel(stages: Iterable[Mapping[str, Any]]) -> None:
    """The numbers of each stage."""
    table(FUNNEL.values(), [[row[name] for name in FUNNEL] for row in stages])


def run(result: Any, stages: Iterable[Mapping[str, Any]], recipe: str) -> None:
    """The end of a run: the funnel, where things are, what to try next."""
    if not result.stages:
        line("nothing to do: everything is up to date" + (f" ({result.version})" if result.version else ""))
        return
    line()
    funnel(stages)
    line()
    for what, where in (("version", result.version), ("tables", result.warehouse), ("report", result.report)):
        if where:
            line(f"{what:8} {where}")
    at = f"--warehouse {result.warehouse}"
    line(f"\nNext:\n  corpusmill status {at}\n  corpusmill explain DOC_ID {at}")
    line(f"  corpusmill verify {at}" if result.version else f"  corpusmill run {recipe} {at}")


def plan(result: Any) -> None:
    """What a run would do."""
    if not result.would_run:
        line("nothing to do: everything is up to date")
    for name in result.skipped:
        line(f"{name}: up to date")
    for name in result.would_run:
        line(f"{name}: would run")
    if result.mixture:
        mixture(result.mixture)


def mixture(found: Mapping[str, Any]) -> None:
    """The plan of a mixture."""
    about = ", estimated from characters" if found["estimated"] else ""
    line(f"\nmixture: {found['tokens']:,} tokens of what has passed so far{about}")
    rows = [
        (g["group"], g["documents"], g["tokens"], f"{g['share']:.1%}", g["wanted"], f"{g['epochs']:.2f}")
        for g in found["groups"]
    ]
    table(("group", "documents", "tokens", "share", "wanted", "times"), rows)
    if found["note"]:
        line(found["note"])


def status(found: Mapping[str, Any]) -> None:
    """State of a warehouse."""
    latest, running, killed = found["latest"], found["running"], found["interrupted"]
    line(f"warehouse  {found['warehouse']}")
    line(f"published  {latest['version']}, {latest['created']}" if latest else "published  nothing yet")
    if running:
        who = f"{running['run_id']}, process {running['pid']} on {running['host']}, since {running['since']}"
        line(f"running    {who}")
    if killed:
        line(f"killed     {killed['run_id']}, begun {killed['since']}: run the recipe again, it goes on from there")
    line()
    funnel(found["stages"])


def versions(rows: Iterable[Mapping[str, Any]]) -> None:
    """Published versions."""
    short = [
        {
            **row,
            "content_hash": row["content_hash"][:12],
            "signed": row["signed"] or "no",
            "erased": ", ".join(row["erased"]),
        }
        for row in rows
    ]
    if short:
        heads = (*VERSIONS, "erased") if any(row["erased"] for row in short) else VERSIONS
        table([name.replace("_", " ") for name in heads], [[row[name] for name in heads] for row in short])
    else:
        line("nothing is published yet")


def checks(rows: Iterable[Sequence[Any]]) -> None:
    """Checks, a line each: state, what, what was found."""
    rows = list(rows)
    width = max(len(row[1]) for row in rows)
    for state, what, found in rows:
        line(f"{state:8} {what:{width}}  {found}")


def explanation(found: "Explanation") -> None:
    """The fate of a document."""
    line(f"{found.doc_id or 'no doc_id'}: {found.fate}")
    own = f", id {found.source_id}" if found.source_id is not None else ""
    line(f"  {'ingest':11} from source {found.source}: {found.uri}, {found.place}{own}")
    for step in found.steps:
        line(f"  {step.stage:11} {step.what}")
    if found.text:
        line(f"\n{found.text}")


def comparison(found: "Comparison") -> None:
    """Two documents side by side; [[...]] marks what stands in one of them only."""
    heads = ("doc_id", "fate", "source", "own id", "characters", f"{found.measures.ngram}-grams")
    values = [(s.doc_id, s.fate, s.source, s.source_id, s.n_chars, s.n_ngrams) for s in found.sides]
    rows = zip(heads, *(map(_cell, side) for side in values), strict=True)
    table(("", "A", "B"), rows)
    line()
    for what, said in found.in_words():
        line(f"{what:10}  {said}")
    for side, passages in zip(found.sides, found.passages, strict=True):
        rest = passages.n - passages.n_shown
        line(f"\n[[only in {side.name}]]:" + ("" if passages.n else " nothing"))
        for pieces in passages.shown:
            line("  " + "".join(f"[[{text}]]" if only else text for text, only in pieces))
        if rest:
            line(f"  {rest:,} passages more" if passages.n_shown else f"  {rest:,} passages, far into the text")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
