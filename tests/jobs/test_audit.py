"""The audit of a version: what it says, what it never says, the way back of verdicts, and the signature."""

import json
from pathlib import Path

import pytest

from corpusmill.jobs import audit as audits
from corpusmill.jobs import audit_sample, audit_scan, light, versions
from corpusmill.jobs.audit import audit
from corpusmill.jobs.cli import app
from corpusmill.jobs.key import key_id
from corpusmill.schemas.errors import UserError

from . import audited
from .audited import LETTERS, VALUES, document, version
from .tiny_warehouse import doc_id

GOLD = str(Path(__file__).parents[2] / "examples" / "audit_gold.jsonl")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    """Two versions: the second has three documents more."""
    folder = tmp_path_factory.mktemp("warehouse")
    version(folder, 1, LETTERS[:5])
    version(folder, 2, LETTERS)
    return str(folder)


@pytest.fixture(scope="module")
def looked(mill):
    return audit(mill, gold=GOLD)


def test_no_value_stands_in_anything_that_the_audit_writes(looked, mill):
    written = [p for p in looked.folder.rglob("*") if p.is_file()]
    assert {p.name for p in written} == {"report.html", "report.json", "verdicts.html"}
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not [value for value in VALUES if value in text], path.name
    assert "nora.lind" in str(light.read(mill, "documents").to_pylist()), "there was something to hide"


def test_no_keyed_hash_of_a_value_is_shown(looked, mill):
    hashes = set(light.read(mill, "pii_findings", ["value_hmac"])["value_hmac"].to_pylist())
    assert hashes and not [h for h in hashes if h in (looked.folder / "report.json").read_text()]


def test_the_report_says_who_what_when_with_which_recipe_recognisers_and_key(looked):
    told = looked.data["dataset"]
    assert (told["name"], told["version"], told["run_id"]) == ("letters", 2, "r2")
    assert told["recognisers"] == "0.1.0+0123456789abcdef"
    assert told["key_id"] == key_id(audited.KEY)
    assert told["options"]["mode"] == "patterns" and "anonymise:" in told["recipe"]
    page = (looked.folder / "report.html").read_text(encoding="utf-8")
    assert all(text in page for text in (told["content_hash"], told["key_id"], told["recognisers"], "letters"))


def test_findings_are_counted_by_type_source_language_and_score(looked):
    found = looked.data["findings"]
    assert (found["n"], found["documents"]) == (12, 6)
    person = found["types"][0]
    assert (person["type"], person["n"], person["values"], person["languages"]) == ("PERSON", 7, 6, {"en": 6, "de": 1})
    assert {s["source"]: s["findings"] for s in found["sources"]} == {"letters": 9, "shop": 3}
    assert sum(s["n"] for s in found["scores"]) == 12


def test_what_changed_since_the_version_before_is_told(looked):
    changes = looked.data["changes"]
    assert changes["parent"] == "letters@1"
    assert changes["documents"] == {"added": 3, "removed": 0, "changed": 0}
    assert {"type": "PERSON", "before": 4, "now": 7} in changes["findings"]
    assert changes["code"] == ["0.1.1", "0.1.2"]


def test_the_first_version_has_nothing_to_compare_with(mill, quick):
    assert audit(mill, "1").data["changes"] is None


def test_a_pruned_version_before_is_named_and_the_rest_is_told(tmp_path, quick):
    version(tmp_path, 1, LETTERS[:2], tables=[("pii_findings", 70), ("corpus", 70)])
    version(tmp_path, 2, LETTERS[:3])
    found = audit(str(tmp_path))
    assert "no Delta version 70" in found.data["changes"]["unknown"]
    assert found.data["findings"]["n"] == 8


def test_a_labelled_file_gives_precision_and_recall_with_intervals(looked):
    rows = {(r["language"], r["type"]): r for r in looked.data["gold"]["rows"]}
    for language in ("de", "en"):
        share, low, high = rows[language, "all"]["recall"]
        assert 0 < low < share < high < 1
    assert rows["de", "IBAN_CODE"]["recall"][0] == 1
    assert looked.data["gold"]["documents"] == {"de": 61, "en": 62}


def test_what_was_measured_on_labelled_text_stays_in_the_next_report_of_the_version(fresh, quick):
    measured = audit(fresh, gold=GOLD).data["gold"]
    assert audit(fresh).data["gold"] == measured
    version(Path(fresh), 2, LETTERS[:4])
    assert audit(fresh).data["gold"] is None


def test_recognisers_other_than_those_of_the_version_are_named(looked):
    assert looked.data["differences"] == ["the code of the recognisers is another than that which made the version"]


def test_the_second_look_finds_what_was_left_and_shows_it_masked(looked):
    left = looked.data["residual"]
    assert (left["documents"], left["uncertain"]) == (8, 0)
    repeated = {m["means"]: m for m in left["means"]}["repeats"]  # which no model has a part in
    assert (repeated["findings"], repeated["hits"]) == (1, 1)
    assert 1 / 8 == repeated["rate"] < repeated["upper"] < 1
    assert repeated["hits"] <= left["any"]["hits"] <= left["documents"]
    (sample,) = [s for s in left["samples"] if s["means"] == "repeats"]
    assert sample["doc_id"] == doc_id("nora")
    assert [piece for piece, here in sample["pieces"] if here] == ["<PERSON>"]
    assert "Lind" not in str(sample)


