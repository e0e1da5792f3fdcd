"""Limits of datatrove 0.10.1 where they are not those of the papers, for `quality: {definitions: datatrove}`."""

from dataclasses import replace
from typing import Any

from corpusmill.transforms.text import (
    signals_c4,
    signals_fineweb,
    signals_gopher_quality,
    signals_gopher_repetition,
)
from corpusmill.transforms.text.signals_types import Rule

CODE = "datatrove 0.10.1"
OTHERS: dict[str, dict[str, Any]] = {
    "c4.curly_bracket_line_fraction": {"maximum": 0, "source": f"{CODE}: none in the lines that it asks"},
    "c4.notice_line_fraction": {"maximum": 1, "source": f"{CODE}: no limit, it cuts such lines"},
    "c4.sentence_count": {"minimum": 5, "source": f"{CODE}: 5, as in the paper's text"},
    "fineweb.duplicate_line_character_fraction": {"maximum": 0.01, "source": f"{CODE}: 0.01"},
}

PRESETS: dict[str, tuple[Rule, ...]] = {
    module.PRESET: tuple(replace(rule, **OTHERS.get(rule.full_name, {})) for rule in module.RULES)
    for module in (signals_gopher_repetition, signals_gopher_quality, signals_c4, signals_fineweb)
}
