"""The language of a text: a fastText model, corrected by the script and by the stop words of each language."""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import fasttext_models, language_evidence
from corpusmill.transforms.text.fasttext_models import LABEL
from corpusmill.transforms.text.language_programs import are_programs
from corpusmill.transforms.text.language_words import LanguageWords, scripts_of

UNDETERMINED = "und"

WHOLE = 800  # characters: longer texts are sampled; more changes almost no answer and costs time in proportion
SAMPLES = 4  # pieces of longer texts, from the start to the end at equal distances,
PIECE = 200  # of so many characters
PARAGRAPHS = 200  # bytes that paragraphs of shorter texts must have together to be judged by themselves
LEAST_LETTERS = 8  # fewer say nothing: every second answer would be wrong
CANDIDATES = 5  # of the model, for each piece
LEAST_PROBABILITY = 0.02  # of a candidate
PLAIN = 0.3  # score of a language in which a piece may look like letters typed blindly
SURE = 0.65  # from which on a piece in another language is no slip of the model

DATA = Path(__file__).parent / "data"
EMBEDDED_MODEL = DATA / "lid.176.ftz"  # its licence and source: lid.176.LICENCE.md beside it


class Languages(NamedTuple):
    """Of each text: its language, how sure that is (0..1), and the shares of all its languages (sum 1; `und`: none)."""

    languages: list[str]
    confidences: list[float]
    shares: list[dict[str, float]]


class Piece(NamedTuple):
    """letters: its weight. scores: languages and their scores, the best first; of what is no language, none.

    doubtful: whether it has signs that programs have.
    """

    letters: int
    scores: list[tuple[str, float]]
    doubtful: bool


class LanguageIdentifier:
    """A loaded model. `hash`: SHA-256 of its file, hexadecimal."""

    def __init__(self, path: Path) -> None:
        """Raises UserError where `path` is no fastText model that labels languages."""
        hint = "Give the path of a fastText model such as lid.176.bin, or none for the embedded lid.176.ftz."
        self._model = fasttext_models.load(path, "language model", hint)
        labels = self._model.get_labels()
        if not labels or not all(label.startswith(LABEL) for label in labels):
            raise UserError(f"language model {path}: it has word vectors, no labels of languages. {hint}")
        with path.open("rb") as file:
            self.hash = hashlib.file_digest(file, "sha256").hexdigest()
        codes = json.loads((DATA / "iso_639.json").read_text())
        names = {label: label.removeprefix(LABEL) for label in labels}
        self._codes = {label: _code(name, codes) for label, name in names.items()}
        self._scripts = {label: scripts_of(name, self._codes[label]) for label, name in names.items()}
        self._words = LanguageWords()

    def identify(self, texts: list[str]) -> tuple[list[str], list[float]]:
        """The languages and the confidences of `judge`.

        >>> load(None).identify(["Das ist ein ganz gewöhnlicher Satz.", "123 456"])[0]
        ['de', 'und']
        """
        return self.judge(texts)[:2]

    def judge(self, texts: list[str]) -> Languages:
        """For each text its language (ISO 639-1 where there is one, else the model's label), and how sure that is.

        The confidence is the mean score of the language over the pieces of the text; a score is the model's
        probability, less where the language's stop words are missing. What is no prose (numbers, source code, letters
        typed blindly) or has too few letters is `und`, with confidence 0.
        """
        pieces = [_pieces(text) for text in texts]
        judged = self._judged([piece for ps in pieces for piece in ps])
        by_text = [list(islice(judged, len(ps))) for ps in pieces]
        found = [_together(ps) for ps in by_text]
        asked = [i for i, ps in enumerate(by_text) if found[i][0] != UNDETERMINED and any(p.doubtful for p in ps)]
        for i, program in zip(asked, are_programs([texts[i] for i in asked]), strict=True):
            if program:
                found[i] = (UNDETERMINED, 0.0, {})
        return Languages(*(list(column) for column in zip(*found, strict=True))) if found else Languages([], [], [])

    def _judged(self, pieces: list[str]) -> Iterator[Piece]:
        """Each piece with the scores of its candidates."""
        seen = language_evidence.evidence(pieces)
        asked = np.flatnonzero(seen.prose).tolist()
        # Models have seen few texts in capitals.
        lines = [seen.lines[i].lower() if seen.lines[i].isupper() else seen.lines[i] for i in asked]
        # A list goes in, since fasttext 0.9.3 fails on a single string with numpy 2.
        labels, chances = self._model.predict(lines, k=CANDIDATES, threshold=LEAST_PROBABILITY) if lines else ([], [])
        scores: list[list[tuple[str, float]]] = [[] for _ in pieces]
        for i, line, names, probabilities in zip(asked, lines, labels, chances, strict=True):
            found = self._scores(line, seen.scripts[i], names, probabilities.tolist())
            if found and not (seen.suspect[i] and found[0][1] < PLAIN):
                scores[i] = found
        return map(Piece, seen.letters.tolist(), scores, seen.doubtful.tolist())

    def _scores(
        self, line: str, scripts: frozenset[str], labels: list[str], chances: list[float]
    ) -> list[tuple[str, float]]:
        words = set(line.lower().split())
        scores: dict[str, float] = {}  # labels that differ in the script, such as zho_Hans and zho_Hant, have one code
        for label, chance in zip(labels, chances, strict=True):
            written = self._scripts[label]
            if not written or not scripts or written & scripts or "Zyyy" in scripts:
                code = self._codes[label]
                scores[code] = scores.get(code, 0.0) + chance * self._words.support(words, code)
        best_first = sorted(scores.items(), key=lambda score: -score[1])
        return [(code, min(1.0, score)) for code, score in best_first]  # fastText gives up to 1.00006


