"""The audit in Chromium: the report reads on every screen; the page of verdicts is used by keyboard, from a file."""

import base64
import json
import time
from pathlib import Path

import pytest

from corpusmill.jobs.audit import audit
from corpusmill.jobs.audit_verdicts import VERDICTS

from ..jobs.audited import LETTERS, VALUES, document, version
from ..report_case import HOSTILE
from .window import PHONE, WIDE, requests, show

pytestmark = pytest.mark.browser

GOLD = str(Path(__file__).parents[2] / "examples" / "audit_gold.jsonl")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warehouse")
    version(folder, 1, LETTERS[:4])
    hostile = document("hostile", f"Mr. Gray wrote: {HOSTILE} </script><script>document.title='taken'</script>")
    arabic = document("arabic", "مرحبا بالعالم، كتب إلى nora@example.org اليوم.", "ar")
    version(folder, 2, [*LETTERS, hostile, arabic])
    return str(folder)


@pytest.fixture(scope="module")
def found(warehouse):
    return audit(warehouse, gold=GOLD)


@pytest.fixture
def page(found, chromium, tmp_path):
    """The page of verdicts, fresh: what the browser kept of earlier tests is forgotten."""
    show(chromium, found.folder / "verdicts.html")
    chromium.execute_script("localStorage.clear(); onbeforeunload = null")
    chromium.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    chromium.get("about:blank")
    requests(chromium), chromium.get_log("browser")
    show(chromium, found.folder / "verdicts.html")
    return Page(chromium, tmp_path)


class Page:
    """The page, used by the keyboard alone."""

    def __init__(self, chromium, folder):
        self.chromium, self.folder = chromium, folder

    def press(self, *keys):
        from selenium.webdriver import ActionChains
        from selenium.webdriver.common.keys import Keys

        for key in keys:
            ActionChains(self.chromium).send_keys(getattr(Keys, key, key) if key.isupper() else key).perform()

    def text(self, element):
        return self.chromium.execute_script("return document.getElementById(arguments[0]).innerText", element)

    def saved(self):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for path in self.folder.glob("*.json"):
                return path
            time.sleep(0.1)
        raise AssertionError(f"nothing was saved; the page says: {self.text('told')}")


