"""What was planted in the example data meets the fate that examples/README.md promises."""

import json
from pathlib import Path

import pytest

from corpusmill.jobs import light

EXAMPLES = Path(__file__).parents[2] / "examples"

# By the input's own id: the stage that drops it.
DROPPED_AT_FILTER = (
    "reise/marche-du-samedi", "reise/le-phare", "reise/la-panaderia", "g-006",  # other languages
    "consent", "cookie-hinweis", "404", "danke", "enable-js", "g-002", "g-004",  # too short
    "cheap-watches", "winner", "kredit-sofort", "links", "template",  # spam
    "broken/empty", "g-007",  # no text
)  # fmt: skip
EXACT_COPIES = (
    {"spokes/true-a-wheel", "spokes/true-a-wheel?utm_source=newsletter"},
    {"verein/kompost", "verein/kompost?print=1"},
    {"homelab/backups-that-restore", "amp/homelab/backups-that-restore"},
    {"gazette/night-of-the-river", "shared/night-of-the-river"},
    {"chat-06", "chat-07"},
)
NEAR_COPIES = (
    {"verein/giesswasser", "verein/2025/giesswasser"},
    {"gazette/last-keeper", "wire/last-keeper"},
    {"homelab/moving-house", "forum/moving-a-server"},
    {"blog/altes-brot", "blog/2024/altes-brot"},
    {"kitchen/soda-bread.html", "kitchen/soda-bread-small.html"},
)
# Planted values and the types under which they must be found, in documents that are kept.
PERSONAL = {
    "letters/to-nora": {
        "020 7946 0512": "PHONE_NUMBER", "henry.pellworth@example.org": "EMAIL_ADDRESS",
        "GB82 WEST 1234 5698 7654 32": "IBAN_CODE", "4111 1111 1111 1111": "CREDIT_CARD",
        "12 June 1956": "DATE_OF_BIRTH",
    },
    "briefe/hausverwaltung": {
        "86 095 742 719": "DE_TAX_ID", "DE89370400440532013000": "IBAN_CODE", "0171 3920047": "PHONE_NUMBER",
        "thomas.ehrlich@example.org": "EMAIL_ADDRESS", "23.09.1961": "DATE_OF_BIRTH", "Lindenstraße 17": "LOCATION",
    },
    "verein/jahreshauptversammlung": {
        "DE89 3704 0044 0532 0130 00": "IBAN_CODE", "030 23125 482": "PHONE_NUMBER",
        "sabine.kleemann@example.org": "EMAIL_ADDRESS",
    },
    "homelab/moving-house": {"192.0.2.44": "IP_ADDRESS", "postmaster@example.org": "EMAIL_ADDRESS"},
    "g-003": {"e.whitcombe@example.org": "EMAIL_ADDRESS"},
    "chat-04": {"monika.feldhaus@example.org": "EMAIL_ADDRESS", "030 23125 077": "PHONE_NUMBER"},
}  # fmt: skip
# E-mail addresses in what is not published: dropped pages and quarantined records.
NOT_PUBLISHED = (
    "dataprotection.officer@example.org", "jana.lindner@example.org", "rosa.thornbury@example.org",
    "tilda.wrenfield@example.org",
)  # fmt: skip
MAY_HOLD_RAW_VALUES = {"raw_documents", "documents", "edits"}


@pytest.fixture(scope="module")
def rows(published):
    def read(table, columns=None):
        return light.rows(light.open_table(str(published), table), columns)

    return read


@pytest.fixture(scope="module")
def names(rows):
    """doc_id -> the input's own id."""
    return {row["doc_id"]: row["source_id"] for row in rows("raw_documents", ["doc_id", "source_id"])}


@pytest.fixture(scope="module")
def fates(rows, names):
    """The input's own id -> the stage that dropped it; None where it was published."""
    dropped = {names[row["doc_id"]]: row["stage"] for row in rows("decisions")}
    published = {names[row["doc_id"]]: None for row in rows("corpus", ["doc_id"])}
    assert not dropped.keys() & published.keys()
    return {**dropped, **published}


def test_what_should_not_survive_is_dropped_at_filter(fates):
    assert {name: fates[name] for name in DROPPED_AT_FILTER} == dict.fromkeys(DROPPED_AT_FILTER, "filter")


@pytest.mark.parametrize("copies", EXACT_COPIES, ids=min)
def test_of_exact_copies_one_is_kept(fates, copies):
    assert sorted((fates[name] for name in copies), key=str) == [None, "exact_dedup"]


