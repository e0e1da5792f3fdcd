"""The recipe: which keys a YAML file that describes one dataset may hold, with their defaults and limits.

Models say what a value may be; `jobs/recipe.py` reads the file and turns what pydantic finds into messages with file,
line and key. A key that is left out takes its default; a stage that is left out (None) is not run.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from corpusmill.schemas.recipe_mix import OTHERS, Mix
from corpusmill.schemas.recipe_models import LanguageModel
from corpusmill.schemas.recipe_quality import Quality
from corpusmill.schemas.recipe_stages import (
    Anonymise,
    Clean,
    Decontaminate,
    ExactDedup,
    Language,
    NearDedup,
    Passages,
    Split,
    Tokenise,
)
from corpusmill.schemas.recipe_values import (
    LATER_FORMATS,
    LATER_OUTPUTS,
    Name,
    Part,
    Text,
    not_yet,
    without_repeats,
    wrong,
)


class Fields(Part):
    """Where the input keeps what a document is made of."""

    id: Text = Field(
        default="id", description="field with the input's own id; where records have none, the content stands for it"
    )
    text: Text = Field(default="text", description="field with the text")
    messages: Text | None = Field(
        default=None, description="field with a conversation's messages; default: found by its name"
    )


class Source(Part):
    """Files to read, and how."""

    name: Name = Field(default="", description="name of the source; default source1, source2, ...")
    path: Text = Field(description="file, folder or glob; relative to the recipe; may hold ${VARIABLE} and {date}")
    format: Annotated[
        Literal["auto", "jsonl", "parquet", "csv", "text", "markdown", "html"], not_yet(LATER_FORMATS)
    ] = Field(default="auto", description="how the files are written; auto: by the ending of each file's name")
    fields: Fields = Field(default=Fields(), description="where the input keeps id, text or messages")
    metadata: tuple[Text, ...] = Field(default=(), description="other fields to carry into the corpus")
    content_type: Literal["text/plain", "text/html", "text/markdown", "conversation", "preference"] | None = Field(
        default=None, description="what the text is; default: by the file's kind, text/plain in records and tables"
    )
    deletes: bool = Field(
        default=False, description="true: documents whose records vanished from the input are removed"
    )

    _metadata = field_validator("metadata")(without_repeats)


class Foreign(Part):
    """A corpus outside of this dataset; what is like a text of it is removed here."""

    name: Name = Field(description="what the corpus is called in reports")
    path: Text | None = Field(
        default=None, description="file, folder, glob, or folder of a Delta table; relative to the recipe"
    )
    table: Text | None = Field(
        default=None, description="CATALOG.SCHEMA.TABLE, in place of a path", validate_default=True
    )
    format: Literal["auto", "jsonl", "parquet", "csv", "text", "markdown", "html"] = Field(
        default="auto", description="how the files are written; auto: by the ending of each file's name"
    )
    fields: Fields = Field(default=Fields(), description="where it keeps text or messages")
    content_type: Literal["text/plain", "text/html", "text/markdown", "conversation", "preference"] | None = Field(
        default=None, description="what the text is; default: by the file's kind, text/plain in records and tables"
    )

    @field_validator("table")
    @classmethod
    def _one_place(cls, table: str | None, info: ValidationInfo) -> str | None:
        if (table is None) == (info.data.get("path") is None):
            wrong(f"want one of path and table; got {'none' if table is None else 'both'}")
        return table


class Recipe(Part):
    """One dataset: what goes in, what is done to it, what comes out."""

    name: Name = Field(description="name of the dataset")
    warehouse: Text | None = Field(
        default=None, description="folder or CATALOG.SCHEMA of the tables; default ./warehouse/<name>"
    )
    statistics: Literal["frozen", "new"] = Field(
        default="frozen",
        description="frozen: the corpus statistics of the first run stay in use; new: they are made again",
    )
    sources: tuple[Source, ...] = Field(min_length=1, description="what is read")
    clean: Clean | None = Field(default=None, description="repair encodings and whitespace")
    language: Language | None = Field(default=None, description="keep some languages")
    quality: Quality | None = Field(default=None, description="drop documents by measured properties")
    passages: Passages | None = Field(default=None, description="cut what is repeated across documents")
    exact_dedup: ExactDedup | None = Field(default=None, description="drop equal texts")
    near_dedup: NearDedup | None = Field(default=None, description="drop similar texts")
    against: tuple[Foreign, ...] = Field(
        default=(), description="other corpora: what exact_dedup and near_dedup find in them is dropped"
    )
    decontaminate: Decontaminate | None = Field(default=None, description="drop texts that hold items of test sets")
    anonymise: Anonymise | None = Field(default=None, description="replace personal data")
    tokenise: Tokenise | None = Field(default=None, description="count tokens and make sequences")
    mix: Mix | None = Field(default=None, description="which documents, how often")
    split: Split = Field(default=Split(), description="hold documents out; default: all are for training")
    outputs: tuple[
        Annotated[Literal["corpus", "pretraining_sequences", "sft_conversations"], not_yet(LATER_OUTPUTS)], ...
    ] = Field(default=("corpus",), min_length=1, description="tables that are published")

    @property
    def exact_normalise(self) -> tuple[str, ...]:
        """What makes no difference between equal texts, whether or not the recipe drops them."""
        return (self.exact_dedup or ExactDedup()).normalise

    @property
    def tokenizer(self) -> tuple[str | None, str | None]:
        """Name and end token of what counts tokens; (None, None): the embedded one."""
        return (self.tokenise.tokenizer, self.tokenise.end_token) if self.tokenise else (None, None)

    @property
    def language_models(self) -> dict[str, LanguageModel]:
        """The models of quality.perplexity by language."""
        return self.quality.perplexity if self.quality else {}

    @field_validator("sources")
    @classmethod
    def _named_once(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        named = tuple(
            source if source.name else source.model_copy(update={"name": f"source{number}"})
            for number, source in enumerate(sources, start=1)
        )
        first: dict[str, int] = {}
        for number, source in enumerate(named):
            if first.setdefault(source.name, number) != number:
                wrong(f"sources[{first[source.name]}] is named '{source.name}' too", number, "name")
        return named

    @field_validator("near_dedup")
    @classmethod
    def _carried(cls, near: NearDedup | None, info: ValidationInfo) -> NearDedup | None:
        name = near and near.semantic and near.semantic.embedding
        if name and not any(name in source.metadata for source in info.data.get("sources", ())):
            wrong(f"no source carries the field '{name}'; list it in sources[].metadata", "semantic", "embedding")
        return near

    @field_validator("against")
    @classmethod
    def _deduplicated(cls, against: tuple[Foreign, ...], info: ValidationInfo) -> tuple[Foreign, ...]:
        if against and all(info.data.get(stage, ...) is None for stage in ("exact_dedup", "near_dedup")):
            wrong("needs exact_dedup or near_dedup; add `near_dedup: {}` for its defaults")
        without_repeats(tuple(corpus.name for corpus in against))
        return against

    @field_validator("mix")
    @classmethod
    def _known_sources(cls, mix: Mix | None, info: ValidationInfo) -> Mix | None:
        names = [source.name for source in info.data.get("sources", ())]
        if mix is None or not names:
            return mix
        for at, listed in ((("weights", "source"), mix.weights.source or {}), (("max_epochs",), mix.max_epochs)):
            for name in listed:
                if name not in (*names, OTHERS) or (name == OTHERS and at != ("max_epochs",)):
                    wrong(f"'{name}' is not a source of this recipe; there are: {', '.join(names)}", *at, name)
        return mix

    @field_validator("outputs")
    @classmethod
    def _tokenised(cls, outputs: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for number, output in enumerate(without_repeats(outputs)):
            if output != "corpus" and info.data.get("tokenise", ...) is None:
                wrong(f"{output} needs the key tokenise; add `tokenise: {{}}` for its defaults", number)
        return outputs
