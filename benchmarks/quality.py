"""What the rules keep of good prose and of junk, by language and kind of text.

    python benchmarks/quality.py --manuals FOLDER --pages CHECKOUT --articles CHECKOUT --sentences CHECKOUT \\
        --treebanks FOLDER [--half test|tune] [--each 60] [--seed 1] [--rules balanced ...] [--datatrove] [--show KIND]

Good prose is of data given by path (quality_good.py: what is not given is left out), junk is made (quality_junk.py) or
found in the same pages (menus, notices). The language is what the pipeline would find, not the label. Limits were set
on the half "tune"; "test", the default, is what is to be reported. --rules: presets, each judged alone beside the
default; --datatrove: also what datatrove's filters keep, with its English stop words and with those of the language;
--show: texts of that kind on which the default preset is wrong.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl
from quality_good import LANGUAGES, Text, add_arguments, furniture, good_prose
from quality_junk import junk

from corpusmill.schemas.recipe_quality import Quality
from corpusmill.transforms.text import language
from corpusmill.transforms.text.rules import PRESETS, Rule, select
from corpusmill.transforms.text.signals import measure

GOOD = ("manual", "article", "sentences", "treebank")
EARLIER_DEFAULT = ("gopher_repetition", "gopher_quality", "c4", "fineweb")


def fails(rule: Rule) -> pl.Expr:
    """As transforms/filter.py judges."""
    value = pl.col(rule.signal).cast(pl.Float64)
    outside = [value < rule.minimum] if rule.minimum is not None else []
    outside += [value > rule.maximum] if rule.maximum is not None else []
    asked = [pl.col("language").is_in(rule.languages)] if rule.languages else []
    return pl.all_horizontal(*asked, pl.any_horizontal(outside)).fill_null(False)


def judged(texts: Sequence[Text], presets: Sequence[str]) -> pl.DataFrame:
    """A row a text: its kind, label, and the first rule that drops it, null where none does."""
    contents = pl.Series([t.text for t in texts], dtype=pl.String)
    codes = pl.Series(language.load(None).identify(contents.to_list())[0], dtype=pl.String)
    frame = measure(contents, codes).with_columns(
        language=codes, kind=pl.Series([t.kind for t in texts]), label=pl.Series([t.language for t in texts])
    )
    first = [pl.when(fails(rule)).then(pl.lit(rule.full_name)) for rule in select(presets, {})]
    return frame.select("kind", "label", rule=pl.coalesce(first), text=contents)


def shown(title: str, kept: Callable[[str, str], tuple[int, int]], kinds: Sequence[str]) -> None:
    """A line a kind: the share kept in each language, of how many."""
    print(f"\n{title}\n{'kept, of texts':14}" + "".join(f"{code:>16}" for code in LANGUAGES))
    for kind in kinds:
        cells = [kept(kind, code) for code in LANGUAGES]
        print(f"{kind:14}" + "".join(f"{n / of:>9.1%} {of:>6}" if of else f"{'-':>16}" for n, of in cells))


def counted(frame: pl.DataFrame, kinds: dict[str, Sequence[str]]) -> Callable[[str, str], tuple[int, int]]:
    def kept(kind: str, code: str) -> tuple[int, int]:
        of = frame.filter(pl.col("kind").is_in(kinds[kind]) & (pl.col("label") == code))
        return int(of["rule"].null_count()), len(of)

    return kept


def datatrove_rules(texts: Sequence[Text], own_stop_words: bool) -> pl.DataFrame:
    """What datatrove's filters for Gopher, C4 and FineWeb drop, one after the other, in the form of `judged`.

    own_stop_words: those of spaCy for the language instead of the English ones; its tokenizer is always the language's.
    """
    from datatrove.data import Document
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )
    from spacy.util import get_lang_class

    filters = {}
    for code in LANGUAGES:
        words = sorted(get_lang_class(code).Defaults.stop_words) if own_stop_words and code != "en" else None
        filters[code] = (
            GopherRepetitionFilter(language=code),
            GopherQualityFilter(language=code, stop_words=words),
            C4QualityFilter(language=code, filter_no_terminal_punct=False),
            FineWebQualityFilter(language=code),
        )

    def first(text: Text) -> str | None:
        for one in filters[text.language]:
            result = one.filter(Document(text=text.text, id=text.name))
            if result is not True and not (isinstance(result, tuple) and result[0]):
                return type(one).__name__
        return None

    kinds, labels = [t.kind for t in texts], [t.language for t in texts]
    return pl.DataFrame({"kind": kinds, "label": labels, "rule": [first(t) for t in texts]})


def report(title: str, frame: pl.DataFrame) -> None:
    found = set(frame["kind"])
    kinds = {kind: [kind] for kind in dict.fromkeys(frame["kind"]) if kind not in GOOD}
    kinds = {"good prose": GOOD, **{kind: [kind] for kind in GOOD if kind in found}, **kinds}
    shown(title, counted(frame, kinds), list(kinds))
    for name, part in (("good prose", pl.col("kind").is_in(GOOD)), ("junk", ~pl.col("kind").is_in(GOOD))):
        rules = Counter(frame.filter(part)["rule"].drop_nulls().to_list()).most_common(8)
        print(f"decides on {name}: " + ", ".join(f"{rule} {n}" for rule, n in rules))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(ask)
    ask.add_argument("--half", choices=("test", "tune"), default="test")
    ask.add_argument("--each", type=int, default=60, help="made texts of a kind and language")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rules", nargs="*", choices=list(PRESETS), default=[], help="presets, each judged alone")
    ask.add_argument("--datatrove", action="store_true")
    ask.add_argument("--show", metavar="KIND")
    given = ask.parse_args()
    good = good_prose(given)
    found = list(furniture(given.pages)) if given.pages else []
    texts = [t for t in [*good, *junk(good, given.each, given.seed), *found] if t.half == given.half]
    texts = [t for t in texts if t.language in LANGUAGES]
    default = judged(texts, Quality().rules)
    report(f"quality: {{}} ({', '.join(Quality().rules)})", default)
    if given.show:
        wrong = default.filter((pl.col("kind") == given.show) & (pl.col("rule").is_null() != (given.show in GOOD)))
        for row in wrong.iter_rows(named=True):
            print(f"\n--- {row['label']} {row['rule']}\n{row['text'][:600]}")
    if given.rules:
        report(f"quality: {{rules: [{', '.join(EARLIER_DEFAULT)}]}}", judged(texts, EARLIER_DEFAULT))
    for preset in given.rules:
        report(f"quality: {{rules: [{preset}]}}", judged(texts, [preset]))
    if given.datatrove:
        report("datatrove, English stop words", datatrove_rules(texts, own_stop_words=False))
        report("datatrove, stop words of the language", datatrove_rules(texts, own_stop_words=True))


if __name__ == "__main__":
    main()
