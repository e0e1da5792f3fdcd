"""Why one of two duplicates stands before the other, in words: the recipe's rule, or that it was published already."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from corpusmill.schemas.recipe_stages import Dedup, Keep

COLUMNS = ("source", "signals", "metadata")  # of documents, beside doc_id and the text's length


def before(kept: Mapping[str, Any], gone: Mapping[str, Any], dedup: Dedup) -> str:
    """Each: name, doc_id, n_chars and COLUMNS. A document without the value comes last, as in `transforms.keeper`.

    >>> a, b = ({"name": n, "doc_id": n, "n_chars": c} for n, c in (("A", 1200), ("B", 900)))
    >>> before(a, b, Dedup())
    'the longer one stays, A (1,200 characters against 900)'
    >>> before(b, a, Dedup())
    'B stays since it was published already, though A stands before it by the rule (1,200 characters against 900)'
    """
    rule, unit = _words(dedup.keep)
    values = [_value(row, dedup.keep) for row in (kept, gone)]
    ranks = [-math.inf if value is None else value for value in values]
    shown = [_shown(value, row, dedup.keep) for value, row in zip(values, (kept, gone), strict=True)]
    if ranks[0] > ranks[1]:
        return f"the {rule} stays, {kept['name']} ({shown[0]}{unit} against {shown[1]})"
    if ranks[0] == ranks[1] and kept["doc_id"] < gone["doc_id"]:
        return f"of two alike in that ({shown[0]}{unit}) the one with the lower doc_id stays, {kept['name']}"
    though = f"though {gone['name']} stands before it by the rule ({shown[1]}{unit} against {shown[0]})"
    if dedup.keepers == "fixed":
        return f"{kept['name']} stays since it was published already, {though}"
    return f"{kept['name']} stays by another recipe, {though}"


def _words(keep: Keep) -> tuple[str, str]:
    if keep.newest is not None:
        return f"newer one by {keep.newest}", ""
    if keep.sources is not None:
        return "one of the source listed first", ""
    if keep.signal is not None:
        return f"one with the {'lower' if keep.prefer == 'lowest' else 'higher'} {keep.signal}", ""
    return "longer one", " characters"


def _value(row: Mapping[str, Any], keep: Keep) -> float | None:
    """The higher stays."""
    if keep.newest is not None:
        return _time(dict(row["metadata"] or ()).get(keep.newest))
    if keep.sources is not None:
        return -keep.sources.index(row["source"]) if row["source"] in keep.sources else None
    if keep.signal is not None:
        value = (row["signals"] or {}).get(keep.signal)
        if value is None or math.isnan(value):
            return None
        return -value if keep.prefer == "lowest" else value
    return row["n_chars"]


def _shown(value: float | None, row: Mapping[str, Any], keep: Keep) -> str:
    if keep.sources is not None:
        return row["source"]
    if value is None:
        return "none"
    if keep.newest is not None:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M}"
    return f"{-value if keep.prefer == 'lowest' else value:,.6g}" if keep.signal else f"{value:,}"


def _time(written: str | None) -> float | None:
    try:
        found = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
