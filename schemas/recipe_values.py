"""What single values of a recipe may be, and how a validator refuses one in words that a user reads as they stand."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NoReturn, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
LANGUAGE_CODE = r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$"  # with a script where another model has it: kmr_Latn
KEY_REFERENCE = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|secret:[^/]+/.+)$"

# Known words that a later version will accept; remove a word here when its code is there.
LATER_FORMATS = ("warc", "pdf", "docx", "delta")
LATER_OUTPUTS = ("preference_pairs", "knowledge_chunks")

# The labels of fastText's lid.176 (https://fasttext.cc/docs/en/language-identification.html), and `und`: unknown.
_LANGUAGES = """
    af als am an ar arz as ast av az azb ba bar bcl be bg bh bn bo bpy br bs bxr ca cbk ce ceb ckb co cs cv cy da de
    diq dsb dty dv el eml en eo es et eu fa fi fr frr fy ga gd gl gn gom gu gv he hi hif hr hsb ht hu hy ia id ie
    ilo io is it ja jbo jv ka kk km kn ko krc ku kv kw ky la lb lez li lmo lo lrc lt lv mai mg mhr min mk ml mn mr
    mrj ms mt mwl my myv mzn nah nap nds ne new nl nn no oc or os pa pam pfl pl pms pnb ps pt qu rm ro ru rue sa sah
    sc scn sco sd sh si sk sl so sq sr su sv sw ta te tg th tk tl tr tt tyv ug uk ur uz vec vep vi vls vo wa war wuu
    xal xmf yi yo yue zh und
"""
LANGUAGES = frozenset(_LANGUAGES.split())

Operator = Literal["replace", "pseudonym", "mask", "hash", "encrypt", "redact", "keep"]
EntityType = Literal[
    "PERSON", "LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "CREDIT_CARD", "IP_ADDRESS", "URL",
    "DATE_OF_BIRTH", "SECRET", "US_SSN", "US_PASSPORT", "DE_TAX_ID", "DE_TAX_NUMBER", "DE_VAT_ID",
    "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE", "DE_ID_CARD", "DE_PASSPORT", "DE_DRIVER_LICENSE",
    "DE_LICENSE_PLATE", "DE_COMMERCIAL_REGISTER",
]  # fmt: skip
OnRequest = Literal["ORGANIZATION", "DATE_TIME", "NRP", "DE_LANR", "DE_BSNR"]
AnyEntityType = Literal[EntityType, OnRequest]
OperatorKey = Literal["default", AnyEntityType]
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)


def wrong(what: str, *at: str | int) -> NoReturn:
    """Refuse a value with the message `what`; `at` leads from the validated field to the part that is wrong."""
    raise PydanticCustomError("wrong", "{what}", {"what": what, "at": at})


def not_yet(names: tuple[str, ...]) -> BeforeValidator:
    """A validator that refuses known words of later versions."""

    def check(value: Any) -> Any:
        return wrong(f"'{value}' is not in this version yet") if value in names else value

    return BeforeValidator(check)


def one_or(more: Callable[[Any], Any], accepts: Any, single: type | tuple[type, ...] = str) -> BeforeValidator:
    """A validator that lets a single text (or `single`) stand for what `more` makes of it.

    accepts: for the JSON Schema.
    """

    def expand(value: Any) -> Any:
        return more(value) if isinstance(value, single) else _with_tuples(value)

    return BeforeValidator(expand, json_schema_input_type=accepts)


def _with_tuples(value: Any) -> Any:
    """What a validator of ours has had in its hands is no JSON any more, of which a list is taken for a tuple."""
    if isinstance(value, dict):
        return {key: _with_tuples(one) for key, one in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value


def known_language(code: str) -> None:
    """Refuse a code that the language model never gives."""
    if code not in LANGUAGES:
        wrong(f"'{code}' is not a language that the model knows; give a code of ISO 639-1, such as de, en or fr")


def without_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list that names something twice."""
    for number, value in enumerate(values):
        if value in values[:number]:
            wrong(f"'{value}' is listed twice", number)
    return values


class Part(BaseModel):
    """Base of all models: unknown keys are errors, text is not taken for a number, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Text = Annotated[str, Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Share = Annotated[float, Field(ge=0, lt=1)]
Weight = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern=NAME)]
LanguageCode = Annotated[str, Field(pattern=LANGUAGE_CODE)]
PRESETS = ["balanced", "gopher_repetition", "gopher_quality", "c4", "fineweb", "fineweb2", "german"]
Preset = Annotated[str, Field(min_length=1, examples=PRESETS)]
