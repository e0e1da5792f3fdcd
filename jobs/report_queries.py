"""What the report asks of the tables: three queries, whatever the number of sections, since each costs a fixed time.

`fates` counts documents by all that became of them, `facts` is a union of small aggregates in one shape, `texts` reads
the beginnings of the few documents that are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.transforms.near_dedup import NearDedupOptions, skipped_pairs

Read = Callable[[str], DataFrame]

SEED = 1  # of what is sampled: the same documents each time
SAMPLES = 5  # of each rule
REASONS = 20  # errors listed, the most frequent
ALIKE = 3  # records shown with the same error
VARIES = r"(?<=: )\S+(?=, \w+ \d)|(?<= )\d+\b"  # file and number in an error: what tells two alike apart
PAIRS = 2  # of near-duplicates, from each tenth of similarity
ALMOST_EQUAL = 0.99  # pairs from here on show nothing
TEXT_COLUMNS, NUMBERS = ("a", "b", "c", "d", "e"), {"n": "bigint", "x": "double"}


def fates(read: Read) -> DataFrame:
    """Numbers of documents, and of their tokens, by source, language, decision, quarantine, split and power.

    One pass over the ids of five tables: each document's rows come together in one. power: a published document has
    from 2^power tokens to the next power of two; -1: none.
    """
    tokens = F.col("n_tokens").cast("bigint")
    refused = read("quarantine").where("doc_id IS NOT NULL AND stage != 'ingest'")
    rows = [
        read("raw_documents").select("doc_id", "source"),
        read("documents").select("doc_id", "language"),
        read("decisions").select("doc_id", F.col("stage").alias("decided"), "rule", "limit"),
        refused.select("doc_id", F.col("stage").alias("refused")),
        read("corpus").select("doc_id", "split", tokens.alias("tokens")),
    ]
    by = ["source", "language", "decided", "rule", "limit", "refused", "split"]
    power = F.when(F.col("tokens") > 0, F.floor(F.log2("tokens") + 1e-12)).when(F.col("tokens") == 0, -1)
    together = reduce(lambda x, y: x.unionByName(y, allowMissingColumns=True), rows)
    documents = together.groupBy("doc_id").agg(*(F.max(c).alias(c) for c in [*by, "tokens"]))
    return documents.groupBy(*by, power.alias("power")).agg(
        F.count(F.lit(1)).alias("n"), F.sum("tokens").alias("tokens")
    )


def facts(read: Read, tables: Sequence[str], near: NearDedupOptions | None = None) -> DataFrame:
    """Rows (kind, a, b, c, d, e, n, x); each `kind` says below what they hold.

    tables: those that exist. near: the options of near_dedup, where the recipe has it.
    """
    clusters = read("duplicate_clusters")
    parts = [*_quarantine(read("quarantine")), *_duplicates(clusters), _picks(read("decisions"))]
    sources = read("raw_documents").select("doc_id", "source")
    kept = sources
    if "foreign_documents" in tables:
        foreign = read("foreign_documents").select("doc_id", F.concat(F.lit("against: "), "corpus").alias("source"))
        kept = sources.unionByName(foreign)
    parts.append(_copied(clusters, sources, kept))
    if "flags" in tables:  # flagged: a rule, b limit
        parts.append(_count("flagged", read("flags"), F.col("rule").alias("a"), F.col("limit").alias("b")))
    if "contamination" in tables:
        parts.append(_contaminated(read("contamination")))
    if "mix_plan" in tables:
        parts.append(_mixed(read("mix_plan"), read("token_counts"), read("corpus")))
    if near is not None:
        signed = read("minhash_signatures").withColumn("priority", F.lit(0))  # who stays does not matter here
        parts.append(_row("skipped", skipped_pairs(signed, near).select(F.col("skipped").alias("n"))))
    parts += [*_findings(read("pii_findings"), read("corpus")), _quantiles(read("corpus"))]
    parts += _edits(read("edits"))
    for kind, table in (("packed", "pretraining_sequences"), ("conversation", "sft_conversations")):
        if table in tables:
            parts.append(_count(kind, read(table), F.col("split").alias("a"), total=F.col("length")))
    return reduce(DataFrame.unionByName, parts)


def texts(documents: DataFrame, ids: Sequence[str], n_chars: int) -> DataFrame:
    """source, language and the first characters of the text of these documents."""
    beginning = F.substring("text", 1, n_chars).alias("text")
    return documents.where(F.col("doc_id").isin(list(ids))).select("doc_id", "source", "language", beginning)


def passages(documents: DataFrame, cuts: Sequence[Mapping[str, Any]], n_chars: int) -> DataFrame:
    """a, n: rule and number of each of the cuts (rows `cut` of `facts`), language, and its first characters."""
    places = [(r["a"], r["n"], r["c"], int(r["d"]), int(r["e"])) for r in cuts]
    frame = documents.sparkSession.createDataFrame(places, "a string, n long, doc_id string, start int, end int")
    text = F.substring("text", F.col("start") + 1, F.least(F.col("end") - F.col("start"), F.lit(n_chars)))
    wanted = documents.where(F.col("doc_id").isin([place[2] for place in places]))
    return wanted.join(frame, "doc_id").select("a", "n", "language", text.alias("text"))


def _row(kind: str, rows: DataFrame) -> DataFrame:
    """The rows in the common shape; what they do not have is null."""
    there = set(rows.columns)
    texts = [(F.col(c) if c in there else F.lit(None)).cast("string").alias(c) for c in TEXT_COLUMNS]
    numbers = [(F.col(c) if c in there else F.lit(None)).cast(t).alias(c) for c, t in NUMBERS.items()]
    return rows.select(F.lit(kind).alias("kind"), *texts, *numbers)


def _count(kind: str, rows: DataFrame, *by: Column, total: Column | None = None) -> DataFrame:
    """n: how many rows for each value of `by`; x: the sum of `total`."""
    totals = [] if total is None else [F.sum(total).alias("x")]
    return _row(kind, rows.groupBy(*by).agg(F.count(F.lit(1)).alias("n"), *totals))


def _seeded(*columns: str) -> Column:
    return F.xxhash64(F.lit(SEED), *columns)


def _quarantine(quarantine: DataFrame) -> list[DataFrame]:
    """refused: a stage, b source. place: a stage, b uri, c locator, d error, e snippet; number n of the x alike."""
    alike = Window.partitionBy("stage", F.regexp_replace("error", VARIES, "…"))
    number = F.row_number().over(alike.orderBy(_seeded("uri", "locator"), "uri", "locator")).alias("n")
    ranked = quarantine.select("*", number, F.count(F.lit(1)).over(alike).alias("x")).where(F.col("n") <= ALIKE)
    places = ranked.selectExpr("stage as a", "uri as b", "locator as c", "error as d", "snippet as e", "n", "x")
    return [
        _count("refused", quarantine, F.col("stage").alias("a"), F.col("source").alias("b")),
        _row("place", places.orderBy(F.desc("x"), "a", "d", "n").limit(ALIKE * REASONS)),
    ]


def _duplicates(clusters: DataFrame) -> list[DataFrame]:
    """similarity: a method, b twentieths, x sum. cluster: a size. pair: a document, b the one kept, x similarity."""
    removed = clusters.where("doc_id != kept_doc_id")
    twentieth = F.least(F.floor(F.col("similarity") * 20 + 1e-9), F.lit(19)).alias("b")
    sizes = clusters.groupBy("cluster_id").count()
    near = removed.where(f"method = 'minhash' AND similarity < {ALMOST_EQUAL}")
    tenth = Window.partitionBy(F.floor(F.col("similarity") * 10 + 1e-9)).orderBy(_seeded("doc_id"), "doc_id")
    pairs = near.select("*", F.row_number().over(tenth).alias("n")).where(F.col("n") <= PAIRS)
    return [
        _count("similarity", removed, F.col("method").alias("a"), twentieth),
        _count("cluster", sizes, F.col("count").alias("a")),
        _row("pair", pairs.selectExpr("doc_id as a", "kept_doc_id as b", "similarity as x")),
    ]


def _contaminated(contamination: DataFrame) -> DataFrame:
    """contaminated: n documents hold x items of benchmark a."""
    counted = contamination.groupBy(F.col("benchmark").alias("a")).agg(
        F.count_distinct("doc_id").alias("n"), F.count_distinct("item_id").alias("x")
    )
    return _row("contaminated", counted)


def _mixed(mix_plan: DataFrame, counts: DataFrame, corpus: DataFrame) -> DataFrame:
    """mixed: a group, b as JSON: documents and tokens that are there, that are taken, tokens published, most copies."""
    counted = mix_plan.join(counts.select("doc_id", F.col("n_tokens").cast("bigint").alias("counted")), "doc_id")
    rows = counted.join(corpus.select("doc_id", F.col("n_tokens").alias("published")), "doc_id", "left")
    numbers = {
        "documents": F.count(F.lit(1)),
        "tokens": F.sum("counted"),
        "taken": F.count_if(F.col("copies") > 0),
        "mixed": F.sum(F.col("counted") * F.col("copies")),
        "published": F.sum(F.col("published") * F.col("copies")),
        "most": F.max("copies"),
    }
    by_group = rows.groupBy(F.col("group").alias("a"))
    return _row("mixed", by_group.agg(F.to_json(F.struct(*(n.alias(k) for k, n in numbers.items()))).alias("b")))


def _copied(clusters: DataFrame, sources: DataFrame, kept: DataFrame) -> DataFrame:
    """copied: n documents of source a were removed for one of source b. kept: sources, and foreign corpora."""
    kept = kept.select(F.col("doc_id").alias("kept_doc_id"), F.col("source").alias("b"))
    removed = clusters.where("doc_id != kept_doc_id").join(sources, "doc_id").join(kept, "kept_doc_id")
    return _count("copied", removed, F.col("source").alias("a"), F.col("b"))


def _picks(decisions: DataFrame) -> DataFrame:
    """pick: a stage, b rule, c document, d measured, e detail, n its number in the sample of the rule."""
    number = F.row_number().over(Window.partitionBy("stage", "rule").orderBy(_seeded("doc_id"), "doc_id"))
    ranked = decisions.select("*", number.alias("n")).where(F.col("n") <= SAMPLES)
    return _row(
        "pick", ranked.selectExpr("stage as a", "rule as b", "doc_id as c", "measured as d", "detail as e", "n")
    )


def _edits(edits: DataFrame) -> list[DataFrame]:
    """edit: a rule, x characters. cut: a rule, c document, d start, e end, n its number in the sample of the rule."""
    number = F.row_number().over(Window.partitionBy("rule").orderBy(_seeded("doc_id", "start"), "doc_id", "start"))
    ranked = edits.select("*", number.alias("n")).where(F.col("n") <= SAMPLES)
    return [
        _count("edit", edits, F.col("rule").alias("a"), total=F.col("end") - F.col("start")),
        _row("cut", ranked.selectExpr("rule as a", "doc_id as c", "start as d", "end as e", "n")),
    ]


def _findings(findings: DataFrame, corpus: DataFrame) -> list[DataFrame]:
    """finding: a type, b language, c operator, d twentieths of the score. found_in: n documents."""
    found = findings.join(corpus.select("doc_id", "language"), "doc_id", "left")
    twentieth = F.least(F.floor(F.col("score") * 20 + 1e-9), F.lit(19)).alias("d")
    by = (F.col("entity_type").alias("a"), F.col("language").alias("b"), F.col("operator").alias("c"), twentieth)
    return [
        _count("finding", found, *by),
        _row("found_in", findings.agg(F.count_distinct("doc_id").alias("n"))),
    ]


def _quantiles(corpus: DataFrame) -> DataFrame:
    """quantiles: a as JSON, of n_tokens: the least, 5 %, 50 %, 95 %, the greatest."""
    quantiles = F.percentile_approx("n_tokens", [0.0, 0.05, 0.5, 0.95, 1.0], 10_000)
    return _row("quantiles", corpus.agg(F.to_json(quantiles).alias("a")))
