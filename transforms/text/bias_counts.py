"""What the bias report counts, batch after batch; all of it sums, so that a corpus of any size is read once."""

import numpy as np
import polars as pl

from corpusmill.transforms.text import bias_forms
from corpusmill.transforms.text.bias_lists import LANGUAGES, Lists, is_in, lists
from corpusmill.transforms.text.bias_mentions import Mentions, Words, compared, content, find, neighbours

COMPACT = 1_000_000  # rows waiting to be summed


class Sums:
    """Numbers by keys, added up from frames that have both."""

    def __init__(self, keys: dict[str, type[pl.DataType]], numbers: tuple[str, ...]) -> None:
        self.keys = list(keys)
        self.numbers = numbers
        self.rows = pl.DataFrame(schema={**keys, **dict.fromkeys(numbers, pl.Int64)})
        self.waiting: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows; columns in any order."""
        schema = self.rows.schema
        self.waiting.append(frame.select(pl.col(name).cast(schema[name]) for name in schema))
        if sum(map(len, self.waiting)) > COMPACT:
            self.total()

    def total(self) -> pl.DataFrame:
        """One row for each combination of keys, in their order."""
        summed = pl.concat([self.rows, *self.waiting]).group_by(self.keys).agg(pl.sum(*self.numbers))
        self.rows, self.waiting = summed.sort(self.keys), []
        return self.rows


class Counts:
    """Sums over the documents added so far. Group, theme and language are numbers and codes of `bias_lists.lists`."""

    def __init__(self) -> None:
        text, number, key = pl.String, pl.Int64, pl.UInt64
        self.texts = Sums({"language": text, "source": text}, ("documents", "bytes", "words"))
        self.mentions = Sums({"language": text, "source": text, "group": number}, ("documents", "mentions"))
        self.used = Sums({"language": text, "group": number}, ("n", "squares", "documents", "neighbours"))
        self.near = Sums({"language": text, "group": number, "stem": key}, ("n", "squares", "documents"))
        self.themes = Sums({"language": text, "group": number, "theme": number}, ("n", "squares", "documents"))
        self.vocabulary = Sums({"language": text, "stem": key, "form": text}, ("n",))
        self.forms = Sums({"source": text, "role": text, "form": text}, ("n",))
        self._seen: dict[str, dict[int, int]] = {language: {} for language in LANGUAGES}

    def add(self, texts: pl.Series, languages: pl.Series, sources: pl.Series) -> None:
        """Count a batch of documents; those in other languages only as documents."""
        frame = pl.DataFrame({"text": texts.fill_null(""), "language": languages.fill_null("und"), "source": sources})
        for language in LANGUAGES:
            chosen = frame.filter(pl.col("language") == language)
            if len(chosen):
                self._add(language, chosen["text"], chosen["source"])
        others = frame.filter(~pl.col("language").is_in(LANGUAGES))
        read = others.group_by("language", "source").agg(
            documents=pl.len(), bytes=pl.col("text").str.len_bytes().sum(), words=pl.lit(0)
        )
        self.texts.add(read)

    def _add(self, language: str, texts: pl.Series, sources: pl.Series) -> None:
        named = pl.lit(language).alias("language")
        if language == "de":
            marked = bias_forms.marked(texts).with_columns(role=pl.lit(""))
            texts = bias_forms.without_marked(texts)
        words, listed = Words(texts, language), lists(language)
        if language == "de":
            for found in (marked, bias_forms.forms(words)):
                in_source = found.with_columns(source=sources.gather(found["document"]))
                self.forms.add(in_source.group_by("source", "role", "form").agg(n=pl.len()))
        read = {"source": sources, "bytes": texts.str.len_bytes(), "words": words.per_document(len(texts))}
        self.texts.add(
            pl.DataFrame(read).group_by("source").agg(named, pl.sum("bytes", "words"), pl.len().alias("documents"))
        )
        every = find(words, listed)
        named_so = every.chosen(~is_in(words.key[every.start], listed.with_verb))  # German pronouns are of things too
        mentions = pl.DataFrame({"group": named_so.group, "document": named_so.document})
        per_document = mentions.group_by("group", "document").len("n")
        in_source = per_document.with_columns(source=sources.gather(per_document["document"]))
        self.mentions.add(
            in_source.group_by("source", "group").agg(named, documents=pl.len(), mentions=pl.col("n").sum())
        )
        self._add_neighbours(language, words, listed, every)

    def _add_neighbours(self, language: str, words: Words, listed: Lists, every: Mentions) -> None:
        named = pl.lit(language).alias("language")
        used = compared(words, every, self._seen[language])
        near = neighbours(words, listed, every, used)
        at = near["at"].to_numpy()
        stems = words.stem[words.word[at]]
        beside = pl.DataFrame({"group": near["group"], "document": words.document[at], "stem": stems})
        named_so = used.chosen(~is_in(words.key[used.start], listed.with_verb))
        mentions = _over_documents(pl.DataFrame({"group": named_so.group, "document": named_so.document}), ["group"])
        around = beside.group_by("group").len("neighbours")
        both = mentions.join(around, on="group", how="full", coalesce=True).fill_null(0)
        self.used.add(both.with_columns(named))
        self.near.add(_over_documents(beside, ["group", "stem"]).with_columns(named))
        theme = beside["stem"].replace_strict(listed.attributes, default=None, return_dtype=pl.Int64)
        of_themes = beside.with_columns(theme=theme).drop_nulls("theme")
        self.themes.add(_over_documents(of_themes, ["group", "theme"]).with_columns(named))
        talked = content(words, listed)
        counts = np.bincount(words.word, minlength=len(words.vocabulary))
        self.vocabulary.add(
            pl.DataFrame({"stem": words.stem, "form": words.vocabulary, "n": counts}).filter(talked).with_columns(named)
        )


def _over_documents(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """n, sum of squares of the documents' n, and documents by keys."""
    each = rows.group_by(*keys, "document").len("n").cast({"n": pl.Int64})
    return each.group_by(keys).agg(pl.sum("n"), squares=pl.col("n").pow(2).sum(), documents=pl.len())
