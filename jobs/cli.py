"""The command `corpusmill`. Every import that takes time stands in the function that needs it."""

from typing import Annotated

import typer

from corpusmill.jobs import quality_commands
from corpusmill.jobs.answer import answers
from corpusmill.jobs.cli_audit import audit

app = typer.Typer(
    help="Turn raw text into training data on Spark: cleaned, deduplicated, filtered, anonymised, packed, versioned.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
recipe_app = typer.Typer(help="Check a recipe, or print what a recipe may hold.", no_args_is_help=True)
app.add_typer(recipe_app, name="recipe")
app.add_typer(quality_commands.app, name="quality")

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Where = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        help="Folder, or CATALOG.SCHEMA. Default: CORPUSMILL_WAREHOUSE, else the only one in ./warehouse.",
        metavar="PLACE",
    ),
]
RunWhere = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        metavar="PLACE",
        help="Folder, or CATALOG.SCHEMA. Default: the recipe's, else CORPUSMILL_WAREHOUSE, else ./warehouse/NAME.",
    ),
]
RecipeFile = Annotated[str, typer.Argument(metavar="RECIPE", help="The recipe, a YAML file.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the recipe: near_dedup.bands=20. Repeatable."),
]
RunDate = Annotated[
    str | None, typer.Option("--run-date", metavar="DATE", help="Fills {date} in source paths. Default: today.")
]


@app.command()
@answers
def run(
    recipe: RecipeFile,
    warehouse: RunWhere = None,
    first: Annotated[str | None, typer.Option("--from", metavar="STAGE", help="First stage to run.")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="STAGE", help="Last stage to run.")] = None,
    settings: Settings = None,
    run_date: RunDate = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show which stages would run, and do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring a dataset up to date with its recipe and inputs; what did not change is not done again."""
    from corpusmill.jobs import locate, show
    from corpusmill.jobs.progress import Progress
    from corpusmill.jobs.recipe import load
    from corpusmill.jobs.recipe_inputs import check_inputs

    loaded = load(recipe, settings or (), run_date)
    if first in (None, "ingest"):  # the later stages do not read the inputs
        check_inputs(loaded)
    place = locate.for_recipe(warehouse, loaded.recipe.warehouse, loaded.recipe.name)
    from corpusmill.jobs import run as pipeline

    with Progress(show.console(stderr=True), quiet=as_json) as progress:
        result = pipeline.run(
            loaded,
            warehouse=place,
            first=first,
            last=last,
            run_date=run_date,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        show.as_json(result.to_dict())
    elif dry_run:
        show.plan(result)
    else:
        show.run(result, _stages(place, result.stages), recipe)


@app.command()
@answers
def status(warehouse: Where = None, as_json: Json = False) -> None:
    """Show what the last runs did at each stage, what is published, and who is writing."""
    from corpusmill.jobs import locate, show
    from corpusmill.jobs.status import status as find

    found = find(locate.for_command(warehouse))
    show.as_json(found) if as_json else show.status(found)


@app.command()
@answers
def explain(
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOC_ID", help="The doc_id, its first 6 digits or more, the input's own id, or FILE:PLACE."
        ),
    ],
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER_ID", help="Another document: compare the two, and say why which one stays."),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Show the text as it came, on a terminal only.")] = False,
    warehouse: Where = None,
    as_json: Json = False,
) -> None:
    """Tell the fate of a document: dropped by which rule, duplicate of which, published where.

    With OTHER_ID two documents are compared: similarity, bands, what stands in one only, which one stays and why.
    """
    import sys

    from corpusmill.jobs import locate, show
    from corpusmill.jobs.explain import explain as find
    from corpusmill.schemas.errors import UserError

    if raw and (as_json or not sys.stdout.isatty()):
        raise UserError("--raw shows raw text, on a terminal only: not with --json, not into a file or a pipe")
    place = locate.for_command(warehouse)
    if other is None:
        found = find(place, document, raw)
        show.as_json(found.to_dict()) if as_json else show.explanation(found)
    else:
        from corpusmill.jobs.explain_pair import explain_pair

        pair = explain_pair(place, document, other, raw)
        show.as_json(pair.to_dict()) if as_json else show.comparison(pair)


@app.command()
@answers
def reveal(
    document: Annotated[
        str, typer.Option("--doc-id", metavar="DOC_ID", help="The doc_id, or its first 6 digits or more.")
    ],
    field: Annotated[
        str, typer.Option("--field", metavar="FIELD", help="text, messages[0].content, metadata.author, source_id.")
    ] = "text",
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="PLACE", help="env:NAME, file:PATH or secret:SCOPE/KEY. Default: the recipe's."),
    ] = None,
    warehouse: Where = None,
) -> None:
    """Show a published text with its encrypted values in clear, on a terminal only; who did is a row of `reveals`."""
    import sys

    from corpusmill.jobs import locate, show
    from corpusmill.jobs.explain_mask import raw_text
    from corpusmill.jobs.reveal import reveal as find
    from corpusmill.schemas.errors import UserError

    if not sys.stdout.isatty():
        raise UserError("reveal shows personal data, on a terminal only: not into a file or a pipe")
    found = find(locate.for_command(warehouse), document, field, key)
    shown = f"{found.n_values} encrypted value{'' if found.n_values == 1 else 's'} in clear"
    show.line(f"{found.doc_id} in {found.version}, {found.field_name}: {shown}; written down in table reveals")
    if found.n_closed:
        show.line(f"{found.n_closed} more did not open: altered, or of another document; they stay as they are")
    show.line(f"\n{raw_text(found.text)}")


@app.command()
@answers
def tune(
    recipe: RecipeFile,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="SET.RULE", help="Look at one rule: its curve, and samples.")
    ] = None,
    settings: Settings = None,
    write: Annotated[
        str | None, typer.Option("--write", metavar="FILE", help="Write the recipe with what --set changed.")
    ] = None,
    warehouse: RunWhere = None,
    as_json: Json = False,
) -> None:
    """Show what each quality rule would drop, at these limits and at others, without running a stage."""
    from pathlib import Path

    from corpusmill.jobs import locate, show_tuning
    from corpusmill.jobs.recipe import load
    from corpusmill.jobs.tune import tune as find

    loaded = load(recipe, settings or ())
    found = find(locate.for_recipe(warehouse, loaded.recipe.warehouse, loaded.recipe.name), loaded, rule)
    show_tuning.tuning(found, as_json)
    if write is not None:
        Path(write).write_text(loaded.text, encoding="utf-8")


@app.command()
@answers
def bias(
    version: Annotated[
        str | None, typer.Argument(metavar="[V]", help="2, handbook@2 or handbook. Default: the latest.")
    ] = None,
    documents: Annotated[
        int, typer.Option("--documents", metavar="N", help="Read at most so many, drawn by doc_id; the same each time.")
    ] = 100_000,
    warehouse: Where = None,
    as_json: Json = False,
) -> None:
    """Report how a published version speaks of groups of people: mentions, what stands beside them, German forms."""
    from corpusmill.jobs import bias as report
    from corpusmill.jobs import locate, show_bias

    place = locate.for_command(warehouse, (version or "").rpartition("@")[0] or version)
    found = report.bias(place, version, documents)
    show_bias.bias(found, report.write(place, found), as_json)


@app.command()
@answers
def versions(warehouse: Where = None, as_json: Json = False) -> None:
    """List the published versions."""
    from corpusmill.jobs import locate, show
    from corpusmill.jobs.versions import listing

    found = listing(locate.for_command(warehouse))
    show.as_json(found) if as_json else show.versions(found)


@app.command()
@answers
def verify(
    version: Annotated[
        str | None, typer.Argument(metavar="[V]", help="2, handbook@2 or handbook. Default: the latest.")
    ] = None,
    warehouse: Where = None,
    as_json: Json = False,
) -> None:
    """Check that a published version is what it was: tables, rows, content hash, funnel. Exit 1 where it is not."""
    from corpusmill.jobs import locate, show
    from corpusmill.jobs.verify import verify as check

    found = check(locate.for_command(warehouse, (version or "").rpartition("@")[0] or version), version)
    if as_json:
        show.as_json(found.to_dict())
    else:
        show.line(found.version)
        show.checks([("ok" if check.ok else "WRONG", check.what, check.found) for check in found.checks])
    raise typer.Exit(0 if found.ok else 1)


app.command()(audit)


@app.command()
@answers
def erase(
    doc_ids: Annotated[
        list[str] | None, typer.Option("--doc-id", metavar="ID", help="A document, by its whole doc_id. Repeatable.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            "--subject",
            metavar="TEXT",
            help="A name, e-mail address, number or postal address: all documents in which it stands. - reads a line.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, masked, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    recipe: Annotated[
        str | None,
        typer.Option("--recipe", metavar="RECIPE", help="Where the recipe lies. Default: where it was last run from."),
    ] = None,
    warehouse: Where = None,
    as_json: Json = False,
) -> None:
    """Erase a person's documents from every table, report and file, with a record; older versions go with them."""
    from corpusmill.jobs import locate
    from corpusmill.jobs.erase_command import erase_command

    erase_command(locate.for_command(warehouse), doc_ids or (), subject, recipe, dry_run, yes, as_json)


