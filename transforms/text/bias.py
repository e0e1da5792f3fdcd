"""What a corpus says beside the groups of people that it mentions, with intervals, from the sums of `bias_counts`.

Two kinds of statement, and only the second is called a finding:

* what stands beside a group more often than in the corpus (pointwise mutual information). Words of a subject do, with
  no leaning in it.
* what stands beside one group more often than beside another of its kind (women and men, Muslims and Christians), and
  which of the two is mentioned more often. Where a corpus treats both alike there is nothing of this.

All intervals of a report hold together (Bonferroni), so that a report on a corpus without any leaning has no finding 19
times out of 20.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from corpusmill.transforms.text.bias_counts import Counts
from corpusmill.transforms.text.bias_intervals import Side, ratios, width
from corpusmill.transforms.text.bias_lists import LANGUAGES, OTHERS, Lists, dimensions, lists

FEWEST_DOCUMENTS = 10  # that have a word beside a mention: for the intervals, and so that no name of one document shows
SHOWN = 12  # words of a comparison, on each side
CORPUS = "corpus"

NUMBERS = ("count", "squares", "documents", "exposure")
COLUMNS = [f"{name}_{side}" for side in "ab" for name in NUMBERS]


@dataclass(frozen=True)
class Ratio:
    """How many times as often `what` stands beside group a as beside group b (or in the corpus).

    kind: mentions (of the groups themselves), theme, word, near (b is the corpus; `pmi` is for these, in bits).
    ratio, low, high: None for infinite.
    """

    kind: str
    language: str
    dimension: str
    a: str
    b: str
    what: str
    theme: str | None
    count_a: int
    count_b: int
    expected_a: float
    documents: int
    ratio: float | None
    low: float
    high: float | None
    pmi: tuple[float, float, float] | None = None

    @property
    def leans(self) -> str | None:
        """The group beside which it stands more often; None where the interval holds 1."""
        if self.low > 1:
            return self.a
        return self.b if self.high is not None and self.high < 1 else None


def ratios_of(counts: Counts) -> tuple[list[Ratio], float]:
    """Every comparison for which there are enough documents, and the width of the intervals."""
    rows = [row for language in LANGUAGES for row in _rows(counts, language)]
    if not rows:
        return [], width(1)
    table = pl.concat(rows, how="diagonal")
    z = width(len(table))
    one, two = (
        Side(*(table[f"{n}_{side}"].cast(pl.Float64).to_numpy() for n in ("count", "exposure", "squares")))
        for side in "ab"
    )
    middle, low, high = ratios(one, two, z)
    table = table.with_columns(ratio=middle, low=low, high=high)
    return [_ratio(row) for row in table.iter_rows(named=True)], z


def clearest(ratios: Sequence[Ratio]) -> list[Ratio]:
    """Of words that lean, those that are shown: SHOWN for each pair of groups and side."""
    shown: dict[tuple[str, str, str, str | None], list[Ratio]] = {}
    for ratio in sorted(ratios, key=lambda r: -(r.low if r.leans == r.a else 1 / max(r.high or 1, 1e-300))):
        side = shown.setdefault((ratio.language, ratio.a, ratio.b, ratio.leans), [])
        if len(side) < SHOWN:
            side.append(ratio)
    return [ratio for side in shown.values() for ratio in side]


def _rows(counts: Counts, language: str) -> Iterator[pl.DataFrame]:
    """What is compared in a language, as counts."""
    listed = lists(language)
    own = {name: getattr(counts, name).total().filter(language=language) for name in ("used", "near", "themes")}
    vocabulary = counts.vocabulary.total().filter(language=language)
    n_words = int(counts.texts.total().filter(language=language)["words"].sum())
    named = _named(vocabulary, listed)
    whole = vocabulary.group_by("stem").agg(count_b=pl.sum("n"))
    yield from (_near(own, whole, named, listed, language, number) for number in range(len(listed.groups)))
    for dimension, a, b in listed.compare:
        groups = [listed.members(a, dimension, b), listed.members(b, dimension, a)]
        about = {"language": language, "dimension": dimension, "a": a, "b": b}
        if b != OTHERS:  # many groups together are mentioned more often than one, which says nothing
            yield _about(_mentions(own["used"], groups, n_words), kind="mentions", what="mentions", **about)
        themes = pl.DataFrame(
            {"theme": range(len(listed.themes)), "what": listed.themes}, schema_overrides={"theme": pl.Int64}
        )
        yield _about(
            _pair(own, "themes", "theme", groups).join(themes, on="theme", maintain_order="left").drop("theme"),
            kind="theme",
            **about,
        )
        yield _about(
            _pair(own, "near", "stem", groups).join(named, on="stem", maintain_order="left").drop("stem"),
            kind="word",
            **about,
        )


def _named(vocabulary: pl.DataFrame, listed: Lists) -> pl.DataFrame:
    """stem -> its most frequent form, and its theme."""
    forms = vocabulary.sort("n", "form", descending=[True, False]).group_by("stem").agg(what=pl.first("form"))
    numbers = forms["stem"].replace_strict(listed.attributes, default=None, return_dtype=pl.Int64)
    names = numbers.replace_strict(dict(enumerate(listed.themes)), default=None, return_dtype=pl.String)
    return forms.with_columns(theme=names)


def _near(
    own: dict[str, pl.DataFrame], whole: pl.DataFrame, named: pl.DataFrame, listed: Lists, language: str, number: int
) -> pl.DataFrame:
    """Words beside a group, and in the rest of the corpus."""
    beside = own["near"].filter(pl.col("group") == number, pl.col("documents") >= FEWEST_DOCUMENTS)
    exposure = own["used"].filter(group=number)["neighbours"].sum()
    rows = beside.join(whole, on="stem", maintain_order="left").join(named, on="stem", maintain_order="left").select(
        "what", "theme", count_a="n", squares_a="squares", documents_a="documents", exposure_a=pl.lit(exposure),
        count_b=pl.max_horizontal(pl.col("count_b") - pl.col("n"), 0),
        exposure_b=pl.lit(max(1, int(whole["count_b"].sum()) - exposure)),
    )  # fmt: skip
    # In the rest a word is as lumpy as beside the group.
    effect = pl.col("squares_a") / pl.col("count_a")
    rows = rows.with_columns(squares_b=(pl.col("count_b") * effect).cast(pl.Int64), documents_b=pl.lit(0))
    dimension = dimensions()[listed.dimension[number]]
    return _about(rows, kind="near", language=language, dimension=dimension, a=listed.groups[number], b=CORPUS)


def _mentions(used: pl.DataFrame, groups: Sequence[list[int]], n_words: int) -> pl.DataFrame:
    """Mentions of two groups, among all words of the language; none where one is hardly mentioned."""
    row: dict[str, Any] = {}
    for side, members in zip("ab", groups, strict=True):
        chosen = used.filter(pl.col("group").is_in(members))
        sums = {"count": "n", "squares": "squares", "documents": "documents"}
        row |= {f"{name}_{side}": int(chosen[column].sum()) for name, column in sums.items()}
        row[f"exposure_{side}"] = n_words
    rows = pl.DataFrame([row])
    return rows.filter(pl.min_horizontal("documents_a", "documents_b") >= FEWEST_DOCUMENTS)


def _pair(own: dict[str, pl.DataFrame], table: str, key: str, groups: Sequence[list[int]]) -> pl.DataFrame:
    """What stands beside two groups, by key."""
    sides = []
    for side, members in zip("ab", groups, strict=True):
        chosen = own[table].filter(pl.col("group").is_in(members)).group_by(key)
        sums = {f"count_{side}": "n", f"squares_{side}": "squares", f"documents_{side}": "documents"}
        sides.append(chosen.agg(**{name: pl.sum(column) for name, column in sums.items()}))
    joined = sides[0].join(sides[1], on=key, how="full", coalesce=True).fill_null(0)
    for side, members in zip("ab", groups, strict=True):
        exposure = own["used"].filter(pl.col("group").is_in(members))["neighbours"].sum()
        joined = joined.with_columns(pl.lit(exposure).alias(f"exposure_{side}"))
    return _enough(joined).sort(key)


def _enough(rows: pl.DataFrame) -> pl.DataFrame:
    """Those that enough documents have, where there are words beside both groups."""
    there = (pl.col("exposure_a") > 0) & (pl.col("exposure_b") > 0)
    return rows.filter(there & (pl.col("documents_a") + pl.col("documents_b") >= FEWEST_DOCUMENTS))


def _about(rows: pl.DataFrame, **columns: str) -> pl.DataFrame:
    if "theme" not in rows.columns:
        rows = rows.with_columns(theme=pl.lit(None, pl.String))
    numbers = [pl.col(name).cast(pl.Int64) for name in COLUMNS]
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in columns.items())
    return rows.select("kind", "language", "dimension", "a", "b", "what", "theme", *numbers)


def _ratio(row: dict[str, Any]) -> Ratio:
    share = row["exposure_a"] / (row["exposure_a"] + row["exposure_b"])
    expected = (row["count_a"] + row["count_b"]) * share
    middle, low, high = (_pmi(row[name], share) for name in ("ratio", "low", "high"))
    known = {
        name: row[name] for name in ("kind", "language", "dimension", "a", "b", "what", "theme", "count_a", "count_b")
    }
    return Ratio(
        **known,
        expected_a=expected,
        documents=row["documents_a"] + row["documents_b"],
        ratio=_finite(row["ratio"]),
        low=row["low"],
        high=_finite(row["high"]),
        pmi=(middle, low, high) if row["b"] == CORPUS else None,
    )


def _pmi(ratio: float, share: float) -> float:
    """Pointwise mutual information, in bits, of a ratio to the rest of the corpus; share: of it beside the group."""
    if np.isinf(ratio):
        return float(-np.log2(share))
    return float(np.log2(ratio / (share * ratio + 1 - share))) if ratio > 0 else float("-inf")


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
