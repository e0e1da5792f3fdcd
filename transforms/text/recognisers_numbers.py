"""Rules for the numbers that German and US authorities give to people, and the plates of their cars.

A number whose form says little (nine digits) is found by context only; one with a check digit by itself.
"""

import re

from corpusmill.transforms.text import recognisers_checks as checks
from corpusmill.transforms.text.recognisers_rule import CODE, DASH, FIVE_DIGITS, SPACE, SPACES, Rule, words

GERMAN = ("de",)

TAX_ID_CONTEXT = r"steuer-?id|identifikationsnummer|\bid-?nr|\btin\b|tax[ -]?id|steuerlich"
#: Right before a number: it is one of a thing.
OF_A_THING = (
    r"\b(?:drawing|part|order|item|invoice|serial|model|batch|ticket|zeichnungs|teile|bestell|artikel|rechnungs|auftrags|"
    r"serien|modell|chargen)[ -]?(?:number|no|nummer|nr)?[.:]{0,2}\s*$"
)
TAX_NUMBER_CONTEXT = r"steuer-?(?:nr|nummer)|\bst\.?-?nr|finanzamt|tax number"
ID_CARD_CONTEXT = r"ausweis|\bnpa\b|identity card|\bid card|national id"
PASSPORT_CONTEXT = r"\b(?:reise)?p[aä]ss(?:es|e|nr|nummer)?\b|passport"
HEALTH_CONTEXT = r"versicherten-?(?:nr|nummer)|krankenversicher|krankenkasse|gesundheitskarte|\bkvnr\b|\begk\b"
LICENCE_CONTEXT = r"führerschein|fahrerlaubnis|driv(?:er'?s?|ing) licen[cs]e"
PLATE_CONTEXT = (
    r"kennzeichen|nummernschild|\bkfz\b|\bpkw\b|\blkw\b|\bauto\b|fahrzeug|wagen|halter|"
    r"licen[cs]e plate|number plate|registration"
)

#: Kfz-Unterscheidungszeichen of towns and districts (Fahrzeug-Zulassungsverordnung, list of the ministry, common ones).
DISTRICTS = words(
    "A AA AB ABG AC AE AIC AK AM AN ANA ANK AÖ AP APD ARN ART AS ASL ASZ AT AUR AW AZ AZE B BA BAD BAR BB BBG BC "
    "BGL BI BIR BIT BK BL BLK BM BN BO BÖ BOR BOT BRA BRB BS BT BTF BÜS BZ C CB CE CHA CLP CO COC COE CUX CW D DA "
    "DAH DAN DAU DB DBR DD DE DEG DEL DGF DH DL DLG DM DN DO DON DU DÜW DW DZ E EA EBE ED EE EF EI EIC EL EM EMD "
    "EMS EN ER ERB ERH ERZ ES ESW EU EW F FB FD FDS FF FFB FG FI FL FN FO FR FRG FRI FS FT FTL FÜ FW G GAP GC GE "
    "GER GF GG GI GL GM GÖ GP GR GRH GRM GRS GRZ GS GT GTH GÜ GÜN GVM GW GZ H HA HAL HAM HAS HB HBN HBS HD HDH "
    "HDL HE HEF HEI HEL HER HET HF HG HGN HGW HH HHM HI HIG HL HM HMÜ HN HO HOL HOM HOT HP HR HRO HS HSK HST HU "
    "HV HVL HWI HX HY HZ IGB IK IL IN IS IZ J JB JE JL K KA KB KC KE KEH KF KG KH KI KIB KL KLE KLZ KM KN KO KÖT "
    "KR KS KT KU KÜN KUS KW KY KYF L LA LAU LB LBS LBZ LC LD LDK LDS LER LEV LG LH LI LIB LIF LIP LL LM LN LÖ LÖB "
    "LOS LRO LSA LU LÜN LUP LWL M MA MAB MB MC MD ME MED MEI MEK MER MG MGN MH MHL MI MIL MK MKK ML MM MN MOL MOS "
    "MQ MR MS MSE MSH MSP MST MTK MTL MÜ MÜR MVL MW MY MYK MZ MZG N NAU NB ND NDH NE NEA NES NEW NF NH NI NK NL "
    "NM NMB NMS NÖ NOH NOL NOM NOR NP NR NRÜ NRW NU NVP NW NWM NY NZ OA OAL OB OBG OC OD OE OF OG OH OHA OHV OHZ "
    "OK OL OPR OR OS OSL OVL OVP OZ P PA PAF PAN PAR PB PCH PE PER PF PI PIR PK PL PLÖ PM PN PR PS PW QFT QLB R "
    "RA RC RD RDG RE REG RG RH RIE RM RN RO ROF ROS ROW RP RPL RS RSL RT RU RÜD RÜG RV RW RY RZ S SAD SAL SAW SB "
    "SBG SBK SC SCZ SDH SDL SE SEB SEE SFA SFB SFT SG SGH SH SHA SHG SHK SHL SI SIG SIM SK SL SLF SLK SLN SLS SLÜ "
    "SLZ SM SN SO SÖM SOK SON SP SPB SPN SR SRB SRO ST STA STB STD STL SU SÜW SW SWA SZ SZB TBB TDO TE TET TF TG "
    "THL TIR TO TÖL TP TR TS TÜ TUT UE UEM UER UH UL UM UN V VB VEC VER VG VIE VK VR VS W WA WAF WAK WB WBS WDA "
    "WE WEN WES WF WHV WI WIL WIS WK WL WLG WM WMS WN WND WO WOB WR WRN WS WSF WSW WT WTM WÜ WUG WUN WUR WW WZL X "
    "Y Z ZE ZEL ZI ZP ZR ZS ZW ZZ "
)


