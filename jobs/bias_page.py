"""The page of the bias report: what `bias.html.j2` shows, put together from what was found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import report_charts as charts
from corpusmill.jobs.bias_samples import Piece, key
from corpusmill.jobs.report import environment
from corpusmill.jobs.report_numbers import between, times
from corpusmill.transforms.text.bias import FEWEST_DOCUMENTS, SHOWN
from corpusmill.transforms.text.bias_forms import FORMS
from corpusmill.transforms.text.bias_lists import lists
from corpusmill.transforms.text.bias_mentions import LONG, MOST, SAME, WINDOW

if TYPE_CHECKING:
    from corpusmill.jobs.bias import Bias
    from corpusmill.transforms.text.bias import Ratio

LANGUAGES = {"en": "English", "de": "German"}

MOST_NEAR = 12  # beside a group
MOST_SOURCES = 6  # with a column of their own
MOST_ROLES = 15
FARTHEST = 32.0  # ratios beyond it are drawn there
LEANS = {"leans": "var(--filter)", "no difference that the counts show": "var(--shape)"}


def render(found: "Bias") -> str:
    """The page; every text in it is escaped."""
    templates = environment()
    templates.filters["times"] = times
    templates.globals["between"] = between
    return templates.get_template("bias.html.j2").render(**content(found))


def content(found: "Bias") -> dict[str, Any]:
    """What the template shows."""
    words: dict[str, int] = defaultdict(int)
    for row in found.texts:
        words[row["language"]] += row["words"]
    read = sum(row["documents"] for row in found.texts)
    return {
        "found": found,
        "read": read,
        "covered": {code: _covered(found, code) for code in LANGUAGES},
        "names": LANGUAGES,
        "n_mentions": sum(row["mentions"] for row in found.mentions),
        "pairs": _pairs(found),
        "uncompared": _uncompared(found),
        "groups": _groups(found),
        "by_source": _by_source(found),
        "near": _near(found),
        "forms": _forms(found),
        "roles": _roles(found),
        "constants": {"window": WINDOW, "most": MOST, "fewest": FEWEST_DOCUMENTS, "long": LONG, "same": SAME},
    }


def _covered(found: "Bias", language: str) -> dict[str, int]:
    rows = [row for row in found.texts if row["language"] == language]
    return {name: sum(row[name] for row in rows) for name in ("documents", "words")}


def _pairs(found: "Bias") -> list[dict[str, Any]]:
    """Of each language and pair of groups its mentions, themes and leaning words; those with findings first."""
    by_pair: dict[tuple[str, str, str, str], list[Ratio]] = defaultdict(list)
    for ratio in found.ratios:
        if ratio.kind != "near":
            by_pair[ratio.language, ratio.dimension, ratio.a, ratio.b].append(ratio)
    pairs = [_pair(*key, ratios, found.samples) for key, ratios in by_pair.items()]
    return sorted(pairs, key=lambda pair: (not pair["n"], pair["place"]))


def _uncompared(found: "Bias") -> list[str]:
    """Pairs of groups that could not be compared, in the languages that there are."""
    compared = {(r.language, r.a, r.b) for r in found.ratios}
    return [
        f"{a} and {b} ({LANGUAGES[code]})"
        for code in LANGUAGES
        if _covered(found, code)["documents"]
        for _, a, b in lists(code).compare
        if (code, a, b) not in compared
    ]


def _pair(
    language: str, dimension: str, a: str, b: str, ratios: Sequence["Ratio"], samples: Mapping[str, list[list[Piece]]]
) -> dict[str, Any]:
    leaning = [turned(ratio) for ratio in ratios if ratio.leans]
    words = sorted((row for row in leaning if row["kind"] == "word"), key=lambda row: -row["low"])
    sides = [[row for row in words if row["group"] == side] for side in (a, b)]
    themes = [ratio for ratio in ratios if ratio.kind == "theme"]
    return {
        "language": LANGUAGES[language],
        "code": language,
        "dimension": dimension,
        "a": a,
        "b": b,
        "place": (list(LANGUAGES).index(language), ratios[0].dimension),
        "n": len(leaning),
        "tested": len(ratios),
        "mentions": next((ratio for ratio in ratios if ratio.kind == "mentions"), None),
        "sentences": sorted(
            (r for r in leaning if r["kind"] != "word"), key=lambda r: (r["kind"] != "mentions", -r["low"])
        ),
        "words": [(side, rows[:SHOWN], len(rows)) for side, rows in zip((a, b), sides, strict=True)],
        "themes": themes,
        "chart": _chart(themes, a, b),
        "samples": [
            (row["what"], row["group"], samples[name])
            for row in words
            if (name := key(language, row["group"], row["what"])) in samples
        ],
    }


def turned(ratio: "Ratio") -> dict[str, Any]:
    """A finding as seen from the group that it leans to."""
    forward = ratio.leans == ratio.a
    low, high = (ratio.low, ratio.high) if forward else (1 / ratio.high if ratio.high else None, _inverse(ratio.low))
    middle = ratio.ratio if forward else _inverse(ratio.ratio)
    counts = (ratio.count_a, ratio.count_b) if forward else (ratio.count_b, ratio.count_a)
    groups = (ratio.a, ratio.b) if forward else (ratio.b, ratio.a)
    return {
        "kind": ratio.kind,
        "group": groups[0],
        "other": groups[1],
        "what": ratio.what,
        "theme": ratio.theme,
        "count": counts[0],
        "other_count": counts[1],
        "times": middle,
        "low": low,
        "high": high,
        "documents": ratio.documents,
    }


def _inverse(value: float | None) -> float | None:
    return 0.0 if value is None else None if value == 0 else 1 / value


def _chart(themes: Sequence["Ratio"], a: str, b: str) -> charts.Chart | None:
    if not themes:
        return None
    rows = []
    for ratio in themes:
        ends = {"middle": ratio.ratio, "low": ratio.low, "high": ratio.high}
        drawn = {name: min(FARTHEST, max(1 / FARTHEST, FARTHEST if x is None else x)) for name, x in ends.items()}
        rows.append({"label": ratio.what, "part": list(LEANS)[0 if ratio.leans else 1], **drawn})
    said = "; ".join(f"{r.what} {times(r.ratio)}, {times(r.low)} to {times(r.high)}" for r in themes)
    title = f"How many times as often beside {a} as beside {b}"
    return charts.intervals(rows, LEANS, title=title, description=said)


def _groups(found: "Bias") -> list[dict[str, Any]]:
    """Of each group that is mentioned: documents and mentions by language."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(found.mentions, key=lambda row: row["number"]):
        group = rows.setdefault(
            (row["dimension"], row["group"]), {code: {"documents": 0, "mentions": 0} for code in LANGUAGES}
        )
        for name in ("documents", "mentions"):
            group[row["language"]][name] += row[name]
    return [{"dimension": dimension, "group": name, **numbers} for (dimension, name), numbers in rows.items()]


