"""How often our rules and datatrove's filters decide alike, filter by filter, and why where they do not.

    python benchmarks/agreement.py TEXTS [NUMBER]

TEXTS holds *.jsonl with the keys id and text; of the English ones (by our identification, confidence at least 0.65)
NUMBER (3,000) are taken, in an order by hash. Each filter is asked by itself. datatrove removes lines in its C4 filter
and judges what is left; that is switched off as far as its options go (end marks), and counted where it is not.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl
from near_dedup import HERE, PEER, peer

from corpusmill.transforms.text import language, rules, signals

PRESETS = ("gopher_repetition", "gopher_quality", "c4", "fineweb")
MOST = 8  # reasons listed


def english(texts: Path, number: int) -> list[dict]:
    rows = [json.loads(line) for path in sorted(texts.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if row["text"].strip()]
    rows.sort(key=lambda row: hashlib.sha256(row["id"].encode()).digest())
    model, found = language.load(None), []
    for at in range(0, len(rows), 500):
        some = rows[at : at + 500]
        said = zip(some, *model.identify([row["text"] for row in some]), strict=True)
        found += [row for row, code, confidence in said if code == "en" and confidence >= 0.65]
        if len(found) >= number:
            break
    return found[:number]


def ours(rows: list[dict]) -> dict[str, list[list[str]]]:
    """Of each preset, for each document the rules that it fails."""
    texts = pl.Series([row["text"] for row in rows], dtype=pl.String)
    measured = signals.measure(texts, pl.Series(["en"] * len(rows)))
    found = {}
    for preset in PRESETS:
        failed: list[list[str]] = [[] for _ in rows]
        for rule in rules.select([preset], {}):
            for n, value in enumerate(measured[rule.signal].to_list()):
                low = rule.minimum is not None and value is not None and value < rule.minimum
                high = rule.maximum is not None and value is not None and value > rule.maximum
                if low or high:
                    failed[n].append(rule.name)
        found[preset] = failed
    return found


def theirs(rows: list[dict]) -> list[dict]:
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name, "texts")
        texts.mkdir()
        (texts / "part.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out = Path(name, "fates.jsonl")
        script = [str(PEER / "bin" / "python"), str(HERE / "datatrove_filters.py")]
        subprocess.run([*script, str(texts), str(out)], check=True, capture_output=True)
        return [json.loads(line) for line in out.open(encoding="utf-8")]


def main() -> None:
    peer()
    rows = english(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3_000)
    said, own = theirs(rows), ours(rows)
    whole = 0
    for n in range(len(rows)):
        whole += any(own[p][n] for p in PRESETS) == any(said[n][p] for p in PRESETS)
    print(f"{len(rows):,} English documents; all filters together decide alike: {whole / len(rows):.1%}")
    for preset in PRESETS:
        pairs = [(own[preset][n], said[n][preset]) for n in range(len(rows))]
        same = sum(bool(a) == bool(b) for a, b in pairs)
        dropped = sum(bool(a) for a, _ in pairs), sum(bool(b) for _, b in pairs)
        print(f"\n{preset}: alike {same / len(rows):.1%}; dropped by us {dropped[0]:,}, by datatrove {dropped[1]:,}")
        only_us = Counter(a[0] for a, b in pairs if a and not b)
        only_them = Counter(b for a, b in pairs if b and not a)
        for who, reasons in (("us", only_us), ("datatrove", only_them)):
            for reason, count in reasons.most_common(MOST):
                print(f"  only by {who:9} {count:6,}  {reason}")


if __name__ == "__main__":
    main()
