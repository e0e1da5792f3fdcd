"""How many planted items of a benchmark are found, how many clean documents are flagged, and what looking costs.

    python benchmarks/contamination.py ITEMS.jsonl FIELD TEXTS

ITEMS holds the benchmark, TEXTS *.jsonl with the key text that holds none of it. A fifth of the items are planted in
documents: verbatim, with other case and punctuation, and with two words changed.
"""

import json
import random
import string
import sys
import time
from pathlib import Path

import polars as pl

from corpusmill.schemas.recipe_stages import Decontaminate
from corpusmill.transforms.text.contamination import Item, index, matches

MINIMUM = Decontaminate.model_fields["minimum_overlap"].default
AT_ONCE = 500


def shouted(text: str, random_: random.Random) -> str:
    return " ".join(
        word.strip(string.punctuation).upper() + random_.choice(["", ",", ".", " -"]) for word in text.split()
    )


def two_changed(text: str, random_: random.Random) -> str:
    words = text.split()
    for at in random_.sample(range(len(words)), min(2, len(words))):
        words[at] = "".join(random_.choices(string.ascii_lowercase, k=7))
    return " ".join(words)


def rows_of(path: Path, field: str) -> list[str]:
    return [json.loads(line)[field] for line in path.read_text(encoding="utf-8").splitlines()]


def main(items: str, field: str, folder: str) -> None:
    rows = rows_of(Path(items), field)
    texts = [text for path in sorted(Path(folder).glob("*.jsonl")) for text in rows_of(path, "text")]
    began = time.monotonic()
    wanted = index([Item("set", str(n), row) for n, row in enumerate(rows)], {"set": 10}, MINIMUM)
    words = f"{wanted.n_words.min()} to {wanted.n_words.max()} words"
    print(f"{len(rows):,} items of {words}, index {time.monotonic() - began:.2f} s")
    began, flagged = time.monotonic(), set()
    for start in range(0, len(texts), AT_ONCE):
        flagged |= {start + m.text for m in matches(pl.Series(texts[start : start + AT_ONCE]), wanted)}
    speed = sum(map(len, texts)) / 1e6 / (time.monotonic() - began)
    share = len(flagged) / len(texts)
    print(f"{len(texts):,} clean documents, {len(flagged)} flagged ({share:.3%}); {speed:.0f} M characters/s")
    random_ = random.Random(1)
    chosen = random_.sample(range(len(rows)), len(rows) // 5)
    for name, change in (
        ("verbatim", lambda t, _: t),
        ("case and punctuation", shouted),
        ("two words changed", two_changed),
    ):
        hosts = [random_.choice(texts)[:4000] for _ in chosen]
        planted = [
            f"{host[:2000]}\n{change(rows[n], random_)}\n{host[2000:]}" for host, n in zip(hosts, chosen, strict=True)
        ]
        found = {(m.text, m.item) for m in matches(pl.Series(planted), wanted)}
        hit = sum((place, n) in found for place, n in enumerate(chosen))
        print(f"{name}: {hit} of {len(chosen)} found ({hit / len(chosen):.1%})")


if __name__ == "__main__":
    main(*sys.argv[1:])
