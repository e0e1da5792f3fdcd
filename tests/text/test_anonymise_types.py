"""Each entity type in German and English: what must be found, beside what looks like it and must not be.

All data is made up: reserved domains (RFC 2606), addresses (RFC 5737, 3849), phone numbers (Bundesnetzagentur's numbers
for films, 555-01xx, Ofcom's for drama), published examples of numbers with check digits.
"""

import pytest

from corpusmill.transforms.text.anonymiser import AnonymiseOptions, load

CHECKED = [  # language, text, entity type, what is found
    ("en", "Write to anna.b+news@mail.example.org.", "EMAIL_ADDRESS", "anna.b+news@mail.example.org"),
    ("en", "The made-up one is max@firma.quatsch", "EMAIL_ADDRESS", "max@firma.quatsch"),
    ("de", "E-Mail: jürgen.müller@bücher.example", "EMAIL_ADDRESS", "jürgen.müller@bücher.example"),
    ("en", "in letters/anna@mail.example.org.html", "EMAIL_ADDRESS", "anna@mail.example.org.html"),
    ("de", "erreichbar unter anna (at) example (punkt) org", "EMAIL_ADDRESS", "anna (at) example (punkt) org"),
    ("de", "Tel.: 030 23125-111", "PHONE_NUMBER", "030 23125-111"),
    ("de", "Telefon: (030) 23 12 51 11", "PHONE_NUMBER", "(030) 23 12 51 11"),
    ("de", "Mobil 0171/39200 12 oder später", "PHONE_NUMBER", "0171/39200 12"),
    ("de", "Ruf mich an: +49 (0)30 23125 111!", "PHONE_NUMBER", "+49 (0)30 23125 111"),
    ("de", "Zentrale 0049 30 23125-0", "PHONE_NUMBER", "0049 30 23125-0"),
    ("de", "Die Nummer 030/23125-111 gilt.", "PHONE_NUMBER", "030/23125-111"),
    ("de", "Büro Wien: +43 1 5344600", "PHONE_NUMBER", "+43 1 5344600"),
    ("en", "Call 212-555-0123 after six.", "PHONE_NUMBER", "212-555-0123"),
    ("en", "My cell is (212) 555-0187, ok?", "PHONE_NUMBER", "(212) 555-0187"),
    ("en", "reach us at +44 20 7946 0018", "PHONE_NUMBER", "+44 20 7946 0018"),
    ("en", "Phone: 020 7946 0018 ext. 12", "PHONE_NUMBER", "020 7946 0018 ext. 12"),
    ("de", "Kursleitung: Eva ((0926) 12 07 32)", "PHONE_NUMBER", "(0926) 12 07 32"),
    ("en", "her aunt (617-555-0138) knows", "PHONE_NUMBER", "617-555-0138"),
    ("en", "Reach me at 001-212-555-0104.", "PHONE_NUMBER", "001-212-555-0104"),
    ("en", "416 60 039 office, 07700 900 966-Fax", "PHONE_NUMBER", "416 60 039"),
    ("en", "416 60 039 office, 07700 900 966-Fax", "PHONE_NUMBER", "07700 900 966"),
    ("de", "IBAN DE89 3704 0044 0532 0130 00, danke", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
    ("en", "to GB82WEST12345698765432 please", "IBAN_CODE", "GB82WEST12345698765432"),
    ("en", "card 4111 1111 1111 1111, exp 12/30", "CREDIT_CARD", "4111 1111 1111 1111"),
    ("de", "Karte 5555-5555-5555-4444", "CREDIT_CARD", "5555-5555-5555-4444"),
    ("en", "Amex 3782 822463 10005", "CREDIT_CARD", "3782 822463 10005"),
    ("en", "Maestro 630427373398", "CREDIT_CARD", "630427373398"),
    ("en", "my credit card number is 060426070011", "CREDIT_CARD", "060426070011"),
    ("en", "login from 203.0.113.77", "IP_ADDRESS", "203.0.113.77"),
    ("en", "the host 8.8.8.8 answers", "IP_ADDRESS", "8.8.8.8"),
    ("de", "Adresse 2001:db8:85a3::8a2e:370:7334 gesperrt", "IP_ADDRESS", "2001:db8:85a3::8a2e:370:7334"),
    ("en", "see https://example.org/a?user=jdoe&x=1.", "URL", "https://example.org/a?user=jdoe&x=1"),
    ("en", "see https://example.org/?email=anna%40example.org now", "URL", "https://example.org/?email=anna%40example.org"),
    ("en", "home: http://www.example.edu/~jdoe/index.html", "URL", "http://www.example.edu/~jdoe/index.html"),
    ("en", "ssh://jdoe@build.example.net/srv", "URL", "ssh://jdoe@build.example.net/srv"),
    ("de", "geb. 03.05.1980 in Köln", "DATE_OF_BIRTH", "03.05.1980"),
    ("de", "Geburtsdatum: 3. Mai 1980", "DATE_OF_BIRTH", "3. Mai 1980"),
    ("de", "Sie wurde am 12. März 1971 in Ulm geboren", "DATE_OF_BIRTH", "12. März 1971"),
    ("de", "**Geburtsdatum:** 03.05.1980", "DATE_OF_BIRTH", "03.05.1980"),
    ("en", "DOB: 05/03/1980", "DATE_OF_BIRTH", "05/03/1980"),
    ("en", "was born in Leeds on May 3, 1980", "DATE_OF_BIRTH", "May 3, 1980"),
    ("en", "Date of birth: 1980-05-03", "DATE_OF_BIRTH", "1980-05-03"),
    ("en", "key AKIAIOSFODNN7EXAMPLE here", "SECRET", "AKIAIOSFODNN7EXAMPLE"),
    ("en", "api_key = 'a8f5f167f44f4964e6c998dee827110c'", "SECRET", "a8f5f167f44f4964e6c998dee827110c"),
    ("de", "Das Passwort lautet Sommer-2024!", "SECRET", "Sommer-2024!"),
    ("en", "postgres://app:s3cr3t@db.example.net/x", "SECRET", "app:s3cr3t"),
    ("en", "Authorization: Bearer abcdefghij.klmnop-12345", "SECRET", "abcdefghij.klmnop-12345"),
    ("en", "ghp_" + "a1B2" * 9, "SECRET", "ghp_" + "a1B2" * 9),
    ("en", "SSN: 219-09-9999", "US_SSN", "219-09-9999"),
    ("en", "social security number 219 09 9999", "US_SSN", "219 09 9999"),
    ("en", "US passport no. 910239248", "US_PASSPORT", "910239248"),
    ("de", "Steuer-ID: 86 095 742 719", "DE_TAX_ID", "86 095 742 719"),
    ("de", "Steuernummer 181/815/08155", "DE_TAX_NUMBER", "181/815/08155"),
    ("de", "USt-IdNr.: DE136695976", "DE_VAT_ID", "DE136695976"),
    ("en", "VAT ID DE 136 695 976", "DE_VAT_ID", "DE 136 695 976"),
    ("de", "SV-Nummer 15 070649 C 103", "DE_SOCIAL_SECURITY", "15 070649 C 103"),
    ("de", "Versichertennummer A000500015", "DE_HEALTH_INSURANCE", "A000500015"),
    ("de", "Personalausweis Nr. L01X00T44", "DE_ID_CARD", "L01X00T44"),
    ("de", "Reisepass C01X00T41", "DE_PASSPORT", "C01X00T41"),
    ("de", "Führerschein B072RRE2I55", "DE_DRIVER_LICENSE", "B072RRE2I55"),
    ("de", "Der Wagen mit B-XY 1234 steht dort.", "DE_LICENSE_PLATE", "B-XY 1234"),
    ("de", "Kennzeichen: M XY 42", "DE_LICENSE_PLATE", "M XY 42"),
    ("de", "Amtsgericht Musterstadt, HRB 12345 B", "DE_COMMERCIAL_REGISTER", "HRB 12345 B"),
    ("de", "wohnt Musterstraße 12a, 12345 Musterstadt.", "LOCATION", "Musterstraße 12a, 12345 Musterstadt"),
    ("de", "Lange Str. 7\n10115 Berlin", "LOCATION", "Lange Str. 7\n10115 Berlin"),
    ("de", "Am Alten Markt 3, 14467 Potsdam", "LOCATION", "Am Alten Markt 3, 14467 Potsdam"),
    ("de", "nach 60311 Frankfurt am Main ziehen", "LOCATION", "60311 Frankfurt am Main"),
    ("de", "Büro: A-1010 Wien", "LOCATION", "1010 Wien"),
    ("en", "I live at 12 Sample Street, Springfield, IL 62704.", "LOCATION", "12 Sample Street, Springfield, IL 62704"),
    ("en", "221B Baker Street\nLondon NW1 6XE", "LOCATION", "221B Baker Street\nLondon NW1 6XE"),
    ("en", "sent to P.O. Box 1234 last week", "LOCATION", "P.O. Box 1234"),
    ("en", "ship to PSC 0413, Box 8144\nAPO AA 42323", "LOCATION", "PSC 0413, Box 8144\nAPO AA 42323"),
    ("en", "at 12 Koskikatu 25 Apt. 864\nTampere 64677.", "LOCATION", "12 Koskikatu 25 Apt. 864\nTampere 64677"),
    ("en", "the shop in Rua do Arenque 1634 is shut", "LOCATION", "Rua do Arenque 1634"),
    ("de", "wohnt jetzt Via Franscini 71, oben", "LOCATION", "Via Franscini 71"),
    ("en", "Zip code: 3520", "LOCATION", "3520"),
    ("en", "> Anna\n> Suite 12\n> Chile 83401\n", "LOCATION", "Chile 83401"),
    ("en", "> Anna\n> Suite 12\n> Chile 83401\n", "LOCATION", "Suite 12"),
    ("en", "meet at the corner of Elm Street and King Lane", "LOCATION", "the corner of Elm Street and King Lane"),
    ("en", "she lives at 12 Koskikatu 25, Tampere", "LOCATION", "12 Koskikatu 25, Tampere"),
    ("en", "the shop is on Villacher Strasse 89", "LOCATION", "Villacher Strasse 89"),
    ("en", "Turn up at 704 12 Sample Street, please.", "LOCATION", "704 12 Sample Street"),
    ("en", "Deliver it to 56 rue du Faubourg, Lyon.", "LOCATION", "56 rue du Faubourg"),
    ("en", "We found Via dei Tigli 17 at last.", "LOCATION", "Via dei Tigli 17"),
    ("en", "near Kossuth Lajos útja 62 in Pest", "LOCATION", "Kossuth Lajos útja 62"),
    ("en", "His office is on Pod Lipami 16.", "LOCATION", "Pod Lipami 16"),
    ("de", "Sehr geehrte Frau Dr. Anna-Lena von der Heide,", "PERSON", "Anna-Lena von der Heide"),
    ("de", "Ich sprach mit Herrn Öztürk über das Dach.", "PERSON", "Öztürk"),
    ("de", "gez. Max Beispiel", "PERSON", "Max Beispiel"),
    ("de", "i. A. Erika Muster", "PERSON", "Erika Muster"),
    ("de", "Mit freundlichen Grüßen\n\nErika Muster\n", "PERSON", "Erika Muster"),
    ("de", "Nachname: Muster", "PERSON", "Muster"),
    ("en", "Mr. O'Neill and his dog", "PERSON", "O'Neill"),
    ("en", "Dear Jane,\nthanks", "PERSON", "Jane"),
    ("en", "Kind regards,\nJohn Sample", "PERSON", "John Sample"),
    ("en", "From: John Sample <js@example.org>", "PERSON", "John Sample"),
    ("en", "seen by Dr. Sample today", "PERSON", "Sample"),
    ("en", "Patient: Jane Q. Sample", "PERSON", "Jane Q. Sample"),
]  # fmt: skip

NEGATIVE = [  # language, text, entity type that must not be found
    ("en", "install lodash@4.17.21 or pkg@1.2.3-beta", "EMAIL_ADDRESS"),
    ("en", "restart getty@tty1.service, logo@2x.png", "EMAIL_ADDRESS"),
    ("en", "npm install left-pad@1.3.0.tar.gz", "EMAIL_ADDRESS"),
    ("en", "git clone git@github.example:org/repo.git; @decorator", "EMAIL_ADDRESS"),
    ("en", "ISBN 978-3-16-148410-0 and ISSN 0317-8471", "PHONE_NUMBER"),
    ("en", "from 2004-01-05 12:30 until 2005-02-06", "PHONE_NUMBER"),
    ("de", "am 01.02.2003 und 04.05.2006, Version 10.0.19045.3", "PHONE_NUMBER"),
    ("en", "sizes 1024 2048 4096 8192 16384 bytes", "PHONE_NUMBER"),
    ("en", "commit 0123456789 and 3.14159265358979", "PHONE_NUMBER"),
    ("en", "0001-02-03, f(123456, 7), 001122334455 in hex", "PHONE_NUMBER"),
    ("en", "the office has 12 desks, 3 floors and 100000 books", "PHONE_NUMBER"),
    ("en", "offset 0604 2607 0011 and card 1 of 12", "CREDIT_CARD"),
    ("en", "Model 3000\nChapter One 1999\nround the corner of the page and back", "LOCATION"),
    ("en", "He arrived on 5 May 2020 and lived in 3 rooms in 1990.", "LOCATION"),
    ("en", "The parcel was sent on 12 June 1999, shipped to 40 countries in 2019.", "LOCATION"),
    ("en", "It lives in Room 12. Rome lived in Fear in 1998.", "LOCATION"),
    ("en", "There is a 3 avenue approach, and a 5 minute walk.", "LOCATION"),
    ("en", "the office suite 7.2 is at version 12 and 13", "LOCATION"),
    ("en", "run via 3 proxies; Plaza 3.2; Rue 12:30", "LOCATION"),
    ("de", "IBAN DE88 3704 0044 0532 0130 00", "IBAN_CODE"),
    ("en", "card 4111 1111 1111 1112", "CREDIT_CARD"),
    ("en", "-rw-r--r-- root 3526 2021-07-25 20:43 file", "CREDIT_CARD"),
    ("en", "version 8.8.8.80123 is out", "IP_ADDRESS"),
    ("en", "Linux 2.6.32.5, libfoo-10.2.3.4, version 10.2.3.4", "IP_ADDRESS"),
    ("en", "listen on 127.0.0.1 or 0.0.0.0, mask 255.255.255.0", "IP_ADDRESS"),
    ("en", "std::vector at 12:30:15 on 00:1b:44:11:3a:b7", "IP_ADDRESS"),
    ("en", "12.4.1.2. Configuring Hosts", "IP_ADDRESS"),
    ("en", "the driver stays at 8.0.67.5", "IP_ADDRESS"),
    ("en", "row 7: 0604 2607 0011", "PHONE_NUMBER"),
    ("de", "Zeile 7: 0604 2607 0011 0815", "PHONE_NUMBER"),
    ("en", "account DE61 4058 8988 5932 9800 80", "CREDIT_CARD"),
    ("de", "Vorgang 5373354499820", "CREDIT_CARD"),
    ("de", "die Karte 4927 0758 4058 4957 wurde abgelehnt", "PHONE_NUMBER"),
    ("de", "das Konto AT14 4501 0881 3969 2648 gibt es nicht", "PHONE_NUMBER"),
    ("en", "see https://example.org/page?id=12#user and http://example.org/users/", "URL"),
    ("de", "Rechnung vom 03.05.2020, geliefert am 04.05.2020", "DATE_OF_BIRTH"),
    ("en", "released on May 3, 2020", "DATE_OF_BIRTH"),
    ("en", "password: required, token = $TOKEN, secret: <SECRET>", "SECRET"),
    ("en", "the api key is required; passwords are stored", "SECRET"),
    ("en", "part 000-12-3456 and 666-12-3456", "US_SSN"),
    ("en", "Part No. 219-09-9999", "US_SSN"),
    ("de", "Zeichnungsnummer 219-09-9999", "US_SSN"),
    ("en", "order 910239248 shipped", "US_PASSPORT"),
    ("de", "Bestellung 86095742718", "DE_TAX_ID"),
    ("de", "Seite 181/815/08155 im Archiv", "DE_TAX_NUMBER"),
    ("de", "USt-IdNr.: DE136695977", "DE_VAT_ID"),
    ("de", "Nummer 15 070649 C 104", "DE_SOCIAL_SECURITY"),
    ("de", "Nummer A000500016", "DE_HEALTH_INSURANCE"),
    ("de", "Personalausweis L01X00T45", "DE_ID_CARD"),
    ("de", "Reisepass C01X00T42", "DE_PASSPORT"),
    ("de", "Artikel B072RRE2I55", "DE_DRIVER_LICENSE"),
    ("de", "Norm ISO-A 1234 und DVD-R 80", "DE_LICENSE_PLATE"),
    ("de", "die HR-Abteilung B 12", "DE_COMMERCIAL_REGISTER"),
    ("de", "Es gibt 10000 Dateien und 20000 Zeilen, String 255, auf Platz 3.", "LOCATION"),
    ("de", "Das braucht 20 GB Speicherplatz 20 Mal am Tag um 10 Uhr.", "LOCATION"),
    ("en", "Use 4 Gb of RAM, 3 Open Files, 5 Way", "LOCATION"),
    ("de", "Sehr geehrte Damen und Herren, die Frau des Hauses", "PERSON"),
    ("en", "Dear Sir or Madam, Author: The GNU Project", "PERSON"),
    ("en", "Name: GIMP\nType: Integer Value", "PERSON"),
]  # fmt: skip


def found(text: str, language: str) -> list[tuple[str, str]]:
    anonymiser = load(AnonymiseOptions(languages=("de", "en"), mode="patterns"))
    findings = anonymiser.find([text], [language])[0]
    assert isinstance(findings, list), findings
    return [(f.entity_type, text[f.start : f.end]) for f in findings]


@pytest.mark.parametrize(("language", "text", "entity_type", "value"), CHECKED)
def test_finds(language, text, entity_type, value):
    assert (entity_type, value) in found(text, language)
    assert (entity_type, value) in found(text, "und"), "a document of unknown language gets the recognisers of all"


@pytest.mark.parametrize(("language", "text", "entity_type"), NEGATIVE)
def test_does_not_find(language, text, entity_type):
    assert entity_type not in [kind for kind, _ in found(text, language)]


def test_a_private_key_is_found_as_a_whole():
    body = "\n".join("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" for _ in range(40))
    key = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"
    assert found(f"before\n{key}\nafter", "en") == [("SECRET", key)]
    assert found(f"before\n{key[:600]}", "en")[0][0] == "SECRET", "also where its end is missing"
