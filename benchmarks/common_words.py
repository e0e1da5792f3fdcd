"""Common words of a language, for `train_names.py`: so that it tells *Petersilie* and *mustard* from surnames.

    pip install german-nouns                      # its nouns.csv; from Wiktionary, CC BY-SA 4.0
    python benchmarks/common_words.py de NOUNS.csv LISTS
    apt-get download wordnet-base                 # its folder usr/share/wordnet; WordNet 3.0's own licence, free
    python benchmarks/common_words.py en FOLDER LISTS

LISTS: the folder that pii_lists.py filled; two files are added, a word in small letters a line: XX_common.txt, and
XX_either.txt for words that the dictionary has as names, too (a first name, a surname, a place). Lemmas of one word are
all given, other forms only where a list of names has them.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = {"Toponym", "Vorname", "Nachname", "Eigenname", "Straßenname", "Abkürzung", "Buchstabe", "Suffix", "Affix"}
NAMED = {"14", "15", "17", "18"}  # groups, places, natural objects, people
WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
LISTED = ("first", "last", "place", "country", "city")
Endings = tuple[tuple[str, int, tuple[str, ...]], ...]
#: Endings of an English lemma, how many letters are taken off, and what stands in their place in other forms.
NOUNS: Endings = ((r"[^aeiou]y$", 1, ("ies",)), (r"(?:s|x|z|ch|sh)$", 0, ("es",)), (r"$", 0, ("s",)))
VERBS: Endings = (
    (r"[^aeiou]y$", 1, ("ies", "ied", "ying")),
    (r"(?:s|x|z|ch|sh)$", 0, ("es", "ed", "ing")),
    (r"e$", 1, ("es", "ed", "ing")),
    (r"$", 0, ("s", "ed", "ing")),
)
ADJECTIVES: Endings = ((r"[^aeiou]y$", 1, ("ier", "iest")), (r"e$", 1, ("er", "est")), (r"$", 0, ("er", "est")))
PARTS: dict[str, Endings] = {"noun": NOUNS, "verb": VERBS, "adj": ADJECTIVES, "adv": ()}


def german(path: Path) -> Iterator[tuple[str, set[str], bool]]:
    """Lemma, its other forms, and is it a name?"""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            forms = {form for key, form in row.items() if key not in ("lemma", "pos") and form}
            yield row["lemma"], forms, bool(NAMES & set(row["pos"].split(",")))


def english(folder: Path) -> Iterator[tuple[str, set[str], bool]]:
    """Lemma, forms that it can have, and is it a name? Of lemmas with a capital, those of food, days and so on (whose
    number in lexnames(5WN) is none of NAMED) are none."""
    for part, endings in PARTS.items():
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            fields = line.split(" ")
            if not fields[0]:
                continue
            for lemma in fields[4 : 4 + 2 * int(fields[3], 16) : 2]:
                lemma = lemma.split("(")[0]
                if lemma.islower() or part == "noun":
                    yield lemma, forms(lemma, endings), not lemma.islower() and fields[1] in NAMED


def forms(lemma: str, endings: Endings) -> set[str]:
    """Regular forms of an English word.

    >>> sorted(forms("berry", NOUNS)), sorted(forms("bake", VERBS))
    (['berries'], ['baked', 'bakes', 'baking'])
    """
    for ending, off, others in endings:
        if re.search(ending, lemma):
            return {lemma[: len(lemma) - off] + other for other in others}
    return set()


def main(language: str, source: str, lists: str) -> None:
    names = {
        word
        for name in LISTED
        for prefix in ("", f"{language}_")
        if (file := Path(lists) / f"{prefix}{name}.txt").is_file()
        for word in WORD.findall(file.read_text(encoding="utf-8").lower())
    }
    common, named = set(), set()
    for lemma, others, name in (german if language == "de" else english)(Path(source)):
        if name:
            named.add(lemma.lower())
        elif WORD.fullmatch(lemma):
            common |= {lemma.lower()} | {form.lower() for form in others if form.lower() in names}
    for file, words in (("common", common - named), ("either", common & named)):
        (Path(lists) / f"{language}_{file}.txt").write_text("\n".join(sorted(words)), encoding="utf-8")
        print(language, file, len(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
