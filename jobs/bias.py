"""`corpusmill bias`: what a published version says about groups of people, read without Spark."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.versions import label, resolve
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.jobs.bias_samples import Piece
    from corpusmill.transforms.text.bias import Ratio
    from corpusmill.transforms.text.bias_counts import Counts

MOST_DOCUMENTS = 100_000  # of a larger corpus a sample is read
BATCH = 4_000_000  # bytes of text counted at once; a larger document is a batch by itself
HEX = 8  # digits of a doc_id, a hash itself, by which the sample is drawn


@dataclass(frozen=True)
class Bias:
    """What was found. mentions, forms: rows as dictionaries; ratios: every comparison, with its interval.

    share: of the documents that were read, 0..1. z: half the width of the intervals in standard deviations.
    samples: sentences for words that lean, by `bias_samples.key`.
    """

    version: str
    anonymised: str
    documents: int
    share: float
    texts: tuple[dict[str, Any], ...]
    mentions: tuple[dict[str, Any], ...]
    forms: tuple[dict[str, Any], ...]
    z: float
    ratios: "tuple[Ratio, ...]"
    samples: "dict[str, list[list[Piece]]]" = field(default_factory=dict)

    @property
    def findings(self) -> "list[Ratio]":
        """What leans to one of two groups of a kind."""
        return [ratio for ratio in self.ratios if ratio.kind != "near" and ratio.leans]

    def to_dict(self) -> dict[str, Any]:
        """For machines; of comparisons without a lean only themes and mentions."""
        shown = [{**asdict(r), "leans": r.leans} for r in self.ratios if r.leans or r.kind in ("mentions", "theme")]
        return {**asdict(self), "ratios": shown, "n_intervals": len(self.ratios), "n_findings": len(self.findings)}


def bias(warehouse: str, version: str | None = None, most: int = MOST_DOCUMENTS) -> Bias:
    """Read the corpus of a version, or a sample of `most` of its documents, the same each time."""
    from corpusmill.jobs.bias_samples import samples
    from corpusmill.transforms.text import bias as measured
    from corpusmill.transforms.text.bias_counts import Counts

    if most < 1:
        raise UserError(f"--documents {most}: at least 1")
    row = resolve(warehouse, version)
    if "corpus" not in row["tables"]:
        raise UserError(f"{label(row)} has no table corpus; its outputs are {', '.join(row['tables'])}")
    counts = Counts()
    share = min(1.0, most / max(1, row["row_counts"]["corpus"]))
    for batch in _batches(warehouse, row["tables"]["corpus"], share):
        counts.add(batch["text"], batch["language"], batch["source"])
    ratios, z = measured.ratios_of(counts)
    leaning = measured.clearest([r for r in ratios if r.kind == "word" and r.leans])
    return Bias(
        version=label(row),
        anonymised=row["anonymised"],
        documents=row["row_counts"]["corpus"],
        share=share,
        texts=tuple(counts.texts.total().to_dicts()),
        mentions=tuple(_mentions(counts).to_dicts()),
        forms=tuple(counts.forms.total().to_dicts()),
        z=z,
        ratios=tuple(ratios),
        samples=samples(_batches(warehouse, row["tables"]["corpus"], share), leaning),
    )


def _batches(warehouse: str, version: int, share: float) -> "Iterator[pl.DataFrame]":
    """doc_id, text, language, source of the sampled documents, about BATCH bytes of text at a time."""
    import polars as pl

    table = light.open_table(warehouse, "corpus", version)
    below = f"{round(share * 16**HEX):0{HEX}x}"
    for record in light.batches(table, ["doc_id", "text", "language", "source"]):
        rows = pl.DataFrame(record)
        if share < 1:
            rows = rows.filter(pl.col("doc_id").str.head(HEX) < below)
        part = rows["text"].str.len_bytes().fill_null(0).cast(pl.Int64).cum_sum() // BATCH
        yield from rows.with_columns(part=part).partition_by("part", maintain_order=True, include_key=False)


def _mentions(counts: "Counts") -> "pl.DataFrame":
    """language, source, dimension, group, documents, mentions."""
    import polars as pl

    from corpusmill.transforms.text.bias_lists import LANGUAGES, dimensions, lists

    named = [
        {"language": code, "group": number, "name": name, "dimension": dimensions()[lists(code).dimension[number]]}
        for code in LANGUAGES
        for number, name in enumerate(lists(code).groups)
    ]
    joined = counts.mentions.total().join(pl.DataFrame(named), on=["language", "group"])
    return joined.select("language", "source", "dimension", "documents", "mentions", group="name", number="group")


def write(warehouse: str, found: Bias) -> Path:
    """Write bias.html and bias.json into the warehouse's folder, or another where it is none; returns the page."""
    import json
    import tempfile

    from corpusmill.jobs.bias_page import render
    from corpusmill.jobs.whole_files import put

    folder = Path(tempfile.mkdtemp(prefix="corpusmill-")) if "://" in warehouse else Path(warehouse)
    put(folder / "bias.json", json.dumps(found.to_dict(), indent=1, ensure_ascii=False))
    return put(folder / "bias.html", render(found))
