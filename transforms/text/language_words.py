"""What is known of single languages: the scripts that they are written in, and how many stop words their texts have."""

import json
import re
import string
from pathlib import Path

DATA = Path(__file__).parent / "data"

# Languages of lid.176 that are written in other scripts than the Latin one, by ISO 15924 code; some have two.
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
_LATIN = """af als an ast bar bcl br ca cbk ceb co cs cy da de diq dsb eml en eo es et eu fi fr frr fy ga gd gl gn gv hr
hsb ht hu ia id ie ilo io is it jbo jv kw la lb li lmo lt lv mg min ms mt mwl nah nap nds nl nn no oc pam pfl pl pms pt qu
rm ro sc scn sco sk sl so sq su sv sw tl tr vec vep vi vls vo wa war yo""".split()

# Half of the share of different stop words that is usual in a sentence speaks for the language as much as all of it.
ENOUGH = 0.5
_PRIOR, _PRIOR_WORDS = 0.5, 2.5  # as if so many stop words had been seen among so many words: few words say little
_MARKS = string.punctuation + "«»„“”‚‘’…–—¿¡‹›،؛؟।·、。"


def scripts_of(label: str, code: str) -> frozenset[str]:
    """The scripts of a model's label, as ISO 15924 codes; empty where they are not known.

    >>> sorted(scripts_of("ja", "ja")), sorted(scripts_of("deu_Latn", "de")), sorted(scripts_of("cmn_Hans", "zh"))
    (['Hani', 'Kana'], ['Latn'], ['Hani'])
    """
    named = re.search(r"_([A-Z][a-z]{3})$", label)
    if named:
        wider = {"Hans": {"Hani"}, "Hant": {"Hani"}, "Jpan": {"Hani", "Kana"}, "Kore": {"Hang", "Hani"}}
        return frozenset(wider.get(named[1], {named[1]}))
    if code in _LATIN:
        return frozenset({"Latn"})
    return frozenset(script for script, codes in _WRITTEN.items() if code in codes.split())


class LanguageWords:
    """The stop words of the languages that have a list, with the share of them that is usual."""

    def __init__(self) -> None:
        usual = json.loads((DATA / "stop_word_shares.json").read_text())
        lists = json.loads((DATA / "stop_words.json").read_text())
        # One letter is a word in too many languages.
        self._stops = {code: frozenset(w for w in lists[code] if len(w) > 1) for code in usual}
        self._enough = {code: ENOUGH * share for code, share in usual.items()}

    @staticmethod
    def words(line: str) -> frozenset[str]:
        """The different words of a line, lower-cased, of two characters or more.

        >>> sorted(LanguageWords.words("Das (das!) ist ein Satz"))
        ['das', 'ein', 'ist', 'satz']
        """
        return frozenset(word for raw in line.lower().split() if len(word := raw.strip(_MARKS)) > 1)

    def support(self, words: frozenset[str], code: str) -> float:
        """How far the words speak for the language, 0..1: 1 with enough stop words, or where there is no list.

        >>> german = LanguageWords().words("das ist der ganz gewöhnliche Anfang von einem Satz")
        >>> [round(LanguageWords().support(german, code), 2) for code in ("de", "en", "so")]
        [1.0, 0.2, 1.0]
        """
        stops = self._stops.get(code)
        if stops is None:
            return 1.0
        share = (len(words & stops) + _PRIOR) / (len(words) + _PRIOR_WORDS)
        return min(1.0, share / self._enough[code])
