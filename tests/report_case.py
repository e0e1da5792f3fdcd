"""What the report's queries would give for a made dataset whose numbers add up and whose texts are hostile."""

from datetime import datetime
from typing import Any

from corpusmill.jobs import report_data
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms.text import mask

HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
TEXTS = {
    "s1": f"{HOSTILE} and then some words",
    "s2": "Donaudampfschifffahrtsgesellschaft" * 12,
    "s3": "مرحبا بالعالم، هذا نص من اليمين إلى اليسار",
    "s4": "Grüße 👩‍👩‍👧‍👦🇩🇪 an alle <PERSON> und <EMAIL_ADDRESS:0123456789ab>",
    "s5": "",
    "k1": "To return a device, pack it and write to <EMAIL_ADDRESS>.",
    "d1": "To return the device, pack it well and write to <EMAIL_ADDRESS>.",
}
RECIPE: dict[str, Any] = {
    "name": "handbook",
    "sources": ({"name": "web", "path": "web"}, {"name": "notes", "path": "notes"}, {"name": "empty", "path": "none"}),
    "language": {"keep": ("de", "en", "fr")},
    "quality": {},
    "exact_dedup": {},
    "near_dedup": {},
    "anonymise": {"mode": "patterns"},
    "tokenise": {"sequence_length": 1024},
    "split": {"validation": 0.1, "test": 0.1},
    "outputs": ("corpus", "pretraining_sequences", "sft_conversations"),
}
LITTLE: dict[str, Any] = {name: RECIPE[name] for name in ("name", "sources")}

STAGES = {  # in, kept, dropped, quarantined
    "ingest": (1_250, 1_200, 0, 50),
    "prepare": (1_200, 1_190, 0, 10),
    "filter": (1_190, 390, 800, 0),
    "exact_dedup": (390, 350, 40, 0),
    "near_dedup": (350, 290, 60, 0),
    "anonymise": (290, 290, 0, 0),
    "shape": (290, 285, 5, 0),
}


def _fate(n: int, source: str, language: str | None = None, **more: Any) -> dict[str, Any]:
    names = ("decided", "rule", "limit", "refused", "split", "tokens", "power")
    return {"source": source, "language": language, **dict.fromkeys(names), **more, "n": n}


def _dropped(n: int, source: str, language: str, stage: str, rule: str, limit: str) -> dict[str, Any]:
    return _fate(n, source, language, decided=stage, rule=rule, limit=limit)


FATES = [
    _fate(250, "web", "de", split="train", tokens=90_000, power=8),
    _fate(
        5,
        "web",
        "en",
        split="train",
        tokens=40_000,
        power=12,
        decided="shape",
        rule="sft_conversations.sequence_length",
    ),
    _fate(25, "web", "en", split="validation", tokens=9_000, power=8),
    _fate(9, "notes", "en", split="train", tokens=1_500, power=6),
    _fate(1, "notes", "en", split="train", tokens=0, power=-1),
    _dropped(690, "web", "en", "filter", "gopher_quality.word_count", "at least 50, at most 100000"),
    _dropped(90, "notes", "en", "filter", "gopher_quality.mean_word_length", "at least 3, at most 10"),
    _dropped(15, "web", "fr", "filter", "language.minimum_confidence", "at least 0.65"),
    _dropped(5, "notes", "und", "filter", "empty", "at least 1 character"),
    _dropped(40, "web", "de", "exact_dedup", "exact_dedup", "1"),
    _dropped(50, "web", "de", "near_dedup", "near_dedup", "0.7"),
    _dropped(10, "notes", "en", "near_dedup", "near_dedup", "0.7"),
    _fate(10, "web", refused="prepare"),
]


def fact(**values: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("a", "b", "c", "d", "e", "n", "x")), **values}


