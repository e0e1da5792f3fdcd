"""The recipe's key `quality`: sets of rules, other limits, and rules of its own."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from corpusmill.schemas.recipe_models import Classifier, LanguageModel
from corpusmill.schemas.recipe_values import LanguageCode, Name, Part, Preset, Text, without_repeats, wrong

Action = Literal["drop", "flag"]
Definitions = Literal["papers", "datatrove", "datatrove_in_turn"]


def _ordered(minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and maximum is not None and minimum > maximum:
        wrong(f"maximum {maximum:g} is below minimum {minimum:g}")


class Limit(Part):
    """Limits of one quality rule, in place of its own."""

    action: Action | None = Field(default=None, description="what becomes of documents that fail; default: the rule's")
    minimum: float | None = Field(default=None, description="documents below fail")
    maximum: float | None = Field(default=None, description="documents above fail", validate_default=True)

    @field_validator("maximum")
    @classmethod
    def _in_order(cls, maximum: float | None, info: ValidationInfo) -> float | None:
        minimum = info.data.get("minimum", 0)
        if minimum is None and maximum is None and info.data.get("action") is None:
            wrong("has neither minimum nor maximum")
        _ordered(minimum, maximum)
        return maximum


class OwnRule(Part):
    """A rule of the recipe: a signal and its limits. It is named own.NAME in decisions and flags."""

    name: Name = Field(description="unlike those of the other own rules")
    signal: Text = Field(description="a column of documents.signals")
    languages: tuple[LanguageCode, ...] = Field(default=(), description="asked of documents in these; default: of all")
    sources: tuple[Name, ...] = Field(default=(), description="asked of documents of these; default: of all")
    action: Action = Field(default="drop", description="drop, or flag: the document stays and has a row in `flags`")
    minimum: float | None = Field(default=None, description="documents below fail")
    maximum: float | None = Field(default=None, description="documents above fail", validate_default=True)

    @field_validator("maximum")
    @classmethod
    def _some_limit(cls, maximum: float | None, info: ValidationInfo) -> float | None:
        if maximum is None and info.data.get("minimum", 0) is None:
            wrong("has neither minimum nor maximum")
        _ordered(info.data.get("minimum"), maximum)
        return maximum


class Quality(Part):
    """Rules over measured properties of a document."""

    rules: tuple[Preset, ...] = Field(
        default=("balanced",),
        description="sets of rules, in order; balanced keeps prose, technical writing too, the others are as strict "
        "as the papers that they are named after",
    )
    definitions: Definitions = Field(
        default="papers",
        description="how the signals of gopher_repetition, gopher_quality, c4 and fineweb are measured, and their "
        "limits: as in the papers, or as in datatrove 0.10.1, which drops more and takes longer: each of its filters "
        "by itself, or in turn, where fineweb is asked of the lines that c4 leaves",
    )
    limits: dict[str, Limit] = Field(
        default={}, description="other limits for single rules: {balanced.word_count: {minimum: 30}}"
    )
    own: tuple[OwnRule, ...] = Field(default=(), description="further rules, after those of the sets")

    lines: tuple[Literal["c4", "repeated", "links"], ...] = Field(
        default=(),
        description="sets of rules that cut lines: c4 (without end mark, of few words, notices), repeated (all but the "
        "first of equal lines of a document), links (more address than text); documents are judged again after it",
    )

    classifiers: tuple[Classifier, ...] = Field(default=(), description="fastText classifiers that score a text")
    perplexity: dict[LanguageCode, LanguageModel] = Field(
        default={}, description="KenLM model of each language that score a text: {de: {path: de.arpa}}"
    )

    _rules = field_validator("rules", "lines")(without_repeats)

    @field_validator("classifiers")
    @classmethod
    def _classifiers_named_once(cls, classifiers: tuple[Classifier, ...]) -> tuple[Classifier, ...]:
        without_repeats(tuple(classifier.name for classifier in classifiers))
        return classifiers

    @field_validator("own")
    @classmethod
    def _named_once(cls, own: tuple[OwnRule, ...]) -> tuple[OwnRule, ...]:
        names = [rule.name for rule in own]
        for number, name in enumerate(names):
            if name in names[:number]:
                wrong(f"two own rules are named '{name}'", number, "name")
        return own
