"""Charts of the report as SVG for a page: drawn by Vega, coloured by the page's own CSS variables, without a script."""

import html
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

Row = Mapping[str, Any]

WIDTH = 460  # in units of the drawing; the page scales it, down to about 350 px on a phone
BAR, FONT_SIZE, LABEL = 25, 13, 200
INK, MUTED, LINE = "var(--ink)", "var(--muted)", "var(--line)"


def stacked(
    rows: Sequence[Row], colours: Mapping[str, str], *, title: str, description: str, shares: bool = False
) -> str:
    """Horizontal bars of parts. rows: label, part, n, in order. colours: of each part, in the order in the bar.

    shares: each bar is as long as the others and shows shares of its sum.
    """
    import altair as alt

    stack, axis = ("normalize", alt.Axis(format="%", tickCount=4)) if shares else ("zero", _counts())
    parts = list(colours)
    numbered = [{**r, "order": parts.index(r["part"])} for r in rows]
    chart = alt.Chart(alt.Data(values=numbered)).mark_bar(height=BAR - 9)
    chart = chart.encode(
        x=alt.X("n:Q").stack(stack).axis(axis).title(None),
        y=alt.Y("label:N").sort(None).title(None).axis(alt.Axis(labelLimit=LABEL, labelPadding=8)),
        color=alt.Color("part:N").scale(domain=parts, range=list(colours.values())).legend(None),
        order=alt.Order("order:Q"),
    )
    return _svg(chart.properties(height=alt.Step(BAR)), "fit-x", title, description)


def columns(rows: Sequence[Row], colour: str, *, title: str, description: str) -> str:
    """Vertical bars. rows: label, n, in order."""
    import altair as alt

    angle = -40 if max(len(str(r["label"])) for r in rows) > 4 and len(rows) > 5 else 0
    labels = alt.Axis(labelAngle=angle, labelPadding=6, labelOverlap=True)
    chart = alt.Chart(alt.Data(values=list(rows))).mark_bar(color=colour)
    chart = chart.encode(
        x=alt.X("label:N").sort(None).title(None).axis(labels).scale(paddingInner=0.15),
        y=alt.Y("n:Q").axis(_counts()).title(None),
    )
    return _svg(chart.properties(height=190), "fit", title, description)


def _counts() -> Any:
    import altair as alt

    return alt.Axis(format="~s", tickCount=4, tickMinStep=1, grid=True)


def _svg(chart: Any, fit: str, title: str, description: str) -> str:
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
    return opening + svg[svg.index(">") + 1 :]


@cache
def _version() -> str:
    """Of Vega-Lite, whose schema altair writes, as vl-convert wants it: 6.1."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


_numbers: Iterator[int] = itertools.count(1)  # of charts in this process: ids on a page must differ
