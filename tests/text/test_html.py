"""Pages: encodings, main content, hostile input."""

import time

import pytest

from corpusmill.transforms.text.html import decode, main_text

GERMAN = "<p>Grüße aus München, schöne Straße</p>"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GERMAN.encode(), GERMAN),
        (b"\xef\xbb\xbf" + GERMAN.encode(), GERMAN),
        (b"\xff\xfe" + GERMAN.encode("utf-16-le"), GERMAN),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), GERMAN),
        (GERMAN.encode("cp1252"), GERMAN),
        (b"<meta charset=iso-8859-1>" + GERMAN.encode("latin-1"), "<meta charset=iso-8859-1>" + GERMAN),
        (b"<meta charset=windows-1251>" + "Привет".encode("cp1251"), "<meta charset=windows-1251>Привет"),
        ("日本語のテキストです".encode("shift_jis"), "日本語のテキストです"),
        (b"", ""),
    ],
)
def test_bytes_are_decoded_by_bom_or_meta_or_guess(data: bytes, expected: str) -> None:
    assert decode(data).lstrip("\ufeff") == expected


def test_a_wrong_meta_tag_does_not_break_good_utf8() -> None:
    assert "Grüße" in decode(b"<meta charset=iso-8859-1>" + GERMAN.encode())


def test_a_meta_tag_of_utf16_in_a_page_of_bytes_is_ignored() -> None:
    assert decode(b"<meta charset=utf-16>" + GERMAN.encode()) == "<meta charset=utf-16>" + GERMAN
    assert "Grüße" in decode(b"<meta charset=utf-16>" + GERMAN.encode("cp1252"))


def test_one_broken_byte_does_not_turn_the_rest_into_mojibake() -> None:
    assert decode(GERMAN.encode() * 3 + b"\xff") == GERMAN * 3 + "\ufffd"


PAGE = """<html><head><title>T</title><style>a{}</style><script>var x = "<p>not this";</script></head><body>
<nav><ul><li><a href=x>Home</a></li><li><a href=y>About</a></li></ul></nav><main><h1>Überschrift</h1>
<p>Ein Absatz mit  vielen
Worten &amp; Zeichen, lang genug, um als Inhalt einer Seite durchzugehen.<br>Neue Zeile</p>
<pre>def f():
    return  1</pre><p>Noch ein Absatz, der auch ein paar Worte hat.</p></main>
<footer>Impressum</footer></body></html>"""


def test_main_content_keeps_blocks_and_code_and_leaves_menus_and_scripts() -> None:
    text = main_text(PAGE)
    assert "Überschrift\n\nEin Absatz mit vielen Worten & Zeichen" in text
    assert "\nNeue Zeile" in text
    assert "def f():\n    return  1\n" in text
    assert not [word for word in ("Home", "Impressum", "var x", "not this", "a{}") if word in text]


def test_a_page_without_main_content_gives_its_whole_body() -> None:
    assert "Home" in main_text("<nav><a href=x>Home</a> <a href=y>About</a></nav>")


@pytest.mark.parametrize(
    "junk", ["", " ", "\x00\x01", "<", "<html", "<!--", "<p", "&", "plain", "\ud800<p>x", "<<>>" * 9]
)
def test_junk_is_no_error(junk: str) -> None:
    main_text(junk).encode()


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000 + "deep <b>text</b>" + "</div>" * 50_000,
        "<div>" * 1_000 + "<p>deep text</p><br>" * 100_000,
        "<ul><li>deep text" * 8_000,
        "<div " * 400_000 + ">deep text",
        "<!-- " * 400_000 + "--> deep text",
        "<p>deep text</p>" * 300_000,
    ],
    ids=["deep", "deep and wide", "lists", "unclosed", "comments", "flat"],
)
def test_a_hostile_page_takes_seconds_not_minutes(page: str) -> None:
    start = time.process_time()
    text = main_text(page)
    assert time.process_time() - start < 15
    assert len(text) <= 2 * len(page)
    assert "text" in text or page.startswith("<div ")
