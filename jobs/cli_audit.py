"""The command `corpusmill audit`. Imports as `cli` does: what takes time stands in the function."""

from typing import TYPE_CHECKING, Annotated

import typer

from corpusmill.jobs.answer import answers

if TYPE_CHECKING:
    from corpusmill.jobs.audit import Audit


@answers
def audit(
    version: Annotated[
        str | None, typer.Argument(metavar="[V]", help="2, handbook@2 or handbook. Default: the latest.")
    ] = None,
    gold: Annotated[
        str | None,
        typer.Option("--gold", metavar="FILE", help="Labelled text (JSONL): measure precision and recall on it."),
    ] = None,
    verdicts: Annotated[
        str | None,
        typer.Option("--verdicts", metavar="FILE", help="What the page of verdicts saved: count it in."),
    ] = None,
    sign: Annotated[
        str | None,
        typer.Option("--sign", metavar="NAME", help="Sign the report that is there; without one, write it first."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the samples. Default: 1.")] = None,
    warehouse: Annotated[
        str | None,
        typer.Option(
            "--warehouse",
            metavar="PLACE",
            help="Folder. Default: CORPUSMILL_WAREHOUSE, else the only one in ./warehouse.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Write the audit report of a version's anonymisation, with a sample to judge; take verdicts in; sign it."""
    from corpusmill.jobs import locate, show
    from corpusmill.jobs.audit import audit as look

    place = locate.for_command(warehouse, (version or "").rpartition("@")[0] or version)
    found = look(place, version, gold=gold, verdicts=verdicts, sign=sign, seed=seed)
    if as_json:
        show.as_json(found.to_dict())
    else:
        _show(found)


def _show(found: "Audit") -> None:
    from corpusmill.jobs import show, sign_offs
    from corpusmill.jobs.audit_page import interval
    from corpusmill.jobs.report_numbers import percent

    data, left = found.data, found.data["residual"]
    share = percent(left["any"]["hits"], left["documents"])
    rates = [("left", f"something to look at in {share} of {left['documents']} documents")]
    if data["gold"]:
        rates += [
            (f"gold {r['language']}", f"recall {interval(r['recall'])}, precision {interval(r['precision'])}")
            for r in data["gold"]["rows"]
            if r["type"] == "all"
        ]
    if data["measured"]:
        whole = data["measured"]["rows"][-1]
        rates.append(("verdicts", f"precision {interval(whole['precision'])}, {found.new_verdicts} new"))
    for what, said in (
        ("version", found.version),
        ("findings", f"{data['findings']['n']} in {data['findings']['documents']} documents"),
        *rates,
        ("signed", sign_offs.told(found.sign_off)),
        ("report", str(found.folder / "report.html")),
        ("verdicts", str(found.folder / "verdicts.html")),
        ("digest", found.digest),
    ):
        show.line(f"{what:9} {said}")
