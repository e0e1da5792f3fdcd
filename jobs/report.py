"""The report of a dataset version: one HTML file that needs no network, no server and no script."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from corpusmill.jobs import report_charts as charts
from corpusmill.jobs.report_data import Asked, gather
from corpusmill.jobs.report_numbers import number, percent
from corpusmill.jobs.whole_files import put

if TYPE_CHECKING:
    from jinja2 import Environment

    from corpusmill.jobs.stage import Context

# Parts of bars, in their order, and the variables of report.css.j2 that colour them.
FATES = {"kept": "var(--kept)", "dropped": "var(--filter)", "quarantined": "var(--quarantined)"}
STAGES = {
    "filter": "var(--filter)",
    "exact_dedup": "var(--exact)",
    "near_dedup": "var(--near)",
    "mix": "var(--mix)",
    "shape": "var(--shape)",
}
SOURCES = {"published": "var(--kept)", **{s: c for s, c in STAGES.items() if s != "shape"}} | {
    "quarantined": "var(--quarantined)"
}
PUBLISHED = {"published": "var(--kept)", "not published": "var(--filter)"}
MOST_BARS = 14  # in one chart; the table beside it has all

ESCAPE = re.compile(r"(?:\\[nrt])+")
PLACEHOLDER = re.compile(r"&lt;([A-Z][A-Z_]+)(:[0-9a-f]{12})?&gt;")


def write(context: "Context", row: dict[str, Any], asked: Asked) -> Path:
    """Write the report of the version that `row` of `dataset_versions` describes; returns where it is.

    In a warehouse that is a folder it is kept as `reports/<name>@<version>.html`; else it stands in a temporary folder,
    from where it is logged.
    """
    page = render(gather(context, row, asked))
    location = context.warehouse.location
    if context.warehouse.catalog or "://" in location:
        return put(Path(tempfile.mkdtemp(prefix="corpusmill-")) / "report.html", page)
    return put(kept(location, row), page)


def show(context: "Context", row: Mapping[str, Any]) -> None:
    """Make the report of a version `report.html` of its folder: once it is published, not before."""
    page = kept(context.warehouse.location, row)
    if page.exists():
        put(Path(context.warehouse.location, "report.html"), page.read_text(encoding="utf-8"))


def kept(location: str, row: Mapping[str, Any]) -> Path:
    """Where a folder keeps the report of a version."""
    return Path(location, "reports", f"{row['name']}@{row['version']}.html")


def render(data: Mapping[str, Any]) -> str:
    """The page for the content that `report_data.assemble` gives. Every text in it is escaped."""
    template = environment().get_template("report.html.j2")
    return template.render(**data, charts=_charts(data))


def environment() -> "Environment":
    """Where the templates of pages are, and what they may call."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "percent": percent, "marked": marked, "breakable": breakable}
    return made


def marked(text: str) -> Markup:
    r"""Masked text, escaped, with its placeholders set off and its line breaks, which the mask writes as \n, set back.

    >>> print(marked("<b>Ask <PERSON>"))
    &lt;b&gt;Ask <mark>PERSON</mark>
    >>> print(marked("one" + chr(92) + "ntwo"))
    one<i>\n</i><wbr>two
    """
    return Markup(ESCAPE.sub(r"<i>\g<0></i><wbr>", PLACEHOLDER.sub(r"<mark>\1\2</mark>", str(escape(text)))))


def breakable(name: str) -> Markup:
    """A name of parts, that a narrow column may break between them.

    >>> str(breakable("c4.word_count"))
    'c4.<wbr>word_<wbr>count'
    """
    return Markup(re.sub(r"([._])(?=.)", r"\1<wbr>", str(escape(name))))


def _charts(data: Mapping[str, Any]) -> dict[str, charts.Chart]:
    """By section; a section without numbers has none."""
    drawn = {
        "funnel": _funnel(data["funnel"]),
        "languages": _languages(data["languages"]),
        "sources": _sources(data["sources"]),
        "rules": _rules(data["rules"]),
        "similarities": twentieths(
            (data["duplicates"] or {}).get("similarities", []),
            "var(--near)",
            "Similarity of removed near-duplicates with the document kept for them",
        ),
        "proposed": _curve((data["duplicates"] or {}).get("near")),
        "scores": twentieths((data["findings"] or {}).get("scores", []), "var(--kept)", "Scores of findings"),
        "tokens": _lengths(data["tokens"]),
    }
    return {name: chart for name, chart in drawn.items() if chart}


