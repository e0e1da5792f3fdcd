"""`corpusmill audit`: the report on how a version was anonymised, the page of verdicts, the signature. Needs no Spark.

All is written beside the tables, in `audits/<name>@<version>`: report.html, its data in report.json, verdicts.html.
What they show of texts is masked.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import audit_about, audit_findings, audit_sample, audit_scan, audit_verdicts, lock, sign_offs
from corpusmill.jobs.audit_texts import Texts
from corpusmill.jobs.locate import is_catalog
from corpusmill.jobs.versions import label, published, resolve
from corpusmill.jobs.whole_files import put
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from corpusmill.schemas.contract import Table
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions, Anonymiser

Row = Mapping[str, Any]

SEED = 1


@dataclass(frozen=True)
class Audit:
    """What an audit left: where the report is, its digest (sha256 of the HTML), its data, and who signed it."""

    version: str
    folder: Path
    digest: str
    data: dict[str, Any]
    sign_off: dict[str, Any] | None
    new_verdicts: int = 0

    def to_dict(self) -> dict[str, Any]:
        places = {name: str(self.folder / f"{name}.html") for name in ("report", "verdicts")}
        return {
            "version": self.version,
            **places,
            "data": str(self.folder / "report.json"),
            "digest": self.digest,
            "signed_by": self.sign_off and self.sign_off["signed_by"],
            "signed_at": self.sign_off and self.sign_off["signed_at"],
            "new_verdicts": self.new_verdicts,
            "residual": {k: v for k, v in self.data["residual"].items() if k != "samples"},
            "gold": self.data["gold"],
            "measured": self.data["measured"],
        }


def audit(
    warehouse: str,
    wanted: str | None = None,
    *,
    gold: str | None = None,
    verdicts: str | None = None,
    sign: str | None = None,
    seed: int | None = None,
) -> Audit:
    """Write the report of a version, or sign the one that is there.

    wanted: `2`, `handbook@2`, `handbook`; None: the latest. gold: a labelled file (`transforms/text/evaluation.py`).
    verdicts: what the page saved. sign: a name; where nothing else is asked for and a report is there, that one is
    signed as it is. seed: of the samples; None: that of the verdicts, else SEED. What an earlier report of this version
    measured on labelled text stays in the next one.
    Raises UserError for what cannot be read or is not of this version.
    """
    if is_catalog(warehouse) or "://" in warehouse:
        raise UserError(f"{warehouse}: the audit reads a warehouse that is a folder; on Databricks copy it to one")
    if sign is not None and not sign.strip():
        raise UserError("--sign: want the name of who signs")
    version = resolve(warehouse, wanted)
    folder = sign_offs.folder(warehouse, version)
    report = folder / "report.json"
    run_id = lock.new_run_id(datetime.now(UTC))
    new = 0
    if sign is None or (gold, verdicts, seed) != (None, None, None) or not report.is_file():
        new = _write(warehouse, version, folder, run_id, gold, verdicts, seed)
    if sign is not None:
        _sign(warehouse, version, folder, run_id, sign.strip())
    return Audit(
        label(version),
        folder,
        sign_offs.digest(folder / "report.html"),
        json.loads(report.read_text(encoding="utf-8")),
        sign_offs.last(warehouse, version),
        new,
    )


def _write(
    warehouse: str, version: Row, folder: Path, run_id: str, gold: str | None, verdicts: str | None, seed: int | None
) -> int:
    """Write report, data and page of verdicts; returns how many verdicts were new."""
    from corpusmill.jobs import audit_page

    saved = audit_verdicts.parse(Path(verdicts)) if verdicts else None
    if seed is None:
        seed = saved["seed"] if saved else SEED
    look = Look(warehouse, version, seed)
    new = _keep(look, saved, run_id) if saved else 0
    data = look.data(audit_about.gold(gold, look.options) if gold else _measured_before(folder, version))
    for name, content in audit_page.render(data).items():
        put(folder / name, content)
    return new


def _measured_before(folder: Path, version: Row) -> dict[str, Any] | None:
    """What the report that is there measured on labelled text, if it is one of this content."""
    try:
        told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told["gold"] if told["dataset"]["content_hash"] == version["content_hash"] else None


def _keep(look: "Look", saved: Row, run_id: str) -> int:
    """Commit the verdicts of a file that are not there yet; returns how many those are."""
    from corpusmill.schemas.audit import AUDIT_VERDICTS

    sample = look.items if saved["seed"] == look.seed else Look(look.warehouse, look.version, saved["seed"]).items
    rows = audit_verdicts.rows(saved, look.version, sample, run_id)
    new = audit_verdicts.unknown(rows, audit_verdicts.kept(look.warehouse, look.version))
    if new:
        _commit(look.warehouse, AUDIT_VERDICTS, new, run_id)
    return len(new)


def _sign(warehouse: str, version: Row, folder: Path, run_id: str, name: str) -> None:
    """Keep a copy of the report as it is, and commit the signature under its digest."""
    from corpusmill.schemas.audit import AUDIT_SIGN_OFFS

    originals = folder / "report.html", folder / "report.json"
    told = json.loads(originals[1].read_text(encoding="utf-8"))
    if told["dataset"]["content_hash"] != version["content_hash"]:
        raise UserError(f"the report in {folder} is of another content than {label(dict(version))}: audit it anew")
    digests = [sign_offs.digest(path) for path in originals]
    for path, copy in zip(originals, sign_offs.copies(warehouse, version, digests[0]), strict=True):
        shutil.copyfile(path, copy)
    row = {
        **{k: version[k] for k in ("name", "version", "content_hash")},
        "signed_by": name,
        "signed_at": datetime.now(UTC),
        "report_digest": digests[0],
        "data_digest": digests[1],
        "run_id": run_id,
    }
    _commit(warehouse, AUDIT_SIGN_OFFS, [row], run_id)


def _commit(warehouse: str, table: "Table", rows: Sequence[Row], run_id: str) -> None:
    from corpusmill.jobs.warehouse import Warehouse

    place: Any = None  # for Spark: a few rows in a folder need none
    with lock.hold(warehouse, run_id):
        house = Warehouse(place, warehouse, run_id)
        house.ensure(table)
        house.write_rows(table, rows)


class Look:
    """One look at a version with one seed: what is counted, what is drawn, what is read of it."""

    def __init__(self, warehouse: str, version: Row, seed: int) -> None:
        self.warehouse, self.version, self.seed = warehouse, version, seed
        self.options = audit_about.applied(version)
        self.run = audit_about.stage_run(warehouse, version)
        self.counts = audit_findings.count(warehouse, version)
        tables = audit_findings.opened(warehouse, version, "pii_findings", "corpus")
        findings = audit_sample.draw_findings(tables, self.counts["strata"], seed)
        self.documents = audit_sample.draw_documents(tables, audit_scan.DOCUMENTS, seed)
        ids = {d["doc_id"] for d in (*findings, *self.documents)}
        self.texts = Texts(warehouse, version, self.run.get("input_versions") or {}, ids)
        looked_at = self.documents[: audit_sample.PASSAGES]
        self.items = [*findings, *audit_sample.passages(looked_at, self.texts, seed)]

    def data(self, gold: Row | None) -> dict[str, Any]:
        """The report's content, as JSON holds it. gold: as `audit_about.gold` gives it."""
        masker = _masker(self.options)
        sign_off = sign_offs.last(self.warehouse, self.version)
        data = {
            "dataset": audit_about.about(self.warehouse, self.version, self.options, self.run),
            "made": {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "by": audit_about.auditor(), "seed": self.seed},
            "signed": None if sign_off is None else sign_offs.told(sign_off),
            "findings": self.counts,
            "changes": audit_findings.changes(self.warehouse, self.version, self._parent(), self.counts),
            "differences": audit_about.differences(self.version, self.options, self.run),
            "gold": gold,
            "residual": self._residual(masker),
            "combinations": audit_scan.combine(self.documents, self.texts),
            "sample": audit_sample.shown(self.items, self.texts, masker),
            "measured": audit_verdicts.measure(
                audit_verdicts.kept(self.warehouse, self.version), self.counts["strata"]
            ),
        }
        return json.loads(json.dumps(data, default=str))  # so that the page shows what the file holds

    def _parent(self) -> Row | None:
        return next((v for v in published(self.warehouse) if v["version"] == self.version["parent"]), None)

    def _residual(self, masker: "Anonymiser") -> dict[str, Any]:
        from corpusmill.transforms.text import anonymiser

        options = audit_scan.options_for(self.options)
        found = audit_scan.look(self.documents, self.texts, anonymiser.load(options), masker)
        setting = {"mode": options.mode, "minimum_score": options.minimum_score, "languages": list(options.languages)}
        return {**found, "setting": setting}


def _masker(options: "AnonymiseOptions | None") -> "Anonymiser":
    """How text is masked: by the version's recognisers; by patterns where it has none, or they are not installed."""
    from corpusmill.transforms.text.anonymiser import load
    from corpusmill.transforms.text.mask import default_masker

    try:
        return load(options) if options else default_masker()
    except UserError:
        return default_masker()
