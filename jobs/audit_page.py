"""The pages of an audit: the report, which holds no script, and the page of verdicts, which asks no server."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from corpusmill.jobs import report, report_charts
from corpusmill.jobs.audit_verdicts import FORMAT, VERDICTS
from corpusmill.jobs.report_numbers import THIN, number, percent

Row = Mapping[str, Any]

MEANS = {
    "recognisers": "the recognisers at a low score",
    "checksums": "a right check digit, without context",
    "forms": "forms of their own: e-mail, phone, address, titled name",
    "repeats": "words of a name that was replaced in the same document",
}
SAYS = {
    "right": "personal data of this type",
    "type": "personal data of another type",
    "wrong": "no personal data",
    "clean": "nothing was missed",
    "left": "personal data was missed",
    "unsure": "cannot be said",
}


def render(data: Row) -> dict[str, str]:
    """File name to content: report.html, report.json, verdicts.html. data: as JSON holds it; texts in it are masked."""
    told = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    environment = report.environment()
    environment.filters |= {"interval": interval, "pieces": pieces}
    scores = report.twentieths(data["findings"]["scores"], "var(--kept)", "Findings by score")
    page = environment.get_template("audit.html.j2").render(
        **data,
        digest=hashlib.sha256(told.encode()).hexdigest(),
        charts={"scores": scores} if scores else dict[str, report_charts.Chart](),
        warnings=warnings(data),
        means_of=MEANS,
        says=SAYS,
    )
    script = Path(__file__).with_name("audit_verdicts.js").read_text(encoding="utf-8")
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    verdicts = environment.get_template("audit_verdicts.html.j2").render(
        dataset=data["dataset"], script=Markup(script), script_hash=hashed, carried=_carried(data)
    )
    return {"report.json": told, "report.html": page, "verdicts.html": verdicts}


def _carried(data: Row) -> Markup:
    """What the page of verdicts carries, as JSON that no markup can end."""
    dataset = data["dataset"]
    carried = {
        "format": FORMAT,
        "dataset": f"{dataset['name']}@{dataset['version']}",
        "content_hash": dataset["content_hash"],
        "seed": data["made"]["seed"],
        "items": data["sample"],
        "verdicts": {kind: [[name, SAYS[name]] for name in names] for kind, names in VERDICTS.items()},
    }
    text = json.dumps(carried, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def interval(measured: Sequence[float] | None) -> str:
    """A share with its 95 % interval.

    >>> interval([0.9, 0.786, 0.957]).replace(THIN, " "), interval(None)
    ('90.0 % (78.6 to 95.7)', '-')
    """
    if measured is None:
        return "-"
    share, low, high = (100 * value for value in measured)
    return f"{share:.1f}{THIN}% ({low:.1f} to {high:.1f})"


def pieces(shown: Sequence[Sequence[Any]]) -> Markup:
    """Masked text in pieces, what has to be judged set off."""
    return Markup("").join(
        Markup('<em class="only">{}</em>').format(report.marked(text)) if here else report.marked(text)
        for text, here in shown
    )


def warnings(data: Row) -> list[dict[str, str]]:
    """What a reviewer should know first, each with the section that tells more."""
    left, found = data["residual"], []

    def look(section: str, text: str) -> None:
        found.append({"section": section, "text": text})

    if data["dataset"]["options"] is None:
        look("recipe", "The version is not anonymised: its recipe has no key anonymise.")
    for told in data["differences"]:
        look("gold", f"{told[0].upper()}{told[1:]}.")
    if data["dataset"]["options"] is not None and data["dataset"]["key_id"] is None:
        look("recipe", "The version does not name the id of its key: it was published by an older release.")
    if left["any"]["hits"]:
        share = percent(left["any"]["hits"], left["documents"])
        look("left", f"A second look found something in {share} of the documents looked at.")
    if left["failed"]:
        look("left", f"{number(left['failed'])} documents could not be searched; they count as holding something.")
    if left["documents"] < left["drawn"]:
        look("left", f"The second look ended after {number(left['documents'])} of {number(left['drawn'])} documents.")
    lost = sum(not item["pieces"] for item in data["sample"])
    if lost:
        look("sample", f"Of {number(lost)} findings of the sample the place in the published text is not certain.")
    if any(row["rare"] and len(row["kinds"]) == 3 for row in data["combinations"]["rows"]):
        look("combinations", "Rare combinations of job, town and age remain.")
    if data["gold"] is None:
        look("gold", "Nothing was measured on labelled text.")
    if data["measured"] is None:
        look("precision", "No verdict was given yet.")
    return found