def test_a_document_that_cannot_be_searched_counts_as_holding_something(mill, monkeypatch, quick):
    def fails(text, *rest):
        if "compost" in text:
            raise ValueError("a recogniser failed")
        return []

    monkeypatch.setattr(audit_scan.residual, "scan", fails)
    left = audit(mill).data["residual"]
    assert (left["failed"], left["any"]["hits"]) == (1, 1)


def test_the_second_look_ends_in_time_and_says_how_far_it_came(mill, quick):
    look = audits.Look(mill, versions.resolve(mill), 1)
    masker = audits._masker(look.options)
    seconds = iter([0, 1, 2, 99, 100])
    told = audit_scan.look(look.documents, look.texts, masker, masker, 10, lambda: next(seconds))
    assert (told["documents"], told["drawn"]) == (3, 8)


def test_rare_combinations_are_counted_and_named_without_the_town(looked):
    told = looked.data["combinations"]
    assert told["rows"][0]["rare"] == 1
    assert told["first"] == [{"job": "mayor", "town": True, "decade": 40, "k": 1, "doc_ids": [doc_id("mayor")]}]


def test_every_finding_of_the_sample_stands_in_its_masked_context(looked):
    findings = [i for i in looked.data["sample"] if i["kind"] == "finding"]
    assert len(findings) == 12
    assert all([p for p, here in i["pieces"] if here] == [f"<{i['entity_type']}>"] for i in findings)
    assert {(i["field"], i["shape"]) for i in findings if i["field"] != "text"} == {
        ("messages[0].content", "Aa"),
        ("metadata.author", "Aa"),
    }
    passages = [i for i in looked.data["sample"] if i["kind"] == "passage"]
    assert {i["doc_id"] for i in passages} == {d["doc_id"] for d in LETTERS}


@pytest.mark.parametrize("operator", ["mask", "hash", "redact", "keep"])
def test_findings_are_placed_and_masked_under_every_operator(tmp_path, quick, operator):
    version(tmp_path, 1, LETTERS, operator)
    found = audit(str(tmp_path))
    assert not [i for i in found.data["sample"] if not i["pieces"]]
    assert found.data["residual"]["uncertain"] == 0
    assert not [v for v in VALUES if v in (found.folder / "report.json").read_text(encoding="utf-8")]


def test_a_finding_whose_document_changed_since_is_not_shown(tmp_path, quick):
    version(tmp_path, 1, LETTERS[:3])
    from .tiny_warehouse import DOCUMENTS, write

    write(tmp_path, DOCUMENTS, [document("nora", "Another text.")], mode="overwrite")
    light_version = light.open_table
    gone = lambda w, n, v=None: light_version(w, n, 70 if n == "documents" and v == 0 else v)  # noqa: E731
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(light, "open_table", gone)
        sample = audit(str(tmp_path)).data["sample"]
    assert not any(i["pieces"] for i in sample if i["kind"] == "finding")


def test_a_sample_is_the_same_for_a_seed_and_of_every_type_and_language(tmp_path):
    many = [document(f"d{n}", f"Mr. Brown{'abcdefghij'[n % 10]} and text {n}.") for n in range(300)]
    version(tmp_path, 1, [*many, *LETTERS])
    one, again, other = (audits.Look(str(tmp_path), versions.resolve(str(tmp_path)), s).items for s in (1, 1, 2))
    assert one == again != other
    strata = {(i["entity_type"], i["language"]) for i in one if i["kind"] == "finding"}
    assert len(strata) == 7
    assert len([i for i in one if i["kind"] == "finding"]) <= audit_sample.FINDINGS + len(strata)


def test_a_version_that_is_not_anonymised_says_so_and_has_nothing_to_measure(tmp_path, quick):
    version(tmp_path, 1, LETTERS, "keep", recipe="name: letters\n", anonymised="no", models=[])
    found = audit(str(tmp_path))
    page = (found.folder / "report.html").read_text(encoding="utf-8")
    assert 'id="not-anonymised"' in page
    assert found.data["dataset"]["key_id"] is None
    with pytest.raises(UserError, match="no recognisers to measure"):
        audit(str(tmp_path), gold=GOLD)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"wanted": "9"}, "no version 9"),
        ({"gold": "nowhere.jsonl"}, "cannot be read"),
        ({"verdicts": "nowhere.json"}, "cannot be read"),
        ({"sign": "  "}, "want the name"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wanted(mill, quick, asked, said):
    with pytest.raises(UserError, match=said):
        audit(mill, **asked)


def test_a_warehouse_in_a_catalog_is_refused_with_what_to_do():
    with pytest.raises(UserError, match="folder"):
        audit("main.curated")


def test_the_command_speaks_to_people_and_to_machines(mill, quick, capsys):
    def corpusmill(*arguments):
        with pytest.raises(SystemExit) as end:
            app(["audit", "--warehouse", mill, *arguments], prog_name="corpusmill")
        return end.value.code or 0, capsys.readouterr().out

    code, said = corpusmill("--gold", GOLD)
    assert code == 0 and "signed    no" in said and "gold de   recall" in said
    code, said = corpusmill("letters@1", "--json")
    told = json.loads(said)
    assert code == 0 and told["version"] == "letters@1" and Path(told["report"]).is_file() and len(told["digest"]) == 64
    assert corpusmill("--gold", "nowhere.jsonl")[0] == 2
