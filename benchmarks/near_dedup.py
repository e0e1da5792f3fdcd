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
from collections.abc import Callable
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


def corpusmill(folder: Path, text: str) -> float:
    """Seconds of the whole command with this recipe, in a new warehouse."""
    recipe, warehouse = folder / "recipe.yml", folder / "warehouse"
    recipe.write_text(text, encoding="utf-8")
    shutil.rmtree(warehouse, ignore_errors=True)
    start = [sys.executable, "-c", "from corpusmill.jobs.cli import main; main()"]
    return seconds([*start, "run", str(recipe), "--warehouse", str(warehouse)])


def datatrove(folder: Path, script: str, *arguments: str) -> float:
    """Seconds of a script beside this one in datatrove's environment.

    arguments: the folder of texts, and what follows the folder for the result, which is made anew.
    """
    out = folder / "datatrove"
    shutil.rmtree(out, ignore_errors=True)
    texts, *more = arguments
    return seconds([str(PEER / "bin" / "python"), str(HERE / script), texts, str(out), *more])


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


def extract_all(texts: Path) -> list[Path]:
    """Take the main texts out of the pages of DEBIAN_DOCS; returns the files with them."""
    texts.mkdir()
    pages = sorted(Path(os.environ["DEBIAN_DOCS"]).glob("part-*.jsonl.gz"))
    places = [(p, texts / f"{p.name.removesuffix('.gz')}") for p in pages]
    with multiprocessing.Pool(PROCESSES) as pool:
        n_chars = sum(pool.map(extract, places, chunksize=1))
    print(f"{n_chars / 1e6:.0f} M characters of text", flush=True)
    return [to for _, to in places]


def in_turn(rounds: int, commands: dict[str, Callable[[], float]]) -> list[float]:
    """Medians of the commands, each timed once a round; prints all times."""
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            took[name].append(command())
    for name, times in took.items():
        print(f"{name:20} {statistics.median(times):7.1f} s   ({', '.join(f'{t:.1f}' for t in times)})")
    return [statistics.median(times) for times in took.values()]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    peer()
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), Path(name, "texts")
        extract_all(texts)
        recipe = SOURCE.format(texts=texts)
        commands = {
            "with near_dedup": lambda: corpusmill(folder, recipe + NEAR),
            "without": lambda: corpusmill(folder, recipe),
            f"datatrove {PEER_VERSION}": lambda: datatrove(folder, "datatrove_minhash.py", str(texts)),
        }
        whole, without, theirs = in_turn(rounds, commands)
        print(f"near_dedup costs {whole - without:.1f} s: 1/{theirs / (whole - without):.1f} of datatrove")
        print(f"the whole command is 1/{theirs / whole:.1f} of datatrove")


if __name__ == "__main__":
    main()
