"""`corpusmill tune`: what each rule of a recipe costs, from the measured columns alone; without Spark."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.judged import Judged, Point, bounds, curve, judge, others, outside
from corpusmill.jobs.light import quoted
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_problems import nearest
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.signals_types import Rule

STEPS = 20  # limits of a curve, from the 1st to the 99th percentile of what was measured
SAMPLES = 10  # documents shown on either side of a limit
SHOWN = 240  # characters of each
GROUPS = 12  # languages, or sources, listed


@dataclass(frozen=True)
class RuleCost:
    """drops: documents that fail the rule. alone: those that fail no other. first: those in which it decides.

    Of a rule that only flags, `drops` counts what it flags; nothing is dropped by it, alone or first.
    """

    rule: str
    limit: str
    drops: int
    alone: int
    first: int


@dataclass(frozen=True)
class Detail:
    """One rule more closely. curve: (limit, drops, alone). by_language, by_source: (name, documents, drops).

    dropped, kept: (measured, doc_id, masked text) of the documents next to the limit, the nearest first.
    """

    rule: str
    bound: str
    limit: float
    curve: tuple[Point, ...]
    by_language: tuple[tuple[str, int, int], ...]
    by_source: tuple[tuple[str, int, int], ...]
    dropped: tuple[tuple[float, str, str], ...]
    kept: tuple[tuple[float, str, str], ...]


@dataclass(frozen=True)
class Tuning:
    """What the recipe's rules would drop of the documents of a warehouse."""

    documents: int
    drops: int
    rules: tuple[RuleCost, ...]
    details: tuple[Detail, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def tune(warehouse: str, loaded: LoadedRecipe, rule: str | None = None) -> Tuning:
    """Judge all documents by the recipe's language and rules, as filter does before anything is cut.

    rule: the full name of one to look at closely. Raises UserError where there is none of that name, or where signals
    were not measured.
    """
    rules = selected_rules(loaded.recipe)
    if rule is not None and rule not in {r.full_name for r in rules}:
        names = [r.full_name for r in rules]
        raise UserError(
            f"--rule {rule}: no such rule in this recipe{nearest(rule, names)}; there are: {', '.join(names)}"
        )
    judged = judge(warehouse, loaded)
    chosen = [(one, bound) for one in rules if one.full_name == rule for bound in bounds(one)]
    return replace(costs(judged), details=tuple(_detail(warehouse, judged, one, bound) for one, bound in chosen))


def costs(judged: Judged) -> Tuning:
    """What each rule costs."""
    failed, dropping = judged.failed, judged.dropping
    n_failed = dropping.sum_horizontal()
    first = _first(dropping)
    alone = {name: int((dropping[name] & (n_failed == 1)).sum()) for name in dropping.columns}
    rows = [
        RuleCost(name, limit, int(failed[name].sum()), alone.get(name, 0), first.get(name, 0))
        for name, limit in judged.limits.items()
    ]
    return Tuning(len(judged.documents), int((n_failed > 0).sum()), tuple(rows))


def _first(failed: "pl.DataFrame") -> dict[str, int]:
    """How many documents each rule decides: the first that they fail."""
    import numpy as np

    matrix = failed.to_numpy()
    which = matrix.argmax(axis=1)[matrix.any(axis=1)]
    return {failed.columns[n]: int(count) for n, count in zip(*np.unique(which, return_counts=True), strict=True)}


def _detail(warehouse: str, judged: Judged, rule: "Rule", bound: str) -> Detail:
    import polars as pl

    limit, documents = float(getattr(rule, bound)), judged.documents
    fails, elsewhere = outside(judged, rule, bound, limit), others(judged, rule)
    measured = documents[rule.full_name].is_not_null()
    sides = {}
    for name, side in (("dropped", fails), ("kept", ~fails & measured & ~elsewhere)):
        near = documents.select("doc_id", pl.col(rule.full_name).alias("value")).filter(side)
        near = near.sort((pl.col("value") - limit).abs(), "doc_id").head(SAMPLES)
        sides[name] = [(value, doc_id) for doc_id, value in near.iter_rows()]
    texts = _texts(warehouse, [doc_id for side in sides.values() for _, doc_id in side])
    shown = {name: tuple((value, doc, texts[doc]) for value, doc in side) for name, side in sides.items()}
    groups = {column: _groups(documents[column], fails) for column in ("language", "source")}
    return Detail(
        rule.full_name,
        bound,
        limit,
        tuple(curve(judged, rule, bound, STEPS)),
        groups["language"],
        groups["source"],
        shown["dropped"],
        shown["kept"],
    )


def _groups(names: "pl.Series", fails: "pl.Series") -> tuple[tuple[str, int, int], ...]:
    import polars as pl

    counted = pl.DataFrame({"name": names.fill_null("?"), "fails": fails}).group_by("name")
    rows = counted.agg(pl.len().alias("n"), pl.col("fails").sum()).sort("fails", "name", descending=[True, False])
    return tuple((name, n, int(failing)) for name, n, failing in rows.head(GROUPS).iter_rows())


def _texts(warehouse: str, ids: Sequence[str]) -> dict[str, str]:
    """The masked beginning of each text."""
    from corpusmill.jobs.explain_mask import anonymiser
    from corpusmill.transforms.text.mask import masked

    if not ids:
        return {}
    where = f"doc_id IN ({', '.join(map(quoted, ids))})"
    rows = light.rows(light.open_table(warehouse, "documents"), ["doc_id", "text", "language"], where)
    recognisers = anonymiser(warehouse)
    return {r["doc_id"]: " ".join(masked(r["text"], recognisers, r["language"], SHOWN).split()) for r in rows}


def share(n: int, of: int) -> str:
    """A share as a person reads it.

    >>> share(1, 3), share(0, 0)
    ('33.3 %', '-')
    """
    return "-" if not of else f"{n / of:.1%}".replace("%", " %")
