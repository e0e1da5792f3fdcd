"""What is known of single languages: the scripts that they are written in, and how many stop words their texts have."""

import json
import re
from pathlib import Path

from corpusmill.schemas.recipe_values import LANGUAGES

DATA = Path(__file__).parent / "data"

# Languages of lid.176 that are written in other scripts than the Latin one, or in two, by the script's ISO 15924 code.
_WRITTEN = {
    "Arab": "ar arz azb ckb fa ku lrc mzn pnb ps sd ug ur",
    "Armn": "hy",
    "Beng": "as bn bpy",
    "Cyrl": "av az ba be bg bs bxr ce cv kk krc kv ky lez mhr mk mn mrj myv os ru rue sah sh sr tg tk tt tyv uk uz xal",
    "Deva": "bh dty gom hi hif mai mr ne new sa sd",
    "Ethi": "am",
    "Geor": "ka xmf",
    "Grek": "el",
    "Gujr": "gu",
    "Guru": "pa",
    "Hang": "ko",
    "Hani": "ja ko wuu yue zh",
    "Hebr": "he yi",
    "Kana": "ja",
    "Khmr": "km",
    "Knda": "kn",
    "Laoo": "lo",
    "Latn": "az bs gom hif ku sh sr tk tt uz",
    "Mlym": "ml",
    "Mong": "mn",
    "Mymr": "my",
    "Orya": "or",
    "Sinh": "si",
    "Taml": "ta",
    "Telu": "te",
    "Thaa": "dv",
    "Thai": "th",
    "Tibt": "bo",
}
ENOUGH = 0.6  # of the share of stop words that is usual in a sentence: more speaks for the language no more
_PRIOR, _PRIOR_WORDS = 0.5, 2.5  # as if so many stop words had been seen among so many words: few words say little


def scripts_of(label: str, code: str) -> frozenset[str]:
    """The scripts of a model's label, as ISO 15924 codes; empty where they are not known.

    >>> sorted(scripts_of("ja", "ja")), sorted(scripts_of("deu_Latn", "de")), sorted(scripts_of("cmn_Hans", "zh"))
    (['Hani', 'Kana'], ['Latn'], ['Hani'])
    """
    named = re.search(r"_([A-Z][a-z]{3})$", label)
    if named:
        wider = {"Hans": {"Hani"}, "Hant": {"Hani"}, "Jpan": {"Hani", "Kana"}, "Kore": {"Hang", "Hani"}}
        return frozenset(wider.get(named[1], {named[1]}))
    written = frozenset(script for script, codes in _WRITTEN.items() if code in codes.split())
    return written or (frozenset({"Latn"}) if code in LANGUAGES else written)


class LanguageWords:
    """The stop words of the languages that have a list, with the share of them that is usual."""

    def __init__(self) -> None:
        usual = json.loads((DATA / "stop_word_shares.json").read_text())
        lists = json.loads((DATA / "stop_words.json").read_text())
        # One letter is a word in too many languages.
        self._stops = {code: frozenset(w for w in lists[code] if len(w) > 1) for code in usual}
        self._enough = {code: ENOUGH * share for code, share in usual.items()}

    def support(self, words: set[str], code: str) -> float:
        """How far the words speak for the language, 0..1: 1 with enough stop words, or where there is no list.

        words: the different words of a text, lower-cased. Marks may stick to them, as they seldom do to stop words.

        >>> german = set("das ist der ganz gewöhnliche anfang von einem satz.".split())
        >>> [round(LanguageWords().support(german, code), 2) for code in ("de", "en", "so")]
        [1.0, 0.18, 1.0]
        """
        stops = self._stops.get(code)
        if stops is None:
            return 1.0
        share = (len(words & stops) + _PRIOR) / (len(words) + _PRIOR_WORDS)
        return min(1.0, share / self._enough[code])
