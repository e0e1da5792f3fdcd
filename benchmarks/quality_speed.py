"""Repair, language, Gopher, C4 and FineWeb rules, from text to a published version, beside datatrove's filters.

    DEBIAN_DOCS=FOLDER python benchmarks/quality_speed.py [ROUNDS]

FOLDER as for near_dedup.py. All are whole commands on two cores, in turn, ROUNDS times (3): ours by the papers' and by
datatrove's definitions of the signals, and datatrove. Prints all times, the medians and the ratios, and the time of
our own kernels alone (repair, language, signals) over the two cores.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from near_dedup import HERE, PEER_VERSION, PROCESSES, corpusmill, datatrove, extract_all, in_turn, peer

from corpusmill.schemas.recipe_quality import Definitions

RULES = "gopher_repetition, gopher_quality, c4, fineweb"
RECIPE = f"""
name: bench
sources: [{{{{path: "{{texts}}/*.jsonl"}}}}]
clean: {{{{}}}}
language: {{{{}}}}
quality: {{{{rules: [{RULES}], definitions: {{definitions}}}}}}
outputs: [corpus]
"""
MODEL = HERE.parent / "transforms" / "text" / "data" / "lid.176.ftz"
DEFINITIONS: tuple[Definitions, ...] = ("papers", "datatrove")
AT_ONCE = 500  # documents, as in a batch of the product


def kernels(path: Path, definitions: Definitions) -> float:
    """Seconds of what is done to the texts of a file, and nothing else."""
    import polars as pl

    from corpusmill.transforms.text import clean, language, measure

    texts = [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    model, wanted = language.load(None), measure.Measuring(signals=True, definitions=definitions)
    began = time.monotonic()
    for at in range(0, len(texts), AT_ONCE):
        cleaned = clean.clean_all(texts[at : at + AT_ONCE])
        languages, _ = model.identify(cleaned)
        measure.measure(pl.Series(cleaned, dtype=pl.String), languages, wanted)
    return time.monotonic() - began


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    peer()
    os.environ["POLARS_MAX_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), Path(name, "texts")
        files = extract_all(texts)
        commands = {
            definitions: partial(corpusmill, folder, RECIPE.format(texts=texts, definitions=definitions))
            for definitions in DEFINITIONS
        }
        commands[f"datatrove {PEER_VERSION}"] = partial(
            datatrove, folder, "datatrove_filters.py", str(texts), str(MODEL)
        )
        *ours, theirs = in_turn(rounds, commands)
        for definitions, took in zip(DEFINITIONS, ours, strict=True):
            print(f"by the definitions of {definitions} {theirs / took:.1f} times as fast as datatrove")
            with multiprocessing.Pool(PROCESSES) as pool:
                alone = sum(pool.map(partial(kernels, definitions=definitions), files, chunksize=1)) / PROCESSES
            print(f"kernels alone {alone:.1f} s: the command takes {took / alone:.1f} times as long")


if __name__ == "__main__":
    main()