FACTS = {
    "refused": [fact(a="ingest", b="web", n=50), fact(a="prepare", b="web", n=10)],
    "place": [
        fact(
            a="ingest",
            b="a/long/path/" * 8 + "p.jsonl",
            c="line 17",
            d="not JSON",
            e=f'{{"text": "{HOSTILE}',
            n=1,
            x=50.0,
        ),
        fact(a="ingest", b="pages.jsonl", c="line 18", d="not JSON", e="{", n=2, x=50.0),
        fact(a="prepare", b="pages.jsonl", c="line 3", d="no text in it", e="", n=1, x=10.0),
    ],
    "pick": [
        fact(a="filter", b="gopher_quality.word_count", c="s1", d="12", e="also fails c4.lines", n=1),
        fact(a="filter", b="gopher_quality.word_count", c="s2", d="1", n=2),
        fact(a="filter", b="gopher_quality.mean_word_length", c="s3", d="2.5000", n=1),
        fact(a="filter", b="language.minimum_confidence", c="s4", d="0.41", n=1),
        fact(a="filter", b="empty", c="s5", d="0 characters", n=1),
        fact(a="near_dedup", b="near_dedup", c="d1", d="0.72", e="duplicate of k1", n=1),
    ],
    "similarity": [
        fact(a="exact", b="19", n=40),
        *(fact(a="minhash", b=str(b), n=n) for b, n in ((14, 12), (15, 9), (17, 25), (19, 14))),
    ],
    "cluster": [fact(a="2", n=40), fact(a="3", n=5), fact(a="51", n=1)],
    "pair": [fact(a="d1", b="k1", x=0.7213)],
    "copied": [fact(a="web", b="web", n=85), fact(a="notes", b="web", n=14), fact(a="web", b="<b>notes", n=1)],
    "skipped": [fact(n=1_234)],
    "finding": [
        fact(a="EMAIL_ADDRESS", b="de", c="replace", d="19", n=200),
        fact(a="EMAIL_ADDRESS", b="en", c="replace", d="19", n=30),
        fact(a="PERSON", b="de", c="keep", d="12", n=90),
        fact(a="PHONE_NUMBER", b=None, c="replace", d="10", n=5),
    ],
    "found_in": [fact(n=140)],
    "quantiles": [fact(a="[0,70,300,900,6000]")],
    "edit": [fact(a="repeated_line", n=7, x=430.0)],
    "cut": [fact(a="repeated_line", n=1) | {"language": "en", "text": HOSTILE}],
    "packed": [fact(a="train", n=150, x=110_000.0), fact(a="validation", n=10, x=9_025.0)],
    "conversation": [fact(a="train", n=12, x=4_000.0)],
}


def version(**changed: Any) -> dict[str, Any]:
    """A row of dataset_versions that is about to be written."""
    row = {
        "name": "handbook",
        "version": 3,
        "tables": {"corpus": 4, "decisions": 2},
        "row_counts": {"corpus": 290, "decisions": 905},
        "recipe": "name: handbook\n# <b>bold</b>\n",
        "code_version": "0.1.0+ab12cd34",
        "models": {"tokenizer": "f00d" * 16},
        "anonymised": "patterns",
        "content_hash": "0123456789abcdef" * 4,
        "parent": 2,
        "created_at": datetime(2026, 3, 1, 12, 30),
        "run_id": "20260301T123000-abcdef",
    }
    return {**row, **changed}


def runs(stages: dict[str, tuple[int, int, int, int]] = STAGES) -> dict[str, dict[str, int]]:
    """The last row of stage_runs of each stage."""
    names = ("n_in", "n_kept", "n_dropped", "n_quarantined")
    return {stage: dict(zip(names, counts, strict=True)) for stage, counts in stages.items()}


def content(**changed: Any) -> dict[str, Any]:
    """What `report.render` takes. The texts are shown as they are: here nothing masks them."""
    texts = {doc: {"source": "web", "language": "de", "text": text} for doc, text in TEXTS.items()}
    given = {
        "row": version(),
        "recipe": Recipe.model_validate(RECIPE),
        "runs": runs(),
        "fates": FATES,
        "facts": FACTS,
        "texts": texts,
        "masked": lambda text, language, limit: text[:limit],
        "excerpts": lambda text, spans, marks, language: mask.excerpts(text, spans, marks, None),
    }
    return report_data.assemble(**{**given, **changed})


def empty() -> dict[str, Any]:
    """Of a recipe without any stage that found no document."""
    nothing = version(
        version=1, parent=None, anonymised="no", models={}, row_counts={"corpus": 0}, tables={"corpus": 0}
    )
    counts = runs(dict.fromkeys(STAGES, (0, 0, 0, 0)))
    return content(row=nothing, recipe=Recipe.model_validate(LITTLE), runs=counts, fates=[], facts={}, texts={})
