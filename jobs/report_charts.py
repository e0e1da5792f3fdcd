"""Charts of the report as SVG for a page: drawn by Vega, coloured by the page's own CSS variables, without a script."""

import html
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from corpusmill.jobs.report_numbers import THIN

Row = Mapping[str, Any]

WIDTH = 460  # in units of the drawing; the page scales it, down to about 350 px on a phone
BAR, FONT_SIZE = 25, 13
LETTER = 7.9  # width at that size in a wide system font; Vega measures with one of its own, which is narrower
LONGEST = 26  # letters of a label; of a longer one the end is shown, which tells rules of one set apart
MUTED, LINE = "var(--muted)", "var(--line)"


@dataclass(frozen=True)
class Chart:
    """A drawing, and the colours of those parts that it shows."""

    svg: Markup
    legend: Mapping[str, str]


def stacked(
    rows: Sequence[Row], colours: Mapping[str, str], *, title: str, description: str, shares: bool = False
) -> Chart | None:
    """Horizontal bars of parts; None where all are empty.

    rows: label, part, n, in order. colours: of each part, in the order in the bar. shares: each bar is as long as the
    others and shows shares of its sum.
    """
    import altair as alt

    used = {r["part"] for r in rows if r["n"]}
    if not used:
        return None

    axis = alt.Axis(format="%", tickCount=4) if shares else _counts(_longest(rows))
    parts = list(colours)
    numbered = [{**r, "order": parts.index(r["part"])} for r in rows]
    room = LETTER * min(LONGEST, max(len(r["label"]) for r in rows)) + 8
    cut = f"length(datum.label) > {LONGEST} ? '…' + slice(datum.label, {1 - LONGEST}) : datum.label"
    chart = alt.Chart(alt.Data(values=numbered)).mark_bar(height=BAR - 9)
    chart = chart.encode(
        x=alt.X("n:Q").stack("normalize" if shares else "zero").axis(axis).title(None),
        y=alt.Y("label:N")
        .sort(None)
        .title(None)
        .axis(alt.Axis(labelExpr=cut, labelLimit=0, labelPadding=8, minExtent=room)),
        color=alt.Color("part:N").scale(domain=parts, range=list(colours.values())).legend(None),
        order=alt.Order("order:Q"),
    )
    svg = _svg(chart.properties(height=alt.Step(BAR)), "fit-x", title, description)
    return Chart(svg, {part: colour for part, colour in colours.items() if part in used})


def columns(rows: Sequence[Row], colour: str, *, title: str, description: str) -> Chart | None:
    """Vertical bars; None where there are none. rows: label, n, in order."""
    import altair as alt

    if not rows:
        return None

    longest = LETTER * max(len(r["label"]) for r in rows)
    slanted = (longest + 6) * len(rows) > WIDTH - 30
    room = FONT_SIZE + 6 + (0.8 * longest if slanted else 0)
    labels = alt.Axis(labelAngle=-45 if slanted else 0, labelPadding=6, minExtent=room)
    chart = alt.Chart(alt.Data(values=list(rows))).mark_bar(color=colour)
    chart = chart.encode(
        x=alt.X("label:N").sort(None).title(None).axis(labels).scale(paddingInner=0.15),
        y=alt.Y("n:Q").axis(_counts(max(r["n"] for r in rows))).title(None),
    )
    return Chart(_svg(chart.properties(height=190), "fit", title, description), {})


def curve(rows: Sequence[Row], points: Sequence[Row], colour: str, *, title: str, description: str) -> Chart:
    """A line of probabilities with some of its points named, the first down to the axis.

    rows: x, y, both 0..1. points: x, y, label.
    """
    import altair as alt

    ahead = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], grid=True, labelPadding=8)
    along = alt.Axis(format=".1f", tickCount=6, labelPadding=6, labelFlush=False)
    x = alt.X("x:Q").title(None).scale(domain=[0, 1]).axis(along)
    y = alt.Y("y:Q").title(None).scale(domain=[0, 1.15]).axis(ahead)  # above 1 there is room for a label
    line = alt.Chart(alt.Data(values=list(rows))).mark_line(color=colour, strokeWidth=2.5).encode(x=x, y=y)
    down = alt.Chart(alt.Data(values=list(points[:1]))).mark_rule(color=MUTED, strokeDash=[4, 4])
    named = alt.Chart(alt.Data(values=list(points)))
    dots = named.mark_point(color=colour, filled=True, size=70, opacity=1).encode(x=x, y=y)
    right = points[0]["x"] > 0.4  # there a label has room at the left, where the line is low, else at the right
    text = named.mark_text(
        color="var(--ink)", fontSize=FONT_SIZE, align="right" if right else "left", dx=-7 if right else 7, dy=-10
    )
    layers = alt.layer(
        line, down.encode(x=x, y=y, y2=alt.Y2Datum(0)), dots, text.encode(x=x, y=y, text=alt.Text("label:N"))
    )
    return Chart(_svg(layers.properties(height=190), "fit", title, description), {})


