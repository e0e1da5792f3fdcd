"""Makes transforms/text/data/word_order.json: which of the commonest words of a language follow each other.

    python benchmarks/train_word_order.py --treebanks FOLDER [--manuals FOLDER] [--pages REPOSITORY] ...

The folder of treebanks holds *-ud-dev.conllu of Universal Dependencies (English-EWT, German-GSD, French-GSD,
Spanish-GSD); the other data are those of benchmarks/quality.py, of which the half "tune" is read. The file holds words
and rounded logarithms of counts, and no text.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl
from quality_good import LANGUAGES, add_arguments, good_prose
from spacy.util import get_lang_class

from corpusmill.transforms.text.word_order import COMMON, DATA
from corpusmill.transforms.text.words import WORD

LONGEST = 600  # words of a text that are read, so that long manuals do not outweigh the rest
SMOOTHING = 3.0  # added to what was counted and to what chance would give: rare pairs say little
WRITTEN_WORD = re.compile(r"[^\W\d_]+")


def word_order(texts: Sequence[Sequence[str]], stop_words: frozenset[str]) -> tuple[list[str], list[list[int]]]:
    """The COMMON stop words that most texts have, and for each pair, 0 being any other word, tenths of bits.

    Positive: the second follows the first more often than it would by chance.
    """
    having = Counter(word for text in texts for word in set(text))
    common = [w for w, _ in having.most_common() if w in stop_words and WRITTEN_WORD.fullmatch(w)][:COMMON]
    number = {word: n for n, word in enumerate(common, 1)}
    counts = np.zeros((COMMON + 1, COMMON + 1))
    for text in texts:
        numbers = [number.get(word, 0) for word in text]
        np.add.at(counts, (numbers[:-1], numbers[1:]), 1)
    chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    bits = np.log2((counts + SMOOTHING) / (chance + SMOOTHING))
    bits[0, 0] = 0
    return common, np.rint(10 * bits).astype(int).tolist()


def words(texts: Sequence[str]) -> list[list[str]]:
    return pl.Series(texts, dtype=pl.String).str.to_lowercase().str.extract_all(WORD).list.head(LONGEST).to_list()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(ask)
    given = ask.parse_args()
    texts = [t for t in good_prose(given, treebank_part="dev") if t.half == "tune" or t.kind == "treebank"]
    made = {}
    for code in LANGUAGES:
        of_language = words([t.text for t in texts if t.language == code])
        common, bits = word_order(of_language, frozenset(get_lang_class(code).Defaults.stop_words))
        made[code] = {"words": common, "bits": bits}
        print(f"{code}: {len(of_language)} texts, {sum(map(len, of_language)):,} words: {' '.join(common[:12])} ...")
    DATA.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
