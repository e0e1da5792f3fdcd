"""Writes stop_words.json beside this file from the lists that spaCy has: python transforms/text/data/make_stop_words.py

Kept are the entries that are one word as the signals see words, of languages that have at least FEWEST of them. Left
out: languages without spaces whose words the signals do not find, and Korean, whose particles are written together with
the words before them. (Of English the signals take Gopher's eight words, which stand with the rule.)
"""

import importlib
import json
import pkgutil
import unicodedata
from pathlib import Path

import polars as pl
import spacy.lang

from corpusmill.transforms.text.words import WORD

FEWEST = 20
LEFT_OUT = {"th", "bo", "ko"}
AS_THE_MODEL_SAYS = {"nb": "no"}  # lid.176 calls Bokmål Norwegian


def main() -> None:
    lists = {}
    for module in pkgutil.iter_modules(spacy.lang.__path__):
        if module.name in LEFT_OUT or not module.ispkg:
            continue
        try:
            entries = importlib.import_module(f"spacy.lang.{module.name}.stop_words").STOP_WORDS
        except ModuleNotFoundError:
            continue
        words = pl.Series(sorted({unicodedata.normalize("NFC", entry.lower()) for entry in entries}), dtype=pl.String)
        single = words.filter(words.str.contains(f"^(?:{WORD})$"))
        if len(single) >= FEWEST:
            lists[AS_THE_MODEL_SAYS.get(module.name, module.name)] = single.to_list()

    text = ",\n".join(f'"{language}": {json.dumps(lists[language], ensure_ascii=False)}' for language in sorted(lists))
    Path(__file__).with_name("stop_words.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
