"""Junk of six kinds in four languages for benchmarks/quality.py: each text in one of several forms, from a seed."""

import random
from collections.abc import Callable, Iterator, Sequence

from quality_good import LANGUAGES, Text
from quality_notices import NOTICES
from quality_phrases import GOODS, MENU, OFFERS

HALVES = ("tune", "test")
REAL_WORDS = 400  # of a real text, at most, are shuffled or repeated


def junk(good: Sequence[Text], each: int, seed: int) -> Iterator[Text]:
    """`each` texts of a kind, language and half; shuffled and repeated text is from `good` of the same half."""
    for half in HALVES:
        for code in LANGUAGES:
            real = [t.text for t in good if (t.language, t.half) == (code, half) and t.kind != "sentences"]
            for kind, make in KINDS.items():
                for number in range(each):
                    name = f"{seed}/{half}/{code}/{kind}/{number}"
                    yield Text(kind, code, name, make(random.Random(name), code, half, real), half)


def _half(rng: random.Random, items: Sequence[str], half: str) -> list[str]:
    """Every second item, in any order."""
    chosen = list(items[HALVES.index(half) :: 2])
    rng.shuffle(chosen)
    return chosen


def navigation(rng: random.Random, code: str, half: str, _: Sequence[str]) -> str:
    """A menu: items on lines, with bullets or counts, indented, beside each other with bars, or as paths."""
    items = _half(rng, MENU[code], half)
    items = (items * 3)[: rng.randint(25, 90)] if rng.random() < 0.3 else items
    end = f"\n\n© {rng.randint(2005, 2024)} {items[0]} {items[-1]}" if rng.random() < 0.5 else ""
    forms = (
        "\n".join(items),
        "\n\n".join(items),
        "\n".join(f"{rng.choice('•-*')} {item}" for item in items),
        "\n".join(f"{'  ' * rng.randint(0, 2)}{item} ({rng.randint(1, 400)})" for item in items),
        rng.choice((" | ", " · ", " » ", " / ")).join(items),
        "\n".join(" > ".join(rng.sample(items, 3)) for _ in range(rng.randint(8, 30))),
        "\n".join(" | ".join(rng.sample(items, 5)) for _ in range(rng.randint(4, 15))),
    )
    return rng.choice(forms) + end


def numbers(rng: random.Random, code: str, half: str, _: Sequence[str]) -> str:
    """A table: rows of numbers, prices, dates or times, most with a word at their head."""
    heads = _half(rng, MENU[code], half)
    columns, between = rng.randint(3, 9), rng.choice(("\t", " ", "  ", " | ", ";", "\n"))
    cell = rng.choice(
        (
            lambda: str(rng.randint(0, 9999)),
            lambda: f"{rng.uniform(0, 500):.2f}",
            lambda: f"{rng.uniform(0, 500):.2f} €".replace(".", ","),
            lambda: f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.{rng.randint(1990, 2024)}",
            lambda: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
            lambda: f"{rng.uniform(-9, 9):+.1f} %",
        )
    )
    with_head = rng.random() < 0.7
    rows = [
        between.join([*([heads[n % len(heads)]] if with_head else []), *(cell() for _ in range(columns))])
        for n in range(rng.randint(12, 60))
    ]
    return "\n".join([between.join(heads[:columns]), *rows])


def spam(rng: random.Random, code: str, half: str, _: Sequence[str]) -> str:
    """Offers as paragraphs or lines, shouted, with links, or the bare names of goods again and again."""
    goods, offers = _half(rng, GOODS[code], half), _half(rng, OFFERS[code], half)
    said = [offers[n % len(offers)].replace("{}", rng.choice(goods)) for n in range(rng.randint(8, 30))]
    site = f"http://www.{goods[0].split()[0].lower()}-{rng.randint(1, 99)}.example.com/"
    forms = (
        " ".join(said),
        "\n".join(said),
        " ".join(said).upper(),
        "\n".join(f"{line} {site}{rng.randint(1, 999)}" for line in said),
        ", ".join(rng.choice(goods) for _ in range(rng.randint(40, 120))),
        "\n".join(f">>> {line.upper()} <<<" if rng.random() < 0.5 else f"*** {line}" for line in said),
        "\n".join(
            " ".join(rng.choice(goods) for _ in range(rng.randint(4, 9))) + "." for _ in range(rng.randint(8, 20))
        ),
    )
    return rng.choice(forms)


def repeated(rng: random.Random, _: str, __: str, real: Sequence[str]) -> str:
    """A passage of real text many times: alone, with numbers, or as half or more of a text that is otherwise sound."""
    words = rng.choice(real).split()
    size = rng.randint(8, 80)
    at = rng.randint(0, max(0, len(words) - size))
    passage = " ".join(words[at : at + size])
    times = max(rng.randint(3, 15), 100 // size)
    forms = (
        "\n".join([passage] * times),
        "\n\n".join([passage] * times),
        " ".join([passage] * times),
        "\n".join(f"{n + 1}. {passage}" for n in range(times)),
        "\n\n".join([" ".join(words[:REAL_WORDS]), *[passage] * max(times, min(len(words), REAL_WORDS) // size)]),
    )
    return rng.choice(forms)


def salad(rng: random.Random, _: str, __: str, real: Sequence[str]) -> str:
    """The words of a real text in any order: all, within each line, without marks, or dressed up as sentences."""
    source = rng.choice(real)
    lines = [line.split() for line in source.splitlines()]
    words = source.split()[:REAL_WORDS]
    shuffled = rng.sample(words, len(words))
    bare = [word.strip(".,;:!?()\"'«»„“”").lower() for word in shuffled]
    bare = [word for word in bare if word]
    sentences, at = [], 0
    while at < len(bare):
        size = rng.randint(6, 18)
        sentences.append(" ".join(bare[at : at + size]).capitalize() + ".")
        at += size
    forms = (
        " ".join(shuffled),
        "\n".join(" ".join(rng.sample(line, len(line))) for line in lines),
        " ".join(bare),
        " ".join(sentences),
        "\n\n".join(" ".join(sentences[n : n + 4]) for n in range(0, len(sentences), 4)),
    )
    return rng.choice(forms)


def cookies(rng: random.Random, code: str, half: str, _: Sequence[str]) -> str:
    """A notice: sentences about consent, as a paragraph or on lines, with the words of its buttons."""
    said = _half(rng, NOTICES[code], half)[: rng.randint(4, 12)]
    said.sort(key=len, reverse=True)  # buttons stand at the end
    return rng.choice((" ", "\n", "\n\n")).join(said)


KINDS: dict[str, Callable[[random.Random, str, str, Sequence[str]], str]] = {
    "navigation": navigation,
    "numbers": numbers,
    "spam": spam,
    "repeated": repeated,
    "salad": salad,
    "cookies": cookies,
}
