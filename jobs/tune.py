"""`corpusmill tune`: what each rule of a recipe costs, from the measured columns alone; without Spark."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.light import quoted
from corpusmill.jobs.measured import value
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_problems import nearest
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_stages import LimitName

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from corpusmill.transforms.text.signals_types import Rule

STEPS = 20  # limits of a curve, from the 1st to the 99th percentile of what was measured
SAMPLES = 10  # documents shown on either side of a limit
SHOWN = 240  # characters of each
GROUPS = 12  # languages, or sources, listed
LANGUAGE_LIMITS: dict[LimitName, str] = {
    "minimum_confidence": "language_confidence",
    "minimum_share": "language_share",
}  # the recipe's key to the column


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
    curve: tuple[tuple[float, int, int], ...]
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
    recipe = loaded.recipe
    rules = selected_rules(recipe)
    if rule is not None and rule not in {r.full_name for r in rules}:
        names = [r.full_name for r in rules]
        raise UserError(
            f"--rule {rule}: no such rule in this recipe{nearest(rule, names)}; there are: {', '.join(names)}"
        )
    documents = _documents(warehouse, rules)
    failed = _failed(documents, loaded, rules)
    dropping = failed.drop(one.full_name for one in rules if one.action == "flag")
    n_failed = dropping.sum_horizontal()
    first = _first(dropping)
    alone = {name: int((dropping[name] & (n_failed == 1)).sum()) for name in dropping.columns}
    costs = [
        RuleCost(name, limit, int(failed[name].sum()), alone.get(name, 0), first.get(name, 0))
        for name, limit in _limits(loaded, rules).items()
    ]
    details = [
        _detail(warehouse, documents, dropping, one, bound)
        for one in rules
        if one.full_name == rule
        for bound in _bounds(one)
    ]
    return Tuning(len(documents), int((n_failed > 0).sum()), tuple(costs), tuple(details))


def _documents(warehouse: str, rules: Sequence["Rule"]) -> "pl.DataFrame":
    """doc_id, source, n_chars, language and what is known of it; for each rule what it judges by, as float64."""
    import polars as pl

    columns = ["doc_id", "source", "language", "language_confidence", "languages", "n_chars"]
    measured = sorted({rule.column for rule in rules})
    table = light.read(warehouse, "documents", [*columns, *measured])
    found = pl.DataFrame(table.drop_columns("languages"))
    for column in measured:
        if len(found) and found[column].null_count() == len(found):
            raise UserError(f"{warehouse}: {column} were not measured; run the recipe until filter once")
    found = found.with_columns(language_share=_share_of_own(table["languages"].combine_chunks(), found["language"]))
    columns[columns.index("languages")] = "language_share"
    return found.select(*columns, *(value(rule.column, rule.signal).alias(rule.full_name) for rule in rules))


def _share_of_own(shares: "pa.MapArray", languages: "pl.Series") -> "pl.Series":
    """Of each document the share of its own language; null where it has none."""
    import numpy as np
    import polars as pl

    owner = np.repeat(np.arange(len(shares)), np.diff(shares.offsets.to_numpy()))
    own = (pl.Series(shares.keys) == languages.gather(owner)).fill_null(False)
    found = pl.DataFrame({"owner": owner, "share": pl.Series(shares.items)}).filter(own)
    every = pl.DataFrame({"owner": np.arange(len(shares))})
    return every.join(found, "owner", "left", maintain_order="left")["share"]


def _failed(documents: "pl.DataFrame", loaded: LoadedRecipe, rules: Sequence["Rule"]) -> "pl.DataFrame":
    """A column a rule, in the order in which they decide: which documents fail it."""
    import polars as pl

    language = loaded.recipe.language
    checks = {"empty": pl.col("n_chars") == 0}
    if language and language.keep is not None:
        checks["language.keep"] = ~pl.col("language").is_in(list(language.keep))
    for name, column in LANGUAGE_LIMITS.items():
        if language is None:
            break
        limit, others = language.limit(name)
        least = pl.col("language").replace_strict(others, default=limit, return_dtype=pl.Float64)
        checks[f"language.{name}"] = pl.col(column).cast(pl.Float64) < least
    for rule in rules:
        outside = [_outside(rule, bound, getattr(rule, bound)) for bound in _bounds(rule)]
        checks[rule.full_name] = pl.any_horizontal(outside)
    return documents.select(check.fill_null(False).alias(name) for name, check in checks.items())


def _outside(rule: "Rule", bound: str, limit: float) -> "pl.Expr":
    """Whether a document that the rule is asked of lies beyond the limit."""
    import polars as pl

    outside = pl.col(rule.full_name) < limit if bound == "minimum" else pl.col(rule.full_name) > limit
    asked = [pl.col(c).is_in(of) for c, of in (("language", rule.languages), ("source", rule.sources)) if of]
    return pl.all_horizontal(*asked, outside)


def _bounds(rule: "Rule") -> list[str]:
    return [bound for bound in ("minimum", "maximum") if getattr(rule, bound) is not None]


def _limits(loaded: LoadedRecipe, rules: Sequence["Rule"]) -> dict[str, str]:
    """Each check's limit in words, in the order of `_failed`."""
    language = loaded.recipe.language
    limits = {"empty": "at least 1 character"}
    if language and language.keep is not None:
        limits["language.keep"] = "one of " + ", ".join(language.keep)
    for name in LANGUAGE_LIMITS:
        if language is None:
            break
        limit, others = language.limit(name)
        limits[f"language.{name}"] = "; ".join(
            [f"at least {limit:g}", *(f"{code} {other:g}" for code, other in others.items())]
        )
    words = {"minimum": "at least", "maximum": "at most"}
    said = {r.full_name: ", ".join(f"{words[b]} {getattr(r, b):g}" for b in _bounds(r)) for r in rules}
    flags = {r.full_name for r in rules if r.action == "flag"}
    return limits | {name: f"{limit} (flags)" if name in flags else limit for name, limit in said.items()}


def _first(failed: "pl.DataFrame") -> dict[str, int]:
    """How many documents each rule decides: the first that they fail."""
    import numpy as np

    matrix = failed.to_numpy()
    which = matrix.argmax(axis=1)[matrix.any(axis=1)]
    return {failed.columns[n]: int(count) for n, count in zip(*np.unique(which, return_counts=True), strict=True)}


def _detail(warehouse: str, documents: "pl.DataFrame", failed: "pl.DataFrame", rule: "Rule", bound: str) -> Detail:
    import numpy as np
    import polars as pl

    limit = float(getattr(rule, bound))
    measured = documents[rule.full_name]
    others = failed.drop(rule.full_name, strict=False).select(pl.any_horizontal(pl.all())).to_series()
    known = measured.drop_nulls().drop_nans().to_numpy()
    steps = np.quantile(known, np.linspace(0.01, 0.99, STEPS)) if len(known) else np.empty(0)

    def outside(at: float) -> "pl.Series":
        return documents.select(_outside(rule, bound, at).fill_null(False)).to_series()

    limits = sorted({float(f"{step:.3g}") for step in steps} | {limit})
    curve = [(at, int(outside(at).sum()), int((outside(at) & ~others).sum())) for at in limits]
    fails = outside(limit)
    sides = {}
    for name, side in (("dropped", fails), ("kept", ~fails & measured.is_not_null() & ~others)):
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
        tuple(curve),
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
    return "-" if not of or math.isnan(of) else f"{n / of:.1%}".replace("%", " %")
