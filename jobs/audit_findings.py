"""What the audit counts of a version: findings by type, source, language and score; what changed since the last one."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.versions import label
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from deltalake import DeltaTable

Row = Mapping[str, Any]

FINDINGS = """
    SELECT f.entity_type AS entity_type, coalesce(c.source, '?') AS source, coalesce(c.language, 'und') AS language,
        coalesce(f.recogniser, '?') AS recogniser, coalesce(f.operator, '?') AS operator, count(*) AS n,
        cast(least(19, floor(coalesce(f.score, 0) * 20 + 1e-9)) AS int) AS twentieth
    FROM pii_findings f LEFT JOIN corpus c ON f.doc_id = c.doc_id
    GROUP BY 1, 2, 3, 4, 5, 7"""
VALUES = """
    SELECT entity_type, count(DISTINCT value_hmac) AS n_values, count(DISTINCT doc_id) AS documents,
        min(score) AS lowest
    FROM pii_findings GROUP BY entity_type"""
IN_ALL = "SELECT count(DISTINCT doc_id) AS n FROM pii_findings"
DOCUMENTS = """
    SELECT coalesce(source, '?') AS source, coalesce(language, 'und') AS language, count(*) AS n
    FROM corpus GROUP BY 1, 2"""
DIFFERENT = """
    SELECT sum(CASE WHEN b.doc_id IS NULL THEN 1 ELSE 0 END) AS added,
        sum(CASE WHEN a.doc_id IS NULL THEN 1 ELSE 0 END) AS removed,
        sum(CASE WHEN a.text <> b.text THEN 1 ELSE 0 END) AS changed
    FROM corpus a FULL JOIN before b ON a.doc_id = b.doc_id"""


def opened(warehouse: str, row: Row, *names: str) -> "dict[str, DeltaTable]":
    """Tables of a version as they were. Raises UserError where the version does not name one, or it was pruned."""
    missing = [name for name in names if name not in row["tables"]]
    if missing:
        raise UserError(f"{label(dict(row))} names no table {', '.join(missing)}: it cannot be audited")
    return {name: light.open_table(warehouse, name, row["tables"][name]) for name in names}


def count(warehouse: str, row: Row) -> dict[str, Any]:
    """Findings of a version by type, source, language, recogniser, operator and score.

    strata: (type, language) to how many there are, which samples are drawn from and weighted by.
    """
    tables = opened(warehouse, row, "pii_findings", "corpus")
    found = light.query(FINDINGS, tables)
    values = {r["entity_type"]: r for r in light.query(VALUES, tables)}
    documents = light.query(DOCUMENTS, tables)
    counted: dict[str, Counter[Any]] = defaultdict(Counter)
    of_type: dict[str, dict[str, Counter[Any]]] = defaultdict(lambda: defaultdict(Counter))
    strata: Counter[tuple[str, str]] = Counter()
    for r in found:
        strata[r["entity_type"], r["language"]] += r["n"]
        for kind in ("source", "language", "recogniser", "operator", "twentieth"):
            counted[kind][r[kind]] += r["n"]
            of_type[r["entity_type"]][kind][r[kind]] += r["n"]
    languages = [code for code, _ in counted["language"].most_common()]
    types = [
        {
            "type": kind,
            "n": sum(of_type[kind]["language"].values()),
            "values": values[kind]["n_values"],
            "documents": values[kind]["documents"],
            "lowest": values[kind]["lowest"],
            "languages": dict(of_type[kind]["language"]),
            "recognisers": dict(of_type[kind]["recogniser"].most_common()),
            "operators": sorted(of_type[kind]["operator"]),
        }
        for kind in sorted(of_type, key=lambda k: (-sum(of_type[k]["language"].values()), k))
    ]
    return {
        "n": sum(strata.values()),
        "documents": light.query(IN_ALL, tables)[0]["n"],
        "types": types,
        "languages": _beside(documents, "language", counted["language"]),
        "sources": _beside(documents, "source", counted["source"]),
        "columns": languages,
        "recognisers": dict(counted["recogniser"].most_common()),
        "scores": [{"from": at / 20, "n": n} for at, n in sorted(counted["twentieth"].items())],
        "strata": [{"type": k, "language": lang, "n": n} for (k, lang), n in sorted(strata.items())],
    }


def _beside(documents: Sequence[Row], kind: str, findings: Mapping[str, int]) -> list[dict[str, Any]]:
    """Of each source or language the documents and the findings: where few are found is where to look."""
    counts: Counter[str] = Counter()
    for r in documents:
        counts[r[kind]] += r["n"]
    order = sorted(counts, key=lambda k: (-counts[k], k))
    return [{kind: name, "documents": counts[name], "findings": findings.get(name, 0)} for name in order]


def changes(warehouse: str, row: Row, parent: Row | None, found: Row) -> dict[str, Any] | None:
    """What is other than in the version before: documents, findings by type, recipe, code, models; None at the first.

    found: what `count` gives for the version. Where the version before was pruned, `unknown` says so.
    """
    if parent is None:
        return None
    told: dict[str, Any] = {"parent": label(dict(parent)), **_settings(row, parent)}
    try:
        before = count(warehouse, parent)
        tables = {**opened(warehouse, row, "corpus"), "before": opened(warehouse, parent, "corpus")["corpus"]}
        documents = light.query(DIFFERENT, tables)[0]
    except UserError as error:
        return {**told, "unknown": str(error)}
    now, then = ({t["type"]: t["n"] for t in counts["types"]} for counts in (found, before))
    return {
        **told,
        "documents": {name: documents[name] or 0 for name in ("added", "removed", "changed")},
        "findings": [
            {"type": kind, "before": then.get(kind, 0), "now": now.get(kind, 0)} for kind in sorted({*now, *then})
        ],
    }


def _settings(row: Row, parent: Row) -> dict[str, Any]:
    before, now = ((v["recipe"] or "").splitlines() for v in (parent, row))
    differences = difflib.unified_diff(before, now, n=0, lineterm="")
    codes = [parent["code_version"], row["code_version"]]
    names = sorted({*row["models"], *parent["models"]})
    models = ((name, parent["models"].get(name), row["models"].get(name)) for name in names)
    return {
        "recipe": [line for line in differences if line[:2] not in ("--", "++", "@@")],
        "code": codes if codes[0] != codes[1] else None,
        "models": [{"name": name, "before": old, "now": new} for name, old, new in models if old != new],
    }
