"""documents with their numbers of tokens -> mix_plan: which are in the mixture, and how often."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from corpusmill.schemas.documents import TOKEN_COUNTS
from corpusmill.schemas.recipe_mix import Buckets, Mix
from corpusmill.schemas.recipe_models import BUCKETS, PERPLEXITY, LanguageModel
from corpusmill.transforms.text.mixing import EVERYTHING, SEPARATOR, Plan
from corpusmill.transforms.text.signals import SIGNALS

COUNTED = StructType([f for f in TOKEN_COUNTS.schema if f.name != "run_id"])
SLICE_BITS = 12  # documents of a group lie in 4,096 slices by hash; only the one that the limit falls into is sorted
RULES = ("mix.weights", "mix.share")


def counted(documents: DataFrame, tokenizer: tuple[str | None, str | None]) -> DataFrame:
    """Rows of `token_counts`: tokens of the texts with their edits. documents: doc_id, text, edits, made_from."""
    schema = to_arrow_schema(COUNTED)

    def batches(source: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from corpusmill.transforms.text import edits, tokens

        loaded = tokens.load_tokenizer(*tokenizer)
        for batch in source:
            numbers = [len(ids) for ids in loaded.encode(edits.edited_texts(batch).to_list())]
            columns = [batch["doc_id"], pa.array(numbers, pa.int32()), batch["made_from"]]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return documents.select("doc_id", "text", "edits", "made_from").mapInArrow(batches, COUNTED)


def grouped(documents: DataFrame, mix: Mix, models: Mapping[str, LanguageModel]) -> DataFrame:
    """doc_id, group, values (of the mixture's dimensions), hash and slice: the order of the choice.

    documents: doc_id, source, language, signals, scores. models: of quality.perplexity, for their limits.
    """
    of = {"source": F.col("source"), "language": F.col("language"), "quality": bucket(mix.quality, models)}
    values = [of[dimension] for dimension in mix.dimensions]
    name = F.concat_ws(SEPARATOR, *values) if values else F.lit(EVERYTHING)
    hashed = F.xxhash64(F.lit(mix.seed), "doc_id")
    return documents.select(
        "doc_id",
        name.alias("group"),
        F.array(*values).cast("array<string>").alias("values"),
        hashed.alias("hash"),
        F.shiftrightunsigned(hashed, 64 - SLICE_BITS).alias("slice"),
    )


def bucket(buckets: Buckets | None, models: Mapping[str, LanguageModel]) -> Column:
    """The bucket of a document by signal or score; empty where it is in none."""
    name = F.lit("")
    if buckets is None:
        return name
    column = "signals" if buckets.signal in {signal.name for signal in SIGNALS} else "scores"
    value = F.col(column)[buckets.signal].cast("double")
    for one, least in sorted(buckets.at_least.items(), key=lambda item: item[1]):
        name = F.when(value >= least, F.lit(one)).otherwise(name)
    if buckets.signal == PERPLEXITY:
        for language, model in models.items():
            head, middle = F.lit(model.head), F.lit(model.middle)
            of_language = F.when(value <= head, BUCKETS[0]).when(value <= middle, BUCKETS[1])
            mine = (F.col("language") == language) & value.isNotNull()
            name = F.when(mine, of_language.otherwise(BUCKETS[2])).otherwise(name)
    return name


def slices(documents: DataFrame) -> DataFrame:
    """What the plan is made of: documents and tokens of each slice of a group. documents: `grouped` with n_tokens."""
    tokens = F.sum(F.col("n_tokens").cast("bigint")).alias("tokens")
    return documents.groupBy("group", "values", "slice").agg(F.count(F.lit(1)).alias("documents"), tokens)


def limits(plan: Plan, tokens_of: dict[str, dict[int, int]]) -> list[tuple[str, int, int, int]]:
    """group, copies, slice, rest: documents of lower slices are taken once more than `copies`; in the slice as many as
    fit into `rest` tokens.

    tokens_of: of each group the tokens of its slices.

    >>> from corpusmill.transforms.text.mixing import Group, Portion
    >>> portion = Portion(Group("web", (), 4, 40, 2.0), 1.0, 55)
    >>> limits(Plan((portion,), 55), {"web": {0: 10, 7: 20, 9: 10}})
    [('web', 1, 7, 5)]
    """
    return [(p.group.name, p.copies, *_limit(p.rest, tokens_of[p.group.name])) for p in plan.portions]


def _limit(rest: int, tokens: dict[int, int]) -> tuple[int, int]:
    for number in sorted(tokens):
        if tokens[number] > rest:
            return number, rest
        rest -= tokens[number]
    return 1 << SLICE_BITS, 0


def mix_plan(documents: DataFrame, chosen: Sequence[tuple[str, int, int, int]]) -> DataFrame:
    """Rows of `mix_plan`, and n_tokens. documents: `grouped` with n_tokens; chosen: of `limits`."""
    schema = "group string, copies int, at int, rest long"
    frame = F.broadcast(documents.sparkSession.createDataFrame(list(chosen), schema))
    order = Window.partitionBy("group", "slice").orderBy("hash", "doc_id")
    until = F.sum(F.col("n_tokens").cast("bigint")).over(order)
    once_more = (F.col("slice") < F.col("at")) | ((F.col("slice") == F.col("at")) & (F.col("until") <= F.col("rest")))
    copies = F.col("copies") + once_more.cast("int")
    placed = documents.withColumn("until", until).join(frame, "group")
    return placed.select("doc_id", copies.alias("copies"), "group", "n_tokens")


def decisions(mixed: DataFrame, plan: Plan) -> DataFrame:
    """Rows of `decisions` for what is not in the mixture. mixed: of `mix_plan`."""
    portions = [(p.group.name, p.tokens, p.group.tokens) for p in plan.portions]
    frame = F.broadcast(mixed.sparkSession.createDataFrame(portions, "group string, wanted long, there long"))
    weightless = F.col("wanted") == 0
    number = F.format_number("wanted", 0), F.format_number("there", 0)
    return (
        mixed.where("copies = 0")
        .join(frame, "group")
        .select(
            "doc_id",
            F.lit("mix").alias("stage"),
            F.when(weightless, RULES[0]).otherwise(RULES[1]).alias("rule"),
            F.concat(F.col("group"), F.lit(": "), F.col("n_tokens").cast("string"), F.lit(" tokens")).alias("measured"),
            F.when(weightless, F.lit("no part of the mixture"))
            .otherwise(F.concat(number[0], F.lit(" of "), number[1], F.lit(" tokens")))
            .alias("limit"),
            F.lit("").alias("detail"),
        )
    )
