"""`explain A B`: what two documents share, which of them stays, and why; nothing raw shown unasked."""

import json

import numpy as np
import pytest
import yaml

from corpusmill.jobs.explain_keeper import before
from corpusmill.jobs.explain_pair import READ, explain_pair, measure
from corpusmill.schemas import documents
from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_stages import NearDedup

from .mill import prose
from .tiny_warehouse import EMAIL, TABLES, build, cluster, decided, doc_id, kept, publish, raw, readable, write

RECIPE = "name: handbook\nexact_dedup: {}\nnear_dedup: {}\nanonymise: {mode: patterns}\n"
LONG = prose(1, 200)
TEXTS = {
    "whole": f"{LONG} The office is open on Monday. Ask {EMAIL} first.",
    "shorter": f"{LONG} Ask jan.other@beispiel.example first.",
    "capitals": LONG.upper(),
    "unlike": prose(2, 200),
    "alike": f"A few more words of its own stand here. {LONG}",
    "tiny": "Only four words here",
    "same tiny": "only  four words here",
    "unseen": LONG + " And more.",
}


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    folder = build(tmp_path_factory.mktemp("warehouse"))
    write(folder, TABLES["raw_documents"], [raw(name) for name in TEXTS])
    write(folder, TABLES["documents"], [{**readable(name), "text": text} for name, text in TEXTS.items()])
    write(
        folder, TABLES["duplicate_clusters"], [cluster("shorter", "whole", "minhash", similarity("whole", "shorter"))]
    )
    write(folder, TABLES["duplicate_clusters"], [cluster("same tiny", "tiny", "exact", 1.0)])
    dropped = [decided("shorter", "near_dedup", "near_dedup"), decided("same tiny", "exact_dedup", "exact_dedup")]
    write(folder, TABLES["decisions"], dropped)
    write(folder, TABLES["corpus"], [kept(name) for name in ("whole", "unlike", "alike", "tiny")])
    signed = [name for name in TEXTS if name not in ("unseen", "same tiny")]
    rows = [{"doc_id": doc_id(name), "signature": signature(name)} for name in signed]
    write(folder, documents.MINHASH_SIGNATURES, rows)
    publish(folder, 2, recipe=RECIPE)
    return folder


def measured(*names, **options):
    return measure(tuple(TEXTS[name] for name in names), NearDedup(**options))


def similarity(*names):
    return measured(*names)[0].similarity


def signature(name):
    return measured(name, name)[2][0] if measured(name, name)[1][0] else None


def told(mill, *names, **options):
    return explain_pair(str(mill), *(doc_id(name) for name in names), **options)


def test_the_similarity_is_the_jaccard_of_the_word_ngrams():
    def ngrams(text, n=5):
        words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        return {tuple(words[at : at + n]) for at in range(len(words) - n + 1)}

    a, b = ngrams(TEXTS["whole"]), ngrams(TEXTS["alike"])
    found = measured("whole", "alike")[0]
    assert (found.n_shared, found.n_only_a, found.n_only_b) == (len(a & b), len(a - b), len(b - a))
    assert found.similarity == len(a & b) / len(a | b)


def test_the_bands_that_met_are_those_of_the_recipes_plan():
    for pair, options in ((("whole", "alike"), {}), (("whole", "unlike"), {"bands": 40, "rows": 1})):
        found, _, signatures = measured(*pair, **options)
        one, other = (np.frombuffer(s, "<u4").reshape(found.bands, found.rows) for s in signatures)
        assert found.bands_met == tuple(n + 1 for n in range(found.bands) if (one[n] == other[n]).all())
    assert (found.bands, found.rows) == (40, 1)


def test_of_a_near_duplicate_and_its_keeper_it_is_said_which_stays_and_why(mill):
    found = told(mill, "whole", "shorter")
    similar = int(found.measures.similarity * 1000) / 1000
    assert found.verdict == (
        f"A is kept, B is removed: similarity {similar:.3f} reaches the limit 0.7, "
        f"and the longer one stays, A ({len(TEXTS['whole']):,} characters against {len(TEXTS['shorter']):,})"
    )
    assert told(mill, "shorter", "whole").verdict.startswith("B is kept, A is removed: ")
    assert 0.9 < found.measures.probability <= 1
    assert found.notes == ()


def test_what_stands_in_one_only_is_marked_and_masked(mill):
    found = told(mill, "whole", "shorter")
    (pieces,) = found.passages[0].shown
    assert [text for text, only in pieces if only] == ["The office is open on Monday. Ask <EMAIL_ADDRESS>"]
    assert found.passages[0].n == 1
    shown = json.dumps(found.to_dict())
    assert EMAIL not in shown and "jan.other" not in shown
    assert "jana.muster" in json.dumps(told(mill, "whole", "shorter", raw=True).to_dict())


def test_different_documents_both_stay_and_no_band_is_claimed(mill):
    found = told(mill, "whole", "unlike")
    assert found.verdict == "both stay: similarity 0.000 is under the limit 0.7"
    assert found.measures.bands_met == ()
    assert found.measures.probability == 0