def intervals(rows: Sequence[Row], colours: Mapping[str, str], *, title: str, description: str) -> Chart:
    """Ratios on a logarithmic axis with a line at 1. rows: label, part, middle, low, high, all above 0, in order."""
    import altair as alt

    room = LETTER * min(LONGEST, max(len(r["label"]) for r in rows)) + 8
    ends = [r[name] for r in rows for name in ("low", "high")]
    marks = [float(mark) for mark in (1 / 16, 1 / 4, 1, 4, 16) if min(ends) <= mark <= max(ends)]
    shown = "datum.value < 1 ? '1/' + format(1 / datum.value, '~r') : format(datum.value, '~r')"
    axis = alt.Axis(values=marks, labelExpr=shown, grid=True)
    x = alt.X("low:Q").title(None).axis(axis).scale(type="log", domain=[min([*ends, 0.5]), max([*ends, 2])])
    y = alt.Y("label:N").sort(None).title(None).axis(alt.Axis(labelLimit=0, labelPadding=8, minExtent=room))
    colour = alt.Color("part:N").scale(domain=list(colours), range=list(colours.values())).legend(None)
    given = alt.Chart(alt.Data(values=list(rows)))
    layers = alt.layer(
        alt.Chart(alt.Data(values=[{"x": 1}])).mark_rule(color=MUTED, strokeDash=[4, 4]).encode(x=alt.X("x:Q")),
        given.mark_rule(strokeWidth=2.5).encode(x=x, x2="high:Q", y=y, color=colour),
        given.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("middle:Q"), y=y, color=colour),
    )
    used = {r["part"] for r in rows}
    svg = _svg(layers.properties(height=alt.Step(BAR)), "fit-x", title, description)
    return Chart(svg, {part: colour for part, colour in colours.items() if part in used})


def _longest(rows: Sequence[Row]) -> int:
    """Of bars of parts, how long the longest is."""
    lengths: Counter[str] = Counter()
    for r in rows:
        lengths[r["label"]] += r["n"]
    return max(lengths.values())


def _counts(most: int) -> Any:
    """An axis of whole numbers up to `most`."""
    import altair as alt

    shown = (
        f"datum.value < 1e6 ? replace(format(datum.value, ','), ',', '{THIN}') : format(datum.value / 1e6, '~g') + ' M'"
    )
    return alt.Axis(labelExpr=shown, tickCount=min(4, most), grid=True)


def _svg(chart: Any, fit: str, title: str, description: str) -> Markup:
    """The drawing, with its title and description for those who do not see it, as wide as its place on the page."""
    import vl_convert

    chart = chart.properties(width=WIDTH, autosize={"type": fit, "contains": "padding"})
    chart = chart.configure(aria=False, background="transparent", font="system-ui, sans-serif", padding=2)
    chart = chart.configure_view(stroke=None).configure_axis(
        labelColor=MUTED, labelFontSize=FONT_SIZE, domain=False, ticks=False, gridColor=LINE, grid=False
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=_version())
    number = next(_numbers)
    size = re.search(r'viewBox="([\d. -]+)"', svg)
    assert size  # Vega always gives one
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size[1]}" role="img" '
        f'aria-labelledby="chart{number}-title chart{number}-text">'
        f'<title id="chart{number}-title">{html.escape(title)}</title>'
        f'<desc id="chart{number}-text">{html.escape(description)}</desc>'
    )
    return Markup(opening + svg[svg.index(">") + 1 :])


@cache
def _version() -> str:
    """Of Vega-Lite, whose schema altair writes, as vl-convert wants it: 6.1."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


_numbers: Iterator[int] = itertools.count(1)  # of charts in this process: ids on a page must differ
