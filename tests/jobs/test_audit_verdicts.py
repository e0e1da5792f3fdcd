"""Verdicts come back from what the page saved, once, and become the measured precision."""

import json
import re
from pathlib import Path

import pytest

from corpusmill.jobs import audit_verdicts, light
from corpusmill.jobs.audit import audit
from corpusmill.jobs.audit_verdicts import VERDICTS
from corpusmill.schemas.errors import UserError

from .tiny_warehouse import doc_id

STRANGER = {"kind": "finding", "doc_id": "f" * 32, "field": "text", "start": 0, "verdict": "right"}


def page_saves(warehouse, tmp_path, say, reviewer="Dana", seed=1, name="saved.json", **changed):
    """What the page of verdicts saves when `say` judges each item; None: not judged."""
    folder = Path(warehouse, "audits")
    page = next(folder.rglob("verdicts.html")).read_text(encoding="utf-8")
    carried = json.loads(re.search(r'id="carried">(.*?)</script>', page, re.DOTALL)[1])
    said = [(i, say(i)) for i in carried["items"]]
    judged = [{**{k: i[k] for k in ("kind", "doc_id", "field", "start")}, "verdict": v} for i, v in said if v]
    head = {k: carried[k] for k in ("format", "dataset", "content_hash")}
    content = {**head, "seed": seed, "reviewer": reviewer, "saved_at": "2026-03-09T10:00:00.000Z", "verdicts": judged}
    path = tmp_path / name
    path.write_text(json.dumps({**content, **changed}), encoding="utf-8")
    return str(path)


def right(item):
    return "right" if item["kind"] == "finding" else "clean"


def test_verdicts_of_the_page_come_back_and_become_the_measured_precision(fresh, tmp_path, quick):
    audit(fresh)

    def say(item):
        if item["kind"] == "passage":
            return "left" if item["doc_id"] == doc_id("nora") else "clean"
        return {"DE_TAX_ID": "wrong", "CREDIT_CARD": "type", "PHONE_NUMBER": "unsure"}.get(item["entity_type"], "right")

    found = audit(fresh, verdicts=page_saves(fresh, tmp_path, say))
    assert found.new_verdicts == 20
    told = found.data["measured"]
    rows = {(r["type"], r["language"]): r for r in told["rows"]}
    assert rows["PERSON", "all"]["precision"][0] == 1
    assert rows["DE_TAX_ID", "all"]["precision"][0] == 0
    assert rows["CREDIT_CARD", "all"]["precision"][0] == 0 and rows["CREDIT_CARD", "all"]["precision_any"][0] == 1
    assert rows["PHONE_NUMBER", "all"]["precision"] is None
    whole = rows["all", "all"]
    assert (whole["right"], whole["other"], whole["wrong"], whole["unsure"]) == (9, 1, 1, 1)
    assert whole["precision"][0] == pytest.approx(9 / 11)
    assert (told["passages"]["judged"], told["passages"]["left"]) == (8, 1)
    assert "Dana" in (found.folder / "report.html").read_text(encoding="utf-8")
    assert "No verdict was given yet" not in (found.folder / "report.html").read_text(encoding="utf-8")


def test_the_same_file_read_twice_adds_nothing(fresh, tmp_path, quick):
    audit(fresh)
    saved = page_saves(fresh, tmp_path, right)
    assert audit(fresh, verdicts=saved).new_verdicts == 20
    again = audit(fresh, verdicts=saved)
    assert again.new_verdicts == 0
    assert len(light.read(fresh, "audit_verdicts")) == again.data["measured"]["items"] == 20


def test_of_two_reviewers_the_stricter_counts_and_their_agreement_is_told(fresh, tmp_path, quick):
    audit(fresh)
    audit(fresh, verdicts=page_saves(fresh, tmp_path, right))
    strict = page_saves(fresh, tmp_path, lambda i: "wrong" if i["kind"] == "finding" else None, "Kim", name="kim.json")
    told = audit(fresh, verdicts=strict).data["measured"]
    assert told["reviewers"] == ["Dana", "Kim"]
    assert told["rows"][-1]["precision"][0] == 0
    assert told["agreement"] == {"items": 12, "equal": 0}


def test_the_last_word_of_a_reviewer_counts():
    item = {"kind": "finding", "doc_id": "a", "field": "text", "start": 0, "reviewer": "Dana"}
    one, agree = audit_verdicts.settled([{**item, "verdict": "wrong"}, {**item, "verdict": "right"}])
    assert [r["verdict"] for r in one] == ["right"] and agree == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": "something else"}, "was not saved by the page"),
        ({"reviewer": " "}, "reviewer lacks"),
        ({"seed": "1"}, "seed lacks"),
        ({"saved_at": "yesterday"}, "saved_at is not a time"),
        ({"content_hash": "0" * 64}, "not this content of letters@1"),
        ({"verdicts": [STRANGER]}, "not of the sample"),
        ({"verdicts": ["right"]}, "not of the sample"),
        ({"verdicts": [{"kind": [], "doc_id": {}, "field": "text", "start": 0}]}, "not of the sample"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_written(fresh, tmp_path, quick, changed, said):
    audit(fresh)
    saved = page_saves(fresh, tmp_path, right, **changed)
    with pytest.raises(UserError, match=said):
        audit(fresh, verdicts=saved)
    assert not light.exists(fresh, "audit_verdicts")


def test_an_unknown_verdict_is_refused(fresh, tmp_path, quick):
    audit(fresh)
    with pytest.raises(UserError, match=f"want one of {', '.join(VERDICTS['finding'])}"):
        audit(fresh, verdicts=page_saves(fresh, tmp_path, lambda item: "fine"))


def test_a_file_of_another_seed_is_read_against_the_sample_of_that_seed(fresh, tmp_path, quick):
    audit(fresh, seed=7)
    saved = page_saves(fresh, tmp_path, right, seed=7)
    assert audit(fresh, verdicts=saved, seed=1).data["made"]["seed"] == 1
    assert audit(fresh, verdicts=saved).data["made"]["seed"] == 7, "the sample that was judged is the one shown"
    assert {r["seed"] for r in light.read(fresh, "audit_verdicts").to_pylist()} == {7}
