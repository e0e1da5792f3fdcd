"""Signatures: of one report, under one version; seen in `versions`, checked by `verify`, demanded by `require`."""

from pathlib import Path

import pytest

from corpusmill.jobs import sign_offs, versions
from corpusmill.jobs.audit import audit
from corpusmill.jobs.verify import verify
from corpusmill.schemas.errors import RunFailed

from .audited import LETTERS, version


def test_a_version_is_unsigned_until_somebody_signs_the_report_that_is_there(fresh, quick):
    row = versions.resolve(fresh)
    written = audit(fresh)
    assert versions.listing(fresh)[0]["signed"] is None
    with pytest.raises(RunFailed, match="letters@1 is not signed"):
        sign_offs.require(fresh, row)
    signed = audit(fresh, sign="Dana Reviewer")
    assert signed.digest == written.digest, "it is not written again"
    assert versions.listing(fresh)[0]["signed"].startswith("Dana Reviewer, 20")
    found = sign_offs.require(fresh, row)
    assert (found["signed_by"], found["report_digest"]) == ("Dana Reviewer", written.digest)
    assert found["data_digest"] == sign_offs.digest(written.folder / "report.json")


def test_a_signature_without_a_report_is_one_under_a_new_report(fresh, quick):
    signed = audit(fresh, sign="Dana")
    assert sign_offs.last(fresh, versions.resolve(fresh))["report_digest"] == signed.digest


def test_a_later_report_leaves_the_signed_one_and_its_signature(fresh, quick):
    first = audit(fresh, sign="Dana")
    later = audit(fresh, seed=3)
    assert later.digest != first.digest
    assert sign_offs.require(fresh, versions.resolve(fresh))["report_digest"] == first.digest
    assert verify(fresh).ok


def test_a_signed_report_that_was_changed_is_found_and_nothing_goes_on(fresh, quick):
    signed = audit(fresh, sign="Dana")
    copy, _ = sign_offs.copies(fresh, versions.resolve(fresh), signed.digest)
    copy.write_text(copy.read_text().replace("letters", "novels"))
    assert [c.what for c in verify(fresh).checks if not c.ok] == ["signed audit"]
    with pytest.raises(RunFailed, match="was changed after it was signed"):
        sign_offs.require(fresh, versions.resolve(fresh))
    copy.unlink()
    with pytest.raises(RunFailed, match="is gone"):
        sign_offs.require(fresh, versions.resolve(fresh))


def test_a_signature_is_under_one_version_and_not_under_the_next(fresh, quick):
    audit(fresh, sign="Dana")
    version(Path(fresh), 2, LETTERS[:4])
    assert [row["signed"] and row["signed"][:4] for row in versions.listing(fresh)] == ["Dana", None]