def _plate(value: str) -> bool:
    return re.split(r"[\W\d]", value, maxsplit=1)[0] in DISTRICTS


RULES = (
    Rule(
        "us_ssn",
        "US_SSN",
        r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
        FIVE_DIGITS,
        0.7,
        context=r"\bssns?\b|social security",
        context_score=0.95,
        unless=OF_A_THING,
        check=checks.us_ssn,
    ),
    Rule(
        "us_ssn_in_context",
        "US_SSN",
        r"(?<![\w-])\d{3}[ .]?\d{2}[ .]?\d{4}(?![\w-])",
        FIVE_DIGITS,
        0.0,
        context=r"\bssns?\b|social security",
        context_score=0.85,
        check=checks.us_ssn,
    ),
    Rule(
        "us_passport",
        "US_PASSPORT",
        r"(?<!\w)[A-Z0-9]\d{8}(?!\w)",
        FIVE_DIGITS,
        0.0,
        context=r"passport",
        context_score=0.7,
    ),
    Rule(
        "de_tax_id",
        "DE_TAX_ID",
        rf"(?<![\w.,/+-])[1-9]\d{SPACE}?\d{{3}}{SPACE}?\d{{3}}{SPACE}?\d{{3}}(?![\w-]|[.,/]\d)",
        FIVE_DIGITS,
        0.5,
        context=TAX_ID_CONTEXT,
        context_score=1.0,
        check=checks.german_tax_id,
        languages=GERMAN,
    ),
    Rule(
        "de_tax_number",
        "DE_TAX_NUMBER",
        rf"(?<![\w/.-])(?:\d{{2,3}}{SPACE}?[/ ]{SPACE}?\d{{3,4}}{SPACE}?[/ ]{SPACE}?\d{{4,5}}|"
        r"\d{10,11}|\d{13})(?![\w/-])",
        FIVE_DIGITS,
        0.0,
        context=TAX_NUMBER_CONTEXT,
        context_score=0.9,
        languages=GERMAN,
    ),
    Rule(
        "de_vat_id",
        "DE_VAT_ID",
        rf"(?<!\w)DE[{SPACES}.-]?\d{{3}}[{SPACES}.-]?\d{{3}}[{SPACES}.-]?\d{{3}}(?!\w)",
        FIVE_DIGITS,
        0.9,
        context=r"ust|umsatzsteuer|vat\b",
        context_score=1.0,
        check=checks.german_vat_id,
    ),
    Rule(
        "de_social_security",
        "DE_SOCIAL_SECURITY",
        rf"(?<!\w)\d{{2}}{SPACE}?\d{{6}}{SPACE}?[A-Z]{SPACE}?\d{{2}}{SPACE}?\d(?!\w)",
        FIVE_DIGITS,
        0.95,
        check=checks.german_social_security,
    ),
    Rule(
        "de_health_insurance",
        "DE_HEALTH_INSURANCE",
        r"(?<!\w)[A-Z]\d{9}(?!\w)",
        FIVE_DIGITS,
        0.5,
        context=HEALTH_CONTEXT,
        context_score=1.0,
        check=checks.german_health_insurance,
        languages=GERMAN,
    ),
    # One form and one check digit for both documents; the first letter says which (it is that of the issuing office).
    *(
        Rule(
            name,
            entity_type,
            rf"(?<!\w){letter}[CFGHJKLMNPRTVWXYZ0-9]{{7}}\d(?!\w)",
            CODE,
            score,
            context=context,
            context_score=0.95,
            unless=unless,
            check=checks.travel_document,
            languages=GERMAN,
        )
        for name, entity_type, letter, score, context, unless in (
            ("de_id_card", "DE_ID_CARD", "[CFGHJKLMNPRTVWXYZ]", 0.0, ID_CARD_CONTEXT, PASSPORT_CONTEXT),
            ("de_passport", "DE_PASSPORT", "[CFGHJKLMNPRTVWXYZ]", 0.0, PASSPORT_CONTEXT, ""),
            ("de_id_card_by_letter", "DE_ID_CARD", "[LMNPRTVWXYZ]", 0.5, ID_CARD_CONTEXT, PASSPORT_CONTEXT),
            ("de_passport_by_letter", "DE_PASSPORT", "[CFGHJK]", 0.5, PASSPORT_CONTEXT, ID_CARD_CONTEXT),
        )
    ),
    Rule(
        "de_id_card_before_2010",
        "DE_ID_CARD",
        r"(?<!\w)(?:T\d{8}|\d{10}D?)(?!\w)",
        FIVE_DIGITS,
        0.0,
        context=ID_CARD_CONTEXT,
        context_score=0.6,
        languages=GERMAN,
    ),
    Rule(
        "de_driver_license",
        "DE_DRIVER_LICENSE",
        r"(?<!\w)(?=[A-Z0-9]{0,10}\d[A-Z0-9]{0,9}\d)[A-Z][A-Z0-9]{10}(?!\w)",
        CODE,
        0.0,
        context=LICENCE_CONTEXT,
        context_score=0.9,
        languages=GERMAN,
    ),
    Rule(
        "de_license_plate",
        "DE_LICENSE_PLATE",
        rf"(?<![\w-])[A-ZÄÖÜ]{{1,3}}[{DASH}]{SPACE}?[A-Z]{{1,2}}{SPACE}\d{{2,4}}[EH]?(?![\w-]|[.,]\d)",
        re.compile(rf"[A-ZÄÖÜ][{DASH}]{SPACE}?[A-Z]{{1,2}}{SPACE}\d"),
        0.6,
        context=PLATE_CONTEXT,
        context_score=0.95,
        check=_plate,
        languages=GERMAN,
    ),
    Rule(
        "de_license_plate_in_context",
        "DE_LICENSE_PLATE",
        rf"(?<![\w-])[A-ZÄÖÜ]{{1,3}}[{DASH}:{SPACES}]{{1,2}}[A-Z]{{1,2}}[{DASH}{SPACES}]{{0,2}}\d{{1,4}}[EH]?"
        r"(?![\w-]|[.,]\d)",
        re.compile(rf"[A-ZÄÖÜ][{DASH}:{SPACES}]{{1,2}}[A-Z]{{1,2}}[{DASH}{SPACES}]{{0,2}}\d"),
        0.0,
        context=PLATE_CONTEXT,
        context_score=0.9,
        check=_plate,
        languages=GERMAN,
    ),
    Rule(
        "de_commercial_register",
        "DE_COMMERCIAL_REGISTER",
        rf"(?<!\w)HR{SPACE}?[AB](?:[-:.]|{SPACE}?Nr\.?)?{SPACE}?\d{{1,6}}(?:{SPACE}[A-Z]{{1,2}})?(?!\w)",
        ("hra", "hrb", "hr a", "hr b"),
        0.9,
    ),
)
