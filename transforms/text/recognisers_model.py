"""Mode full: Presidio's AnalyzerEngine, with our rules and a spaCy model as its recognisers.

Importing this module takes seconds (spaCy, Presidio); mode patterns does not import it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import spacy
from presidio_analyzer import AnalyzerEngine, LocalRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import DeBsnrRecognizer, DeLanrRecognizer, SpacyRecognizer

from corpusmill.transforms.text import model_versions, names
from corpusmill.transforms.text.findings import Finding
from corpusmill.transforms.text.names_features import Words
from corpusmill.transforms.text.recognisers import Patterns
from corpusmill.transforms.text.recognisers_beside import announced, beside
from corpusmill.transforms.text.recognisers_firm import of_a_firm, of_a_well_known_one
from corpusmill.transforms.text.recognisers_names import Document, repeated, with_capitals, without_titles

CHUNK = 100_000  # code points given to a model at once; spaCy refuses more than a million, memory grows with it
OVERLAP = 1_000  # of neighbouring chunks, so that each name is whole in one of them
MODEL_SCORE = 0.85  # spaCy gives none; Presidio's default
NEEDED = ("transformer", "tok2vec", "ner")  # of a spaCy pipeline; parser and lemmatiser find no names
KINDS = ("PERSON", "LOCATION")
LABELS = {"FAC": "LOCATION"}  # buildings, streets, bridges; Presidio's own mapping has no place for them


def load_model(name: str) -> names.NamesModel | spacy.Language:
    """The model of that package or folder: ours, or spaCy's without what finds no names."""
    folder = model_versions.folder(name)
    if folder is not None and (folder / names.FILE).is_file():
        return names.load(folder)
    model = spacy.load(name)
    for pipe in [p for p in model.pipe_names if p not in NEEDED]:
        model.remove_pipe(pipe)
    return model


