"""How near_dedup's cost grows: with the corpus, with equal and alike documents, and with new data on published data.

    python benchmarks/near_dedup_growth.py TEXTS [ROUNDS]

TEXTS holds *.jsonl with the keys id and text. Of all documents, in an order by hash: an eighth, a quarter, a half, the
whole; a quarter of which 30 % are one and the same text; a quarter of which every other has one template before it.
Each is run with near_dedup and without, ROUNDS times (1) in turn; the cost is the difference of the medians, and what
the stage says of itself stands beside it. Then 99 of 100 documents are published and the rest is added, and that is
done again with all judged anew: the rows of duplicate_clusters must be equal.
"""

import hashlib
import json
import math
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import deltalake
from near_dedup import NEAR, SOURCE, corpusmill, seconds

FILES = 16
WORDS = 400  # of the template


def in_order(texts: Path) -> list[dict]:
    rows = [json.loads(line) for path in sorted(texts.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())


def write(folder: Path, rows: list[dict], name: str = "part") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows[number::FILES])
        (folder / f"{name}-{number:02}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def cost(folder: Path, texts: Path, rounds: int) -> float:
    recipe = SOURCE.format(texts=texts)
    times: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        whole = corpusmill(folder, recipe + NEAR)
        times.append((whole, stage_seconds(folder / "warehouse"), corpusmill(folder, recipe)))
    whole, stage, without = (statistics.median(some) for some in zip(*times, strict=True))
    print(
        f"{texts.name:10} with {whole:6.1f} s, without {without:6.1f} s: near_dedup costs {whole - without:5.1f} s "
        f"(the stage by itself {stage:.1f} s)",
        flush=True,
    )
    return whole - without


def stage_seconds(warehouse: Path) -> float:
    runs = deltalake.DeltaTable(str(warehouse / "stage_runs")).to_pyarrow_table(columns=["stage", "seconds"])
    return sum(row["seconds"] for row in runs.to_pylist() if row["stage"] == "near_dedup")


def growth(folder: Path, rows: list[dict], rounds: int) -> None:
    costs = {}
    for part in (8, 4, 2, 1):
        texts = write(folder / f"1-of-{part}", rows[: len(rows) // part])
        costs[len(rows) // part] = cost(folder, texts, rounds)
    x, y = [math.log(n) for n in costs], [math.log(c) for c in costs.values()]
    print(f"growth exponent {statistics.linear_regression(x, y).slope:.2f}")


def skew(folder: Path, rows: list[dict], rounds: int) -> None:
    rows = rows[: len(rows) // 4]
    plain = cost(folder, write(folder / "plain", rows), rounds)
    typical = sorted(rows, key=lambda row: len(row["text"]))[len(rows) // 2]["text"]
    template = " ".join(" ".join(row["text"] for row in rows[:100]).split()[:WORDS])
    equal = [row | {"text": typical} if n % 10 < 3 else row for n, row in enumerate(rows)]
    alike = [row | {"text": f"{template}\n\n{row['text']}"} if n % 2 else row for n, row in enumerate(rows)]
    for name, changed in (("equal", equal), ("template", alike)):
        print(f"{cost(folder, write(folder / name, changed), rounds) / plain:.2f} times a plain one")


def clusters(warehouse: Path) -> set[tuple]:
    rows = deltalake.DeltaTable(str(warehouse / "duplicate_clusters")).to_pyarrow_table().to_pylist()
    return {tuple(value for name, value in row.items() if name != "run_id") for row in rows}


def increment(folder: Path, rows: list[dict]) -> None:
    texts, recipe, warehouse = folder / "growing", folder / "growing.yml", folder / "growing-warehouse"
    recipe.write_text(SOURCE.format(texts=texts) + NEAR, encoding="utf-8")
    start = [sys.executable, "-c", "from corpusmill.jobs.cli import main; main()", "run", str(recipe), "--warehouse"]
    write(texts, rows[len(rows) // 100 :])
    full = seconds([*start, str(warehouse)])
    shutil.copytree(warehouse, folder / "again")
    write(texts, rows[: len(rows) // 100], "new")
    added, idle = seconds([*start, str(warehouse)]), seconds([*start, str(warehouse)])
    print(f"99 %: {full:.1f} s; 1 % more: {added:.1f} s; nothing to do: {idle:.1f} s")
    print(f"1 % costs {(added - idle) / (full - idle):.3f} of a full run")
    # Another limit of the guard changes no row, and makes the stage judge all again.
    seconds([*start, str(folder / "again"), "--set", "near_dedup.maximum_loss=0.95"])
    same = clusters(warehouse) == clusters(folder / "again")
    print(f"duplicate_clusters as from judging all again: {same} ({len(clusters(warehouse)):,} rows)")


def main() -> None:
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rows = in_order(Path(sys.argv[1]))
    print(f"{len(rows):,} documents, {sum(len(row['text']) for row in rows) / 1e6:.0f} M characters")
    with tempfile.TemporaryDirectory() as name:
        increment(Path(name), rows)
        growth(Path(name), rows, rounds)
        skew(Path(name), rows, rounds)


if __name__ == "__main__":
    main()
