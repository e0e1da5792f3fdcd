"""Rules over the columns of documents -> decisions. No text is read: signals were measured in prepare."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.schemas.recipe_stages import Language, LimitName
from corpusmill.transforms.text.rules import Rule


def decide(documents: DataFrame, language: Language | None, rules: Sequence[Rule]) -> DataFrame:
    """Rows of `decisions` for the documents that fail a rule: the first that fails decides, `detail` names the others.

    documents: doc_id, n_chars, language, language_confidence, languages, signals, scores; source, where a rule asks for
    it. Rules that only flag drop nothing.
    """
    checks = [_failed(F.col("n_chars") == 0, "empty", F.lit("0 characters"), F.lit("at least 1 character"))]
    checks += _language_checks(language)
    checks += [_signal_check(rule) for rule in rules if rule.action == "drop"]
    judged = documents.withColumn("failed", F.array_compact(F.array(*checks))).where("size(failed) > 0")
    first = F.col("failed")[0]
    others = F.array_join(F.transform(F.expr("slice(failed, 2, size(failed))"), lambda f: f["rule"]), ", ")
    # An empty text fails nearly every rule; that says nothing more.
    detail = F.when(first["rule"] == "empty", "").otherwise(others)
    return judged.select(
        "doc_id",
        F.lit("filter").alias("stage"),
        first["rule"].alias("rule"),
        first["measured"].alias("measured"),
        first["limit"].alias("limit"),
        F.when(detail != "", F.concat(F.lit("also fails "), detail)).alias("detail"),
    )


def decide_again(edited: DataFrame, language: Language | None, rules: Sequence[Rule]) -> DataFrame:
    """As `decide`, for documents that passed before they were cut. edited: the columns, of the edited texts.

    The language stays what it was found to be: that of the whole text.
    """
    decisions = decide(edited, language, rules)
    return decisions.withColumn("detail", F.concat_ws("; ", F.lit("after cuts"), "detail"))


def flags(documents: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Rows of `flags`: each rule that only flags, of the documents that fail it."""
    nothing = _failed(F.lit(False), "", F.lit(""), F.lit(""))
    checks = [_signal_check(rule) for rule in rules if rule.action == "flag"] or [nothing]
    failed = documents.select("doc_id", F.explode(F.array_compact(F.array(*checks))).alias("failed"))
    return failed.select("doc_id", F.lit("filter").alias("stage"), "failed.rule", "failed.measured", "failed.limit")


def _failed(condition: Column, rule: str, measured: Column, limit: Column) -> Column:
    return F.when(condition, F.struct(F.lit(rule).alias("rule"), measured.alias("measured"), limit.alias("limit")))


def _language_checks(language: Language | None) -> list[Column]:
    if language is None:
        return []
    checks = []
    if language.keep is not None:
        kept = F.col("language").isin(list(language.keep))
        wanted = F.lit("one of " + ", ".join(language.keep))
        checks.append(_failed(~kept, "language.keep", F.col("language"), wanted))
    checks.append(_language_limit(language, "minimum_confidence", F.col("language_confidence")))
    checks.append(_language_limit(language, "minimum_share", F.col("languages")[F.col("language")]))
    return checks


def _language_limit(language: Language, name: LimitName, value: Column) -> Column:
    """A value below the limit of the document's language; a value that is missing fails nothing."""
    limit, others = language.limit(name)
    least, shown = F.lit(float(limit)), F.lit(f"at least {limit:g}")
    for code, other in others.items():
        this = F.col("language") == code
        least = F.when(this, F.lit(float(other))).otherwise(least)
        shown = F.when(this, F.lit(f"at least {other:g}")).otherwise(shown)
    return _failed(value < least, f"language.{name}", _shown(value), shown)


def _signal_check(rule: Rule) -> Column:
    value = F.col(rule.column)[rule.signal].cast("double")
    outside: list[Column] = []
    limits: list[str] = []
    if rule.minimum is not None:
        outside.append(value < rule.minimum)
        limits.append(f"at least {rule.minimum:g}")
    if rule.maximum is not None:
        outside.append(value > rule.maximum)
        limits.append(f"at most {rule.maximum:g}")
    asked = [F.col(c).isin(list(of)) for c, of in (("language", rule.languages), ("source", rule.sources)) if of]
    fails = reduce(Column.__and__, [*asked, reduce(Column.__or__, outside)])
    return _failed(fails, rule.full_name, _shown(value), F.lit(", ".join(limits)))


def _shown(value: Column) -> Column:
    """A number as a person reads it: whole ones without decimals, others with four significant ones at most."""
    whole = F.format_string("%d", value.cast("bigint"))
    return F.when(value == F.floor(value), whole).otherwise(F.format_string("%.4f", value))