def test_exact_copies_are_told_even_where_they_are_too_short_for_an_ngram(mill):
    found = told(mill, "tiny", "same tiny")
    assert found.verdict.startswith("A is kept, B is removed: the texts are equal but for case, white space and")
    assert found.measures.similarity is None
    assert found.measures.bands_met == ()
    assert [passages.n for passages in found.passages] == [0, 0]


def test_a_short_document_is_said_to_be_too_short_and_not_to_be_different(mill):
    found = told(mill, "tiny", "unlike")
    assert found.verdict == (
        "both stay: A has fewer than 5 words, so only an exact copy would count, and that it is not"
    )
    assert dict(found.in_words())["similarity"].startswith("none: ")


def test_a_document_dropped_before_is_said_never_to_have_been_compared(mill):
    found = told(mill, "spam", "whole")
    assert found.verdict.startswith("never compared: A was dropped before, at filter by gopher_quality.word_count")


def test_a_pair_that_no_band_proposed_is_said_to_be_missed(mill, tmp_path):
    folder = build(tmp_path)
    publish(folder, 2, recipe=RECIPE.replace("near_dedup: {}", "near_dedup: {bands: 1, rows: 150}"))
    write(folder, TABLES["raw_documents"], [raw(name) for name in ("whole", "alike")])
    write(folder, TABLES["documents"], [{**readable(name), "text": TEXTS[name]} for name in ("whole", "alike")])
    assert (
        told(folder, "whole", "alike").verdict == "both stay: near_dedup has not looked at A and B yet: run the stage"
    )
    write(folder, documents.MINHASH_SIGNATURES, [{"doc_id": doc_id(name)} for name in ("whole", "alike")])
    found = told(folder, "whole", "alike")
    assert "no band is equal, so the pair was never proposed; of such pairs" in found.verdict
    assert found.verdict.endswith("are missed")


@pytest.mark.parametrize(
    ("keep", "because"),
    [
        ("{sources: [late, early]}", "the one of the source listed first stays, A (late against early)"),
        ("{newest: day}", "the newer one by day stays, A (2026-03-02 00:00 against 2026-03-01 10:00)"),
        ("{signal: word_count}", "the one with the higher word_count stays, A (9 against none)"),
        ("{signal: word_count, prefer: lowest}", "the one with the lower word_count stays, A (9 against none)"),
    ],
)
def test_the_recipes_rule_says_why_one_stays(keep, because):
    near = NearDedup.model_validate_json(json.dumps({"keep": yaml.safe_load(keep)}))
    a = {"name": "A", "doc_id": "b", "source": "late", "n_chars": 3, "signals": {"word_count": 9.0}}
    b = {"name": "B", "doc_id": "a", "source": "early", "n_chars": 4, "signals": None}
    days = ({"metadata": [("day", "2026-03-02")]}, {"metadata": [("day", "2026-03-01T10:00:00")]})
    told = before({**a, **days[0]}, {**b, **days[1]}, near)
    assert told == because


def test_what_was_published_already_is_said_to_stay_for_that():
    rows = [{"name": n, "doc_id": n, "source": "s", "n_chars": c} for n, c in (("A", 10), ("B", 20))]
    assert before(*rows, NearDedup()).startswith("A stays since it was published already")
    assert before(*rows, NearDedup(keepers="elected")).startswith("A stays by another recipe")
    assert before(*rows[::-1], NearDedup()) == "the longer one stays, B (20 characters against 10)"


def test_a_recipe_without_near_dedup_is_said_to_keep_similar_documents(mill, tmp_path):
    folder = build(tmp_path)
    write(folder, TABLES["raw_documents"], [raw(name) for name in ("whole", "alike")])
    write(folder, TABLES["documents"], [{**readable(name), "text": TEXTS[name]} for name in ("whole", "alike")])
    assert "the recipe has no near_dedup" in told(folder, "whole", "alike").verdict


def test_tables_that_another_recipe_made_are_doubted(mill, tmp_path):
    folder = build(tmp_path)
    write(folder, documents.MINHASH_SIGNATURES, [{"doc_id": doc_id("guide"), "signature": b"other"}])
    notes = told(folder, "guide", "near").notes
    assert notes[0].startswith("the signature of A in the tables is another one: made from an earlier text")
    assert notes[1].startswith("the similarity in the tables is 0.830")


def test_a_difference_far_into_a_text_is_counted_though_not_shown(tmp_path):
    folder = build(tmp_path)
    write(folder, TABLES["raw_documents"], [raw("far"), raw("near it")])
    same = "same words again and again " * (READ // 26)
    texts = {"far": f"{same} {EMAIL}", "near it": same}
    write(folder, TABLES["documents"], [{**readable(name), "text": text} for name, text in texts.items()])
    found = told(folder, "far", "near it").passages
    assert (found[0].n, found[0].shown, found[1].n) == (1, [], 0)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("whole", "nothing"), r"first 6 digits.*FILE:PLACE"),
        (("whole", doc_id("whole")[:8]), "both names mean the document"),
        (("broken", "whole"), "has no clean text to compare"),
        (("whole", "pages.jsonl:line 17"), "is in quarantine and has no text to compare: not JSON"),
    ],
)
def test_a_name_that_gives_no_second_text_is_refused(mill, names, message):
    with pytest.raises(UserError, match=message):
        explain_pair(str(mill), *names)
