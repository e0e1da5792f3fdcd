"""Verdicts of reviewers: read back from what the page saved, kept in a table, made into the measured precision."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpusmill.jobs import audit_sample, light
from corpusmill.jobs.versions import label
from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.intervals import upper_bound, weighted

Row = Mapping[str, Any]
Sizes = Mapping[tuple[str, str], int]  # findings of each type and language

FORMAT = "corpusmill audit verdicts 1"
#: What may be said of a finding and of a passage, in the order of the keys 1, 2, ... of the page.
VERDICTS = {"finding": ("right", "type", "wrong", "unsure"), "passage": ("clean", "left", "unsure")}
STRICTEST = ("wrong", "left", "type", "right", "clean", "unsure")  # of several reviewers' the first of these counts
COUNTED = {"right": "right", "type": "other", "wrong": "wrong", "unsure": "unsure"}  # a verdict, and its column
TABLE = "audit_verdicts"


def parse(path: Path) -> dict[str, Any]:
    """The content of a saved file. Raises UserError where it is none, naming what is wrong; never quotes it."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"--verdicts: {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise UserError(f"--verdicts: {path} is not JSON. Want what the page of verdicts saved") from None
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise UserError(f"--verdicts: {path} was not saved by the page of verdicts (format '{FORMAT}')")
    texts = ("dataset", "content_hash", "reviewer", "saved_at")
    wrong = [k for k in texts if not isinstance(saved.get(k), str) or not saved[k].strip()]
    wrong += [k for k, kind in (("seed", int), ("verdicts", list)) if not isinstance(saved.get(k), kind)]
    if wrong:
        raise UserError(f"--verdicts: {path}: {', '.join(wrong)} lacks or is of another kind")
    try:
        saved["saved_at"] = datetime.fromisoformat(saved["saved_at"]).astimezone(UTC)
    except ValueError:
        raise UserError(f"--verdicts: {path}: saved_at is not a time") from None
    return saved


def rows(saved: Row, version: Row, sample: Sequence[Row], run_id: str) -> list[dict[str, Any]]:
    """Rows of audit_verdicts. sample: of the file's seed, drawn again: only what was in it can have been judged.

    Raises UserError for a file of another version, for what is not of the sample, and for an unknown verdict.
    """
    if (saved["dataset"], saved["content_hash"]) != (label(dict(version)), version["content_hash"]):
        raise UserError(
            f"--verdicts: the file judges {saved['dataset'][:80]}, not this content of {label(dict(version))}"
        )
    items = {audit_sample.key(item): item for item in sample}
    found = []
    for number, one in enumerate(saved["verdicts"], 1):
        given = one if isinstance(one, dict) else {}
        at = tuple(given.get(k) for k in ("kind", "doc_id", "field", "start"))
        item = items.get(at) if all(isinstance(part, str | int) for part in at) else None  # type: ignore[arg-type]
        if item is None:
            raise UserError(f"--verdicts: number {number} is not of the sample of this version with its seed")
        if given.get("verdict") not in VERDICTS[item["kind"]]:
            raise UserError(f"--verdicts: number {number}: want one of {', '.join(VERDICTS[item['kind']])}")
        found.append(
            {
                **{k: version[k] for k in ("name", "version")},
                **{k: item.get(k) for k in ("kind", "doc_id", "field", "start", "end", "entity_type", "language")},
                "verdict": given["verdict"],
                "reviewer": saved["reviewer"].strip()[:200],
                "judged_at": saved["saved_at"],
                "seed": saved["seed"],
                "run_id": run_id,
            }
        )
    return found


def kept(warehouse: str, version: Row) -> list[dict[str, Any]]:
    """The verdicts on a version, oldest first."""
    if not light.exists(warehouse, TABLE):
        return []
    of_version = f"name = {light.quoted(version['name'])} AND version = {version['version']}"
    found = light.rows(light.open_table(warehouse, TABLE), where=of_version)
    return sorted(found, key=lambda r: r["judged_at"])


def unknown(new: Iterable[Row], there: Iterable[Row]) -> list[dict[str, Any]]:
    """Those of the new rows that are not there yet: the same file read twice adds nothing."""

    def names(row: Row) -> tuple[Any, ...]:
        return (*audit_sample.key(row), row["reviewer"], row["judged_at"])

    known = {names(row) for row in there}
    return [dict(row) for row in new if names(row) not in known]


def settled(found: Iterable[Row]) -> tuple[list[dict[str, Any]], list[bool]]:
    """One verdict for each item; and of each item that two reviewers judged, whether they agree.

    Of one reviewer the last counts; of several the strictest.
    """
    by_item: dict[Any, dict[str, Row]] = defaultdict(dict)
    for row in found:
        by_item[audit_sample.key(row)][row["reviewer"]] = row
    one = [dict(min(by.values(), key=lambda r: STRICTEST.index(r["verdict"]))) for by in by_item.values()]
    agree = [len({r["verdict"] for r in by.values()}) == 1 for by in by_item.values() if len(by) > 1]
    return one, agree


def measure(found: Sequence[Row], strata: Sequence[Row]) -> dict[str, Any] | None:
    """What the verdicts say: precision by type and language, and of passages how many hold something that was missed.

    strata: as `audit_findings.count` gives them; each part weighs as much as it has findings. None without verdicts.
    """
    if not found:
        return None
    one, agree = settled(found)
    parts = audit_sample.by_stratum(one)
    sizes = {(s["type"], s["language"]): s["n"] for s in strata}
    types = sorted({kind for kind, _ in parts})
    languages = sorted({language for _, language in parts})
    groups = [(kind, "all") for kind in types] + [("all", language) for language in languages] + [("all", "all")]
    looked_at = [p for p in one if p["kind"] == "passage" and p["verdict"] != "unsure"]
    left = sum(p["verdict"] == "left" for p in looked_at)
    return {
        "reviewers": sorted({r["reviewer"] for r in found}),
        "items": len(one),
        "agreement": {"items": len(agree), "equal": sum(agree)},
        "rows": [_row(kind, language, parts, sizes) for kind, language in groups],
        "passages": {
            "judged": len(looked_at),
            "unsure": sum(p["kind"] == "passage" for p in one) - len(looked_at),
            "left": left,
            "upper": upper_bound(left, len(looked_at)),
        },
    }


def _row(kind: str, language: str, parts: Mapping[tuple[str, str], Sequence[Row]], sizes: Sizes) -> dict[str, Any]:
    """Precision of a type, a language, or all: share, low, high; None where nothing but `unsure` was said."""
    chosen = {at: rows for at, rows in parts.items() if kind in ("all", at[0]) and language in ("all", at[1])}
    said = Counter(r["verdict"] for rows in chosen.values() for r in rows)
    right, any_type = [], []
    for at, rows in chosen.items():
        counts = Counter(r["verdict"] for r in rows)
        judged = len(rows) - counts["unsure"]
        right.append((sizes.get(at, 0), judged, counts["right"]))
        any_type.append((sizes.get(at, 0), judged, counts["right"] + counts["type"]))
    return {
        "type": kind,
        "language": language,
        **{name: said[verdict] for verdict, name in COUNTED.items()},
        "precision": weighted(right),
        "precision_any": weighted(any_type),
    }
