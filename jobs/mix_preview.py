"""The plan of the mixture before it is made: `corpusmill run --dry-run`, from the tables as they are, without Spark."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpusmill.jobs import light
from corpusmill.jobs.measured import frame, value
from corpusmill.jobs.recipe import LoadedRecipe
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.recipe_mix import Buckets, Mix
from corpusmill.schemas.recipe_models import BUCKETS, PERPLEXITY, LanguageModel
from corpusmill.schemas.stages import STAGES

if TYPE_CHECKING:
    import polars as pl

    from corpusmill.transforms.text.mixing import Plan

SAMPLE = 300  # texts whose tokens are counted, where none were counted yet


def preview(warehouse: str, loaded: LoadedRecipe) -> dict[str, Any] | None:
    """groups (group, documents, tokens, share, wanted, epochs), note, estimated; None: nothing was prepared yet.

    Raises UserError where the shares cannot hold.
    """
    from corpusmill.transforms.text import mixing

    mix = loaded.recipe.mix
    assert mix is not None
    if not all(light.exists(warehouse, table) for table in ("documents", "decisions")):
        return None
    documents = _passed(warehouse, mix, loaded.recipe.language_models)
    if not len(documents):
        return None
    documents, estimated = _with_tokens(warehouse, documents, loaded.recipe)
    return rows(mixing.plan(_groups(documents, mix), mix)) | {"estimated": estimated}


def rows(plan: "Plan") -> dict[str, Any]:
    """A plan as plain rows: what is there, and what is wanted of it."""
    groups = [
        {
            "group": p.group.name,
            "documents": p.group.documents,
            "tokens": p.group.tokens,
            "share": p.share,
            "wanted": p.tokens,
            "epochs": p.tokens / p.group.tokens if p.group.tokens else 0.0,
        }
        for p in plan.portions
    ]
    return {"groups": groups, "tokens": plan.tokens, "note": plan.note}


def _passed(warehouse: str, mix: Mix, models: Mapping[str, LanguageModel]) -> "pl.DataFrame":
    """doc_id, source, language, n_chars, quality of the documents that no stage before mix dropped."""
    import polars as pl

    columns = ["doc_id", "source", "language", "n_chars", *(["signals", "scores"] if mix.quality else [])]
    documents = frame(light.read(warehouse, "documents", columns))
    dropped = pl.DataFrame(light.read(warehouse, "decisions", ["doc_id", "stage"]))
    before = STAGES[: STAGES.index("mix")]
    dropped = dropped.filter(pl.col("stage").is_in(before))
    found = documents.join(dropped.select("doc_id"), on="doc_id", how="anti")
    return found.select("doc_id", "source", "language", "n_chars", _bucket(mix.quality, models).alias("quality"))


def _bucket(buckets: Buckets | None, models: Mapping[str, LanguageModel]) -> "pl.Expr":
    """As `transforms.mix.bucket`."""
    import polars as pl

    from corpusmill.transforms.text.signals import SIGNALS

    name = pl.lit("")
    if buckets is None:
        return name
    measured = value("signals" if buckets.signal in {s.name for s in SIGNALS} else "scores", buckets.signal)
    for one, least in sorted(buckets.at_least.items(), key=lambda item: item[1]):
        name = pl.when(measured >= least).then(pl.lit(one)).otherwise(name)
    if buckets.signal == PERPLEXITY:
        for language, model in models.items():
            head, middle, tail = map(pl.lit, BUCKETS)
            of_language = pl.when(measured <= model.head).then(head).when(measured <= model.middle).then(middle)
            mine = (pl.col("language") == language) & measured.is_not_null()
            name = pl.when(mine).then(of_language.otherwise(tail)).otherwise(name)
    return name


def _with_tokens(warehouse: str, documents: "pl.DataFrame", recipe: Recipe) -> tuple["pl.DataFrame", bool]:
    """n_tokens as they were counted; of what was not, by the tokens a character of what was, or of a sample."""
    import polars as pl

    counted = pl.DataFrame(schema={"doc_id": pl.String, "n_tokens": pl.Int32})
    if light.exists(warehouse, "token_counts"):
        counted = pl.DataFrame(light.read(warehouse, "token_counts", ["doc_id", "n_tokens"]))
    documents = documents.join(counted, on="doc_id", how="left")
    known = documents.drop_nulls("n_tokens")
    if len(known) == len(documents):
        return documents, False
    if not len(known):
        known = _sampled(warehouse, documents, recipe)
    per_character = int(known["n_tokens"].sum()) / max(int(known["n_chars"].sum()), 1)
    estimate = (pl.col("n_chars") * per_character).round().cast(pl.Int64)
    return documents.with_columns(pl.col("n_tokens").cast(pl.Int64).fill_null(estimate)), True


def _sampled(warehouse: str, documents: "pl.DataFrame", recipe: Recipe) -> "pl.DataFrame":
    import polars as pl

    from corpusmill.transforms.text import tokens

    ids = documents["doc_id"].sort().head(SAMPLE).to_list()  # hashes: the lowest are a random choice
    texts = pl.DataFrame(light.read(warehouse, "documents", ["n_chars", "text"], [("doc_id", "in", ids)]))
    loaded = tokens.load_tokenizer(*recipe.tokenizer)
    return texts.select("n_chars", pl.Series("n_tokens", [len(t) for t in loaded.encode(texts["text"].to_list())]))


def _groups(documents: "pl.DataFrame", mix: Mix) -> list[Any]:
    import polars as pl

    from corpusmill.transforms.text.mixing import group

    by = list(mix.dimensions)
    numbers = (pl.len().alias("documents"), pl.col("n_tokens").sum().cast(pl.Int64))
    found = documents.group_by(by).agg(numbers) if by else documents.select(numbers)
    rows = found.iter_rows(named=True)
    groups = [group([row[dimension] for dimension in by], row["documents"], row["n_tokens"], mix) for row in rows]
    return sorted(groups, key=lambda group: group.name)
