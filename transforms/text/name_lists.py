"""Words around names that several modules need, each list once: titles, particles, peoples, months."""

from corpusmill.transforms.text.recognisers_rule import words

#: Forms of address and degrees, in small letters and without a dot.
TITLES = words("dr prof professor doktor doctor herr herrn hr frau fr fräulein familie mr mrs ms mx miss dipl ing med")
#: Offices and ranks that stand before a name, as they are written there.
OFFICES = words(
    "President Chairman Chairwoman Chancellor Secretary Secretary-General Under-Secretary Minister Senator Governor "
    "Mayor Ambassador Judge Justice General Colonel Major Captain Lieutenant Sergeant Admiral Commander Officer "
    "Detective Inspector King Queen Prince Princess Emperor Empress Pope Bishop Archbishop Cardinal Pastor Reverend "
    "Rabbi Imam Father Brother Sister Uncle Aunt Professor Doctor Coach Representative Congressman Congresswoman "
    "Sheikh Sultan"
)
#: Legal forms and the like: a name before one is that of a firm.
LEGAL_FORMS = words(
    "Inc Ltd LLC LLP PLC plc Corp Corporation GmbH gGmbH mbH AG SE KG KGaA OHG Holding Holdings Bros Stiftung"
)
#: What firms do, as it stands after a surname; no word that begins a job title (`Anna Dorsch Software Engineer`), and
#: no surname (`Anna Stahl`).
BUSINESSES = words(
    "Aerospace Airlines Airways Bancorp Biosciences Biotech Chemicals Cinemas Companies Controls "
    "Electric Enterprises Entertainment Foods Furniture Hotels Industries Instruments International "
    "Jewelers Jewellers Laboratories Labs Markets Metals Mining Motors Networks Partners Petroleum Pharma "
    "Pharmaceuticals Properties Realty Resorts Resources Robotics Securities Semiconductor Shipping Solutions Stores "
    "Studios Technologies Therapeutics Worldwide "
    "Automation Automotive Chemie Elektronik Elektrotechnik Energie Gartenbau Getränkemarkt Holzbau Immobilien "
    "Kantonalbank Küchen Logistik Maschinenbau Medizintechnik Metallbau Möbel Reisen Spedition Stahlbau "
    "Systemtechnik Textil Textilien Tiefbau Touristik Transporte Verlag Verpackungen Versand Versicherung "
    "Versicherungen Werkzeuge Werkzeugbau"
)
#: What joins the parts of a surname.
PARTICLES = words("von van vom zu zum zur de den der del della di da dos la le el al bin ten ter af av")
#: Months and seasons, in English.
TIMES_OF_YEAR = words(
    "January February March April May June July August September October November December Spring Summer Autumn Winter"
)

_PEOPLES = words(
    "Afghan Albanian Algerian American Andorran Angolan Arab Arabian Argentine Argentinean Argentinian Armenian "
    "Aussie Australian Austrian Azerbaijani Bahamian Bahraini Bangladeshi Belarusian Belgian Bolivian Bosnian "
    "Brazilian British Bulgarian Burmese Cambodian Cameroonian Canadian Chadian Chechen Chilean Chinese Colombian "
    "Congolese Corsican Costa-Rican Croatian Croat Cuban Cypriot Czech Danish Dutch Ecuadorian Egyptian English "
    "Eritrean Estonian Ethiopian Filipino Finnish French Gambian Georgian German Ghanaian Greek Greenlandic "
    "Guatemalan Guinean Haitian Honduran Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish Israeli Italian "
    "Jamaican Japanese Jordanian Kazakh Kenyan Korean Kosovar Kurd Kurdish Kuwaiti Laotian Latvian Lebanese Liberian "
    "Libyan Lithuanian Macedonian Malaysian Malian Maltese Mauritian Mexican Moldovan Mongolian Montenegrin Moroccan "
    "Mozambican Namibian Nepalese Nepali Nicaraguan Nigerian Norwegian Omani Pakistani Palestinian Panamanian "
    "Paraguayan Persian Peruvian Polish Portuguese Prussian Qatari Romanian Russian Rwandan Salvadoran Saudi Scottish "
    "Senegalese Serbian Serb Siberian Sicilian Singaporean Slovak Slovakian Slovene Slovenian Somali Soviet Spanish "
    "Sudanese Swedish Swiss Syrian Taiwanese Tajik Tanzanian Thai Tibetan Tunisian Turkish Turkmen Ugandan Ukrainian "
    "Uruguayan Uzbek Venezuelan Vietnamese Welsh Yemeni Zambian Zimbabwean African Asian European Eurasian Oceanian "
    "Caribbean Mediterranean Scandinavian Slavic Germanic Celtic Latin Latino Hispanic Byzantine Ottoman Roman "
    "Hellenic Arabic Semitic Jewish Islamic Hindu Buddhist Sikh Muslim Moslem Christian Catholic Protestant Orthodox "
    "Lutheran Anglican Baptist Methodist Shiite Sunni"
)
#: Peoples and faiths, of one and of many; `Christian` and `Roman` alone are more often somebody's name.
PEOPLES = (
    (_PEOPLES | {f"{one}s" for one in _PEOPLES} | words("Turks Swedes Danes Finns Poles Scots Spaniards Jews Brits"))
    - words("Christian Roman Jordan")
)  # fmt: skip
#: What may stand before or between them: `South Korean`, `Indian and African`.
DIRECTIONS = words(
    "North South East West Northwest Northeast Southwest Southeast Northern Southern Eastern Western Central "
    "Middle Medieval Ancient Modern Pan"
)
