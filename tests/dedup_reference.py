"""What deduplication must find, the slow way: sets of word tuples, every pair compared. Shares no code with it."""

import polars as pl

UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"


def words(text: str) -> list[str]:
    """The words of a text as the contract defines them, by polars' own regex."""
    plain = pl.Series([text]).str.normalize("NFC").str.to_lowercase()
    return plain.str.extract_all(rf"[\w&&{UNSPACED}]|[\w--{UNSPACED}]+")[0].to_list()


def characters(text: str) -> list[str]:
    """The letters and digits of a text."""
    return pl.Series([text]).str.normalize("NFC").str.to_lowercase().str.extract_all(r"\w")[0].to_list()


def ngrams(text: str, n: int, unit: str = "words") -> set[tuple[str, ...]]:
    found = words(text) if unit == "words" else characters(text)
    return {tuple(found[i : i + n]) for i in range(len(found) - n + 1)}


def jaccard(left: set, right: set) -> float:
    return len(left & right) / len(left | right)


def removal_set(
    documents: dict[str, str], n: int, minimum: float, proposed: set[tuple[str, str]] | None = None
) -> dict[str, tuple[str, float]]:
    """{removed: (keeper, similarity)} for {doc_id: text}, the longest kept; of all pairs, or of those proposed only."""
    order = sorted(documents, key=lambda doc: (-len(documents[doc]), doc))
    sets = {doc: ngrams(text, n) for doc, text in documents.items()}
    removed: dict[str, tuple[str, float]] = {}
    for place, doc in enumerate(order):
        for before in order[:place]:
            if before in removed or not sets[doc] or not sets[before]:
                continue
            if proposed is not None and (before, doc) not in proposed:
                continue
            if (similarity := jaccard(sets[before], sets[doc])) >= minimum:
                removed[doc] = (before, similarity)
                break
    return removed
