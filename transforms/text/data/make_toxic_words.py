# ruff: noqa: RUF001 - characters of many scripts
"""Writes toxic_words.json beside this file: python transforms/text/data/make_toxic_words.py FOLDER

FOLDER is a checkout of LDNOOBW/List-of-Dirty-Naughty-Obscene-and-Otherwise-Bad-Words. Entries are written as the words
that the signals see, with one space between them. Left out are:

* languages whose words the signals do not find (Thai; Korean, whose particles are written together with the words), and
  those that the language model does not know;
* entries of a single Chinese or Japanese character, which stand inside of harmless words;
* entries that are stop words of the language;
* those of HARMLESS: terms of medicine, law and technology, words of who people are, and words whose other meaning is
  the usual one. Blocklists with such words have cost corpora the texts by and about minorities (Dodge et al. 2021,
  arXiv 2104.08758, section 5). English and German were read entry by entry; of the others what is
  left out stood out, or was found in manuals and in ordinary sentences.
"""

import json
import sys
import unicodedata
from pathlib import Path

import polars as pl

from corpusmill.transforms.text.words import IDEOGRAPHIC, WORD, stop_word_lists

LANGUAGES = {"fil": "tl", "fr-CA-u-sd-caqc": "fr"}  # as lid.176 calls them
LEFT_OUT = {"th", "ko", "kab", "tlh", "LICENSE", "README.md", "USERS.md"}
HARMLESS = {
    "en": """
        anal|anus|clitoris|ejaculation|fecal|genitals|intercourse|nipple|nipples|penis|rectum|semen|vagina|vulva|orgasm
        |masturbate|masturbating|masturbation|pubes|cialis|viagra|spastic|eunuch|vibrator|sadism|nymphomania|erotism
        |incest|rape|raping|rapist|date rape|daterape|paedophile|pedophile|bestiality|zoophilia|pornography|neonazi
        |swastika|white power|negro|sex|sexual|sexually|sexuality|homoerotic|erotic|nude|nudity|undressing|topless
        |ass|bareback|barely legal|bastard|bastardo|bastinado|big black|bondage|busty|butt|cock|cocks|coon|coons|dick
        |dog style|domination|escort|fingering|girl on|grope|hard core|hardcore|hooker|how to kill|how to murder
        |huge fat|humping|kinky|leather restraint|lolita|make me come|mong|mr hands|nsfw|octopussy|panties|panty|pegging
        |playboy|poof|poon|quim|rimming|s&m|santorum|scat|scissoring|skeet|snatch|snowballing|shrimping|suck|sucks
        |swinger|tainted love|taste my|throating|tied up|tight white|tit|tongue in a|twinkie|voyeur|xx|xxx|tea bagging
        |alaskan pipeline|guro|lovemaking|beaver cleaver|dingleberry|dingleberries|babeland|strappado|shota|sexo
        |spunk|bullet vibe|dvda|figging|leather straight jacket|prince albert piercing|threesome|dommes
    """,
    "de": """
        nackt|penis|orgasmus|nippel|onanieren|pinkeln|porno|kimme|rosette|mufti|lümmel|möpse|popel|poppen|schiesser
        |vögeln|fratze|schabracke|bonze|bimbo
    """,
    "ar": "شاذ",
    "cs": "bordel|píchat|čumět|žrát",
    "da": "anus|pis",
    "es": """
        asesinato|asno|concha|drogas|esperma|haciendo el amor|heroína|infierno|maldito|martillo|nazi|orina|pedo|pezón
        |pinche|pis|prostituta|racista|semen|sexo|sexo oral|travesti|trio|vulva
    """,
    "fa": "تجاوز|سوپر",
    "fi": """
        haahka|hatullinen|jätkä|molo|muna|mutiainen|naida|palli|pallit|panna|pano|pipari|piru|pistää|reikä|tavara|toosa
        |viiksi
    """,
    "fr": """
        baiser|bander|bite|bitte|bourré|bourrée|calice|clitoris|con|criss|cul|folle|gerbe|gerber|gueule|jouir|meuf|negro
        |péter|pipi|pédale|ramoner|tanche|trique|étron
    """,
    "hu": """
        barmok|barmokat|barmot|barom|buksza|bukszák|bukszákat|bukszát|marha|marhák|marhákat|marhát|pofa|pofákat|pofát
    """,
    "it": """
        anale|bagnarsi|balle|battere|biga|brinca|cadavere|cagna|cesso|cozza|fava|finocchio|monta|montare|mona|mussa
        |nave scuola|palle|pesce|pippa|pisello|pistolotto|pompa|quaglia|regina|sbattere|sbattersi|sega|spagnola|tirare
        |topa|troia|vacca|vangare
    """,
    "ja": "sm|s ＆ m|エッチ|カント|グロ|なめ|ファック|フック|セックス|人妻|女の子|挿入|肛門",
    "nl": """
        aardappels afgieten|achter het raam zitten|aftrekken|afzuigen|anita|asbak|balen|bekken|beurt|boemelen|buffelen
        |de ballen|de hond uitlaten|de pijp uitgaan|del|driehoog achter wonen|een beurt geven|eikel|gat|gras maaien
        |griet|hol|johny|kanen|knor|matje|mof|muts|naaien|naakt|nicht|opzouten|paal|palen|penoze|pijpen|pik|poot|pot|reutelen
        |schatje|spuiten|standje|stootje|toeter|watje|wippen|zaadje|zuigen
    """,
    "pl": "dmuchać|jajco|jajko|suka",
    "pt": """
        aborto|amador|aranha|ariano|bissexual|burro|cacete|camisinha|cerveja|clitoris|cocaína|coito|comer|consolo|corno
        |dum raio|fecal|frango assado|gozar|grelho|heroína|heterosexual|homem gay|homoerótico|homosexual|inferno|lolita
        |lésbica|mama|passar um cheque|pau|pinto|pênis|saco|torneira|transar|veado|vibrador|ânus
    """,
    "ru": """
        byk|gol|petuh|uboy|бугор|голый|другой дразнится|какая разница|мент|обнаженный|половое сношение|секс|хапать|хрен
    """,
    "sv": "brutta|hård|olla|stake|sås|sätta på",
    "tr": """
        çingene|çingenede|çingeneden|çingeneler|çingenelerde|çingenelerden|çingenelere|çingeneleri|çingenelerin|çingenenin
        |çingeneye|çingeneyi|am
    """,
    "zh": "13|13.|刚度|屁股|激情|色情",
}
# The German list has few forms of its words; these are ours.
ADDED = {
    "de": """
        abschaum|arschgeige|arschgeigen|arschgesicht|arschkriecher|arschloches|arschlochs|arschlöcher|arschlöchern|ärsche
        |ärschen|beschissen|beschissene|beschissenen|beschissener|beschissenes|drecksack|drecksau|dreckschwein|dreckskerl
        |dreckspack|dreckstück|dreckssau|fickt|fickte|ficker|fickern|flittchens|fotzen|gefickt|geficktes
        |hurensöhne|hurensöhnen|hurensohns|huren|kacknazi|kameltreiber|kanacke|kanacken|kanaken|kümmeltürke|kümmeltürken
        |missgeburt|missgeburten|mistkerl|miststück|mongo|mongos|musel|nazischwein|nazischweine|negern|negers|nutten
        |nuttensohn|pisst|pissern|scheiss|scheissdreck|scheisse|scheissegal|scheisskerl|scheiß|scheißdreck
        |scheißegal|scheißer|scheißern|scheißhaufen|scheißkerl|scheißkerle|schlampen|schwanzlutschern|schwuchteln
        |schweinefresse|spast|spasten|spasti|spastis|untermensch|untermenschen|verfickt|verfickte|verfickten|verfickter
        |verficktes|verpiss|verpissen|verpisst|vollpfostens|vollspast|wichsern|wichst|wixer|wixern|wixxer|ziegenficker
        |ziegenfickern|zigeunerpack|zipfelklatscher
    """,
}


def main(folder: Path) -> None:
    lists: dict[str, set[str]] = {}
    for file in sorted(path for path in folder.iterdir() if path.is_file() and path.name not in LEFT_OUT):
        language = LANGUAGES.get(file.name, file.name)
        harmless, added = ({e.strip() for e in some.get(language, "").split("|")} for some in (HARMLESS, ADDED))
        entries = added | {unicodedata.normalize("NFC", line.strip().lower()) for line in file.read_text().splitlines()}
        words = pl.Series(sorted(entries - harmless), dtype=pl.String).str.extract_all(WORD).list.join(" ")
        alone = words.str.contains(f"^(?:[{IDEOGRAPHIC}]|)$")
        stops = stop_word_lists().get(language, frozenset())
        lists.setdefault(language, set()).update(set(words.filter(~alone)) - stops)

    text = ",\n".join(
        f'"{language}": {json.dumps(sorted(lists[language]), ensure_ascii=False)}' for language in sorted(lists)
    )
    Path(__file__).with_name("toxic_words.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