@pytest.mark.parametrize("name", ["report", "verdicts"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_it_loads_without_a_request_without_an_error_and_never_scrolls_sideways(chromium, found, name, width):
    requests(chromium), chromium.get_log("browser")
    show(chromium, found.folder / f"{name}.html", width)
    assert requests(chromium) == []
    assert chromium.get_log("browser") == []
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= width
    over = """return [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg')
        && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
    assert chromium.execute_script(over) == []


@pytest.mark.parametrize("name", ["report", "verdicts"])
def test_hostile_text_is_shown_and_not_obeyed_even_without_the_policy(chromium, found, name, tmp_path):
    page = (found.folder / f"{name}.html").read_text()
    policy = 'http-equiv="Content-Security-Policy"'
    assert policy in page
    (tmp_path / "page.html").write_text(page.replace(policy, 'name="none"'))
    show(chromium, tmp_path / "page.html")
    assert chromium.title.startswith("letters@2")
    assert chromium.execute_script("return document.querySelectorAll('main img, main b').length") == 0


def test_the_script_is_let_run_by_its_hash_and_no_other_is(chromium, found, tmp_path):
    page = (found.folder / "verdicts.html").read_text()
    (tmp_path / "page.html").write_text(page.replace("<body>", "<body><script>document.title='taken'</script>"))
    show(chromium, tmp_path / "page.html")
    assert chromium.title == "letters@2 · verdicts"
    assert chromium.execute_script("return document.getElementById('number').innerText").startswith("1 of ")


def test_the_whole_way_by_keyboard_name_verdicts_save_and_back_into_the_report(page, found, warehouse):
    items = found.data["sample"]
    assert page.chromium.execute_script("return document.activeElement.id") == "reviewer"
    page.press("D", "ana", "ENTER")
    asked = []
    for item in items:
        asked.append(page.text("kind"))
        page.press("3" if item.get("entity_type") == "DE_TAX_ID" else "1")
    assert page.text("done") == f"{len(items)} of {len(items)} judged"
    assert "press s to save" in page.text("told")
    page.press("s")
    path = page.saved()
    assert path.name == "verdicts-letters@2.json"
    saved = json.loads(path.read_text())
    assert (saved["reviewer"], len(saved["verdicts"])) == ("Dana", len(items))
    assert asked == [i.get("entity_type") or "Passage as published" for i in items]
    back = audit(warehouse, verdicts=str(path))
    rows = {(r["type"], r["language"]): r for r in back.data["measured"]["rows"]}
    assert back.new_verdicts == len(items)
    assert rows["DE_TAX_ID", "all"]["precision"][0] == 0
    assert rows["PERSON", "all"]["precision"][0] == 1
    assert requests(page.chromium) == []
    assert page.chromium.get_log("browser") == []


def test_keys_go_forth_and_back_take_back_and_do_nothing_while_a_name_is_typed(page):
    page.press("1", "2", "s")
    assert page.text("done").startswith("0 of"), "they went into the name"
    assert page.chromium.execute_script("return document.getElementById('reviewer').value") == "12s"
    page.press("ENTER", "ARROW_RIGHT", "ARROW_RIGHT", "k")
    assert page.text("number").startswith("2 of")
    page.press("END", "j")
    assert page.text("number").split()[0] == page.text("number").split()[2]
    page.press("HOME", "1")
    assert page.text("done").startswith("1 of") and page.text("number").startswith("2 of")
    page.press("ARROW_LEFT")
    pressed = "return document.querySelector('#verdicts [aria-pressed=true]')?.innerText"
    assert page.chromium.execute_script(pressed).startswith("1 ")
    page.press("BACKSPACE")
    assert page.text("done").startswith("0 of")
    page.press("9")
    assert page.text("done").startswith("0 of"), "there is no ninth verdict"


def test_without_a_name_nothing_is_saved_and_the_page_says_why(page):
    page.press("ENTER", "1", "s")
    assert "Give a name" in page.text("told")
    assert page.chromium.execute_script("return document.activeElement.id") == "reviewer"
    assert not list(page.folder.glob("*.json"))


def test_what_was_said_is_still_there_when_the_page_is_opened_again(page, found):
    page.press("Kim", "ENTER", "1", "2")
    page.chromium.execute_script("saved = true")
    show(page.chromium, found.folder / "verdicts.html")
    assert page.text("done").startswith("2 of")
    assert page.text("number").startswith("3 of"), "it goes on with the first that is not judged"
    assert page.chromium.execute_script("return document.getElementById('reviewer').value") == "Kim"


def test_each_verdict_has_a_button_that_a_mouse_and_a_screen_reader_find(page, found):
    names = "return [...document.querySelectorAll('#verdicts button')].map(b => b.innerText)"
    assert len(page.chromium.execute_script(names)) == len(VERDICTS["finding"])
    page.press("ENTER", "END")
    assert len(page.chromium.execute_script(names)) == len(VERDICTS["passage"])
    page.chromium.execute_script("document.querySelector('#verdicts button').click()")
    assert page.text("done").startswith("1 of")
    assert page.chromium.execute_script("return document.getElementById('told').getAttribute('aria-live')") == "polite"


def test_no_value_is_in_the_page(found):
    text = (found.folder / "verdicts.html").read_text()
    assert not [v for v in VALUES if v in text]


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "light"), (WIDE, "dark")])
@pytest.mark.parametrize("name", ["report", "verdicts"])
def test_pictures_are_made_for_a_person_to_look_at(chromium, found, tmp_path, name, width, scheme):
    chromium.get("about:blank")
    show(chromium, found.folder / f"{name}.html", width, scheme)
    taken = chromium.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    picture = tmp_path / f"{name}-{width}-{scheme}.png"
    picture.write_bytes(base64.b64decode(taken["data"]))
    assert picture.stat().st_size > 20_000
