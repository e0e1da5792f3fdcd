"""The report's content and page, without Spark but for the queries; how it looks is in tests/browser."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from corpusmill.jobs import report, report_data, report_duplicates, report_queries
from corpusmill.jobs import report_charts as charts
from corpusmill.jobs.report_data import Asked
from corpusmill.schemas.recipe import Recipe

from ..report_case import FACTS, FATES, HOSTILE, LITTLE, RECIPE, STAGES, content, empty, runs, version


@pytest.fixture(scope="module")
def page():
    return report.render(content())


def warnings(**changed):
    return [w["text"] for w in content(**changed)["warnings"]]


def test_the_content_can_be_written_as_json():
    assert json.loads(json.dumps(content())) == content()


def test_every_source_adds_up_and_so_do_all_together():
    data = content()
    for row in [*data["sources"], {**data["total"], "dropped": {"": data["total"]["dropped"]}}]:
        assert row["read"] == row["published"] + sum(row["dropped"].values()) + row["quarantined"]
    assert data["total"]["read"] == data["funnel"][0]["n_in"] == 1_250
    assert not any("add up" in text for text in warnings())


def test_a_document_left_out_of_one_output_counts_as_published():
    web = next(s for s in content()["sources"] if s["source"] == "web")
    assert web["published"] == 280
    assert "shape" not in web["dropped"]


def test_a_ledger_that_disagrees_with_the_decisions_is_reported():
    wrong = runs({**STAGES, "filter": (1_190, 391, 799, 0)})
    assert any("the ledger counts 799 dropped documents" in text for text in warnings(runs=wrong))


def test_a_lost_document_is_reported():
    lost = {**FATES[0], "n": 1, "split": None, "tokens": None, "power": None}
    assert any("do not add up" in text for text in warnings(fates=[*FATES, lost]))


@pytest.mark.parametrize(
    "text",
    [
        "Source notes lost 91.3",
        "Source empty gave no documents",
        "One rule, gopher_quality.word_count, drops 58.0",
        "records are in quarantine (4.8",
        "operator keep: PERSON",
        "No document is published in fr",
        "One cluster of duplicates holds 51 documents",
        "Only 71.6",
        "The split test is empty",
    ],
)
def test_what_is_unusual_is_said(text):
    assert any(text in said for said in warnings())


def test_of_a_quiet_dataset_nothing_is_said():
    calm = Recipe.model_validate({**LITTLE, "sources": ({"name": "web", "path": "web"},)})
    fates = [{**FATES[0], "n": 290}]
    counts = runs({stage: (290, 290, 0, 0) for stage in STAGES})
    assert warnings(recipe=calm, fates=fates, facts={}, runs=counts) == []


def test_a_missing_model_is_said(monkeypatch):
    monkeypatch.setattr(report_data, "_missing_models", lambda recipe: ("de: de_core_news_sm",))
    assert any("No language model for 'de' (de_core_news_sm)" in text for text in warnings())


def test_every_rule_has_its_first_sample_before_any_has_its_second():
    picks = [{"a": "filter", "b": f"rule{rule:02}", "n": n} for rule in range(30) for n in (1, 2, 3)]
    chosen = report_data.chosen(picks)
    assert len(chosen) == report_data.MOST_SAMPLES
    assert [r["n"] for r in chosen] == [1] * 30 + [2] * 10


def test_each_text_shown_has_been_masked():
    data = content(
        masked=lambda text, language, limit: f"masked {language}",
        excerpts=lambda text, spans, marks, language: [[(f"masked {language}", False)]],
    )
    shown = [d["text"] for r in data["rules"] for d in r["samples"]]
    pairs = [d["excerpts"] for p in data["duplicates"]["pairs"] for d in p["documents"]]
    assert pairs == [[[["masked de", False]]]] * 2
    shown += [q["error"] for q in (*data["quarantine"]["reasons"], *data["quarantine"]["samples"])]
    assert shown
    assert all(text.startswith("masked") for text in shown)
    assert "p.jsonl" not in json.dumps(data)


def test_numbers_and_languages_as_measured_are_not_masked_but_words_are():
    data = content(masked=lambda text, language, limit: "masked")
    measured = {d["measured"] for r in data["rules"] for d in r["samples"]}
    assert measured == {"12", "1", "2.5000", "0.41", "0.72", "masked"}


def test_findings_are_counted_by_type_and_language_without_values():
    found = content()["findings"]
    assert found["n"] == sum(t["n"] for t in found["types"]) == 325
    assert all(t["n"] == sum(t["languages"]) + t["others"] for t in found["types"])
    assert "value_hmac" not in json.dumps(found)


def test_a_pair_shows_where_each_differs_from_the_other():
    kept, removed = content()["duplicates"]["pairs"][0]["documents"]
    assert (kept["doc_id"], removed["doc_id"]) == ("k1", "d1")
    only = [[text for pieces in d["excerpts"] for text, here in pieces if here] for d in (kept, removed)]
    assert only == [["a"], ["the", "well"]]


def test_a_difference_too_far_into_a_text_shows_the_beginning_unmarked():
    same = "these words stand in both of them " * (report_duplicates.READ // 33)
    ends = {"k1": "yes", "d1": "no"}
    texts = {d: {"source": "web", "language": "de", "text": f"{same} {end}"} for d, end in ends.items()}
    for document in content(texts=texts)["duplicates"]["pairs"][0]["documents"]:
        (pieces,) = document["excerpts"]
        assert pieces == [[same[: report_duplicates.SHOWN].rpartition(" ")[0], False], [" …", False]]


def test_a_pair_whose_texts_are_gone_is_shown_without_them():
    documents = content(texts={})["duplicates"]["pairs"][0]["documents"]
    assert [d["excerpts"] for d in documents] == [[], []]
    assert "(no text)" in report.render(content(texts={}))


def test_the_expected_misses_follow_from_the_curve_and_the_similarities_found():
    near = content()["duplicates"]["near"]
    assert (near["bands"], near["rows"], near["found"], near["skipped"]) == (20, 8, 60, 1_234)
    assert near["over"]["probability"] >= 0.97 > near["limit"]["probability"]
    chances = [(12, 0.725), (9, 0.775), (25, 0.875), (14, 0.975)]
    proposed = [(n, 1 - (1 - s**8) ** 20) for n, s in chances]
    assert near["missed"] == pytest.approx(sum(n / p - n for n, p in proposed))
    assert any("1234 pairs" in text.replace("\N{NARROW NO-BREAK SPACE}", "") for text in warnings())


def test_which_sources_copy_each_other_stands_in_a_table_the_most_frequent_first(page):
    copied = content()["duplicates"]["copied"]
    assert [(c["removed"], c["kept"], c["n"]) for c in copied][:2] == [("web", "web", 85), ("notes", "web", 14)]
    assert "&lt;b&gt;notes" in page


def test_without_near_dedup_there_is_no_curve_and_no_promise():
    recipe = Recipe.model_validate({**RECIPE, "near_dedup": None})
    page = report.render(content(recipe=recipe, facts={**FACTS, "pair": [], "skipped": []}))
    assert 'id="duplicates"' in page
    assert "How many are missed" not in page
    assert "No pair was skipped" not in page


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_text_of_documents_is_never_markup(page):
    seen = Tags(page).seen
    assert not [tag for tag, _ in seen if tag in ("script", "img", "iframe", "object", "b")]
    assert not [name for _, attrs in seen for name in attrs if name.startswith("on")]
    assert HOSTILE not in page


def test_the_page_loads_nothing(page):
    links = [attrs[name] for _, attrs in Tags(page).seen for name in ("href", "src", "xlink:href") if name in attrs]
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    assert "url(" not in page
    assert "@import" not in page


def test_ids_are_unique_and_links_lead_to_them(page):
    seen = Tags(page).seen
    ids = [attrs["id"] for _, attrs in seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in seen if tag == "a"} <= set(ids)
    described = [a["aria-labelledby"].split() for tag, a in seen if tag == "svg"]
    assert len(described) == 8
    assert {name for names in described for name in names} <= set(ids)


def test_headings_come_in_order_and_the_language_is_named(page):
    levels = [int(tag[1]) for tag, _ in Tags(page).seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert dict(Tags(page).seen)["html"] == {"lang": "en"}


def test_an_empty_dataset_of_a_recipe_without_stages_has_a_report():
    page = report.render(empty())
    assert "Nothing was read" in page
    assert 'id="not-anonymised"' in page
    assert "<svg" not in page
    assert 'id="duplicates"' not in page
    assert 'id="findings"' not in page
    assert page.count('<span class="zero">(off)</span>') == 4


def test_an_anonymised_dataset_has_no_banner(page):
    assert 'id="not-anonymised"' not in page
    assert "mode patterns" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_background(scheme):
    css = Path(report.__file__).with_name("report.css.j2").read_text()
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", roots[0] if scheme == "light" else roots[1]))
    text = [(name, ground) for name in ("ink", "muted", "accent") for ground in ("paper", "card")]
    text += [
        ("ink", "warn-paper"),
        ("accent", "warn-paper"),
        ("ink", "bad-paper"),
        ("bad", "bad-paper"),
        ("ink", "mark"),
    ]
    for name, ground in text:
        assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)  # WCAG 2.2, 1.4.3
    for name in ("kept", "filter", "exact", "near", "mix", "shape", "quarantined"):
        assert contrast(colours[name], colours["paper"]) >= 3, name  # WCAG 2.2, 1.4.11


def contrast(one, other):
    """Of two colours, as WCAG 2.2 defines it."""

    def luminance(colour):
        values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_report_stands_in_the_folder_under_two_names(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "gather", lambda context, row, asked: empty())
    context = SimpleNamespace(warehouse=SimpleNamespace(location=str(tmp_path), catalog=False))
    path = report.write(context, version(), Asked([], {}))
    assert path == tmp_path / "reports" / "handbook@3.html"
    assert not (tmp_path / "report.html").exists(), "the version is not published yet"
    report.show(context, version())
    assert path.read_text() == (tmp_path / "report.html").read_text()
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["handbook@3.html", "report.html", "reports"]


def test_of_a_catalog_the_report_stands_in_a_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "gather", lambda context, row, asked: empty())
    monkeypatch.setattr(report.tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    context = SimpleNamespace(warehouse=SimpleNamespace(location="main.curated", catalog=True))
    assert report.write(context, version(), Asked([], {})) == tmp_path / "report.html"


def test_the_queries_count_what_the_tables_hold(spark):
    from pyspark.sql.types import StructType

    from corpusmill.schemas import documents, inputs, published
    from corpusmill.transforms.near_dedup import options_of

    signals = StructType()
    tables = [inputs.RAW_DOCUMENTS, inputs.QUARANTINE, documents.documents(signals), documents.EDITS]
    tables += [documents.DUPLICATE_CLUSTERS, documents.DECISIONS, published.PII_FINDINGS, published.CORPUS]
    tables += [published.PRETRAINING_SEQUENCES, documents.MINHASH_SIGNATURES]
    rows = {
        "raw_documents": [{"doc_id": d, "source": "web"} for d in "abcdef"],
        "documents": [{"doc_id": d, "language": "de", "text": f"text of {d}"} for d in "abcde"],
        "quarantine": [
            {
                "doc_id": None,
                "stage": "ingest",
                "source": "web",
                "error": "not JSON at byte 7",
                "uri": "u",
                "locator": "line 1",
            },
            {
                "doc_id": None,
                "stage": "ingest",
                "source": "web",
                "error": "not JSON at byte 91",
                "uri": "u",
                "locator": "line 2",
            },
            {"doc_id": "f", "stage": "prepare", "source": "web", "error": "no text"},
        ],
        "decisions": [
            {"doc_id": "a", "stage": "filter", "rule": "short", "measured": "3", "limit": "at least 5"},
            {"doc_id": "b", "stage": "near_dedup", "rule": "near_dedup", "measured": "0.75", "limit": "0.7"},
        ],
        "duplicate_clusters": [
            {"doc_id": "b", "cluster_id": "c", "kept_doc_id": "c", "method": "minhash", "similarity": 0.75},
            {"doc_id": "c", "cluster_id": "c", "kept_doc_id": "c", "method": "minhash", "similarity": 1.0},
        ],
        "pii_findings": [
            {"doc_id": "c", "entity_type": "PERSON", "score": score, "operator": "replace"} for score in (0.6, 0.6, 1.0)
        ],
        "corpus": [
            {"doc_id": d, "language": "de", "split": "train", "n_tokens": n}
            for d, n in zip("cde", (64, 100, 0), strict=True)
        ],
        "pretraining_sequences": [{"sequence_id": "s", "split": "train", "length": 167}],
    }
    found = {
        t.name: spark.createDataFrame([{**dict.fromkeys(t.schema.names), **r} for r in rows.get(t.name, [])], t.schema)
        for t in tables
    }
    fates = [r.asDict() for r in report_queries.fates(found.__getitem__).collect()]
    told = {}
    near = options_of(Recipe.model_validate(RECIPE).near_dedup)
    for r in report_queries.facts(found.__getitem__, list(rows), near).collect():
        told.setdefault(r["kind"], []).append(r.asDict())
    texts = report_queries.texts(found["documents"], ["a", "b", "c"], 6).collect()

    recipe = Recipe.model_validate({**RECIPE, "sources": ({"name": "web", "path": "web"},)})
    steps = {"ingest": (8, 6, 0, 2), "prepare": (6, 5, 0, 1), "filter": (5, 4, 1, 0), "near_dedup": (4, 3, 1, 0)}
    by_id = {r["doc_id"]: r.asDict() for r in texts}
    data = content(recipe=recipe, fates=fates, facts=told, texts=by_id, runs=runs(steps))

    assert data["total"] == {"read": 8, "published": 3, "quarantined": 3, "tokens": 164, "dropped": 2}
    assert data["sources"][0]["dropped"] == {"filter": 1, "near_dedup": 1}
    assert data["languages"] == [{"language": "de", "documents": 5, "published": 3, "tokens": 164}]
    assert [(r["rule"], r["n"], r["limit"]) for r in data["rules"]] == [
        ("short", 1, "at least 5"),
        ("near_dedup", 1, "0.7"),
    ]
    assert [d["text"] for d in data["rules"][0]["samples"]] == ["text o"]
    assert data["quarantine"]["n"] == 3
    assert data["quarantine"]["reasons"][0] == {"stage": "ingest", "error": "not JSON at byte …", "n": 2}
    places = {q["place"] for q in data["quarantine"]["samples"] if q["stage"] == "ingest"}
    assert places == {"u: line 1", "u: line 2"}
    assert data["duplicates"]["methods"] == {"minhash": 1}
    assert data["duplicates"]["similarities"] == [{"from": 0.75, "n": 1}]
    assert data["duplicates"]["sizes"][0] == {"label": "2", "n": 1}
    assert data["duplicates"]["copied"] == [{"removed": "web", "kept": "web", "n": 1}]
    assert data["duplicates"]["near"]["skipped"] == 0
    assert [p["similarity"] for p in data["duplicates"]["pairs"]] == [0.75]
    assert data["findings"]["documents"] == 1
    assert data["findings"]["scores"] == [{"from": 0.6, "n": 2}, {"from": 0.95, "n": 1}]
    assert [(bar["label"], bar["n"]) for bar in data["tokens"]["lengths"] if bar["n"]] == [("0", 1), ("64 to 127", 2)]
    assert data["tokens"]["quantiles"]["longest"] == 100
    assert data["packing"][0]["share"] == 167 / 1024
    assert not any("add up" in w["text"] or "ledger" in w["text"] for w in data["warnings"])
    assert FACTS.keys() - {"edit", "cut", "conversation"} == told.keys()
    report.render(data)


def test_the_axes_of_counts_show_whole_numbers():
    svg = charts.columns([{"label": "a", "n": 2}, {"label": "b", "n": 1}], "red", title="t", description="d").svg
    assert {"0", "1", "2"} <= set(re.findall(r">([^<>]+)</text>", svg)) <= {"0", "1", "2", "a", "b"}
