"""Time and memory of recipes/debian-docs.yml, beside the time that its kernels take alone on the same pages.

    DEBIAN_DOCS=FOLDER python benchmarks/debian_docs.py

FOLDER holds part-*.jsonl.gz, one page a line, with the key html. Runs the recipe twice in a warehouse of its own, and
prints a table: seconds of each stage, the peak of memory (the sum over all processes of their proportional set size),
the kernels (resiliparse, ftfy, fastText, our signals) in two processes, and the second run, which has nothing to do.
"""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

RECIPE = Path(__file__).parents[1] / "recipes" / "debian-docs.yml"
PROCESSES = 2
BATCH = 500  # pages; as many as the session gives a worker at once


def kernels(part: Path) -> dict[str, float]:
    """Seconds of each kernel on the pages of one file; reading them is not counted."""
    import ftfy
    import polars as pl
    from resiliparse.extract.html2text import extract_plain_text

    from corpusmill.transforms.text import language, signals

    identifier = language.load(None)
    took = dict.fromkeys(("resiliparse", "ftfy", "fastText", "signals"), 0.0)
    with gzip.open(part, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line)["html"] for line in lines]
    for start in range(0, len(pages), BATCH):
        marks = [time.perf_counter()]
        texts = [extract_plain_text(page, main_content=True) for page in pages[start : start + BATCH]]
        marks.append(time.perf_counter())
        texts = [ftfy.fix_text(text) for text in texts]
        marks.append(time.perf_counter())
        codes, _ = identifier.identify(texts)
        marks.append(time.perf_counter())
        signals.measure(pl.Series(texts, dtype=pl.String), pl.Series(codes, dtype=pl.String))
        marks.append(time.perf_counter())
        for name, begin, end in zip(took, marks[:-1], marks[1:], strict=True):
            took[name] += end - begin
    return took


def peak_memory(process: subprocess.Popen[str]) -> int:
    """Bytes at the highest moment until the process ends; a look each second."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(pss(p) for p in family(process.pid)))
        time.sleep(1)
    return peak


def family(pid: int) -> Iterable[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def pss(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def run(warehouse: Path) -> tuple[dict, float, int]:
    """What `corpusmill run --json` says, its wall time in seconds, its peak of memory in bytes."""
    began = time.perf_counter()
    command = [sys.executable, "-c", "from corpusmill.jobs.cli import main; main()", "run", str(RECIPE)]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([*command, "--json", "--warehouse", str(warehouse)], stdout=said, text=True)
        peak = peak_memory(process)
        if process.returncode:
            sys.exit(f"the run failed with exit code {process.returncode}")
        said.seek(0)
        return json.load(said), time.perf_counter() - began, peak


def main() -> None:
    parts = sorted(Path(os.environ.get("DEBIAN_DOCS", "debian-docs")).glob("part-*.jsonl.gz"))
    if not parts:
        sys.exit("DEBIAN_DOCS must name a folder of part-*.jsonl.gz (see recipes/debian-docs.yml)")
    os.environ["DEBIAN_DOCS"] = str(parts[0].parent.resolve())
    os.environ["POLARS_MAX_THREADS"] = "1"  # as in a Spark worker
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        alone = pool.map(kernels, parts, chunksize=1)
    kernel_seconds = {name: sum(part[name] for part in alone) / PROCESSES for name in alone[0]}
    with tempfile.TemporaryDirectory() as folder:
        first, seconds, peak = run(Path(folder, "warehouse"))
        _, again, _ = run(Path(folder, "warehouse"))
    stages = {row["stage"]: row for row in first["stages"]}
    for name, row in stages.items():
        print(f"{name:12} {row['n_in']:8,} in {row['n_kept']:8,} kept {row['seconds']:8.1f} s")
    print(f"{'whole run':34} {seconds:8.1f} s, peak {peak / 2**30:.1f} GiB")
    print(f"{'second run':34} {again:8.1f} s")
    for name, took in kernel_seconds.items():
        print(f"{name + ' alone':34} {took:8.1f} s")
    front = stages["ingest"]["seconds"] + stages["prepare"]["seconds"]
    total = sum(kernel_seconds.values())
    print(f"ingest and prepare took {front / total:.1f} times the kernels' {total:.1f} s in {PROCESSES} processes")


if __name__ == "__main__":
    main()
