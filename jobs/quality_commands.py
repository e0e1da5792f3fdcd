"""`corpusmill quality train`: a classifier from texts that are good and texts that are not."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpusmill.jobs.answer import answers
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from corpusmill.transforms.text.classifier import Evaluation

app = typer.Typer(help="Train a classifier of quality.", no_args_is_help=True)

Texts = Annotated[
    list[str],
    typer.Option(metavar="PATH", help="File, folder, glob, or folder of a Delta table. Repeatable."),
]


@app.command()
@answers
def train(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="File to write: .bin, or .ftz for a small one.")],
    positive: Texts,
    negative: Texts,
    label: Annotated[str, typer.Option(help="Label of the positives.")] = "good",
    field: Annotated[str, typer.Option(help="Field with the text.")] = "text",
    held_out: Annotated[float, typer.Option(min=0.01, max=0.9, help="Share of the texts to evaluate on.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Seed of the choice of those.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Train a fastText classifier, and say how good it is on texts that it has not seen.

    Use it with quality: {classifiers: [{name: NAME, path: MODEL, label: good, minimum: 0.5}]}. Beside MODEL a file
    MODEL.json keeps the figures.
    """
    from corpusmill.jobs import show
    from corpusmill.transforms.text.classifier import train as make

    target = Path(model)
    if target.suffix not in (".bin", ".ftz"):
        raise UserError(f"{model}: the name has to end in .bin, or in .ftz for a small model")
    found = make(texts(positive, field), texts(negative, field), target, label, held_out, seed)
    written = {"label": label, "held_out": held_out, "seed": seed, **found.to_dict()}
    Path(f"{model}.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    show.as_json(written) if as_json else _show(found, model, label)


def texts(paths: Sequence[str], field: str) -> Iterator[str]:
    """The texts at all paths. Raises UserError for a record that cannot be read."""
    from corpusmill.jobs import light, read_records
    from corpusmill.jobs.read_fields import ReadOptions
    from corpusmill.jobs.read_files import list_files
    from corpusmill.schemas.recipe import Source

    for path in paths:
        place = Path(path)
        if (place / "_delta_log").is_dir():
            for batch in light.batches(light.open_table(str(place.parent), place.name), [field]):
                yield from (text for text in batch[field].to_pylist() if text)
            continue
        files = list_files(Source(name="texts", path=path)).files
        yield from (text for _, text in read_records.texts(files, ReadOptions("texts", text=field)))


def _show(found: "Evaluation", model: str, label: str) -> None:
    from corpusmill.jobs import show

    show.line(f"{model}: held out {found.positives:,} {label} and {found.negatives:,} others; AUC {found.auc:.3f}\n")
    rows = [(f"{row.minimum:.1f}", f"{row.precision:.3f}", f"{row.recall:.3f}") for row in found.limits]
    show.table(("minimum", "precision", "recall"), rows)
    show.line("\nIs the probability what it says?")
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.texts, f"{b.mean:.2f}", f"{b.positive:.2f}") for b in found.calibration]
    show.table(("probability", "texts", "mean", f"share of {label}"), bins)
