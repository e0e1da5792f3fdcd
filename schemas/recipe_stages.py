"""The options of each stage of a recipe, with their defaults and limits."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from corpusmill.schemas.recipe_values import (
    ENTITY_TYPES,
    KEY_REFERENCE,
    AnyEntityType,
    LanguageCode,
    Name,
    Operator,
    OperatorKey,
    Part,
    Seed,
    Share,
    Text,
    known_language,
    one_or,
    without_repeats,
    wrong,
)


class Clean(Part):
    """Encodings, mojibake, NFC, control characters, whitespace."""


LimitName = Literal["minimum_confidence", "minimum_share"]


class LanguageLimit(Part):
    """Other limits for documents in one language."""

    minimum_confidence: float | None = Field(default=None, ge=0, le=1, description="as language.minimum_confidence")
    minimum_share: float | None = Field(default=None, ge=0, le=1, description="as language.minimum_share")


class Language(Part):
    """Which languages stay."""

    model: Text | None = Field(default=None, description="path of a fastText model; default: the embedded lid.176")
    keep: tuple[LanguageCode, ...] | None = Field(
        default=None, min_length=1, description="ISO 639-1 codes; default: every language"
    )
    minimum_confidence: float = Field(default=0.65, ge=0, le=1, description="least probability of the language")
    minimum_share: float = Field(
        default=0, ge=0, le=1, description="least share of the text in the document's language, of what is in several"
    )
    limits: dict[LanguageCode, LanguageLimit] = Field(
        default={}, description="other limits for single languages: {de: {minimum_confidence: 0.5}}"
    )

    @field_validator("keep")
    @classmethod
    def _known(cls, keep: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        for code in keep or ():
            if info.data.get("model") is None:  # another model may have other codes
                known_language(code)
        return keep and without_repeats(keep)

    @field_validator("limits")
    @classmethod
    def _of_kept(cls, limits: dict[str, LanguageLimit], info: ValidationInfo) -> dict[str, LanguageLimit]:
        keep = info.data.get("keep")
        for code in limits:
            if info.data.get("model") is None:
                known_language(code)
            if keep is not None and code not in keep:
                wrong(f"'{code}' is not among the languages of language.keep", code)
        return limits

    def limit(self, name: LimitName) -> tuple[float, dict[str, float]]:
        """A limit, and that of each language which has another."""
        others = {code: getattr(of, name) for code, of in self.limits.items()}
        return getattr(self, name), {code: other for code, other in others.items() if other is not None}


class Passages(Part):
    """Of a passage (a line, a paragraph) that stands in many documents of a source one copy stays."""

    minimum_documents: int = Field(
        default=50, ge=2, description="documents of a source, all different, from which on a passage is cut"
    )
    minimum_words: int = Field(default=8, ge=1, description="words of a passage; shorter ones are never cut")


class Keep(Part):
    """Which of several duplicates stays: one of longest, newest, sources, signal; of equal ones the lower doc_id."""

    longest: Literal[True] | None = Field(default=None, description="the one with the most characters")
    newest: Text | None = Field(default=None, description="metadata field with a date: the latest stays")
    sources: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="names of sources: of one listed earlier stays"
    )
    signal: Text | None = Field(default=None, description="a column of documents.signals")
    prefer: Literal["highest", "lowest"] = Field(
        default="highest", validate_default=True, description="which value of the signal stays"
    )

    @field_validator("prefer")
    @classmethod
    def _one_rule(cls, prefer: str, info: ValidationInfo) -> str:
        given = [name for name in ("longest", "newest", "sources", "signal") if info.data.get(name) is not None]
        if len(given) != 1:
            wrong(f"want one of longest, newest, sources, signal; got {' and '.join(given) or 'none'}")
        if prefer == "lowest" and given != ["signal"]:
            wrong("'lowest' goes with a signal")
        return prefer


LONGEST = Keep(longest=True)


def _rule(name: str) -> dict[str, bool]:
    """`keep: longest` is short for `keep: {longest: true}`."""
    return (
        {"longest": True}
        if name == "longest"
        else wrong(f"'{name}' is no rule by itself; write longest, or {{signal: ...}}")
    )


class Dedup(Part):
    """What exact and near duplicates share."""

    keep: Annotated[Keep, one_or(_rule, Literal["longest"] | Keep)] = Field(
        default=LONGEST, description="which one of the duplicates stays"
    )
    keepers: Literal["fixed", "elected"] = Field(
        default="fixed",
        description="fixed: what is published stays, and new copies of it go; elected: the best of all by `keep` stays",
    )
    maximum_loss: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="share of a source (of 100 documents or more) that may go as duplicates before the run stops",
    )


class ExactDedup(Dedup):
    """Of equal texts one stays."""

    normalise: tuple[Literal["unicode", "case", "white_space"], ...] = Field(
        default=("unicode", "case", "white_space"), description="what makes no difference between equal texts"
    )

    _normalise = field_validator("normalise")(without_repeats)


class Semantic(Part):
    """Of texts with the same meaning one stays: by the cosine similarity of embeddings."""

    embedding: Text | None = Field(
        default=None, description="field with a text's vector, as a list of numbers; listed in sources[].metadata"
    )
    model: Text | None = Field(
        default=None,
        description="folder of a sentence-transformers model that makes the vectors",
        validate_default=True,
    )
    minimum_similarity: float = Field(default=0.95, gt=0, le=1, description="cosine from which two are duplicates")
    clusters: int | None = Field(
        default=None, ge=1, description="clusters within which texts are compared; default: one for 4,000 documents"
    )

    @field_validator("model")
    @classmethod
    def _one_place(cls, model: str | None, info: ValidationInfo) -> str | None:
        if (model is None) == (info.data.get("embedding") is None):
            wrong(f"want one of embedding and model; got {'none' if model is None else 'both'}")
        return model


class NearDedup(Dedup):
    """Of similar texts one stays; similarity is Jaccard over n-grams."""

    ngram: int = Field(default=5, ge=1, le=100, description="words, or characters, in an n-gram")
    unit: Literal["words", "characters"] = Field(
        default="words", description="what an n-gram is made of; a Chinese, Japanese or Thai character is a word"
    )
    minimum_similarity: float = Field(
        default=0.7, gt=0, le=1, description="share of common n-grams from which two are duplicates"
    )
    recall: float = Field(default=0.97, gt=0, lt=1, description="share of pairs to find at minimum_similarity + 0.1")
    seed: Seed = Field(default=1, description="seed of the hash functions")
    bands: int | None = Field(
        default=None, ge=1, le=10_000, description="bands of the signature; default: planned from recall"
    )
    rows: int | None = Field(default=None, ge=1, le=1_000, description="hashes in a band; default: planned from recall")
    semantic: Semantic | None = Field(default=None, description="compare by meaning too; default: by n-grams alone")


class Benchmark(Part):
    """A test set whose items must not stand in the corpus."""

    name: Name = Field(description="name of the benchmark")
    path: Text = Field(description="file, folder or glob with its items; relative to the recipe")
    field: Annotated[tuple[Text, ...], Field(min_length=1), one_or(lambda name: (name,), str | tuple[str, ...])] = (
        Field(description="field with an item's text, or a list of fields, each looked for by itself")
    )
    ngram: int | None = Field(default=None, ge=1, le=100, description="words in an n-gram of this benchmark")


class Decontaminate(Part):
    """What holds items of benchmarks is dropped, cut or flagged."""

    benchmarks: tuple[Benchmark, ...] = Field(min_length=1, description="the test sets")
    ngram: int = Field(
        default=10,
        ge=1,
        le=100,
        description="words in an n-gram; items too short for it are looked for by 7 or 5 words",
    )
    minimum_overlap: float = Field(
        default=0.35, gt=0, le=1, description="share of an item's n-grams, close together, from which it is there"
    )
    action: Literal["drop", "cut", "flag"] = Field(
        default="drop", description="the document, the passage, or nothing but a row of contamination"
    )

    @field_validator("benchmarks")
    @classmethod
    def _named_once(cls, benchmarks: tuple[Benchmark, ...]) -> tuple[Benchmark, ...]:
        without_repeats(tuple(benchmark.name for benchmark in benchmarks))
        return benchmarks


class Anonymise(Part):
    """Personal data is found and replaced."""

    languages: tuple[LanguageCode, ...] = Field(
        default=("de", "en"), min_length=1, description="languages to look for names in"
    )
    mode: Literal["patterns", "full"] = Field(
        default="full", description="patterns: by form alone; full: names by a model too"
    )
    operator: Annotated[
        dict[OperatorKey, Operator],
        one_or(
            lambda operator: {"default": operator},
            Operator | dict[OperatorKey, Operator],
        ),
    ] = Field(
        default={"default": "replace"},
        description="what is done with a finding: one for all, or one for each entity type",
    )
    pseudonyms: Literal["corpus", "document"] = Field(
        default="corpus", description="how far a pseudonym reaches: the same person has one name in it"
    )
    minimum_score: float = Field(default=0.5, ge=0, le=1, description="least score of a finding")
    key: str | None = Field(default=None, pattern=KEY_REFERENCE, description="env:NAME, file:PATH or secret:SCOPE/KEY")
    on_missing_model: Literal["patterns", "quarantine"] = Field(
        default="patterns", description="what is done without a model"
    )
    models: dict[LanguageCode, Text] = Field(
        default={}, description="spaCy model for each language: a package's name or a folder"
    )
    entities: tuple[AnyEntityType, ...] = Field(default=ENTITY_TYPES, min_length=1, description="what is looked for")

    _entities = field_validator("entities")(without_repeats)

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for code in languages:
            known_language(code)
        return without_repeats(languages)

    @field_validator("operator")
    @classmethod
    def _with_default(cls, operator: dict[str, str]) -> dict[str, str]:
        return {"default": "replace", **operator}


class Tokenise(Part):
    """Texts are counted in tokens, and made into sequences."""

    tokenizer: Text | None = Field(
        default=None, description="folder, JSON file or name of a tokenizer; default: the embedded one"
    )
    sequence_length: int = Field(default=2048, ge=8, le=2**24, description="tokens in a sequence")
    packing: Literal["best_fit", "concat"] = Field(default="best_fit", description="how documents share a sequence")
    end_token: Text | None = Field(default=None, description="token after each document; default: the tokenizer's own")


class Split(Part):
    """Shares of documents held out; near-duplicates never fall on both sides."""

    validation: Share = Field(default=0.0, description="share for validation")
    test: Share = Field(default=0.0, description="share for the test")
    seed: Seed = Field(default=1, description="seed of the choice")

    @field_validator("test")
    @classmethod
    def _leave_some(cls, test: float, info: ValidationInfo) -> float:
        if test + info.data.get("validation", 0) >= 1:
            wrong(f"validation {info.data['validation']:g} and test {test:g} leave nothing to train on")
        return test
