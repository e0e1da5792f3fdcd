"""Labelled texts for benchmarks/quality.py out of data given by path: manuals, articles, sentences; menus and notices.

What counts as good, or as a menu, is told by markup and by labels of others, never by a signal that a rule judges by.
"""

import argparse
import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from corpusmill.transforms.text import language
from corpusmill.transforms.text.html import decode, main_text

LANGUAGES = ("en", "de", "fr", "es")
PARAGRAPHS = "p, div.para"
FEWEST_WORDS = 100  # between white space, in paragraphs of a manual's page, or in an article
PARAGRAPH_SHARE = 0.5  # of a manual's main text: below, a page is a list, an index or a table
MOST_PAGES = 60  # of one package and language in one half
ONE_IN = 3  # pages that are looked at, by a hash: those taken then come from all parts of a package
LONGEST_PAGE = 150_000  # characters of a line; longer pages are tables of functions
SENTENCES_A_TEXT = 10


OF_LANGUAGE = re.compile(r'"lang": "(?:en|de|fr|es)"')  # near the end of a line, which need not be read otherwise
END = 120
MENUS = "nav, [role=navigation]"
NOTICES = "[class*=cookie], [id*=cookie], [class*=consent], [id*=consent], [class*=gdpr]"
OF_CONSENT = re.compile("cookie|consent|einwilligung|datenschutz", re.I)
FEWEST_WORDS_OF_MENU = 20


class Text(NamedTuple):
    """A labelled text. half: "tune" or "test", by a hash of its name."""

    kind: str
    language: str
    name: str
    text: str
    half: str


def text(kind: str, code: str, name: str, content: str) -> Text:
    half = "test" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tune"
    return Text(kind, code, name, content, half)


def manuals(folder: Path) -> Iterator[Text]:
    """Pages of documentation whose paragraphs hold most of the text; in part-*.jsonl.gz: id, html, lang, package."""
    seen, taken = set(), defaultdict(int)
    for part in sorted(folder.glob("part-*.jsonl.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as lines:
            for line in lines:
                if len(line) > LONGEST_PAGE or not OF_LANGUAGE.search(line[-END:]):
                    continue
                page = json.loads(line)
                made = text("manual", page["lang"], page["id"], "")
                group = (page["package"], page["lang"], made.half)
                if taken[group] >= MOST_PAGES or hashlib.sha256(page["id"].encode()).digest()[1] % ONE_IN:
                    continue
                content = _prose_of(page["html"])
                if content and content not in seen and language.load(None).identify([content])[0] == [page["lang"]]:
                    seen.add(content)
                    taken[group] += 1
                    yield made._replace(text=content)


def _prose_of(html: str) -> str:
    tree = HTMLTree.parse(html)
    paragraphs = sum(len(node.text.split()) for node in tree.body.query_selector_all(PARAGRAPHS)) if tree.body else 0
    content = main_text(html)
    return content if paragraphs >= max(FEWEST_WORDS, PARAGRAPH_SHARE * len(content.split())) else ""


def labelled_pages(repository: Path) -> Iterator[Text]:
    """Articles of adbar/trafilatura's tests: pages of which all labelled pieces, and few of the others, come out."""
    labels = json.loads((repository / "tests" / "evaldata.json").read_text(encoding="utf-8"))
    for url, label in labels.items():
        for folder in ("eval", "cache"):
            path = repository / "tests" / folder / label["file"]
            if not path.is_file():
                continue
            content = main_text(decode(path.read_bytes()))
            wanted = label["with"] and all(piece in content for piece in label["with"])
            unwanted = sum(piece in content for piece in label["without"])
            if wanted and unwanted <= 1:
                yield from _article(url, content)
            break


def articles(repository: Path) -> Iterator[Text]:
    """Article texts as people marked them, of scrapinghub/article-extraction-benchmark."""
    for name, label in json.loads((repository / "ground-truth.json").read_text(encoding="utf-8")).items():
        yield from _article(name, label["articleBody"])


def _article(name: str, content: str) -> Iterator[Text]:
    codes, _ = language.load(None).identify([content])
    if codes[0] in LANGUAGES and len(content.split()) >= FEWEST_WORDS:
        yield text("article", codes[0], name, content)


def sentences(repository: Path) -> Iterator[Text]:
    """Sentences of pemistahl/lingua-py's tests, ten on ten lines: read one by one they are prose, of web and news.

    Not the Spanish and French ones, of which many have lost their accented letters.
    """
    for code in ("en", "de"):
        path = repository / "language-testdata" / "sentences" / f"{code}.txt"
        found = path.read_text(encoding="utf-8").splitlines()
        for start in range(0, len(found) - SENTENCES_A_TEXT + 1, SENTENCES_A_TEXT):
            yield text("sentences", code, f"{code}/{start}", "\n".join(found[start : start + SENTENCES_A_TEXT]))


def treebank(folder: Path, part: str) -> Iterator[Text]:
    """Sentences of Universal Dependencies on lines, as many as have FEWEST_WORDS: FOLDER/*-ud-PART.conllu."""
    for path in sorted(folder.glob(f"*-ud-{part}.conllu")):
        lines: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text = "):
                lines.append(line.removeprefix("# text = "))
            if sum(len(one.split()) for one in lines) >= FEWEST_WORDS:
                yield text("treebank", path.name[:2], f"{path.name}/{lines[0]}", "\n".join(lines))
                lines = []


def furniture(repository: Path) -> Iterator[Text]:
    """Menus, footers and cookie notices of the same pages, by their elements' names: junk as it is found."""
    seen = set()
    for path in sorted(p for folder in ("eval", "cache") for p in (repository / "tests" / folder).glob("*.html")):
        body = HTMLTree.parse(decode(path.read_bytes())).body
        for kind, selector in (("real menu", MENUS), ("real notice", NOTICES)):
            for node in body.query_selector_all(selector) if body else ():
                content = extract_plain_text(node.html)
                enough = len(content.split()) >= FEWEST_WORDS_OF_MENU and content not in seen
                if enough and (kind == "real menu" or OF_CONSENT.search(content)):
                    seen.add(content)
                    code = language.load(None).identify([content])[0][0]
                    yield text(kind, code, f"{path.name}/{len(seen)}", content)


def add_arguments(ask: argparse.ArgumentParser) -> None:
    """Options that name the data; what is not given is left out."""
    ask.add_argument("--manuals", type=Path, metavar="FOLDER", help="part-*.jsonl.gz with id, html, lang, package")
    ask.add_argument("--pages", type=Path, metavar="FOLDER", help="a checkout of adbar/trafilatura")
    ask.add_argument("--articles", type=Path, metavar="FOLDER", help="of scrapinghub/article-extraction-benchmark")
    ask.add_argument("--sentences", type=Path, metavar="FOLDER", help="a checkout of pemistahl/lingua-py")
    ask.add_argument("--treebanks", type=Path, metavar="FOLDER", help="*-ud-*.conllu of Universal Dependencies")


def good_prose(given: argparse.Namespace, treebank_part: str = "test") -> list[Text]:
    """All good texts of the data that were given."""
    found = [
        *(labelled_pages(given.pages) if given.pages else ()),
        *(articles(given.articles) if given.articles else ()),
        *(sentences(given.sentences) if given.sentences else ()),
        *(treebank(given.treebanks, treebank_part) if given.treebanks else ()),
        *(manuals(given.manuals) if given.manuals else ()),
    ]
    return [one for one in found if one.language in LANGUAGES]
