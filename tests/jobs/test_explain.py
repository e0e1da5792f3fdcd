"""`explain`: ten fates, each told truly, and no raw value shown unasked."""

import json

import pytest

from corpusmill.jobs import explain as module
from corpusmill.jobs.explain import explain
from corpusmill.schemas.errors import UserError

from .tiny_warehouse import EMAIL, TABLES, build, doc_id, publish, raw, readable, write


def mask(text):
    return text.replace(EMAIL, "<EMAIL_ADDRESS>")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    folder = build(tmp_path_factory.mktemp("warehouse"))
    write(folder, TABLES["raw_documents"], [raw("new"), raw("twin", source="a"), raw("O'Neill", uri=f"{EMAIL}.txt")])
    write(
        folder, TABLES["raw_documents"], [raw("other", source="b", source_id="twin"), raw("escape", text="a\x1b[2Jb")]
    )
    write(folder, TABLES["documents"], [readable("new")])
    return str(folder)


def told(mill, name, **options):
    found = explain(mill, doc_id(name), mask=mask, **options)
    return found.fate, {step.stage: step.what for step in found.steps}


def test_a_published_document_is_told_with_split_tokens_findings_copies_and_sequences(mill):
    fate, steps = told(mill, "guide")
    assert fate == "published"
    assert steps == {
        "prepare": "language de, confidence 0.98",
        "filter": '1 passage cut, 7 characters: repeated_line: "xt of g"',
        "near_dedup": "kept for 2 duplicates",
        "mix": "2 copies in group pages",
        "anonymise": "in the corpus: split train, 7 tokens; findings replaced: EMAIL_ADDRESS 1, PERSON 2",
        "shape": "in 2 sequences: s1, s2",
    }


def test_a_dropped_document_is_told_with_rule_measure_limit_and_the_other_rules(mill):
    fate, steps = told(mill, "spam")
    assert fate == "dropped"
    assert steps["filter"] == "dropped by gopher_quality.word_count: measured 12, limit at least 50 (also c4.lines)"


def test_a_duplicate_names_the_document_that_was_kept_and_how_similar_it_is(mill):
    fate, steps = told(mill, "near")
    assert fate == "duplicate"
    assert steps["near_dedup"] == (
        f"duplicate of {doc_id('guide')}, similarity 0.830 (minhash); that one is in the corpus"
    )
    assert told(mill, "copy")[1]["exact_dedup"].startswith(f"duplicate of {doc_id('guide')}, similarity 1.000 (exact)")


def test_of_a_duplicate_whose_keeper_the_mix_left_out_that_is_said(mill):
    fate, steps = told(mill, "orphan")
    assert fate == "duplicate"
    assert steps["near_dedup"].endswith("that one was dropped later: mix, not_drawn")
    assert told(mill, "rest")[1]["mix"] == "left out of the mixture by not_drawn"


def test_a_document_left_out_of_one_output_is_still_published(mill):
    fate, steps = told(mill, "chat")
    assert fate == "published"
    assert steps["shape"] == "in the corpus, but left out of an output by too_long: measured 4096, limit 2048"


def test_a_quarantined_document_is_told_with_its_error(mill):
    assert told(mill, "broken") == ("quarantined", {"prepare": "quarantined: no text in it"})


def test_a_record_that_never_became_a_document_is_found_by_file_and_place(mill):
    found = explain(mill, "pages.jsonl:line 17", mask=mask)
    assert (found.doc_id, found.fate, found.steps[0].what) == (None, "quarantined", "quarantined: not JSON")


def test_a_document_that_later_stages_have_not_seen_waits(mill):
    fate, steps = told(mill, "new")
    assert fate == "waiting"
    assert "not decided yet" in steps["filter"]


def test_a_document_is_found_by_the_beginning_of_its_id_and_by_the_inputs_own_id(mill):
    for wanted in (doc_id("guide")[:8], doc_id("guide")[:6].upper(), "guide"):
        assert explain(mill, wanted, mask=mask).doc_id == doc_id("guide")
    assert explain(mill, "O'Neill", mask=mask).doc_id == doc_id("O'Neill")


def test_an_id_of_several_documents_is_answered_with_all_of_them(mill):
    with pytest.raises(UserError) as error:
        explain(mill, "twin", mask=mask)
    assert doc_id("twin") in str(error.value) and doc_id("other") in str(error.value)


@pytest.mark.parametrize("wanted", ["nothing", doc_id("nothing"), "abc", "' OR 1=1 --"])
def test_an_unknown_id_is_answered_with_the_ways_to_name_a_document(mill, wanted):
    with pytest.raises(UserError, match=r"first 6 digits.*FILE:PLACE"):
        explain(mill, wanted, mask=mask)


def test_an_unknown_place_in_a_file_is_answered_with_those_in_quarantine(mill):
    with pytest.raises(UserError, match=r"pages\.jsonl:line 17"):
        explain(mill, "pages.jsonl:line 18", mask=mask)


def test_text_paths_and_ids_are_masked_and_raw_shows_them(mill):
    shown = json.dumps([explain(mill, doc_id(name), mask=mask).to_dict() for name in ("guide", "spam", "O'Neill")])
    assert EMAIL not in shown and "<EMAIL_ADDRESS>" in shown
    assert EMAIL in (explain(mill, doc_id("spam"), raw=True).text or "")


def test_without_a_mask_given_the_recognisers_of_the_recipes_mode_are_used(mill, tmp_path):
    found = explain(mill, doc_id("spam"))
    assert (found.text or "").startswith("Text of spam, by <EMAIL_ADDRESS>")
    folder = build(tmp_path)
    write(folder, TABLES["raw_documents"], [raw("host")])
    write(folder, TABLES["documents"], [{**readable("host"), "text": "Ask 192.0.2.7 first."}])
    publish(folder, 2, recipe="name: handbook\nanonymise: {mode: patterns, languages: [en], entities: [IP_ADDRESS]}")
    assert explain(str(folder), "host").text == "Ask <IP_ADDRESS> first."
    assert EMAIL in (explain(str(folder), doc_id("spam")).text or ""), "only what the recipe looks for is masked"


def test_an_address_at_the_cut_of_a_sample_is_masked_whole(tmp_path):
    folder = build(tmp_path)
    long = "x " * (module.SAMPLE // 2 - 5) + EMAIL + " y" * 9_000
    write(folder, TABLES["documents"], [{**readable("long"), "text": long}])
    write(folder, TABLES["raw_documents"], [raw("long")])
    shown = explain(str(folder), "long").text or ""
    assert module.SAMPLE / 2 < len(shown) <= module.SAMPLE and "jana" not in shown


def test_a_terminal_is_not_made_to_obey_a_text(mill):
    assert explain(mill, "escape", raw=True).text == "a\N{REPLACEMENT CHARACTER}[2Jb"


def test_without_the_recognisers_nothing_raw_is_shown(mill, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "corpusmill.transforms.text.mask", None)
    assert "not shown" in (explain(mill, doc_id("guide")).text or "")
