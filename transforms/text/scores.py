"""Scores of texts by models: fastText classifiers and KenLM language models, loaded once a process, batch by batch."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from corpusmill.schemas.errors import UserError
from corpusmill.schemas.recipe_models import PERPLEXITY, Classifier, LanguageModel
from corpusmill.transforms.text import fasttext_models
from corpusmill.transforms.text.fasttext_models import LABEL

READ = 20_000  # characters of a text that a classifier reads; its answer hardly changes after that
LINES = 200  # of a text that a language model reads, the first ones
BLOCK = 1 << 20  # bytes of a model's file, at its start, its end and 62 places between, that its hash covers
BLOCKS = 64

_PIECES = re.compile(r"\w+|[^\w\s]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Scoring:
    """Which models score. languages: language -> its model."""

    classifiers: tuple[Classifier, ...] = ()
    languages: tuple[tuple[str, LanguageModel], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.classifiers or self.languages)


NONE = Scoring()


def score(texts: Sequence[str], languages: Sequence[str | None], scoring: Scoring) -> list[dict[str, float]]:
    """For each text its scores by name; a model that is not for its language gives none. An empty text has none."""
    found: list[dict[str, float]] = [{} for _ in texts]
    for classifier in scoring.classifiers:
        chosen = [n for n, text in enumerate(texts) if text.strip() and _is_for(classifier, languages[n])]
        probabilities = load_classifier(classifier.path, classifier.label).probabilities([texts[n] for n in chosen])
        for n, probability in zip(chosen, probabilities, strict=True):
            found[n][classifier.name] = probability
    models = dict(scoring.languages)
    for n, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if language in models and text.strip():
            found[n][PERPLEXITY] = load_language_model(models[language].path, models[language].pieces).perplexity(text)
    return found


def _is_for(classifier: Classifier, language: str | None) -> bool:
    return not classifier.languages or language in classifier.languages


def hashes(scoring: Scoring) -> dict[str, str]:
    """Name -> hash of its file. Raises UserError where a model cannot be used."""
    found = {}
    for classifier in scoring.classifiers:
        load_classifier(classifier.path, classifier.label)
        found[f"classifier {classifier.name}"] = f"{fingerprint(classifier.path)} {classifier.label}"
    for language, model in scoring.languages:
        load_language_model(model.path, model.pieces)
        pieces = f" {fingerprint(model.pieces)}" if model.pieces else ""
        found[f"perplexity {language}"] = fingerprint(model.path) + pieces
    return found


def fingerprint(path: str) -> str:
    """SHA-256 over the size of a file and 64 MB of it, spread evenly: language models have many gigabytes."""
    digest, size = hashlib.sha256(), Path(path).stat().st_size
    digest.update(str(size).encode())
    with open(path, "rb") as file:
        for number in range(BLOCKS):
            file.seek(max(0, size - BLOCK) * number // (BLOCKS - 1))
            digest.update(file.read(BLOCK))
            if size <= BLOCK:
                break
    return digest.hexdigest()


def one_line(text: str) -> str:
    """What a classifier is given of a text: its beginning on one line, for fastText reads up to the first line end.

    >>> one_line("Two\\n  lines.")
    'Two lines.'
    """
    return " ".join(text[:READ].encode("utf-8", errors="replace").decode().split())


class TextClassifier:
    """A fastText classifier and one of its labels."""

    def __init__(self, path: str, label: str) -> None:
        hint = "Give the path of a supervised fastText model; `corpusmill quality train` makes one."
        self._model = fasttext_models.load(Path(path), "classifier", hint)
        labels = self._model.get_labels()
        self._label = LABEL + label
        if self._label not in labels:
            names = ", ".join(name.removeprefix(LABEL) for name in labels[:10])
            raise UserError(f"classifier {path}: it has no label '{label}'; its labels are: {names}")
        self._n_labels = len(labels)

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """Of each text the probability of the label, 0..1."""
        if not texts:
            return []
        # A list goes in, since fasttext 0.9.3 fails on a single string with numpy 2.
        labels, scores = self._model.predict([one_line(text) for text in texts], k=self._n_labels)
        found = [dict(zip(names, values, strict=False)) for names, values in zip(labels, scores, strict=True)]
        return [min(1.0, max(0.0, float(by_label.get(self._label, 0.0)))) for by_label in found]


class TextModel:
    """A KenLM model, and how a text is cut for it."""

    def __init__(self, path: str, pieces: str | None) -> None:
        if not Path(path).is_file():
            raise UserError(f"language model {path}: there is no such file; give an ARPA or a binary file of KenLM")
        try:
            import kenlm  # type: ignore[import-not-found]
        except ImportError as error:
            raise UserError("quality.perplexity needs kenlm: pip install 'corpusmill[perplexity]'") from error
        try:
            self._model: Any = kenlm.Model(path)
        except OSError as error:
            why = str(error).rsplit("Exception. ", 1)[-1].strip()  # before it stand names of C++ functions
            raise UserError(f"language model {path}: KenLM cannot read it ({why})") from error
        self._cut = _words if pieces is None else _sentence_pieces(pieces)

    def perplexity(self, text: str) -> float:
        """10 ** (-log10 probability / pieces), over the text's lines, an end of line counting as a piece."""
        total, n = 0.0, 0
        for line in islice(filter(str.strip, text.splitlines()), LINES):
            pieces = self._cut(line)
            total += self._model.score(" ".join(pieces))
            n += len(pieces) + 1
        return float(10.0 ** min(300.0, -total / max(n, 1)))


def _words(line: str) -> list[str]:
    """Words and punctuation in lower case, each digit a 0.

    >>> _words("In 1999, yes.")
    ['in', '0000', ',', 'yes', '.']
    """
    return _PIECES.findall(_DIGIT.sub("0", line.lower()))


def _sentence_pieces(path: str) -> Any:
    if not Path(path).is_file():
        raise UserError(f"quality.perplexity: there is no SentencePiece model at {path}")
    try:
        from sentencepiece import SentencePieceProcessor  # type: ignore[import-not-found]
    except ImportError as error:
        raise UserError("quality.perplexity needs sentencepiece: pip install 'corpusmill[perplexity]'") from error
    return SentencePieceProcessor(model_file=path).encode_as_pieces


@lru_cache(maxsize=16)
def load_classifier(path: str, label: str) -> TextClassifier:
    """The model, read once a process. Raises UserError for a wrong path or label."""
    return TextClassifier(path, label)


@lru_cache(maxsize=64)
def load_language_model(path: str, pieces: str | None) -> TextModel:
    """The model, read once a process. Raises UserError where it cannot be used."""
    return TextModel(path, pieces)
