"""How often our rules and datatrove's filters decide alike, filter by filter, and why where they do not.

    python benchmarks/agreement.py TEXTS [NUMBER] [--language en]

TEXTS holds *.jsonl with the keys id and text; of those in the language (by our identification, confidence at least
0.65) NUMBER (3,000) are taken, in an order by hash. Our rules are asked by each of the recipe's `definitions`, and
timed. datatrove's filters are asked each by itself, and then one after the other as in a pipeline, whose C4 filter
hands on a text without the lines that it cuts. Its end mark rule is off, as FineWeb has it.
"""

import argparse
import hashlib
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import polars as pl
from near_dedup import HERE, PEER, peer

from corpusmill.schemas.recipe_quality import Definitions
from corpusmill.transforms.text import language, rules, signals

PRESETS = ("gopher_repetition", "gopher_quality", "c4", "fineweb")
MOST = 8  # reasons listed


def of_language(texts: Path, number: int, wanted: str) -> list[dict]:
    rows = [json.loads(line) for path in sorted(texts.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if row["text"].strip()]
    rows.sort(key=lambda row: hashlib.sha256(row["id"].encode()).digest())
    model, found = language.load(None), []
    for at in range(0, len(rows), 500):
        some = rows[at : at + 500]
        said = zip(some, *model.identify([row["text"] for row in some]), strict=True)
        found += [row for row, code, confidence in said if code == wanted and confidence >= 0.65]
        if len(found) >= number:
            break
    return found[:number]


def ours(rows: list[dict], code: str, definitions: Definitions) -> dict[str, list[list[str]]]:
    """Of each preset, for each document the rules that it fails."""
    texts, codes = pl.Series([row["text"] for row in rows], dtype=pl.String), pl.Series([code] * len(rows))
    signals.measure(texts.head(100), codes.head(100), definitions)  # loading is not timed
    began = time.process_time()
    measured = signals.measure(texts, codes, definitions)
    print(f"\n{definitions}: measured in {time.process_time() - began:.1f} s of processor time")
    found = {}
    for preset in PRESETS:
        failed: list[list[str]] = [[] for _ in rows]
        for rule in rules.select([preset], {}, definitions=definitions):
            for n, value in enumerate(measured[rule.signal].to_list()):
                low = rule.minimum is not None and value is not None and value < rule.minimum
                high = rule.maximum is not None and value is not None and value > rule.maximum
                if low or high:
                    failed[n].append(rule.name)
        found[preset] = failed
    return found


def theirs(rows: list[dict], code: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name, "texts")
        texts.mkdir()
        (texts / "part.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out = Path(name, "fates.jsonl")
        script = [str(PEER / "bin" / "python"), str(HERE / "datatrove_filters.py")]
        subprocess.run([*script, str(texts), str(out), code], check=True, capture_output=True)
        return [json.loads(line) for line in out.open(encoding="utf-8")]


def compared(own: dict[str, list[list[str]]], said: Sequence[dict]) -> None:
    fates = {
        "asked by themselves": [any(one[p] for p in PRESETS) for one in said],
        "one after the other": [one["in_turn"] is not None for one in said],
    }
    for how, dropped in fates.items():
        pairs = Counter((any(own[p][n] for p in PRESETS), fate) for n, fate in enumerate(dropped))
        same = pairs[True, True] + pairs[False, False]
        only = f"dropped only by us {pairs[True, False]:,}, only by datatrove {pairs[False, True]:,}"
        print(f"all together, {how}: alike {same / len(said):.2%}; {only}")
    for preset in PRESETS:
        pairs = [(own[preset][n], said[n][preset]) for n in range(len(said))]
        same = sum(bool(a) == bool(b) for a, b in pairs)
        dropped = sum(bool(a) for a, _ in pairs), sum(bool(b) for _, b in pairs)
        print(f"{preset}: alike {same / len(said):.2%}; dropped by us {dropped[0]:,}, by datatrove {dropped[1]:,}")
        only_us = Counter(a[0] for a, b in pairs if a and not b)
        only_them = Counter(b for a, b in pairs if b and not a)
        for who, reasons in (("us", only_us), ("datatrove", only_them)):
            for reason, count in reasons.most_common(MOST):
                print(f"  only by {who:9} {count:6,}  {reason}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("texts", type=Path)
    ask.add_argument("number", type=int, nargs="?", default=3_000)
    ask.add_argument("--language", default="en")
    given = ask.parse_args()
    peer()
    rows = of_language(given.texts, given.number, given.language)
    said = theirs(rows, given.language)
    print(f"{len(rows):,} documents in {given.language}")
    for definitions in get_args(Definitions):
        compared(ours(rows, given.language, definitions), said)


if __name__ == "__main__":
    main()