def chunks(text: str, size: int = CHUNK, overlap: int = OVERLAP) -> Iterator[tuple[int, int, int, int]]:
    """Parts of a long text as (start, end, from, to): read [start, end), count what begins in [from, to).

    Parts end at a paragraph where there is one in their last tenth, else at a line, else at a space, else anywhere.
    The ranges [from, to) cover the text once; a part reads half an overlap more than its range on either side.

    >>> [(a, b) for _, _, a, b in chunks("one two three four", size=9, overlap=4)]
    [(0, 7), (7, 12), (12, 18)]
    """
    start = begin = 0
    while True:
        end = min(len(text), start + size)
        if end < len(text):
            for separator in ("\n\n", "\n", " "):
                cut = text.rfind(separator, end - max(size // 10, 1), end)
                if cut > start + overlap:
                    end = cut + len(separator)
                    break
        stop = len(text) if end == len(text) else end - overlap // 2
        yield start, end, begin, stop
        if end == len(text):
            return
        start, begin = end - overlap, stop


class Entity(NamedTuple):
    """The part of a spaCy span that Presidio's SpacyRecognizer reads."""

    start_char: int
    end_char: int
    label_: str


class Names(SpacyNlpEngine):  # type: ignore[misc]
    """A spaCy model as Presidio's NLP engine: long texts in chunks, and names only (no tokens or lemmas are kept)."""

    def __init__(self, language: str, model: Callable[[str], Any] | None):
        self.labels: dict[str, str] = (NerModelConfiguration().model_to_presidio_entity_mapping or {}) | LABELS
        super().__init__(
            [{"lang_code": language, "model_name": "given"}],
            NerModelConfiguration(model_to_presidio_entity_mapping=self.labels),
        )
        self.model = model
        self.nlp: Any = {language: model}  # so that Presidio takes it for loaded

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The names of the text, with Presidio's labels and offsets in the whole text."""
        found: list[Any] = []
        for start, end, begin, stop in chunks(text) if self.model else ():
            for span in self.model(text[start:end]).ents:  # type: ignore[misc]
                if begin <= start + span.start_char < stop and span.label_ in self.labels:
                    found.append(Entity(start + span.start_char, start + span.end_char, self.labels[span.label_]))
        no_tokens: Any = []
        return NlpArtifacts(found, no_tokens, [], [], self, language, [MODEL_SCORE] * len(found))


class Rules(LocalRecognizer):  # type: ignore[misc]
    """Our rules as one of Presidio's recognisers; each result carries its rule's name."""

    def __init__(self, language: str, entities: Sequence[str]):
        self.patterns = Patterns((language,), entities)
        super().__init__(supported_entities=list(entities), supported_language=language, name="rules")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """All that the rules find."""
        return [self._result(finding) for finding in self.patterns.scan(text) if finding.entity_type in entities]

    def _result(self, finding: Finding) -> RecognizerResult:
        names = {
            RecognizerResult.RECOGNIZER_NAME_KEY: finding.recogniser,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return RecognizerResult(
            finding.entity_type, finding.start, finding.end, finding.score, recognition_metadata=names
        )


class Model(SpacyRecognizer):  # type: ignore[misc]
    """Presidio's recogniser of a model's names, less what cannot be one; `words`: what our model knows of words."""

    words: Words | None = None

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The model's entities, cut at line ends, and plausible where they are people or places."""
        results, document = [], Document(text, self.words)
        for result in super().analyze(text, entities, nlp_artifacts):
            value = text[result.start : result.end].split("\n")[0].rstrip(" \t,.;:'\u2019")
            value = re.sub("['\u2019]s$", "", value)
            result.end = result.start + len(value)
            if result.entity_type == "PERSON":
                value = without_titles(value)
                result.start = result.end - len(value)
                if of_a_firm(text, result.start, result.end):
                    continue
            if result.entity_type == "LOCATION" and of_a_well_known_one(text, result.start, result.end):
                continue
            if result.entity_type not in KINDS or (
                document.plausible(value) and not self._thing(result.entity_type, value)
            ):
                results.append(result)
        return results

    def _thing(self, kind: str, value: str) -> bool:
        """A common word by itself is no place; by two of them places are named: `United States`, `Bay Ridge`.

        Nor is a German compound of such: `Papierfach`. Common words are no person where one of them is mostly written
        small, and one is in no list of names: `Add Parmesan`, but `Bob Nix` and `Will Baker`.
        """
        if self.words is None:
            return False
        low = value.lower()
        if kind == "PERSON":
            parts, words = low.split(), self.words
            common = all(map(words.doubtful, parts)) and any(map(words.common, parts))
            return common and not all(map(words.person, parts))
        return self.words.doubtful(low) or (self.supported_language == "de" and self.words.compound(low))


class _NoContext(ContextAwareEnhancer):  # type: ignore[misc]
    """Our rules weigh context themselves; Presidio's enhancer costs half of all recognisers' time."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        return raw_results


class Engine:
    """Presidio's AnalyzerEngine for one language; without a model it has the rules only."""

    def __init__(self, language: str, model: names.NamesModel | spacy.Language | None, entities: Sequence[str]):
        self.language = language
        self.words = model.words if isinstance(model, names.NamesModel) else None
        self.analyzer = self._analyzer(model, entities)
        #: For text without capitals: names, of a model that trusts them less.
        self.guessing: tuple[AnalyzerEngine, Words] | None = None
        wanted = [kind for kind in KINDS if kind in entities]
        if isinstance(model, names.NamesModel) and wanted:
            self.guessing = self._analyzer(model.warily, wanted), model.words

    def _analyzer(self, model: Callable[[str], Any] | None, entities: Sequence[str]) -> AnalyzerEngine:
        by_model = Model(supported_language=self.language, supported_entities=list(entities), name="model")
        by_model.words = self.words
        on_request = (DeLanrRecognizer, DeBsnrRecognizer) if self.language == "de" else ()
        recognisers = [
            Rules(self.language, entities),
            by_model,
            *(r for r in (one() for one in on_request) if r.supported_entities[0] in entities),
        ]
        return AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=recognisers, supported_languages=[self.language]),
            nlp_engine=Names(self.language, model),
            supported_languages=[self.language],
            context_aware_enhancer=_NoContext(),
        )

    def scan(self, text: str) -> list[Finding]:
        """Everything that the engine finds, overlaps and low scores included."""
        found = self._scan(self.analyzer, text)
        if self.guessing and (text.islower() or text.isupper()):
            analyzer, known = self.guessing
            guessed = with_capitals(text.lower(), known)
            found += self._scan(analyzer, guessed) if len(guessed) == len(text) else []
        return found

    def _scan(self, analyzer: AnalyzerEngine, text: str) -> list[Finding]:
        results = analyzer.analyze(text, self.language, score_threshold=0)
        name = RecognizerResult.RECOGNIZER_NAME_KEY
        found = [Finding(r.start, r.end, r.entity_type, r.score, r.recognition_metadata[name]) for r in results]
        document = Document(text, self.words, nouns=self.language == "de")
        found = [*found, *announced(found, document)]
        found = [*found, *beside(found, document)]
        return [*found, *repeated(found, document)]
