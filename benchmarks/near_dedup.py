"""What near_dedup costs, beside datatrove's MinHash on the same text, with the same bands.

    DEBIAN_DOCS=FOLDER python benchmarks/near_dedup.py [ROUNDS]

FOLDER holds part-*.jsonl.gz, one page a line, with the keys id and html; their main texts are taken out first, which is
not timed. Then, ROUNDS times (3) in turn: corpusmill from text to a published version, with near_dedup and without, and
datatrove from text to text, in an environment of its own that is made where it is missing. Prints all times, the
medians, and the ratios. The cost of near_dedup is the whole command with it less the same command without it.
"""

import gzip
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
PEER = HERE.parent / ".venv-datatrove"
PEER_VERSION = "0.10.1"
PROCESSES = 2
SOURCE = """
name: bench
sources: [{{path: "{texts}/*.jsonl"}}]
outputs: [corpus]
"""
NEAR = "near_dedup: {ngram: 5, minimum_similarity: 0.7, bands: 14, rows: 8}\n"


def extract(place: tuple[Path, Path]) -> int:
    """Write the texts of one file of pages; returns their characters."""
    from corpusmill.transforms.text import html

    pages, texts = place
    n_chars = 0
    with gzip.open(pages, "rt", encoding="utf-8") as lines, texts.open("w", encoding="utf-8") as sink:
        for line in lines:
            page = json.loads(line)
            text = html.main_text(page["html"])
            n_chars += len(text)
            sink.write(json.dumps({"id": page["id"], "text": text}, ensure_ascii=False) + "\n")
    return n_chars


def corpusmill(folder: Path, texts: Path, with_near: bool) -> float:
    """Seconds of the whole command, in a new warehouse."""
    recipe, warehouse = folder / "recipe.yml", folder / "warehouse"
    recipe.write_text(SOURCE.format(texts=texts) + (NEAR if with_near else ""), encoding="utf-8")
    shutil.rmtree(warehouse, ignore_errors=True)
    start = [sys.executable, "-c", "from corpusmill.jobs.cli import main; main()"]
    return seconds([*start, "run", str(recipe), "--warehouse", str(warehouse)])


def datatrove(folder: Path, texts: Path) -> float:
    """Seconds of signatures, buckets, clusters and filter."""
    out = folder / "datatrove"
    shutil.rmtree(out, ignore_errors=True)
    return seconds([str(PEER / "bin" / "python"), str(HERE / "datatrove_minhash.py"), str(texts), str(out)])


def peer() -> None:
    """Make datatrove's environment where it is missing."""
    if not PEER.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        wanted = [f"datatrove[processing,io]=={PEER_VERSION}", "spacy"]
        subprocess.run([str(PEER / "bin" / "python"), "-m", "pip", "install", "-q", *wanted], check=True)


def seconds(command: list[str]) -> float:
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return time.monotonic() - began


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    peer()
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), Path(name, "texts")
        texts.mkdir()
        pages = sorted(Path(os.environ["DEBIAN_DOCS"]).glob("part-*.jsonl.gz"))
        with multiprocessing.Pool(PROCESSES) as pool:
            places = [(p, texts / f"{p.name.removesuffix('.gz')}") for p in pages]
            print(f"{sum(pool.map(extract, places, chunksize=1)) / 1e6:.0f} M characters of text")
        took: dict[str, list[float]] = {"with near_dedup": [], "without": [], f"datatrove {PEER_VERSION}": []}
        for _ in range(rounds):
            now = [corpusmill(folder, texts, True), corpusmill(folder, texts, False), datatrove(folder, texts)]
            for times, one in zip(took.values(), now, strict=True):
                times.append(one)
        for what, times in took.items():
            print(f"{what:20} {statistics.median(times):7.1f} s   ({', '.join(f'{t:.1f}' for t in times)})")
        whole, without, theirs = map(statistics.median, took.values())
        print(f"near_dedup costs {whole - without:.1f} s: 1/{theirs / (whole - without):.1f} of datatrove")
        print(f"the whole command is 1/{theirs / whole:.1f} of datatrove")


if __name__ == "__main__":
    main()
