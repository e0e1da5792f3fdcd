"""Finds personal data in documents: which recognisers a document gets, and what happens when one fails.

mode patterns    our rules alone; no model, no Presidio, megabytes a second
mode full        Presidio's AnalyzerEngine for each language, with our rules and a spaCy model among its recognisers
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from corpusmill.schemas.errors import RunFailed, UserError
from corpusmill.transforms.text import model_versions
from corpusmill.transforms.text.edits import apply_edits
from corpusmill.transforms.text.findings import (
    ENTITY_TYPES,
    ON_REQUEST,
    Finding,
    covered,
    outside_placeholders,
    resolve,
)
from corpusmill.transforms.text.recognisers import Patterns

ROUNDS = 4  # of searching a text again after replacing; the third is rare


class NotAnonymised(RunFailed):
    """A document could not be searched; its text must not go on. The message holds none of the text."""


@dataclass(frozen=True)
class AnonymiseOptions:
    """What to look for and how; see the recipe's key `anonymise`.

    languages: one listed applies to every document; with several a document gets those of its own language, and one of
        another language or `und` gets those of all.
    operators: entity type, or `default`, -> one of `operators.OPERATORS`. minimum_score: 0..1.
    pseudonyms: how far one reaches: `corpus`, or `document`.
    entities: what to look for; None means ENTITY_TYPES. models: language -> name or folder of a spaCy model.
    on_missing_model: `patterns` goes on without the model; `quarantine` gives an error for each of its documents.
    """

    languages: tuple[str, ...] = ("de", "en")
    mode: str = "full"
    operators: Mapping[str, str] = field(default_factory=lambda: {"default": "replace"})
    pseudonyms: str = "corpus"
    minimum_score: float = 0.5
    entities: tuple[str, ...] | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    on_missing_model: str = "patterns"

    def __post_init__(self) -> None:
        wanted = (
            ("mode", [self.mode], ("patterns", "full")),
            ("pseudonyms", [self.pseudonyms], ("corpus", "document")),
            ("on_missing_model", [self.on_missing_model], ("patterns", "quarantine")),
            ("entities", self.entities or (), ENTITY_TYPES + (ON_REQUEST if self.mode == "full" else ())),
        )
        for key, values, allowed in wanted:
            unknown = sorted(set(values) - set(allowed))
            if unknown:
                raise UserError(
                    f"anonymise.{key}: {', '.join(unknown)} is not possible here. Allowed: {', '.join(allowed)}"
                )
        if not self.languages:
            raise UserError("anonymise.languages: want one language at least, got none")


class _Scanner(Protocol):
    """Patterns, or Presidio's engine with them."""

    def scan(self, text: str) -> list[Finding]: ...


class Anonymiser:
    """Recognisers that are loaded and ready. Get one by `load`."""

    def __init__(self, options: AnonymiseOptions):
        self.options = options
        self.entities = ENTITY_TYPES if options.entities is None else options.entities
        self._missing = model_versions.missing(options)
        # A document of a language that is not listed gets all patterns in one pass, and then each language's engine.
        self._all: list[_Scanner] = []
        self._by_language: dict[str, list[_Scanner]] = {}
        if options.mode == "patterns":
            self._all = [Patterns(options.languages, self.entities)]
            self._by_language = {one: [Patterns((one,), self.entities)] for one in options.languages}
        else:
            self._load_engines()

    def _load_engines(self) -> None:
        os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # Presidio imports it; it misses torch aloud
        from corpusmill.transforms.text import recognisers_model as models  # imports spaCy and Presidio: seconds

        for language, name in model_versions.chosen(self.options).items():
            model = None if language in self._missing else models.load_model(name)
            engine = models.Engine(language, model, self.entities)
            self._by_language[language] = [engine]
            self._all.append(engine)

    def find(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Finding] | NotAnonymised]:
        """For each text its findings, in order and without overlaps, or the error for which it must not go on."""
        return [self._find(text, language) for text, language in zip(texts, languages, strict=True)]

    def _find(self, text: str, language: str) -> list[Finding] | NotAnonymised:
        spoken = self._spoken(language)
        missing = [one for one in spoken if one in self._missing]
        if missing and self.options.on_missing_model == "quarantine":
            named = ", ".join(f"{one} ({self._missing[one]})" for one in missing)
            return NotAnonymised(f"anonymise: the model is not installed for {named}")
        scanners = self._by_language[spoken[0]] if len(spoken) == 1 else self._all
        try:
            return self._settled(text, scanners)
        except Exception as error:  # whatever it is: this document fails closed, the others go on
            return NotAnonymised(f"anonymise: a recogniser failed: {where(error)}")

    def _settled(self, text: str, scanners: list[_Scanner]) -> list[Finding]:
        """Findings after which nothing is left to find.

        Where two overlap, one is dropped, and a part of it that is not replaced (`Herr Max` of `Herr Max@example.org`)
        may be found in the replaced text; and a model reads a word in another way where the one beside it is replaced.
        So that text is searched too, and what it gives is added.
        """
        kept: list[Finding] = []
        for _ in range(ROUNDS):
            edited, offsets = apply_edits(text, [(f.start, f.end, f"<{f.entity_type}>") for f in kept])
            found = {finding for scanner in scanners for finding in scanner.scan(edited)}
            sure = outside_placeholders([f for f in found if f.score >= self.options.minimum_score], edited)
            new = resolve(sure)
            for finding in new:
                start, end = offsets.to_original(finding.start, finding.end)
                kept.append(replace(finding, start=start, end=end))
            kept.sort(key=lambda f: f.start)
            if not new or (self.options.mode == "patterns" and all(covered(finding, new) for finding in sure)):
                break
        return kept

    def _spoken(self, language: str) -> tuple[str, ...]:
        """The listed languages whose recognisers a document of this language gets."""
        return (language,) if language in self.options.languages else self.options.languages


def where(error: BaseException) -> str:
    """Type and place of an error. Never its message, which may quote the text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"


_LOADED: dict[str, Anonymiser] = {}


def load(options: AnonymiseOptions) -> Anonymiser:
    """The anonymiser for these options; made once a process."""
    key = json.dumps(asdict(options), sort_keys=True, default=dict)
    if key not in _LOADED:
        _LOADED[key] = Anonymiser(options)
    return _LOADED[key]
