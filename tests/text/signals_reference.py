# ruff: noqa: RUF001 - characters of many scripts
"""Every signal by brute force from its definition, a character, word or line at a time: slow, and easy to check."""

import itertools
import json
import math
import unicodedata
from collections import Counter

import regex

from corpusmill.transforms.text.signals_vocabulary import CONSENT, SELLING
from corpusmill.transforms.text.toxic_words import LISTS
from corpusmill.transforms.text.word_order import DATA
from corpusmill.transforms.text.words import stop_word_lists

ORDER = json.loads(DATA.read_text(encoding="utf-8"))

IDEOGRAPHIC = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70]")
UNDIVIDED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
JOINERS = "'’-‐‑"
BULLETS = "•‣⁃∙▪■□○●◦·"
END_MARKS = ".!?…。！？।؟۔։។။"
CLOSING = "\"'’”“«»›‹」』）)]*_"
GOPHER_STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}


def kind(character: str) -> str:
    if IDEOGRAPHIC.match(character):
        return "ideograph"
    if UNDIVIDED.match(character):
        return "undivided"
    return "letter" if regex.match(r"\w", character) else "other"


def words(text: str) -> list[str]:
    """Read from left to right, one character after the other."""
    text, found, i = text.lower(), [], 0
    while i < len(text):
        start, what = i, kind(text[i])
        i += 1
        if what == "undivided":
            while i < len(text) and i - start < 4 and kind(text[i]) == "undivided":
                i += 1
        elif what == "letter":
            while i < len(text) and (
                kind(text[i]) == "letter"
                or (text[i] in JOINERS and i + 1 < len(text) and kind(text[i + 1]) == "letter")
            ):
                i += 1
        if what != "other":
            found.append(text[start:i])
    return found


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def repeated(pieces: list[str]) -> list[str]:
    return [piece for piece in pieces if pieces.count(piece) >= 2]


def characters(pieces: list[str]) -> int:
    return sum(len(piece) for piece in pieces)


def width(text: str, n: int) -> int:
    """Words in an n-gram: twice as many where most words are Chinese or Japanese characters."""
    ideographs = sum(kind(word[0]) == "ideograph" for word in words(text))
    return 2 * n if ideographs > len(words(text)) / 2 else n


def grams(text: str, n: int) -> list[tuple[str, ...]]:
    w, size = words(text), width(text, n)
    return [tuple(w[i : i + size]) for i in range(len(w) - size + 1)]


def covered(text: str, n: int, chosen: set[tuple[str, ...]]) -> float:
    """Share of the words' characters in occurrences of the chosen n-grams."""
    w, size = words(text), width(text, n)
    marked = {j for i, gram in enumerate(grams(text, n)) if gram in chosen for j in range(i, i + size)}
    return share(sum(len(w[j]) for j in marked), characters(w))


def top_gram(text: str, n: int) -> float:
    counts = Counter(grams(text, n))
    most = max(counts.values(), default=0)
    return max((covered(text, n, {g}) for g, c in counts.items() if c == most), default=0.0) if most >= 2 else 0.0


def duplicate_gram(text: str, n: int) -> float:
    return covered(text, n, {gram for gram, count in Counter(grams(text, n)).items() if count >= 2})


def spaced_words(text: str) -> list[str]:
    return [word for word in words(text) if kind(word[0]) == "letter"]


def mostly_dense(text: str) -> bool:
    korean_runs = len(regex.findall(r"\p{Hangul}+", text))
    return len(words(text)) - len(spaced_words(text)) + korean_runs > len(words(text)) / 2


def mostly_undivided(text: str) -> bool:
    return sum(kind(word[0]) == "undivided" for word in words(text)) > len(words(text)) / 2


def ellipses(text: str) -> int:
    count = i = 0
    while i < len(text):
        for sign in ("...", "…", ". . ."):
            if text.startswith(sign, i):
                count, i = count + 1, i + len(sign) - 1
                break
        i += 1
    return count


