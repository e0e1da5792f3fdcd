"""From the bytes of a web page to the plain text of its main content."""

import codecs
import re
from html import unescape

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

# Main content shorter than this is no content: a page of one paragraph, or a heuristic that guessed wrong.
SHORTEST_MAIN_TEXT = 100  # characters

# The search for main content climbs from every tag to the root: 3 to 20 million steps a second. A page of 20 MB with
# usual nesting needs 10 million; above this limit a page has its tags cut out instead.
LARGEST_DEPTH_SUM = 30_000_000
FEW_TAGS = 5_000  # these stay below LARGEST_DEPTH_SUM, whatever they are: n tags sum up to n * n at most

_UNICODE_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Start and end tags; the second group holds the elements that nest nothing, or whose end a parser finds by itself.
_ANY_TAG = re.compile(
    r"<(/?)(?:((?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
    r"|p|dt|dd|tr|td|th|thead|tbody|tfoot|option|colgroup|html|head|body)\b)|[a-z])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_BLOCK_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|ol|dl|dt|dd|tr|table|pre|blockquote|section)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*>", re.I)


def decode(data: bytes) -> str:
    """The text in `data`: by its BOM, else as UTF-8 where it is that, else by its meta charset, else by a guess.

    >>> decode("<meta charset=windows-1251><p>Привет".encode("cp1251"))
    '<meta charset=windows-1251><p>Привет'

    Well-formed UTF-8 goes before the meta tag, since pages re-encoded by a server keep a wrong one; a few broken bytes
    in a page of UTF-8 become U+FFFD and do not turn the rest into mojibake. Never raises.
    """
    if not data.startswith(_UNICODE_BOMS):
        text = data.decode("utf-8", errors="replace")
        broken = text.count("\ufffd")
        if broken == 0 or 4 * broken <= _non_ascii(text) - broken:
            return text
    encoding = detect_encoding(data, from_html_meta=True) or "utf-8"
    if encoding.startswith("utf-16") and not data.startswith(_UNICODE_BOMS) and b"\x00" not in data:
        encoding = "cp1252"  # a meta tag that could be read as ASCII is not in UTF-16; and UTF-8 was tried
    try:
        return str(bytes_to_str(data, encoding, errors="replace", strip_bom=True))
    except (LookupError, UnicodeError):
        return data.decode("utf-8", errors="replace")


def main_text(html: str) -> str:
    """The main content of a page as plain text, its blocks on lines of their own; the whole body where it has none.

    >>> main_text("<nav><a href=x>Home</a></nav><p>Ein Absatz.<p>Noch einer.")
    'Home\\n\\nEin Absatz.\\n\\nNoch einer.'

    Any string is accepted; one without tags comes back as one paragraph. Time is linear in the length of the page:
    pages nested so deep that a parser would need minutes lose their tags by a regular expression instead.
    """
    html = _encodable(html)
    if _nested_too_deep(html):
        return _without_tags(html)
    try:
        # No alternative texts: in main content they are mostly names of icons ("[Note]").
        text = extract_plain_text(html, main_content=True, preserve_formatting=True, alt_texts=False)
        if len(text.strip()) >= SHORTEST_MAIN_TEXT:
            return str(text)
        return str(extract_plain_text(html, main_content=False, preserve_formatting=True, alt_texts=False))
    except ValueError:  # resiliparse's parser gave up
        return _without_tags(html)


def _non_ascii(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", errors="ignore"))


def _encodable(text: str) -> str:
    """`text` without lone surrogates, which no UTF-8 library takes."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _nested_too_deep(html: str) -> bool:
    if html.count("<") <= FEW_TAGS:
        return False
    depth = total = 0
    for tag in _ANY_TAG.finditer(html):
        if tag[2] is None:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        total += depth
    return total > LARGEST_DEPTH_SUM


def _without_tags(html: str) -> str:
    text = _BLOCK_TAG.sub("\n", _UNSEEN.sub(" ", html))
    return unescape(_TAG.sub("", text))
