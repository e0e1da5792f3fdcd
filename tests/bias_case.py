"""Made corpora for the bias report: with leanings that are known, and the same without them."""

import random

import polars as pl

from corpusmill.transforms.text.bias import Ratio, ratios_of
from corpusmill.transforms.text.bias_counts import Counts

PLACES = {
    "en": "garden river market window bridge forest island mountain village harbour station orchard museum theatre "
    "table lamp street road field stone cloud tree door tower square valley meadow tunnel canal cellar attic roof wall",
    "de": "Garten Fluss Markt Fenster Brücke Wald Insel Berg Dorf Hafen Bahnhof Museum Theater Tisch Lampe Straße Weg "
    "Feld Stein Wolke Baum Tür Turm Platz Tal Wiese Tunnel Kanal Keller Dach Wand Zaun Treppe Brunnen",
}
# A sentence with a group, and what it says of it; what is said first leans to the first group.
SENTENCES = {
    "en": [
        ("{group} was a {what} at the {a} near the {b}.", ("She", "He"), ("nurse", "engineer")),
        ("{group} from the {a} spoke of {what} by the {b}.", ("Muslims", "Christians"), ("an attack", "a feast")),
    ],
    "de": [
        ("{group} arbeitet als {what} bei dem {a} am {b}.", ("Sie", "Er"), ("Pflegekraft", "Ingenieur")),
        ("{group} redeten am {a} mit {what} beim {b}.", ("Muslime", "Christen"), ("Gewalt", "Brot")),
    ],
}
PLAIN = {"en": "The {} of the {} is behind the {}.", "de": "Hinter dem {} steht ein {} mit {}."}


def document(draw: random.Random, language: str, leaning: float, swapped: bool = False) -> str:
    """A text. leaning: share of the sentences in which the group decides what is said, 0..1; else a coin does."""
    places, sentences = PLACES[language].split(), []
    for pattern, groups, said in SENTENCES[language]:
        for _ in range(2):
            side = draw.randrange(2)
            what = said[side if draw.random() < leaning else draw.randrange(2)]
            group = groups[1 - side if swapped else side]
            a, b = draw.sample(places, 2)
            sentences.append(pattern.format(group=group, what=what, a=a, b=b))
            sentences.append(PLAIN[language].format(*draw.sample(places, 3)))
    return " ".join(sentences)


def corpus(seed: int, leaning: float, swapped: bool = False, n: int = 400) -> pl.DataFrame:
    """n English and n German documents of two sources."""
    draw = random.Random(seed)
    rows = [
        {
            "text": document(draw, language, leaning, swapped),
            "language": language,
            "source": draw.choice(["web", "wiki"]),
        }
        for language in ("en", "de")
        for _ in range(n)
    ]
    return pl.DataFrame(rows)


def counted(frame: pl.DataFrame, batch: int = 100) -> Counts:
    """What is counted in a corpus, in batches of so many documents."""
    counts = Counts()
    for part in frame.iter_slices(batch):
        counts.add(part["text"], part["language"], part["source"])
    return counts


def findings(frame: pl.DataFrame) -> list[Ratio]:
    return [ratio for ratio in ratios_of(counted(frame))[0] if ratio.kind != "near" and ratio.leans]


def english(*texts: str) -> pl.DataFrame:
    return pl.DataFrame({"text": texts, "language": ["en"] * len(texts), "source": ["web"] * len(texts)})
