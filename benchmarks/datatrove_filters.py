"""datatrove's repair of encodings, language, Gopher, C4 and FineWeb filters over a folder of JSON lines, two workers.

python benchmarks/datatrove_filters.py TEXTS OUT MODEL     (in the environment that quality_speed.py makes)

MODEL is a fastText model of languages: datatrove would fetch its own. With OUT = fates.jsonl no text is written, but a
line for each document: what each filter by itself says of it.
"""

import json
import sys
from pathlib import Path

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
    LanguageFilter,
)
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.lid import FT176LID

TASKS, WORKERS = 8, 2


class LocalModel(FT176LID):
    """The model at a path of this machine."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    @property
    def model(self):
        if self._model is None:
            from fasttext.FastText import _FastText

            self._model = _FastText(self.path)
        return self._model


def filters() -> dict:
    return {
        "gopher_repetition": GopherRepetitionFilter(),
        "gopher_quality": GopherQualityFilter(),
        "c4": C4QualityFilter(filter_no_terminal_punct=False),
        "fineweb": FineWebQualityFilter(),
    }


def run(texts: str, out: str, model: str) -> None:
    language = LanguageFilter()
    language.model = LocalModel(model)
    reader = JsonlReader(texts, text_key="text", id_key="id", glob_pattern="*.jsonl")
    pipeline = [reader, FTFYFormatter(), language, *filters().values(), JsonlWriter(f"{out}/kept")]
    LocalPipelineExecutor(pipeline, tasks=TASKS, workers=WORKERS, logging_dir=f"{out}/log").run()


def fates(texts: str, out: str) -> None:
    chosen = filters()
    with open(out, "w", encoding="utf-8") as sink:
        for path in sorted(Path(texts).glob("*.jsonl")):
            for line in path.open(encoding="utf-8"):
                row = json.loads(line)
                said = {name: _reason(one, Document(row["text"], row["id"])) for name, one in chosen.items()}
                sink.write(json.dumps({"id": row["id"], **said}) + "\n")


def _reason(one, document: Document) -> str | None:
    """Why the filter drops the document; None where it keeps it."""
    try:
        kept = one.filter(document)
    except ZeroDivisionError:
        return "ZeroDivisionError"
    return None if kept is True else kept[1] if isinstance(kept, tuple) else "dropped"


if __name__ == "__main__":
    fates(*sys.argv[1:3]) if sys.argv[2].endswith(".jsonl") else run(*sys.argv[1:])
