"""The content hash of a version depends on what went in, and on nothing else."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpusmill.transforms.text.identity import doc_id

from ..jobs.mill import Mill, prose
from .dataset import chat, first_delivery, new_mill, page, second_delivery

pytestmark = pytest.mark.long


def outcome(mill: Mill) -> tuple[str, dict[str, tuple[int, int, int, int]]]:
    mill.run()
    return mill.content_hash(), mill.funnel()


@pytest.fixture(scope="module")
def reference(spark, tmp_path_factory) -> tuple[str, dict[str, tuple[int, int, int, int]]]:
    """Hash and funnel of both deliveries read at once."""
    mill = new_mill(tmp_path_factory.mktemp("reference"))
    first_delivery(mill)
    second_delivery(mill)
    return outcome(mill)


@pytest.fixture
def partitions(spark, request) -> Iterator[int]:
    """So many partitions after each shuffle: none is merged, whatever its size."""
    wanted = {
        "spark.sql.shuffle.partitions": str(request.param),
        "spark.sql.adaptive.enabled": "false",
        "spark.databricks.delta.snapshotPartitions": str(request.param),
    }
    before = {key: spark.conf.get(key) for key in wanted}
    for key, value in wanted.items():
        spark.conf.set(key, value)
    yield request.param
    for key, value in before.items():
        spark.conf.set(key, value)


def lines(folder: Path) -> list[str]:
    """The records of a folder, in the order in which they are read."""
    return [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()]


@pytest.mark.parametrize("partitions", [1, 7, 64], indirect=True)
def test_other_partition_counts_and_a_second_warehouse_give_the_same(partitions, reference, tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    second_delivery(mill)
    assert outcome(mill) == reference


def test_another_cut_into_files_and_another_order_of_records_give_the_same(reference, tmp_path):
    """Every record once, in any order; of those with one id the last stays the last."""
    mill = new_mill(tmp_path)
    first_delivery(mill)
    second_delivery(mill)
    records = lines(tmp_path / "in")
    for file in (tmp_path / "in").iterdir():
        file.unlink()
    place = {}  # of each id, the records in their order
    for record in records:
        place.setdefault(record.partition(",")[0], []).append(record)
    dice = random.Random(5)
    groups = list(place.values())
    slots = [n for n, group in enumerate(groups) for _ in group]
    dice.shuffle(slots)
    shuffled = [groups[n].pop(0) for n in slots]
    assert sorted(shuffled) == sorted(records) and shuffled != records
    for n in range(0, len(shuffled), 9):
        mill.write(f"part-{n:03}.jsonl", *shuffled[n : n + 9])
    assert outcome(mill) == reference


def test_one_changed_character_gives_another(reference, tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    second_delivery(mill)
    file = tmp_path / "in" / "c.jsonl"
    text = file.read_text()
    at = text.index("The", text.index("more 20"))
    file.write_text(text[:at] + "D" + text[at + 1 :])
    content, funnel = outcome(mill)
    assert content != reference[0] and funnel == reference[1]


def test_an_increment_ends_where_a_fresh_run_does(reference, tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    first = outcome(mill)
    second_delivery(mill)
    assert outcome(mill) == reference != first


def test_the_deliveries_in_the_other_order_end_there_too(reference, tmp_path):
    """The older file comes later: of its records with a known id none takes the place of a newer one."""
    mill = new_mill(tmp_path)
    second_delivery(mill)
    first = outcome(mill)
    first_delivery(mill)
    assert outcome(mill) == reference != first


def plain(folder: Path, **source) -> Mill:
    """A mill of one source whose records have no id, unless they say so."""
    mill = new_mill(folder)
    mill.recipe["sources"] = [mill.recipe["sources"][0] | source]
    mill.recipe["outputs"] = ["corpus", "pretraining_sequences"]
    return mill


def without_ids(*seeds: int) -> list[dict[str, str]]:
    return [{"text": prose(seed), "author": "Redaktion"} for seed in seeds]


def in_steps_and_at_once(tmp_path: Path, *deliveries: dict[str, list | None], **source) -> None:
    """Files and what they hold, None to remove one: the last of several runs ends as one run on what is there then."""
    steps, fresh = plain(tmp_path / "steps", **source), plain(tmp_path / "fresh", **source)
    for delivery in deliveries:
        for mill in (steps, fresh):
            for name, records in delivery.items():
                if records is None:
                    (mill.folder / "in" / name).unlink()
                else:
                    mill.write(name, *records)
        found = outcome(steps)
    assert found == outcome(fresh)
    assert ids_and_texts(steps) == ids_and_texts(fresh)


def ids_and_texts(mill: Mill) -> list[tuple[str, str]]:
    return sorted((r["doc_id"], r["text"]) for r in mill.rows("raw_documents"))


def test_without_ids_equal_records_that_come_later_or_earlier_are_numbered_alike(spark, tmp_path):
    in_steps_and_at_once(
        tmp_path,
        {"m.jsonl": [*without_ids(1, 2, 2, 3)]},
        {"z.jsonl": without_ids(2, 4), "a.jsonl": without_ids(1, 5)},
        {"m.jsonl": without_ids(1, 2, 2, 3, 3)},
    )


def test_with_ids_a_changed_record_and_later_and_earlier_duplicates(spark, tmp_path):
    in_steps_and_at_once(
        tmp_path,
        {"m.jsonl": [page("one", prose(1)), page("two", prose(2)), page("three", prose(3))]},
        {"z.jsonl": [page("one", prose(11))], "a.jsonl": [page("two", prose(12)), page("four", prose(4))]},
        {"m.jsonl": [page("one", prose(1)), page("two", prose(22)), page("three", prose(33))]},
        {"z.jsonl": [page("one", prose(11)), page("one", prose(111))]},
    )


@pytest.mark.parametrize("ids", [True, False])
def test_of_a_snapshot_what_vanished_goes(spark, tmp_path, ids):
    def delivery(*seeds: int) -> list[dict[str, str]]:
        return [page(f"page {s}", prose(s)) for s in seeds] if ids else without_ids(*seeds)

    in_steps_and_at_once(
        tmp_path,
        {"a.jsonl": delivery(1, 2, 3), "b.jsonl": delivery(3, 4, 5), "c.jsonl": delivery(5, 6)},
        {"b.jsonl": None},
        {"a.jsonl": delivery(2, 1), "d.jsonl": delivery(6, 7)},
        deletes=True,
    )


def test_what_vanished_from_a_source_that_is_no_snapshot_stays(spark, tmp_path):
    mill = plain(tmp_path)
    mill.write("a.jsonl", page("one", prose(1)))
    mill.write("b.jsonl", page("two", prose(2)))
    before = outcome(mill)
    (mill.folder / "in" / "b.jsonl").unlink()
    assert outcome(mill) == before


def test_a_conversation_that_changes_is_made_again(spark, tmp_path):
    mill = new_mill(tmp_path)
    first_delivery(mill)
    before = outcome(mill)
    mill.write("../chats/z.jsonl", chat("chat 1", 7000))
    content, funnel = outcome(mill)
    assert content != before[0] and funnel["anonymise"] == before[1]["anonymise"]
    (row,) = (r for r in mill.rows("sft_conversations") if r["doc_id"] == doc_id("chats", "chat 1"))
    assert [m["content"] for m in row["messages"]] == [m["content"] for m in chat("chat 1", 7000)["messages"]]
