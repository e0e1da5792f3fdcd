"""What a piece of text shows before a model is asked: how many letters, of which script, and whether it is prose."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

# ISO 15924 names; what stands in no range is `Zyyy`, and no language is ruled out for it.
SCRIPTS = {
    "Latn": ((0x41, 0x24F), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xFF21, 0xFF5A)),
    "Grek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "Cyrl": ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "Armn": ((0x530, 0x58F), (0xFB13, 0xFB17)),
    "Hebr": ((0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    "Arab": ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
    "Thaa": ((0x780, 0x7BF),),
    "Deva": ((0x900, 0x97F), (0xA8E0, 0xA8FF)),
    "Beng": ((0x980, 0x9FF),),
    "Guru": ((0xA00, 0xA7F),),
    "Gujr": ((0xA80, 0xAFF),),
    "Orya": ((0xB00, 0xB7F),),
    "Taml": ((0xB80, 0xBFF),),
    "Telu": ((0xC00, 0xC7F),),
    "Knda": ((0xC80, 0xCFF),),
    "Mlym": ((0xD00, 0xD7F),),
    "Sinh": ((0xD80, 0xDFF),),
    "Thai": ((0xE00, 0xE7F),),
    "Laoo": ((0xE80, 0xEFF),),
    "Tibt": ((0xF00, 0xFFF),),
    "Mymr": ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    "Geor": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    "Ethi": ((0x1200, 0x139F), (0x2D80, 0x2DDF)),
    "Khmr": ((0x1780, 0x17FF),),
    "Mong": ((0x1800, 0x18AF),),
    "Hang": ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
    "Kana": ((0x3041, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    "Hani": ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
}
NAMES = ("Zyyy", *SCRIPTS)
_SYMBOLS = "{}();=<>_\\$#|&*/[]"
# Kinds of characters, by number: white space, symbols that programs have, other signs, letters of each of NAMES.
_SPACE, _SYMBOL, _SIGN, _LETTER = range(4)
DENSE = 3  # letters of an alphabet that say as much as one of these scripts:
_DENSE = [NAMES.index(name) for name in ("Hani", "Kana", "Hang", "Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Ethi")]

# Written in no language: addresses, and rules to be filled in or to divide; runs such as base64 and minified code.
_ADDRESS = r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|[_.=*-]{4,}"
_RUN = r"[!-~]{40,}"
_LINK = r"\[([^\]\n]*)\]\([^)\s]*\)"  # of Markdown: its words stay

# A word as it stands in prose, with the marks around it; in scripts other than these three any letter will do.
_WORD = (
    r"^[('\x22*_\p{Pi}\p{Pf}\x{201E}\x{201A}¿¡\p{Pd}]*\p{L}[\p{L}\p{M}'\x{2019}\x{2BC}\x{B4}`·\p{Pd}]*[)'\x22*_\p{Pi}\p{Pf}.,;:!?…\p{Pd}]*$"
    r"|[\p{L}--[\p{Latin}\p{Greek}\p{Cyrillic}]]"
)
# Lines as programs have them: ends, calls, operators, comments, assignments, names_like_this, statements. The edges of
# words are those of a to z: with those of all letters the search takes ten times as long.
CODE_LINE = (
    r"[{};]\s*$|[A-Za-z0-9_][(\[]|[=!<>+-]=|=>|->|::|&&|\|\||</|/>|\w\s?=\s?[\w\x22'\[({-]|\w_\w|\$[A-Za-z_{(]|(?-u:\b)self\."
    r"|\*/\s*$|['\x22],\s*$|^\s*[\])]+[,;]?\s*$|(?-u:\b)do(?:\s\|.*\|)?\s*$|^\s*(?:require|module|include|extend)\s\S+\s*$"
    r"|^\s*0x[0-9A-Fa-f]+[,:]|^\s*(?://|/\*|\*/|#!|#\w|@\w|<\w|\x22\x22\x22|=\w)"
    r"|^\s*(?:import|package|def|class|func|fn|sub)\s\S|^\s*from\s\S+\simport|^\s*(?:if|for|while|switch)\s?\("
    r"|^\s*(?:if|for|while|with|elif|else|try|except|finally|case|default)(?-u:\b).*:\s*$"
    r"|^\s*(?:return|else|end(?:if|for|function|while|try)?|fi|done|esac|break|continue|pass|begin|then|do|in|exit\s\d+"
    r"|finish|try\s\{)\s*$"
    r"|^\s*(?:echo|printf|print|raise|throw|yield|exec|export|local|const|let|var|use|using|#\w+)\s\S|^\s*\w+,\s*$"
    r"|^\s*(?:syn|syntax|hi\s(?:def|link)|autocmd|setl|setlocal|[nvixco]noremap|[nvixco]map|unlet|func!|function!)\s\S"
    r"|^\s*(?:CREATE|ALTER|DROP|SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN|VALUES|SET|RETURNS|LANGUAGE|GRANT|AS)\s\S"
)
# Settings as YAML and JSON have them: lines of a key in small letters with at most three words, and of a short item.
# Keys of a form or a chat stand at the margin and have a value; here some are within another.
_KEY = r"['\x22]?[a-z$@][\w.$/-]*['\x22]?:"
_KEY_LINE = rf"^\s*(?:-\s+)*{_KEY}(?:\s+\S+){{0,3}}\s*$"
_INNER_KEY = rf"(?m)^(?:[\t ]+(?:-\s+)?|-\s+){_KEY}(?:\s|$)|^[a-z][\w.-]*:[\t ]*$"
_ITEM_LINE = r"^\s*-\s+\S+(?:\s\S+)?\s*$"
# Lines of comments begin as items and headings of Markdown do; they are comments beside one of these signs.
_COMMENT_LINE = r"^\s*[*#](?:\s|$)"
_COMMENTS = r"/\*|\*/|(?m)^\s*\*\s*$|^\s*#.*\n\s*#"
_COMMENT_SIGNS = r"\x22{3}|'{3}|/\*"  # that hardly stand elsewhere
# In none of the 71 languages tried does one of these make up a thousandth of the pairs of letters a to z in a word
# (benchmarks/language.py pairs); of letters typed blindly every fourth pair is one of them.
_PAIRS = """
bc bd bf bg bj bk bm bp bq bt bx bz cb cd cf cg cn cp cq cv cw cx db dc df dg dm dq dx fb fc fd fg fj fm fp fq fv fx
fz gf gm gx gz hs hx hz jb jc jf jg jl jm jp jq jv jx jz kc kf kq kx kz lb lc lp lr lx lz mc mq mx nx pb pc pd pg pj
pm pn pq ps pv px py pz qb qc qd qf qg qh qj qk qn qq qs qv qw qx qz rp rx sb sd sf sx tf tq vb vc vd vf vg vh vm vp
vq vt vv vx wb wc wd wf wg wj wk wm wp wq wt wv wx wz xb xc xd xf xg xh xj xk xl xm xn xp xq xr xt xv xw xx xy xz yq
yx yy yz zc zf zj zq zr zs zx"""
RARE_PAIRS = _PAIRS.split()
_RARE = "|".join(RARE_PAIRS)

SYMBOLS = 0.02  # of the characters, from which on lines are looked at; documentation of software has up to 0.027
CODE_LINES = 0.4  # of the characters in lines of code, where there are so many symbols,
FEWEST_LINES = 3  # and so many lines: a line of prose is long, and one bracket in it says little
KEY_LINES = 0.3  # of the characters in lines of keys, of which so many are within another,
SETTINGS = 0.6  # and in these lines, items and code
NO_PROSE = 0.5  # of the characters in what is no word: numbers, names_like_this, a.b.c
RARE = 0.08  # rare pairs of small letters, a letter; letters typed blindly have 0.05 to 0.2
SUSPECT = 0.04  # from which on a text is taken for one only where its language is plain
PRESENT = 0.25  # of the letters, from which on a script is one of the text's

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Evidence:
    """Of each piece: lines (what a model may read of it, on one line), letters (counted as letters of an alphabet),
    scripts (those of a quarter of its letters), prose (or not), suspect (may be letters typed blindly), doubtful (has
    signs as programs have them).
    """

    lines: list[str]
    letters: Numbers
    scripts: list[frozenset[str]]
    prose: npt.NDArray[np.bool_]
    suspect: npt.NDArray[np.bool_]
    doubtful: npt.NDArray[np.bool_]


def evidence(pieces: list[str]) -> Evidence:
    """What the pieces show. Their lines count, so white space stays as it came.

    >>> code = "for (i = 0; i < n; i++) { f(i); }"
    >>> found = evidence(["Ein Satz: https://example.org/x?y", "1,5 2,5", code, "asdkjh qwpxei"])
    >>> found.prose.tolist(), found.lines[0], found.letters.tolist()[:2], sorted(found.scripts[0])
    ([True, False, False, False], 'Ein Satz:', [7, 0], ['Latn'])
    """
    texts = pl.Series(pieces, dtype=pl.String).str.replace_all(_LINK, "${1}").str.replace_all(_ADDRESS, " ")
    without_runs = texts.str.replace_all(_RUN, " ")
    mostly_runs = 2 * without_runs.str.len_chars().to_numpy() < texts.str.len_chars().to_numpy()
    read = without_runs.to_list()
    kinds = _kinds(read)
    by_script = kinds[:, _LETTER:]
    letters = by_script.sum(axis=1)
    present = (by_script >= PRESENT * np.maximum(letters, 1)[:, None]).tolist()
    scripts = [frozenset(name for name, there in zip(NAMES, row, strict=True) if there) for row in present]
    # Letters in an order that no language has were typed blindly, or encode something. Capitals may be an abbreviation.
    rare = without_runs.str.count_matches(_RARE).to_numpy()
    prose = (letters > 0) & ~mostly_runs & ((rare < 2) | (rare < RARE * letters))
    symbols = kinds[:, _SYMBOL] >= SYMBOLS * np.maximum(kinds[:, _SYMBOL:].sum(axis=1), 1)
    prose[prose] = ~_is_code(without_runs.filter(prose), kinds[prose], symbols[prose])
    prose[prose] = ~_are_settings(without_runs.filter(prose))
    weights = letters + (DENSE - 1) * by_script[:, _DENSE].sum(axis=1)
    lines = [text.replace("\n", " ").replace("\xa0", " ").strip() for text in read]
    doubtful = symbols | without_runs.str.contains(_COMMENT_SIGNS).to_numpy()
    return Evidence(lines, weights, scripts, prose, (rare > 0) & (rare >= SUSPECT * letters), doubtful)


def _kinds(pieces: list[str]) -> Numbers:
    """For each piece how many of its characters are of each kind."""
    points = np.frombuffer("".join(pieces).encode("utf-32-le", errors="replace"), dtype=np.uint32)
    width = _LETTER + len(NAMES)
    start = np.arange(len(pieces)) * width
    cells = np.repeat(start, [len(piece) for piece in pieces]) + _kind()[np.minimum(points, 0xFFFF)]
    return np.bincount(cells, minlength=len(pieces) * width).reshape(-1, width)


@cache
def _kind() -> npt.NDArray[np.uint8]:
    """The kind of each code point of the basic plane; all others count as signs, as its last does."""
    signs = [chr(point) for point in range(0x10000)]
    # Accents that are written apart belong to any script.
    letter = np.array([unicodedata.category(c)[0] in "LM" and not "\u0300" <= c <= "\u036f" for c in signs])
    table = np.where(letter, _LETTER, _SIGN).astype(np.uint8)
    table[[c.isspace() for c in signs]] = _SPACE
    table[[ord(c) for c in _SYMBOLS]] = _SYMBOL
    for number, name in enumerate(NAMES[1:], start=_LETTER + 1):
        for first, last in SCRIPTS[name]:
            table[first : last + 1][letter[first : last + 1]] = number
    return table


def _is_code(texts: pl.Series, kinds: Numbers, symbols: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Numbers, source code, logs: most is no word, or most lines are code and there are many symbols."""
    size = np.maximum(kinds[:, _SYMBOL:].sum(axis=1), 1)
    letters = kinds[:, _LETTER:].sum(axis=1)
    code = np.zeros(len(texts), dtype=bool)
    # Most texts are plainly prose; only the others are taken apart.
    doubtful = np.flatnonzero(symbols | (letters < 0.8 * size))
    texts, symbols = texts.gather(doubtful), symbols[doubtful]
    words = share(texts.str.extract_all(r"\S+"), _WORD)
    lines = share(texts.str.split("\n"), CODE_LINE)
    commented = texts.str.contains(_COMMENTS).to_numpy()
    lines[commented] = share(texts.filter(commented).str.split("\n"), f"{CODE_LINE}|{_COMMENT_LINE}")
    several = texts.str.count_matches(r"\n\s*\S").to_numpy() >= FEWEST_LINES - 1
    code[doubtful] = (words <= 1 - NO_PROSE) | ((lines >= CODE_LINES) & symbols & several)
    return code


def _are_settings(texts: pl.Series) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = texts.str.count_matches(_INNER_KEY).to_numpy() >= FEWEST_LINES
    if found.any():
        lines = texts.filter(found).str.split("\n")
        whole = share(lines, f"{_KEY_LINE}|{_ITEM_LINE}|{CODE_LINE}")
        found[found] = (share(lines, _KEY_LINE) >= KEY_LINES) & (whole >= SETTINGS)
    return found


def share(parts: pl.Series, pattern: str) -> npt.NDArray[np.float64]:
    """The share of the characters of each list that stand in its parts with the pattern."""
    flat = parts.explode().fill_null("")
    sizes = flat.str.strip_chars().str.len_chars().to_numpy()
    owner = np.repeat(np.arange(len(parts)), np.maximum(parts.list.len().to_numpy(), 1))
    found = flat.str.contains(pattern).to_numpy()
    total = np.bincount(owner, sizes, minlength=len(parts))
    return np.bincount(owner[found], sizes[found], minlength=len(parts)) / np.maximum(total, 1)
