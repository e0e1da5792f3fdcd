"""datatrove's MinHash deduplication of a folder of JSON lines, 14 bands of 8 rows over word 5-grams, two workers.

python benchmarks/datatrove_minhash.py TEXTS OUT     (in the environment that near_dedup.py makes)
"""

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig
from datatrove.utils.typeshelper import Languages

TASKS, WORKERS = 8, 2


def main(texts: str, out: str) -> None:
    config = MinhashConfig(5, num_buckets=14, hashes_per_bucket=8, hash_config=HashConfig(precision=64))

    def reader() -> JsonlReader:
        return JsonlReader(texts, text_key="text", id_key="id", glob_pattern="*.jsonl")

    steps = (
        ([reader(), MinhashDedupSignature(f"{out}/signatures", config, language=Languages.english)], TASKS),
        ([MinhashDedupBuckets(f"{out}/signatures", f"{out}/buckets", config=config)], config.num_buckets),
        ([MinhashDedupCluster(f"{out}/buckets", f"{out}/remove", config=config)], 1),
        ([reader(), MinhashDedupFilter(f"{out}/remove"), JsonlWriter(f"{out}/kept")], TASKS),
    )
    for number, (pipeline, tasks) in enumerate(steps):
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=WORKERS, logging_dir=f"{out}/log-{number}").run()


if __name__ == "__main__":
    main(*sys.argv[1:])
