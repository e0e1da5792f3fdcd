"""Whether the removals of a warehouse are true, and how many pairs were missed: counted without a line of corpusmill's.

    python benchmarks/dedup_truth.py WAREHOUSE [LIMIT]

Takes the documents that came to exact_dedup and their word 5-grams, cut character by character. Finds every pair with
a Jaccard similarity of at least 0.8 by prefix filtering (Chaudhuri et al. 2006, Bayardo et al. 2007), which misses
none, and prints how many of those pairs have both documents left. For each document removed: is it as similar to the
one kept for it as the table says, and at least LIMIT (0.7)? Then exact copies (equal but for case and white space) that
are left, and short documents (fewer than five words) that were removed without being such a copy.
"""

import collections
import itertools
import sys
import unicodedata

import deltalake

# As the contract has it, words are made of Rust's `\w`: letters and what Unicode counts to them, marks, decimal digits,
# connectors, joiners. In scripts without spaces between words a character is a word.
JOINED = {"\u200c", "\u200d"}
LETTERS_AMONG_SIGNS = ("CIRCLED LATIN", "SQUARED LATIN", "NEGATIVE CIRCLED LATIN", "NEGATIVE SQUARED LATIN")
UNSPACED = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HIRAGANA",
    "KATAKANA",
    "HALFWIDTH KATAKANA",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
)
N = 5
HIGH = 0.8


def table(warehouse: str, name: str, columns: list[str]) -> list[dict]:
    return deltalake.DeltaTable(f"{warehouse}/{name}").to_pyarrow_table(columns=columns).to_pylist()


class Apart(dict[int, str]):
    """For `str.translate`: words apart by spaces, and nothing else left. Each character is looked at once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category, name = unicodedata.category(char), unicodedata.name(char, "")
        of_word = category[0] in "LM" or category in ("Nd", "Nl", "Pc") or char in JOINED
        if name.startswith(UNSPACED):
            said = f" {char} "
        else:
            said = char if of_word or name.startswith(LETTERS_AMONG_SIGNS) else " "
        self[code] = said
        return said


APART = Apart()
NUMBERS: dict[tuple[str, ...], int] = {}


def grams(text: str) -> frozenset[int]:
    """The text's n-grams; equal ones have one number in all texts."""
    words = unicodedata.normalize("NFC", text).lower().translate(APART).split()
    runs = zip(*(itertools.islice(words, start, None) for start in range(N)), strict=False)
    return frozenset(NUMBERS.setdefault(gram, len(NUMBERS)) for gram in runs)


def jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def similar_pairs(sets: dict[str, frozenset[int]]) -> list[tuple[str, str]]:
    """All pairs at or over HIGH: two such sets share one of the rarest n-grams of each."""
    counts = collections.Counter(gram for one in sets.values() for gram in one)
    index: dict[int, list[str]] = collections.defaultdict(list)
    found = []
    for doc_id in sorted(sets, key=lambda d: (len(sets[d]), d)):
        one = sets[doc_id]
        prefix = sorted(one, key=lambda gram: (counts[gram], gram))[: len(one) - int(HIGH * len(one) - 1e-9) + 1]
        candidates = {other for gram in prefix for other in index[gram] if len(sets[other]) >= HIGH * len(one)}
        found += [(other, doc_id) for other in candidates if jaccard(sets[other], one) >= HIGH]
        for gram in prefix:
            index[gram].append(doc_id)
    return found


def main(warehouse: str, limit: float = 0.7) -> None:
    decided = {r["doc_id"]: r["stage"] for r in table(warehouse, "decisions", ["doc_id", "stage"])}
    texts = {
        r["doc_id"]: r["text"] or ""
        for r in table(warehouse, "documents", ["doc_id", "text"])
        if decided.get(r["doc_id"]) != "filter"
    }
    sets = {doc_id: grams(text) for doc_id, text in texts.items()}
    plain = {doc_id: " ".join(unicodedata.normalize("NFC", text).lower().split()) for doc_id, text in texts.items()}
    removed = {
        r["doc_id"]: (r["kept_doc_id"], r["similarity"], r["method"])
        for r in table(warehouse, "duplicate_clusters", ["doc_id", "kept_doc_id", "similarity", "method"])
        if r["doc_id"] != r["kept_doc_id"]
    }
    pairs = similar_pairs({d: s for d, s in sets.items() if s})
    missed = [p for p in pairs if p[0] not in removed and p[1] not in removed]
    print(f"{len(texts):,} documents, {len(removed):,} removed")
    recall = 1 - len(missed) / max(len(pairs), 1)
    print(f"pairs at or over {HIGH}: {len(pairs):,}; both left: {len(missed):,}; recall {recall:.4f}")
    near = {d: r for d, r in removed.items() if r[2] == "minhash"}
    true = {d: jaccard(sets[d], sets[kept]) for d, (kept, _, _) in near.items()}
    print(f"near-duplicates removed: {len(near):,}; below {limit}: {sum(t < limit for t in true.values())}")
    print(f"similarity told wrongly: {sum(abs(true[d] - near[d][1]) > 1e-9 for d in near)}")
    print(f"removed in favour of one that is not left: {sum(kept in removed for kept, _, _ in removed.values())}")
    left = collections.Counter(plain[d] for d in texts if d not in removed and plain[d])
    print(f"exact copies left: {sum(n - 1 for n in left.values())}")
    short = [d for d in removed if not sets[d] and plain[d] != plain[removed[d][0]]]
    print(f"short documents removed that are no copies: {len(short)}")


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