@pytest.mark.parametrize("copies", NEAR_COPIES, ids=min)
def test_of_near_copies_one_is_kept(fates, copies):
    assert sorted((fates[name] for name in copies), key=str) == [None, "near_dedup"]


def test_translations_of_each_other_are_both_kept(fates):
    assert fates["museum/en/clock-workshop"] is fates["sammlung/uhrmacher"] is None


def test_everything_else_is_published(fates):
    gone = {name for name, stage in fates.items() if stage}
    expected = len(DROPPED_AT_FILTER) + len(EXACT_COPIES) + len(NEAR_COPIES)
    assert len(gone) == expected, gone - set(DROPPED_AT_FILTER)


def test_a_page_in_mojibake_is_repaired(rows):
    (page,) = [r for r in rows("documents", ["source_id", "text"]) if r["source_id"] == "verein/voegel-fuettern"]
    assert "Wer im Winter Vögel füttert" in page["text"]


def test_a_page_in_another_encoding_is_read(rows):
    (page,) = [r for r in rows("corpus", ["source_id", "text"]) if r["source_id"] == "technik/heizung-entlueften.html"]
    assert "Heizkörper entlüften" in page["text"]


def test_a_newer_version_of_a_page_replaces_the_older_one(rows):
    (page,) = [r for r in rows("corpus", ["source_id", "text"]) if r["source_id"] == "gazette/council-notes"]
    assert "eleven hundred pounds" in page["text"]


def test_menus_and_banners_are_not_part_of_the_text(rows):
    for row in rows("corpus", ["source", "source_id", "text"]):
        for boilerplate in ("We use cookies to improve", "Alle Rechte vorbehalten", "Terms of use", "Impressum"):
            assert boilerplate not in row["text"], row["source_id"]


def test_broken_records_are_quarantined_with_file_and_line(rows):
    found = {(r["uri"], r["locator"]) for r in rows("quarantine") if r["stage"] == "ingest"}
    assert {("2026-03-16.jsonl", f"line {line}") for line in range(2, 7)} <= found
    assert len([r for r in rows("quarantine") if r["stage"] == "prepare"]) == 1  # chat-broken


@pytest.mark.parametrize("name", PERSONAL)
def test_planted_personal_data_is_found_and_replaced(rows, names, name):
    texts = {r["doc_id"]: r["text"] for r in rows("documents", ["doc_id", "text"])}
    published = {r["doc_id"]: r["text"] for r in rows("corpus", ["doc_id", "text"])}
    twins = {twin for copies in (*EXACT_COPIES, *NEAR_COPIES) if name in copies for twin in copies} | {name}
    (doc_id,) = [d for d in published if names[d] in twins]
    for value, kind in PERSONAL[name].items():
        assert value not in published[doc_id]
        start = texts[doc_id].index(value)
        covering = {
            f["entity_type"]
            for f in rows("pii_findings")
            if f["doc_id"] == doc_id and f["field"] == "text" and f["start"] <= start < f["end"]
        }
        # A conversation's findings are by message, so that offsets into the joined text do not apply.
        assert covering == {kind} or name.startswith("chat"), (value, covering)


def test_no_planted_value_stands_where_it_must_not(published):
    values = [v for planted in PERSONAL.values() for v, kind in planted.items() if kind != "LOCATION"]
    values += NOT_PUBLISHED
    for file in [*published.rglob("*"), published.parent / "said.txt"]:
        table = file.relative_to(published.parent).parts[1] if published in file.parents else ""
        if not file.is_file() or (table in MAY_HOLD_RAW_VALUES and "_delta_log" not in file.parts):
            continue
        content = file.read_bytes()
        if file.suffix == ".parquet":
            import pyarrow.parquet as pq

            content = json.dumps(pq.read_table(file).to_pylist(), default=str, ensure_ascii=False).encode()
        assert not [v for v in values if v.encode() in content], file


def test_conversations_come_in_all_three_shapes(rows):
    found = {row["doc_id"]: row["messages"] for row in rows("sft_conversations", ["doc_id", "messages"])}
    assert len(found) == 6
    for messages in found.values():
        assert messages[-1]["role"] == "assistant"
        assert {m["role"] for m in messages} <= {"system", "user", "assistant"}


def test_every_file_of_the_examples_is_described():
    described = (EXAMPLES / "README.md").read_text()
    for file in EXAMPLES.rglob("*"):
        if file.is_file() and file.name != "README.md":
            top = file.relative_to(EXAMPLES).parts[0]
            assert top in described
