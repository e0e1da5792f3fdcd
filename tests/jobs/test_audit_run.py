"""The audit of what a real run published: cuts, conversations, metadata; no planted value is shown."""

import sqlite3

import pytest

from corpusmill.jobs import key, ledger
from corpusmill.jobs.audit import audit
from corpusmill.jobs.status import status

from .mill import Mill, prose

VALUES = ("Wernecke", "ada.lind@example.org", "0532 0130", "Moss", "Finch", "4111 1111")
NOTICE = (
    "All rights reserved to the authors of the pages. No part of this site may be copied, kept or sent to others "
    "without the consent of the owner, which you can have if you write to us and wait for an answer of ours."
)


@pytest.fixture(scope="module")
def mill(spark, tmp_path_factory):
    mill = Mill(tmp_path_factory.mktemp("mill"), passages={"minimum_documents": 5}, outputs=["corpus"])
    mill.write(
        "a.jsonl",
        *({"id": f"n{n}", "text": f"{NOTICE}\n\n{prose(n)}\n\nAsk Mr. Wernecke about it."} for n in range(6)),
        {"id": "m", "text": f"{prose(20)} Write to ada.lind@example.org. {prose(21)}", "author": "Mr. Finch"},
        {"id": "i", "text": f"{prose(30)} Das Geld liegt auf DE89 3704 0044 0532 0130 00. {prose(31)}"},
        {
            "id": "c",
            "messages": [
                {"role": "user", "content": f"Hello Dr. Moss! {prose(40)}"},
                {"role": "assistant", "content": f"{prose(41)} It is 4111 1111 1111 1111."},
            ],
        },
    )
    mill.run()
    return mill


@pytest.fixture(scope="module")
def found(mill):
    return audit(mill.warehouse)


def test_every_finding_is_placed_past_cuts_in_messages_and_in_metadata(mill, found):
    assert mill.rows("edits"), "there were cuts"
    items = [i for i in found.data["sample"] if i["kind"] == "finding"]
    assert all([p for p, here in i["pieces"] if here] == [f"<{i['entity_type']}>"] for i in items)
    assert {i["field"] for i in items} >= {"text", "messages[0].content", "messages[1].content", "metadata.author"}
    assert found.data["residual"]["uncertain"] == 0


def test_key_recognisers_run_and_who_published_are_those_of_the_run(mill, found):
    told = found.data["dataset"]
    run = ledger.last_runs(mill.warehouse)["anonymise"]
    assert told["key_id"] == key.key_id(key.resolve(None)[0])
    assert (told["recognisers"], told["run_id"]) == (run["code_version"], run["run_id"])
    assert "phonenumbers" in told["models"] and "anonymise.key" not in told["models"]
    with sqlite3.connect(f"{mill.warehouse}/mlflow/mlflow.db") as store:
        (user,) = store.execute("SELECT DISTINCT value FROM tags WHERE key = 'mlflow.user'").fetchone()
    assert told["published_by"] == user


def test_the_recognisers_here_are_those_of_the_run(found):
    assert found.data["differences"] == []


def test_no_planted_value_stands_in_what_the_audit_wrote(mill, found):
    held = str(mill.rows("raw_documents"))
    assert all(value in held for value in VALUES)
    for path in found.folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [value for value in VALUES if value in text], path.name


def test_the_audit_disturbs_no_later_run(mill, found):
    audit(mill.warehouse, sign="Dana")
    assert mill.run().stages == []
    assert status(mill.warehouse)["interrupted"] is None