@app.command()
@answers
def doctor(warehouse: Where = None, as_json: Json = False) -> None:
    """Check what a run needs: Java, Spark, jars, models, memory, write access. Exit 1 where something lacks."""
    from dataclasses import asdict

    from corpusmill.jobs import show
    from corpusmill.jobs.doctor import examine

    found = examine(warehouse)
    if as_json:
        show.as_json([asdict(check) for check in found])
    else:
        show.checks([(check.state, check.what, check.text()) for check in found])
    raise typer.Exit(1 if any(check.state == "problem" for check in found) else 0)


@recipe_app.command("schema")
@answers
def recipe_schema(as_json: Json = False) -> None:
    """Print the JSON Schema of a recipe, which editors complete and check with."""
    from corpusmill.jobs.recipe_commands import schema_command

    schema_command()


@recipe_app.command("check")
@answers
def recipe_check(
    recipe: RecipeFile,
    warehouse: RunWhere = None,
    settings: Settings = None,
    run_date: RunDate = None,
    as_json: Json = False,
) -> None:
    """Check a recipe and whether the files that it names are there, and show what it would do; nothing is run."""
    from corpusmill.jobs.recipe_commands import check_command

    check_command(recipe, settings or (), as_json, run_date, warehouse)


def _stages(warehouse: str, done: list[dict[str, object]]) -> list[dict[str, object]]:
    """All stages of the funnel where that can be read without Spark, else those of this run."""
    from corpusmill.jobs import light, status

    return status.status(warehouse)["stages"] if light.exists(warehouse, "stage_runs") else done


def main() -> None:
    """Entry point of the command `corpusmill`; returns where all went well.

    A wheel task on Databricks counts every SystemExit as a failure, even that of code 0.
    """
    try:
        app(prog_name="corpusmill")
    except SystemExit as end:
        if end.code:
            raise
