"""Models that score a text: quality classifiers and language models, with the limits for their scores."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from corpusmill.schemas.recipe_values import LanguageCode, Name, Part, Text, wrong

PERPLEXITY = "perplexity"  # the score's name, so that no classifier may have it
BUCKETS = ("head", "middle", "tail")  # of perplexity, the best first


class Classifier(Part):
    """A fastText classifier; its score is the probability of one label, 0..1."""

    name: Name = Field(description="what its score is called")
    path: Text = Field(description="the model's file; relative to the recipe")
    label: Text = Field(description="the label whose probability is the score, without __label__")
    minimum: float | None = Field(default=None, ge=0, le=1, description="documents below are dropped")
    maximum: float | None = Field(default=None, ge=0, le=1, description="documents above are dropped")
    languages: tuple[LanguageCode, ...] = Field(default=(), description="languages it is for; default: all")

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        return wrong(f"'{name}' is taken by the language models") if name == PERPLEXITY else name


class LanguageModel(Part):
    """A KenLM model of a language; its score is a text's perplexity: the lower, the more like what it was made of.

    head and middle split the documents of the language in three, as CCNet does (Wenzek et al. 2020, arXiv 1911.00359,
    section 3.4: the 30th and 60th percentile).
    """

    path: Text = Field(description="ARPA or binary file; relative to the recipe")
    pieces: Text | None = Field(
        default=None, description="SentencePiece model that cuts the text; default: words and punctuation"
    )
    head: float | None = Field(default=None, gt=0, description="greatest perplexity of the best bucket")
    middle: float | None = Field(default=None, gt=0, description="greatest perplexity of the next one; above is tail")
    keep: Literal["head", "middle", "tail"] = Field(
        default="tail", validate_default=True, description="the worst bucket that stays"
    )

    @field_validator("keep")
    @classmethod
    def _limited(cls, keep: str, info: ValidationInfo) -> str:
        head, middle = info.data.get("head"), info.data.get("middle")
        if keep != "tail" and (head is None or middle is None):
            wrong(f"'{keep}' needs head and middle: perplexities that end the buckets")
        if head is not None and middle is not None and head >= middle:
            wrong(f"head {head:g} has to be below middle {middle:g}")
        return keep

    @property
    def maximum(self) -> float | None:
        """The greatest perplexity that stays."""
        return {"head": self.head, "middle": self.middle, "tail": None}[self.keep]
