"""Names of records: ids and content hashes that are the same on any machine, in any folder, order and partitioning.

Each is the first 128 bits of a SHA-256 as 32 hex digits: among 10^12 documents two share one with a chance of about
10^-15 (birthday bound, n^2 / 2^129). The parts are hashed with their lengths before them, so that no two different
lists of parts give the same bytes (`ab` + `c` is not `a` + `bc`, and a part that is absent is not an empty one).
"""

import hashlib
from collections.abc import Iterable, Mapping

HEX_DIGITS = 32


def doc_id(source: str, source_id: str) -> str:
    """The id of a document from its source's name and the input's own id.

    >>> doc_id("pages", "about.html")
    '47f74bcaa8fa33b43af556ada7fe064d'
    >>> doc_id("page", "sabout.html") == doc_id("pages", "about.html")
    False
    """
    return _hash(("id", source, source_id))


def doc_id_of_content(source: str, content_hash: str, number: int) -> str:
    """The id of a document whose input has no id: from its content, and its number (from 0) among equal contents.

    >>> first = doc_id_of_content("notes", content_hash("text/plain", "Hello", None, None), 0)
    >>> second = doc_id_of_content("notes", content_hash("text/plain", "Hello", None, None), 1)
    >>> first == second, first == doc_id("notes", content_hash("text/plain", "Hello", None, None))
    (False, False)
    """
    return _hash(("content", source, content_hash, str(number)))


def foreign_id(corpus: str, source_id: str | None, content_hash: str) -> str:
    """The id of a document of a corpus outside of the dataset: the same wherever its files lie.

    >>> foreign_id("web", "7", "0af1") == foreign_id("web", None, "0af1")
    False
    """
    return _hash(("foreign", corpus, source_id, content_hash))


def content_hash(content_type: str, text: str | None, data: bytes | None, metadata: Mapping[str, str] | None) -> str:
    """The hash of what a record holds; equal where all four are equal. The order of `metadata` does not matter.

    No metadata and empty metadata are the same; no text and empty text are not.

    >>> content_hash("text/plain", "Hello", None, {"a": "1", "b": "2"})
    '64f7ea1f93a6ada7776e80277883cf90'
    >>> content_hash("text/plain", "Hello", None, {"b": "2", "a": "1"})
    '64f7ea1f93a6ada7776e80277883cf90'
    >>> content_hash("text/plain", "Hello", None, {"b": "1", "a": "2"}) == _
    False
    """
    pairs = [part for pair in sorted((metadata or {}).items()) for part in pair]
    return _hash((content_type, text, data, *pairs))


def _hash(parts: Iterable[str | bytes | None]) -> str:
    """SHA-256 of the parts, each as `length:bytes`, an absent one as `-`; the first 32 hex digits."""
    digest = hashlib.sha256()
    for part in parts:
        if part is None:
            digest.update(b"-")
            continue
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.hexdigest()[:HEX_DIGITS]
