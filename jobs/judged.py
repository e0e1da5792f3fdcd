"""All documents of a warehouse judged by a recipe's language and rules, from the measured columns alone; no Spark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from corpusmill.jobs import light
from corpusmill.jobs.measured import frame, value
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.jobs.recipe_rules import selected_rules
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_quality import Definitions
from corpusmill.schemas.recipe_stages import LimitName

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from corpusmill.transforms.text.signals_types import Rule

LANGUAGE_LIMITS: dict[LimitName, str] = {
    "minimum_confidence": "language_confidence",
    "minimum_share": "language_share",
}  # the recipe's key to the column

Point = tuple[float, int, int]  # a limit, the documents that it would drop, and those that nothing else drops


@dataclass(frozen=True)
class Judged:
    """documents: their columns, and of each rule what it judges by. failed: a column a check, in the order in which
    they decide. limits: each check's limit in words, in that order.
    """

    documents: "pl.DataFrame"
    failed: "pl.DataFrame"
    rules: "tuple[Rule, ...]"
    limits: dict[str, str]

    @property
    def dropping(self) -> "pl.DataFrame":
        """The checks that drop; the others only flag."""
        return self.failed.drop(rule.full_name for rule in self.rules if rule.action == "flag")


def judge(warehouse: str, loaded: LoadedRecipe) -> Judged:
    """As filter does, before anything is cut.

    Raises UserError where signals or scores were not measured, or signals by other definitions.
    """
    rules = selected_rules(loaded.recipe)
    documents = _documents(warehouse, rules)
    _refuse_other_definitions(warehouse, loaded)
    return Judged(documents, _failed(documents, loaded, rules), rules, _limits(loaded, rules))


def bounds(rule: "Rule") -> list[str]:
    """Which limits it has."""
    return [bound for bound in ("minimum", "maximum") if getattr(rule, bound) is not None]


def outside(judged: Judged, rule: "Rule", bound: str, limit: float) -> "pl.Series":
    """Which documents would lie beyond another limit."""
    return judged.documents.select(_outside(rule, bound, limit).fill_null(False)).to_series()


def others(judged: Judged, rule: "Rule") -> "pl.Series":
    """Which documents another check drops."""
    import polars as pl

    return judged.dropping.drop(rule.full_name, strict=False).select(pl.any_horizontal(pl.all())).to_series()


def curve(judged: Judged, rule: "Rule", bound: str, steps: int) -> list[Point]:
    """What the rule would drop at its limit and at `steps` others, from the 1st to the 99th percentile measured."""
    import numpy as np

    known = judged.documents[rule.full_name].drop_nulls().drop_nans().to_numpy()
    values = np.quantile(known, np.linspace(0.01, 0.99, steps)) if len(known) else np.empty(0)
    limits = sorted({float(f"{one:.3g}") for one in values} | {float(getattr(rule, bound))})
    elsewhere = others(judged, rule)
    fails = [(limit, outside(judged, rule, bound, limit)) for limit in limits]
    return [(limit, int(which.sum()), int((which & ~elsewhere).sum())) for limit, which in fails]


def _documents(warehouse: str, rules: Sequence["Rule"]) -> "pl.DataFrame":
    """doc_id, source, n_chars, language and what is known of it; for each rule what it judges by, as float64."""
    columns = ["doc_id", "source", "language", "language_confidence", "languages", "n_chars"]
    measured = sorted({rule.column for rule in rules})
    table = light.read(warehouse, "documents", [*columns, *measured])
    found = frame(table.drop_columns("languages"))
    for column in measured:
        if len(found) and found[column].null_count() == len(found):
            raise UserError(f"{warehouse}: {column} were not measured; run the recipe until filter once")
    found = found.with_columns(language_share=_share_of_own(table["languages"].combine_chunks(), found["language"]))
    columns[columns.index("languages")] = "language_share"
    return found.select(*columns, *(value(rule.column, rule.signal).alias(rule.full_name) for rule in rules))


def _refuse_other_definitions(warehouse: str, loaded: LoadedRecipe) -> None:
    """Raise UserError where all is as the recipe has it, but for `quality.definitions`."""
    quality = loaded.recipe.quality
    if quality is None or not light.exists(warehouse, "stage_runs"):
        return
    runs = light.rows(light.open_table(warehouse, "stage_runs"), ["made_with", "finished_at"], "stage = 'prepare'")
    last = max(runs, key=lambda run: run["finished_at"], default={"made_with": None})["made_with"]
    for other in get_args(Definitions):
        changed = quality.model_copy(update={"definitions": other})
        recipe = loaded.recipe.model_copy(update={"quality": changed})
        if other != quality.definitions and last == _made_with(replace(loaded, recipe=recipe)):
            raise UserError(
                f"{warehouse}: signals were measured by the definitions of {other}, and the recipe asks for those of "
                f"{quality.definitions}; run it until filter once"
            )


def _made_with(loaded: LoadedRecipe) -> str | None:
    """What prepare would note of its options and code; None where Spark's part is not installed, which makes them."""
    try:
        from corpusmill.jobs.prepare import STAGE
    except ImportError:
        return None
    return STAGE.made_with(loaded)


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
        outside = [_outside(rule, bound, getattr(rule, bound)) for bound in bounds(rule)]
        checks[rule.full_name] = pl.any_horizontal(outside)
    return documents.select(check.fill_null(False).alias(name) for name, check in checks.items())


def _outside(rule: "Rule", bound: str, limit: float) -> "pl.Expr":
    """Whether a document that the rule is asked of lies beyond the limit."""
    import polars as pl

    outside = pl.col(rule.full_name) < limit if bound == "minimum" else pl.col(rule.full_name) > limit
    asked = [pl.col(c).is_in(of) for c, of in (("language", rule.languages), ("source", rule.sources)) if of]
    return pl.all_horizontal(*asked, outside)


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
    said = {r.full_name: ", ".join(f"{words[b]} {getattr(r, b):g}" for b in bounds(r)) for r in rules}
    flags = {r.full_name for r in rules if r.action == "flag"}
    return limits | {name: f"{limit} (flags)" if name in flags else limit for name, limit in said.items()}
