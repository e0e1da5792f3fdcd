"""The language of a text, by a fastText model."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

import fasttext  # type: ignore[import-untyped]

from corpusmill.schemas.errors import UserError

UNDETERMINED = "und"

PREFIX = 2_000  # characters from the start of a text; more changes almost no answer and costs time in proportion
MIDDLE = 500  # and from the middle of longer texts, whose start may be a title or a licence

DATA = Path(__file__).parent / "data"
EMBEDDED_MODEL = DATA / "lid.176.ftz"  # its licence and source: lid.176.LICENCE.md beside it

_LETTER = re.compile(r"[^\W\d_]")


class LanguageIdentifier:
    """A loaded model. `hash`: SHA-256 of its file, hexadecimal."""

    def __init__(self, path: Path) -> None:
        """Raises UserError where `path` is no fastText model that labels languages."""
        hint = "Give the path of a fastText model such as lid.176.bin, or none for the embedded lid.176.ftz."
        if not path.is_file():
            raise UserError(f"language model {path}: there is no such file. {hint}")
        fasttext.FastText.eprint = lambda *_, **__: None  # load_model warns about its own return type
        try:
            self._model = fasttext.load_model(str(path))
        except (ValueError, RuntimeError, MemoryError) as error:
            raise UserError(f"language model {path}: fastText cannot read it ({error}). {hint}") from error
        labels = self._model.get_labels()
        if not labels or not all(label.startswith("__label__") for label in labels):
            raise UserError(f"language model {path}: it has word vectors, no labels of languages. {hint}")
        with path.open("rb") as file:
            self.hash = hashlib.file_digest(file, "sha256").hexdigest()
        codes = json.loads((DATA / "iso_639.json").read_text())
        self._codes = {label: _code(label.removeprefix("__label__"), codes) for label in labels}

    def identify(self, texts: list[str]) -> tuple[list[str], list[float]]:
        """For each text its language (ISO 639-1 where there is one, else the model's label) and a confidence, 0..1.

        >>> load(None).identify(["Das ist ein ganz gewöhnlicher Satz.", "123 456"])[0]
        ['de', 'und']

        A text without letters is `und` with confidence 0.
        """
        languages, confidences = [UNDETERMINED] * len(texts), [0.0] * len(texts)
        samples = {i: _sample(text) for i, text in enumerate(texts) if _LETTER.search(text)}
        # A list goes in, since fasttext 0.9.3 fails on a single string with numpy 2.
        labels, scores = self._model.predict(list(samples.values())) if samples else ([], [])
        for i, label, score in zip(samples, labels, scores, strict=True):
            languages[i] = self._codes[label[0]]
            confidences[i] = min(1.0, float(score[0]))  # fastText gives up to 1.00006
        return languages, confidences


def load(path: str | None) -> LanguageIdentifier:
    """The model at `path` (None: the embedded one), read once a process. Raises UserError for a wrong path."""
    return _load(EMBEDDED_MODEL if path is None else Path(path))


@lru_cache(maxsize=2)
def _load(path: Path) -> LanguageIdentifier:
    return LanguageIdentifier(path)


def _sample(text: str) -> str:
    """A bounded piece of the text on one line: fastText reads up to the first newline."""
    sample = text[:PREFIX]
    if len(text) > 2 * PREFIX:
        middle = len(text) // 2
        sample += " " + text[middle : middle + MIDDLE]
    return " ".join(sample.encode("utf-8", errors="replace").decode().split())


def _code(label: str, codes: dict[str, str]) -> str:
    """ISO 639-1 of a label: `deu_Latn`, `deu` and `de` are `de`; `als`, which has none, stays.

    codes: ISO 639-3 to 639-1, from the package iso-codes, with the main member of a macrolanguage (`cmn` is `zh`).
    """
    language = label.split("_")[0]
    return language if len(language) == 2 else codes.get(language, label)
