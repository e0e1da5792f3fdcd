"""`corpusmill verify`: is a published version still what it was when it was published? Needs no Spark."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from corpusmill.jobs import light, sign_offs, versions
from corpusmill.schemas.errors import CorpusmillError
from corpusmill.schemas.stages import AFTER_CORPUS

FUNNEL = ("raw_documents", "quarantine", "decisions", "corpus")

# Every input is refused by a stage, dropped by a decision, or in the corpus; ingest refuses what never became an input.
BALANCE = f"""
    WITH ends AS (
        SELECT doc_id, 'quarantine' AS place FROM quarantine
            WHERE doc_id IS NOT NULL AND stage NOT IN ('ingest', {", ".join(map(light.quoted, AFTER_CORPUS))})
        UNION ALL SELECT doc_id, 'decisions' FROM decisions
            WHERE stage NOT IN ({", ".join(map(light.quoted, AFTER_CORPUS))})
        UNION ALL SELECT doc_id, 'corpus' FROM corpus),
    ended AS (SELECT doc_id, count(*) AS n, string_agg(place, ' and ') AS places FROM ends GROUP BY doc_id),
    begun AS (SELECT doc_id, count(*) AS n FROM raw_documents GROUP BY doc_id)
    SELECT coalesce(begun.doc_id, ended.doc_id) AS doc_id, coalesce(begun.n, 0) AS n_in, ended.places AS places
    FROM begun FULL JOIN ended ON begun.doc_id = ended.doc_id
    WHERE coalesce(begun.n, 0) <> 1 OR coalesce(ended.n, 0) <> 1
    ORDER BY doc_id"""


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what, whether it is as it should be, and what was found."""

    what: str
    ok: bool
    found: str


@dataclass(frozen=True)
class Verification:
    """All checks of one version."""

    version: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        return {"version": self.version, "ok": self.ok, "checks": [asdict(check) for check in self.checks]}


def verify(warehouse: str, wanted: str | None = None) -> Verification:
    """Check a version: its tables, their rows, the content hash, the funnel document by document.

    wanted: `2`, `handbook@2`, `handbook`; None: the latest. Raises UserError where there is no such version.
    """
    row = versions.resolve(warehouse, wanted)
    checks = [*_tables(warehouse, row)]
    if all(check.ok for check in checks):
        checks += [*_content(warehouse, row), *_funnel(warehouse, row)]
    checks += _signature(warehouse, row)
    return Verification(versions.label(row), tuple(checks))


def _tables(warehouse: str, row: dict[str, Any]) -> Iterator[Check]:
    """Each table is there at its Delta version, its files too, with as many rows as were counted."""
    for name, version in sorted(row["tables"].items()):
        what, expected = f"table {name}", row["row_counts"].get(name)
        try:
            table = light.open_table(warehouse, name, version)
            found = sum(batch.num_rows for batch in light.batches(table, [table.schema().fields[0].name]))
        except (CorpusmillError, OSError) as error:
            yield Check(what, False, f"cannot be read at Delta version {version}: {_short(error)}")
        else:
            yield Check(what, found == expected, f"{found} rows at Delta version {version}, {expected} were published")


def _content(warehouse: str, row: dict[str, Any]) -> Iterator[Check]:
    """The hash over the rows of the outputs is the one that was published."""
    found = content_hash(warehouse, {name: row["tables"][name] for name in outputs(row)})
    text = f"{found[:12]} over {', '.join(outputs(row))}"
    same = found == row["content_hash"]
    yield Check("content hash", same, text if same else f"{text}; {row['content_hash'][:12]} was published")


def _funnel(warehouse: str, row: dict[str, Any]) -> Iterator[Check]:
    """Every input of the version is exactly one of: quarantined, decided, in the corpus."""
    lacking = [name for name in FUNNEL if name not in row["tables"]]
    if lacking:
        yield Check("funnel", True, f"not checked: the version does not name {', '.join(lacking)}")
        return
    opened = {name: light.open_table(warehouse, name, row["tables"][name]) for name in FUNNEL}
    wrong = light.query(BALANCE, opened)
    if not wrong:
        yield Check("funnel", True, f"balances: {row['row_counts']['raw_documents']} documents in, each with one fate")
        return
    first = "; ".join(f"{w['doc_id']}: {w['n_in']} in, ends in {w['places'] or 'nothing'}" for w in wrong[:3])
    yield Check("funnel", False, f"{len(wrong)} documents without exactly one fate: {first}")


def _signature(warehouse: str, row: dict[str, Any]) -> Iterator[Check]:
    """The report that was signed is still what was signed. A version that nobody signed is not wrong for that."""
    signed = sign_offs.last(warehouse, row)
    if signed is not None:
        wrong = sign_offs.trouble(warehouse, row, signed)
        yield Check("signed audit", wrong is None, wrong or sign_offs.told(signed))


def outputs(row: dict[str, Any]) -> list[str]:
    """Tables that the version's recipe publishes: what its content hash covers.

    >>> outputs({"recipe": "name: handbook"})
    ['corpus']
    """
    return sorted((yaml.safe_load(row["recipe"]) or {}).get("outputs") or ["corpus"])


def content_hash(warehouse: str, tables: dict[str, int]) -> str:
    """Content hash over tables at Delta versions, read a batch at a time."""
    from corpusmill.transforms.text.content_hash import add, combine

    return combine(
        {
            name: [add(batch) for batch in light.batches(light.open_table(warehouse, name, version))]
            for name, version in tables.items()
        }
    )


def _short(error: Exception) -> str:
    return str(error) if isinstance(error, CorpusmillError) else type(error).__name__
