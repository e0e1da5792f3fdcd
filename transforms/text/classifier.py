"""Train a fastText classifier of texts, good against others, and tell how good it is on texts that it has not seen."""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import fasttext  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.fasttext_models import LABEL
from corpusmill.transforms.text.scores import load_classifier, one_line

OTHER = "other"  # the label of the negatives
LIMITS = tuple(n / 10 for n in range(1, 10))  # at which precision and recall are told
FEWEST = 20  # texts of either kind to train on
# Words and pairs of words, as DCLM's classifier has them (Li et al. 2024, arXiv 2406.11794, section 4.4). One thread:
# with more, the same texts give another model each time.
OPTIONS = {"wordNgrams": 2, "dim": 64, "bucket": 200_000, "epoch": 5, "lr": 0.1, "minCount": 2, "thread": 1}


@dataclass(frozen=True)
class AtLimit:
    """With this minimum: the share of the kept that are positive, and of the positives that are kept."""

    minimum: float
    precision: float
    recall: float


@dataclass(frozen=True)
class Calibration:
    """Of the held-out texts with a probability from low to high: how many, its mean, and how many are positive."""

    low: float
    high: float
    texts: int
    mean: float
    positive: float


@dataclass(frozen=True)
class Evaluation:
    """On the held-out texts. auc: probability that a positive scores higher than a negative."""

    positives: int
    negatives: int
    auc: float
    limits: tuple[AtLimit, ...]
    calibration: tuple[Calibration, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def train(
    positives: Iterable[str], negatives: Iterable[str], path: Path, label: str, held_out: float, seed: int
) -> Evaluation:
    """Write a model to `path`, and evaluate it on the held-out share of the texts.

    A text is held out by its hash and the seed; equal texts are one, so that none stands on both sides. A path that
    ends in .ftz gets a model of a tenth of the size, by product quantisation. Raises UserError for too few texts.
    """
    sides = {label: _parted(positives, held_out, seed), OTHER: _parted(negatives, held_out, seed)}
    for name, (known, unseen) in sides.items():
        if len(known) < FEWEST or not unseen:
            raise UserError(
                f"{len(known) + len(unseen)} different texts for '{name}': want at least {FEWEST} to train on, and "
                "some held out"
            )
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "train.txt")
        rows = [f"{LABEL}{name} {text}" for name, (known, _) in sides.items() for text in known]
        # In an order by hash: fastText learns from one after the other, and would forget the first kind.
        lines.write_text("\n".join(sorted(rows, key=lambda row: _fraction(row, seed))) + "\n", encoding="utf-8")
        fit(lines, path, OPTIONS)
    classifier = load_classifier(str(path), label)
    scores = [np.array(classifier.probabilities(unseen)) for _, unseen in sides.values()]
    return evaluate(*scores)


def fit(lines: Path, path: Path, options: Mapping[str, Any]) -> None:
    """Train on the labelled lines of a file and write the model, in a process of its own.

    With one thread fastText 0.9.3 fills a tenth of its matrix and takes the rest as the memory comes: zeros in a
    process that is new, anything in one that has worked, such as what ends the training with "Encountered NaN".
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_fit, str(lines), str(path), dict(options)).result()


def _fit(lines: str, path: str, options: dict[str, Any]) -> None:
    model = fasttext.train_supervised(lines, verbose=0, **options)
    if path.endswith(".ftz"):
        model.quantize(lines, retrain=False)
    model.save_model(path)


def _parted(texts: Iterable[str], held_out: float, seed: int) -> tuple[list[str], list[str]]:
    """Distinct texts on one line, to train on and held out."""
    lines = dict.fromkeys(line for line in map(one_line, texts) if line)
    unseen = {line for line in lines if _fraction(line, seed) < held_out}
    return [line for line in lines if line not in unseen], [line for line in lines if line in unseen]


def _fraction(text: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\0{text}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def evaluate(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> Evaluation:
    """From the probabilities that positives and negatives got.

    >>> evaluate(np.array([0.9, 0.6]), np.array([0.7, 0.1])).auc
    0.75
    """
    scores = np.concatenate([positive, negative])
    truth = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    return Evaluation(
        len(positive), len(negative), _auc(positive, negative), _limits(scores, truth), _bins(scores, truth)
    )


def _auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    below = np.searchsorted(np.sort(negative), positive, "left")
    until = np.searchsorted(np.sort(negative), positive, "right")
    return float((below + until).sum() / 2 / (len(positive) * len(negative)))


def _limits(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[AtLimit, ...]:
    found = []
    for minimum in LIMITS:
        kept = scores >= minimum
        right = float(truth[kept].sum())
        found.append(AtLimit(minimum, right / max(1, int(kept.sum())), right / max(1.0, float(truth.sum()))))
    return tuple(found)


def _bins(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[Calibration, ...]:
    which = np.minimum((scores * 10).astype(int), 9)
    bins = [(n, which == n) for n in range(10)]
    return tuple(
        Calibration(n / 10, (n + 1) / 10, int(at.sum()), float(scores[at].mean()), float(truth[at].mean()))
        for n, at in bins
        if at.any()
    )
