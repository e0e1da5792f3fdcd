"""`verify`: a sound version passes; each kind of damage is found and named."""

import pytest
from deltalake import DeltaTable

from corpusmill.jobs.verify import verify
from corpusmill.schemas.errors import UserError

from .tiny_warehouse import TABLES, build, decided, doc_id, kept, publish, raw, write


@pytest.fixture
def mill(tmp_path):
    return build(tmp_path)


def wrong(mill, version=None):
    found = verify(str(mill), version)
    assert found.ok == all(check.ok for check in found.checks)
    return {check.what: check.found for check in found.checks if not check.ok}


def test_a_sound_version_passes_and_says_what_was_checked(mill):
    found = verify(str(mill))
    assert found.ok and found.version == "handbook@1"
    assert [check.what for check in found.checks][-2:] == ["content hash", "funnel"]
    assert "8 documents in" in found.checks[-1].found


def test_what_is_written_later_does_not_touch_a_version(mill):
    write(mill, TABLES["corpus"], [kept("later")])
    write(mill, TABLES["raw_documents"], [raw("later")])
    assert wrong(mill) == {}
    publish(mill, 2)
    assert wrong(mill, "2") == wrong(mill, "handbook@1") == {}


def test_rewritten_files_with_the_same_rows_are_the_same_content(mill):
    rows = DeltaTable(str(mill / "corpus")).to_pyarrow_table()
    order = [1, 0]
    write(mill, TABLES["corpus"], rows.take(order).to_pylist(), mode="overwrite")
    before = verify(str(mill)).checks[-2].found
    publish(mill, 2)
    assert wrong(mill, "2") == {} and verify(str(mill), "2").checks[-2].found == before


def test_another_content_hash_is_found(mill):
    publish(mill, 2, content_hash="0" * 64)
    assert "000000000000 was published" in wrong(mill)["content hash"]


def test_another_number_of_rows_is_found(mill):
    publish(mill, 2, row_counts=[("corpus", 3), ("raw_documents", 8)])
    assert wrong(mill)["table corpus"] == "2 rows at Delta version 0, 3 were published"


def test_a_lost_file_a_pruned_version_and_a_lost_table_are_found(mill):
    publish(mill, 2, tables=[("corpus", 0), ("raw_documents", 7), ("lost", 0)])
    for file in (mill / "corpus").glob("*.parquet"):
        file.unlink()
    found = wrong(mill)
    assert "gone" in found["table corpus"]
    assert "no Delta version 7" in found["table raw_documents"]
    assert "no table lost" in found["table lost"]


def test_a_lost_document_is_found_by_its_id(mill):
    write(mill, TABLES["raw_documents"], [raw("lost")])
    publish(mill, 2)
    assert wrong(mill)["funnel"] == f"1 documents without exactly one fate: {doc_id('lost')}: 1 in, ends in nothing"


def test_a_document_with_two_fates_is_found(mill):
    write(mill, TABLES["corpus"], [kept("spam")])
    publish(mill, 2)
    assert f"{doc_id('spam')}: 1 in, ends in" in wrong(mill)["funnel"]


def test_a_document_that_came_in_twice_or_from_nowhere_is_found(mill):
    write(mill, TABLES["raw_documents"], [raw("guide")])
    write(mill, TABLES["decisions"], [decided("ghost", "filter", "empty")])
    publish(mill, 2)
    assert f"{doc_id('guide')}: 2 in, ends in corpus" in wrong(mill)["funnel"]
    assert f"{doc_id('ghost')}: 0 in, ends in decisions" in wrong(mill)["funnel"]


def test_a_version_that_does_not_name_the_tables_of_the_funnel_says_so(mill):
    publish(mill, 2, tables=[("corpus", 0)], row_counts=[("corpus", 2)])
    found = verify(str(mill))
    assert found.ok and found.checks[-1].found.startswith("not checked")


def test_a_version_that_does_not_exist_is_refused(mill):
    with pytest.raises(UserError, match="no version 9; there are: 1"):
        verify(str(mill), "handbook@9")
