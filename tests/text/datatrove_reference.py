"""Each signal as datatrove 0.10.1 defines it, by brute force: whole texts through spaCy, a word or line at a time."""

import re
import string
from collections import Counter
from functools import cache

import spacy
from spacy.language import Language

GOPHER_STOP_WORDS = {"en": {"the", "be", "to", "of", "and", "that", "have", "with"}}
END_MARKS = tuple(".!?\u3002\uff01\uff1f\u0964\u061f\u203c")  # of the texts of these tests
MARKS = set(string.punctuation + "\u00ab\u00bb\u2013\u2014\u2019\u201c\u201d\u201e\u2026\u3001") | set(END_MARKS)
POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


@cache
def model(language: str) -> Language:
    nlp = spacy.blank(language)
    nlp.add_pipe("sentencizer")
    return nlp


def words(text: str, language: str) -> list[str]:
    return [word.text for word in model(language)(text) if word.text.strip()]


def sentences(line: str, language: str) -> int:
    return sum(1 for sentence in model(language)(line).sents if sentence.text.strip())


def ratio(part: float, whole: float) -> float:
    return part / max(whole, 1)


def again(pieces: list[str]) -> list[str]:
    """Pieces that have been there before."""
    return [piece for n, piece in enumerate(pieces) if piece in pieces[:n]]


def characters(pieces: list[str]) -> int:
    return sum(map(len, pieces))


def filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def top(text: str, language: str, n: int) -> float:
    found = words(text, language)
    grams = Counter(tuple(found[i : i + n]) for i in range(len(found) - n + 1))
    if not grams:
        return 0
    most = max(grams.values())
    first = next(gram for gram, times in grams.items() if times == most)
    return ratio(len(" ".join(first)) * most, len(text))


def repeated(text: str, language: str, n: int) -> float:
    found, read, at, total = words(text, language), set(), 0, 0
    while at + n <= len(found):
        gram = "".join(found[at : at + n])
        total += len(gram) if gram in read else 0
        at += n if gram in read else 1
        read.add(gram)
    return ratio(total, len(text))


def c4(text: str, language: str) -> tuple[dict[str, float], str]:
    """The four signals of C4's filter without its end mark rule, and the text that it leaves."""
    asked = placeholder = bracket = notice = count = 0
    left = []
    for line in map(str.strip, text.splitlines()):
        written = line.split()
        if len(written) < 3 or max(map(len, written)) > 1000:
            continue
        line = re.sub(r"\[\d*\]|\[edit\]|\[citation needed\]", "", line)
        low, asked = line.lower(), asked + 1
        if "lorem ipsum" in low:
            placeholder += 1
        elif "javascript" in low:
            notice += 1
            continue
        elif "{" in low:
            bracket += 1
        elif any(phrase in low for phrase in POLICY):
            notice += 1
            continue
        count += sentences(line, language)
        left.append(line)
    return {
        "lorem_ipsum_count": placeholder,
        "curly_bracket_line_fraction": ratio(bracket, asked),
        "notice_line_fraction": ratio(notice, asked),
        "sentence_count": count,
    }, "\n".join(left).strip()


def fineweb(text: str, language: str) -> dict[str, float]:
    """The four signals of FineWeb's filter."""
    lines = filled(text)
    return {
        "duplicate_line_character_fraction": ratio(characters(again(lines)), len(text.replace("\n", ""))),
        "line_punctuation_fraction": ratio(sum(line.endswith(END_MARKS) for line in lines), len(lines)),
        "short_line_fraction": ratio(sum(len(line) <= 30 for line in lines), len(lines)),
        "line_word_ratio": ratio(text.count("\n"), len(words(text, language))),
    }


def reference(text: str, language: str, in_turn: bool = False) -> dict[str, float | None]:
    """in_turn: FineWeb's filter is asked of what C4's leaves."""
    asked_of_lines, left = c4(text, language)
    every = words(text, language)
    named = [word for word in every if set(word) - MARKS]
    lines, runs = text.splitlines(), re.split("\n+", text)
    paragraphs = re.split("\n{2,}", text.strip())
    stops = GOPHER_STOP_WORDS.get(language)
    return {
        "duplicate_line_fraction": ratio(len(again(runs)), len(runs)),
        "duplicate_paragraph_fraction": ratio(len(again(paragraphs)), len(paragraphs)),
        "duplicate_paragraph_character_fraction": ratio(characters(again(paragraphs)), len(text)),
        **{f"top_{n}_gram_character_fraction": top(text, language, n) for n in (2, 3, 4)},
        **{f"duplicate_{n}_gram_character_fraction": repeated(text, language, n) for n in range(5, 11)},
        "word_count": len(named),
        "mean_word_length": ratio(characters(named), len(named)),
        "hash_word_ratio": ratio(text.count("#"), len(every)),
        "ellipsis_word_ratio": ratio(text.count("...") + text.count("\u2026"), len(every)),
        "bullet_line_fraction": ratio(sum(line.lstrip()[:1] in ("-", "\u2022") for line in lines), len(lines)),
        "ellipsis_line_fraction": ratio(sum(line.rstrip().endswith(("...", "\u2026")) for line in lines), len(lines)),
        "alphabetic_word_fraction": ratio(sum(any(map(str.isalpha, word)) for word in every), len(every)),
        **({"stop_word_count": len(set(every) & stops)} if stops else {}),
        **asked_of_lines,
        **fineweb(left if in_turn else text, language),
    }