def has_bullet(line: str) -> bool:
    return line[0] in BULLETS or (line[0] in "-*–—" and len(line) > 1 and line[1].isspace())


def ends_sentence(line: str) -> bool:
    return line.rstrip(CLOSING)[-1:] in set(END_MARKS) and line.rstrip(CLOSING) != ""


def stop_words(text: str, language: str) -> int | None:
    listed = GOPHER_STOP_WORDS if language == "en" else stop_word_lists().get(language)
    return None if listed is None else len(set(words(text)) & set(listed))


def is_notice(line: str) -> bool:
    line = line.lower()
    warning = ("enable", "disabled", "activate", "aktivier", "deaktivier", "require", "benötig")
    after = (*warning, "turned", "browser", "erforderlich")
    phrases = [
        "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
        "datenschutzerklärung", "datenschutzrichtlinie", "nutzungsbedingungen", "cookie-richtlinie",
        "verwenden cookies", "verwendet cookies", "nutzen cookies", "nutzt cookies", "einsatz von cookies",
        "verwendung von cookies",
    ]  # fmt: skip
    first, last = line.find("javascript"), line.rfind("javascript")
    if any(phrase in line for phrase in phrases):
        return True
    return first >= 0 and (any(w in line[first + 10 :] for w in after) or any(w in line[:last] for w in warning))


def sentences(text: str) -> int:
    return sum(sentence_ends(line) for line in lines(text) if not is_notice(line))


def sentence_ends(line: str) -> int:
    """End marks, then perhaps closing marks, before white space or the end; after two letters or a closing mark."""
    count = i = 0
    while i < len(line):
        if line[i] in "。！？।؟۔։។။":
            count, i = count + 1, i + 1
            continue
        if line[i] not in ".!?…":
            i += 1
            continue
        j = i
        while j < len(line) and line[j] in ".!?…":
            j += 1
        k = j
        while k < len(line) and line[k] in CLOSING:
            k += 1
        if after_word(line[:i]) and (k == len(line) or line[k].isspace()):
            count += 1
            j = max(j, k)
        i = j
    return count


def after_word(before: str) -> bool:
    def in_word(character: str) -> bool:
        return unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Nd"

    two = len(before) >= 2 and in_word(before[-1]) and in_word(before[-2])
    return two or before[-1:] in set(")]\"'’”“»«>`")


def curly_brackets(text: str) -> float:
    ended = [line for line in lines(text) if ends_sentence(line)]
    return share(sum("{" in line for line in ended), len(ended))


def common(word: str, language: str) -> int:
    """The number of a common word of the language, from 1; 0 for another."""
    listed = ORDER[language]["words"]
    return listed.index(word) + 1 if word in listed else 0


def common_words(text: str, language: str) -> float | None:
    if language not in ORDER:
        return None
    return share(sum(common(word, language) > 0 for word in words(text)), len(words(text)))


def of_vocabulary(text: str, language: str, vocabulary: dict[str, str]) -> float | None:
    """Common words belong to no vocabulary; what is in both of ours belongs to that of selling."""
    if language not in ORDER:
        return None
    listed = set(vocabulary[language].split()) - set(ORDER[language]["words"])
    listed -= set(SELLING[language].split()) if vocabulary is CONSENT else set()
    return share(sum(word in listed for word in words(text)), len(words(text)))


def word_order(text: str, language: str) -> float | None:
    if language not in ORDER:
        return None
    numbers = [common(word, language) for word in words(text)]
    bits = [ORDER[language]["bits"][a][b] / 10 for a, b in itertools.pairwise(numbers) if a or b]
    return sum(bits) / len(bits) if len(bits) >= 10 else None


def entropy(text: str, _: str) -> float:
    counts = Counter(words(text)).values()
    return sum(-n / sum(counts) * math.log(n / sum(counts)) for n in counts)


def often_repeated(text: str, n: int, times: int) -> float:
    return covered(text, n, {gram for gram, count in Counter(grams(text, n)).items() if count >= times})


