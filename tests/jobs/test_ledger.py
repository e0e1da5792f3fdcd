"""What the ledger knows of runs that did not end."""

from datetime import datetime

import pytest

from corpusmill.jobs import ledger
from corpusmill.schemas.inputs import QUARANTINE

from .tiny_warehouse import write


def ended(minute, **versions):
    return {"finished_at": datetime(2026, 3, 1, 12, minute), "output_versions": versions}


@pytest.fixture
def folder(tmp_path):
    for _ in range(3):
        write(tmp_path, QUARANTINE, [])
    return tmp_path


def test_a_commit_that_no_stage_wrote_down_is_found(folder):
    assert ledger.unrecorded(str(folder), ["quarantine"], {"ingest": ended(1, quarantine=1)}) == ["quarantine"]


def test_of_several_stages_that_write_a_table_the_last_one_counts(folder):
    past = {"prepare": ended(5, quarantine=2), "ingest": ended(1, quarantine=0)}
    assert ledger.unrecorded(str(folder), ["quarantine"], past) == []


def test_a_table_that_was_removed_is_found_and_one_that_never_was_is_not(folder):
    past = {"ingest": ended(1, quarantine=2, raw_documents=4)}
    assert ledger.unrecorded(str(folder), ["quarantine", "raw_documents", "corpus"], past) == ["raw_documents"]