def _funnel(rows: list[Mapping[str, Any]]) -> charts.Chart | None:
    bars = [{"label": r["stage"], "part": part, "n": r[f"n_{part}"]} for r in rows for part in FATES]
    said = "; ".join(f"{r['stage']} {r['n_in']} in, {r['n_kept']} kept" for r in rows)
    return charts.stacked(bars, FATES, title="Documents at each stage", description=said)


def _languages(rows: list[Mapping[str, Any]]) -> charts.Chart | None:
    bars = []
    for r in rows[:MOST_BARS]:
        parts = (r["published"], r["documents"] - r["published"])
        bars += [{"label": r["language"], "part": part, "n": n} for part, n in zip(PUBLISHED, parts, strict=True)]
    said = "; ".join(f"{r['language']} {r['documents']}, published {r['published']}" for r in rows[:MOST_BARS])
    return charts.stacked(bars, PUBLISHED, title="Documents by language", description=said)


def _sources(rows: list[Mapping[str, Any]]) -> charts.Chart | None:
    """Shares of each source, the largest sources first."""
    largest = sorted((r for r in rows if r["read"]), key=lambda r: -r["read"])[:MOST_BARS]
    bars = []
    for r in largest:
        counts = {"published": r["published"], "quarantined": r["quarantined"], **r["dropped"]}
        bars += [{"label": r["source"], "part": part, "n": counts.get(part, 0)} for part in SOURCES]
    said = "; ".join(f"{r['source']} {r['read']} read, {r['published']} published" for r in largest)
    title = "What became of each source, in shares"
    return charts.stacked(bars, SOURCES, title=title, description=said, shares=True)


def _rules(rows: list[Mapping[str, Any]]) -> charts.Chart | None:
    most = sorted(rows, key=lambda r: -r["n"])[:MOST_BARS]
    bars = [{"label": r["rule"], "part": r["stage"], "n": r["n"]} for r in most]
    said = "; ".join(f"{r['rule']} {r['n']}" for r in most)
    return charts.stacked(bars, STAGES, title="Documents dropped by each rule", description=said)


def twentieths(rows: list[Mapping[str, Any]], colour: str, title: str) -> charts.Chart | None:
    """A histogram in steps of 0.05, from the first that holds something up to 1."""
    counts = {round(r["from"] * 20): r["n"] for r in rows}
    steps = range(min(counts, default=20), 20)
    bars = [{"label": f"{step / 20:.2f}", "n": counts.get(step, 0)} for step in steps]
    said = "; ".join(f"from {b['label']}: {b['n']}" for b in bars)
    return charts.columns(bars, colour, title=title, description=said)


def _curve(near: Mapping[str, Any] | None) -> charts.Chart | None:
    """With which probability near_dedup looks at a pair, by the pair's similarity."""
    if near is None:
        return None
    rows = [{"x": p["similarity"], "y": p["probability"]} for p in near["curve"]]
    names = {"limit": "limit ", "over": ""}
    points = [
        {
            "x": near[point]["similarity"],
            "y": near[point]["probability"],
            "label": f"{name}{near[point]['similarity']:g}: {percent(near[point]['probability'], 1)}",
        }
        for point, name in names.items()
    ]
    said = "; ".join(f"similarity {p['x']:g}: {percent(p['y'], 1)}" for p in (*rows[10::10], *points))
    return charts.curve(rows, points, "var(--near)", title="Probability that a pair is compared", description=said)


def _lengths(tokens: Mapping[str, Any] | None) -> charts.Chart | None:
    lengths = tokens["lengths"] if tokens else []
    bars = [{"label": r["label"].split()[0], "n": r["n"]} for r in lengths]
    said = "; ".join(f"{r['label']} tokens: {r['n']}" for r in lengths)
    return charts.columns(bars, "var(--kept)", title="Published documents by tokens", description=said)