def toxic(text: str, language: str) -> float | None:
    entries = json.loads(LISTS.read_text()).get(language)
    if entries is None:
        return None
    found, listed = words(text), set()
    for entry in entries:
        parts = entry.split(" ")
        for start in range(len(found) - len(parts) + 1):
            if found[start : start + len(parts)] == parts:
                listed |= set(range(start, start + len(parts)))
    return share(len(listed), len(found))


REFERENCE = {
    "duplicate_line_fraction": lambda t, _: share(len(repeated(lines(t))), len(lines(t))),
    "duplicate_paragraph_fraction": lambda t, _: share(len(repeated(paragraphs(t))), len(paragraphs(t))),
    "duplicate_line_character_fraction": lambda t, _: share(characters(repeated(lines(t))), characters(lines(t))),
    "duplicate_paragraph_character_fraction": lambda t, _: share(
        characters(repeated(paragraphs(t))), characters(paragraphs(t))
    ),
    **{f"top_{n}_gram_character_fraction": lambda t, _, n=n: top_gram(t, n) for n in (2, 3, 4)},
    **{f"duplicate_{n}_gram_character_fraction": lambda t, _, n=n: duplicate_gram(t, n) for n in range(5, 11)},
    "word_count": lambda t, _: len(words(t)),
    "mean_word_length": lambda t, _: (
        None if mostly_dense(t) else share(characters(spaced_words(t)), len(spaced_words(t)))
    ),
    "hash_word_ratio": lambda t, _: t.count("#") / max(1, len(words(t))),
    "ellipsis_word_ratio": lambda t, _: ellipses(t) / max(1, len(words(t))),
    "bullet_line_fraction": lambda t, _: share(sum(map(has_bullet, lines(t))), len(lines(t))),
    "ellipsis_line_fraction": lambda t, _: share(
        sum(line.endswith(("...", "…", ". . .")) for line in lines(t)), len(lines(t))
    ),
    "alphabetic_word_fraction": lambda t, _: share(
        sum(bool(regex.search(r"\p{Alphabetic}", w)) for w in words(t)), len(words(t))
    ),
    "stop_word_count": stop_words,
    "lorem_ipsum_count": lambda t, _: t.lower().count("lorem ipsum"),
    "curly_bracket_line_fraction": lambda t, _: curly_brackets(t),
    "notice_line_fraction": lambda t, _: share(sum(map(is_notice, lines(t))), len(lines(t))),
    "sentence_count": lambda t, _: None if mostly_undivided(t) else sentences(t),
    "line_punctuation_fraction": lambda t, _: (
        None if mostly_undivided(t) else share(sum(map(ends_sentence, lines(t))), len(lines(t)))
    ),
    "short_line_fraction": lambda t, _: (
        None if mostly_dense(t) else share(sum(len(line) <= 30 for line in lines(t)), len(lines(t)))
    ),
    "line_word_ratio": lambda t, _: len(lines(t)) / max(1, len(words(t))),
    "common_word_fraction": common_words,
    "word_order": word_order,
    "selling_word_fraction": lambda t, language: of_vocabulary(t, language, SELLING),
    "consent_word_fraction": lambda t, language: of_vocabulary(t, language, CONSENT),
    "often_repeated_10_gram_character_fraction": lambda t, _: often_repeated(t, 10, 3),
    "exclamation_word_ratio": lambda t, _: t.count("!") / max(1, len(words(t))),
    "link_word_ratio": lambda t, _: t.count("://") / max(1, len(words(t))),
    "unique_word_fraction": lambda t, _: share(len(set(words(t))), len(words(t))),
    "word_entropy": entropy,
    "digit_character_fraction": lambda t, _: share(sum(c in "0123456789" for c in t), len(t)),
    "upper_case_character_fraction": lambda t, _: share(sum("A" <= c <= "Z" for c in t), len(t)),
    "toxic_word_fraction": toxic,
}