def _by_source(found: "Bias") -> dict[str, Any]:
    """Mentions for 10,000 words, by dimension, group and source; the largest sources have a column."""
    words: dict[str, int] = defaultdict(int)
    for row in found.texts:
        words[row["source"]] += row["words"]
    sources = sorted(words, key=lambda source: -words[source])[:MOST_SOURCES]
    table: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for row in sorted(found.mentions, key=lambda row: row["number"]):
        table[row["dimension"]][row["group"]][row["source"]] += row["mentions"]
    return {
        "sources": [{"name": source, "words": words[source]} for source in sources],
        "others": len(words) - len(sources),
        "dimensions": {
            dimension: [
                (name, [10_000 * n[source] / words[source] if words[source] else 0.0 for source in sources])
                for name, n in groups.items()
            ]
            for dimension, groups in table.items()
        },
    }


def _near(found: "Bias") -> list[dict[str, Any]]:
    """What stands beside each group more often than in the corpus."""
    rows: dict[tuple[str, str], list[Ratio]] = defaultdict(list)
    for ratio in found.ratios:
        if ratio.kind == "near" and ratio.low > 1:
            rows[ratio.language, ratio.a].append(ratio)
    return [
        {
            "language": LANGUAGES[language],
            "group": group,
            "n": len(ratios),
            "words": sorted(ratios, key=lambda ratio: -ratio.low)[:MOST_NEAR],
        }
        for (language, group), ratios in rows.items()
    ]


def _forms(found: "Bias") -> dict[str, Any] | None:
    """German forms by source, and for 10,000 words."""
    if not found.forms:
        return None
    words = {row["source"]: row["words"] for row in found.texts if row["language"] == "de"}
    sources = sorted(words, key=lambda source: -words[source])[:MOST_SOURCES]
    n: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found.forms:
        n[row["form"]][row["source"]] += row["n"]
    whole = sum(words.values())
    rows = [
        (form, said, sum(n[form].values()), [n[form][source] for source in sources]) for form, said in FORMS.items()
    ]
    return {"sources": sources, "rows": rows, "words": whole}


def _roles(found: "Bias") -> list[tuple[str, list[int]]]:
    """The nouns most often in a plural or a pair: masculine plural, feminine plural, pair."""
    shown = ("masculine plural", "feminine plural", "pair")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found.forms:
        counts[row["role"]][row["form"]] += row["n"]
    rows = [(role, [n[form] for form in shown]) for role, n in counts.items() if role]
    return sorted(_filled(rows), key=lambda row: (-sum(row[1]), row[0]))[:MOST_ROLES]


def _filled(rows: Iterable[tuple[str, list[int]]]) -> list[tuple[str, list[int]]]:
    return [row for row in rows if sum(row[1])]
