"""How `explain` shows text: masked by the recognisers of the recipe, or as it came."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml

from corpusmill.jobs.versions import published
from corpusmill.schemas.errors import UserError

if TYPE_CHECKING:
    from corpusmill.transforms.text.anonymiser import Anonymiser

Mask = Callable[[str], str]

SAMPLE = 400  # characters of a text shown
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a terminal would obey them


def masker(warehouse: str) -> Mask:
    """The recognisers of the last published recipe's mode; by patterns where it has none, or nothing is published.

    Without the recognisers (no extra installed) nothing is shown.
    """
    try:
        from corpusmill.transforms.text.mask import masked
    except ModuleNotFoundError:
        return lambda text: "(not shown: masking needs corpusmill[spark])"
    recognisers = anonymiser(warehouse)
    return lambda text: masked(text, recognisers, limit=SAMPLE)


def anonymiser(warehouse: str) -> "Anonymiser":
    """The recognisers by which texts of this warehouse are masked, as `masker` says."""
    from corpusmill.jobs.masking import anonymise_options
    from corpusmill.schemas.recipe_stages import Anonymise
    from corpusmill.transforms.text.anonymiser import load
    from corpusmill.transforms.text.mask import default_masker

    options = (last_recipe(warehouse) or {}).get("anonymise")
    if options is None:
        return default_masker()
    try:
        return load(anonymise_options(Anonymise.model_validate_json(json.dumps(options))))
    except UserError:  # a model that the recipe names is not on this machine
        return default_masker()


def last_recipe(warehouse: str) -> dict[str, Any] | None:
    """The recipe of the last published version, as it was written; None where nothing is published."""
    past = published(warehouse)
    return yaml.safe_load(past[-1]["recipe"]) or {} if past else None


def raw_text(text: str) -> str:
    """The text as it came, but for what would command a terminal."""
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
