"""The report's section on limits: what each quality rule drops at its limit and at others."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpusmill.jobs.stage import Context

STEPS = 7  # limits of a curve, beside the rule's own
MOST = 1_000_000  # documents of which this is counted while a version is published; `corpusmill tune` knows no bound


def tuning(context: "Context") -> dict[str, Any] | None:
    """documents, drops, and of each rule that drops something what `tune` tells, with its curve.

    None where nothing can be told at once.
    """
    from corpusmill.jobs.judged import bounds, curve, judge
    from corpusmill.jobs.tune import costs

    warehouse = context.warehouse
    if context.recipe.quality is None or not warehouse.local or not 0 < warehouse.count("documents") <= MOST:
        return None
    judged = judge(warehouse.location, context.loaded)
    found = costs(judged).to_dict()
    rules = {rule.full_name: rule for rule in judged.rules}
    rows = [row for row in found["rules"] if row["drops"] and row["rule"] in rules]
    for row in rows:
        rule = rules[row["rule"]]
        row["curves"] = [
            {"bound": bound, "limit": getattr(rule, bound), "points": curve(judged, rule, bound, STEPS)}
            for bound in bounds(rule)
        ]
    return {"documents": found["documents"], "drops": found["drops"], "rules": rows}