def load(path: str | None) -> LanguageIdentifier:
    """The model at `path` (None: the embedded one), read once a process. Raises UserError for a wrong path."""
    return _load(EMBEDDED_MODEL if path is None else Path(path))


@lru_cache(maxsize=2)
def _load(path: Path) -> LanguageIdentifier:
    return LanguageIdentifier(path)


def _pieces(text: str) -> list[str]:
    """The paragraphs of a text, short ones together; of a long one samples, so that the cost is bounded.

    >>> [len(piece) for piece in _pieces("x" * 250 + "\\n" + "y" * 30 + "\\n" + "z" * 220)]
    [251, 251]
    >>> [len(piece) for piece in _pieces("x" * 1_000_000)]
    [200, 200, 200, 200]
    """
    if len(text) > WHOLE:
        starts = [i * (len(text) - PIECE) // (SAMPLES - 1) for i in range(SAMPLES)]
        return [text[start : start + PIECE].encode("utf-8", errors="replace").decode() for start in starts]
    pieces, part = [], b""
    for line in text.encode("utf-8", errors="replace").splitlines(keepends=True):
        part += line
        if len(part) >= PARAGRAPHS:
            pieces.append(part)
            part = b""
    if part and pieces:
        pieces[-1] += part
    elif part:
        pieces.append(part)
    return [piece.decode() for piece in pieces]


def _together(pieces: list[Piece]) -> tuple[str, float, dict[str, float]]:
    """Language, confidence and shares of a text, from its pieces."""
    spoken = [piece for piece in pieces if piece.scores]
    letters = sum(piece.letters for piece in spoken)
    if letters < LEAST_LETTERS or 2 * letters < sum(piece.letters for piece in pieces):
        return UNDETERMINED, 0.0, {}
    totals: dict[str, float] = {}
    for piece in spoken:
        for code, score in piece.scores:
            totals[code] = totals.get(code, 0.0) + piece.letters * score
    language = max(totals, key=lambda code: totals[code])
    shares = {language: 0}
    own = 0.0
    for piece in spoken:
        best, score = piece.scores[0]
        code = best if score >= SURE else language  # what is unsure speaks for no other language
        shares[code] = shares.get(code, 0) + piece.letters
        if code == language:
            own += piece.letters * dict(piece.scores).get(language, 0.0)
    return language, own / max(shares[language], 1), {code: n / letters for code, n in shares.items()}


def _code(label: str, codes: dict[str, str]) -> str:
    """ISO 639-1 of a label: `deu_Latn`, `deu` and `de` are `de`; `als`, which has none, stays.

    codes: ISO 639-3 to 639-1, from the package iso-codes, with the main member of a macrolanguage (`cmn` is `zh`).
    """
    language = label.split("_")[0]
    return language if len(language) == 2 else codes.get(language, label)
