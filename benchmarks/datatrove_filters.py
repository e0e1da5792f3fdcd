"""datatrove's repair of encodings, language, Gopher, C4 and FineWeb filters over a folder of JSON lines, two workers.

python benchmarks/datatrove_filters.py TEXTS OUT MODEL     (in the environment that quality_speed.py makes)
python benchmarks/datatrove_filters.py TEXTS fates.jsonl LANGUAGE

MODEL is a fastText model of languages: datatrove would fetch its own. The second form writes no text, but a line for
each document: what each filter by itself says of it, and the first that drops it where one follows the other, each on
what the one before has left. LANGUAGE chooses tokenizer and stop words: spaCy's where they are not English.
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
from spacy.util import get_lang_class

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


def filters(language: str) -> dict:
    stop_words = None if language == "en" else sorted(get_lang_class(language).Defaults.stop_words)
    return {
        "gopher_repetition": GopherRepetitionFilter(language=language),
        "gopher_quality": GopherQualityFilter(language=language, stop_words=stop_words),
        "c4": C4QualityFilter(language=language, filter_no_terminal_punct=False),
        "fineweb": FineWebQualityFilter(language=language),
    }


def run(texts: str, out: str, model: str) -> None:
    language = LanguageFilter()
    language.model = LocalModel(model)
    reader = JsonlReader(texts, text_key="text", id_key="id", glob_pattern="*.jsonl")
    pipeline = [reader, FTFYFormatter(), language, *filters("en").values(), JsonlWriter(f"{out}/kept")]
    LocalPipelineExecutor(pipeline, tasks=TASKS, workers=WORKERS, logging_dir=f"{out}/log").run()


def fates(texts: str, out: str, language: str) -> None:
    chosen = filters(language)
    with open(out, "w", encoding="utf-8") as sink:
        for path in sorted(Path(texts).glob("*.jsonl")):
            for line in path.open(encoding="utf-8"):
                row = json.loads(line)
                said = {name: _reason(one, Document(row["text"], row["id"])) for name, one in chosen.items()}
                said["in_turn"] = _first(chosen, Document(row["text"], row["id"]))
                sink.write(json.dumps({"id": row["id"], **said}) + "\n")


def _first(chosen: dict, document: Document) -> str | None:
    """The filter that drops the document where each is asked of what the ones before have left."""
    return next((name for name, one in chosen.items() if _reason(one, document)), None)


def _reason(one, document: Document) -> str | None:
    """Why the filter drops the document; None where it keeps it."""
    try:
        kept = one.filter(document)
    except ZeroDivisionError:
        return "ZeroDivisionError"
    return None if kept is True else kept[1] if isinstance(kept, tuple) else "dropped"


if __name__ == "__main__":
    fates(*sys.argv[1:]) if sys.argv[2].endswith(".jsonl") else run(*sys.argv[1:])
