"""The report in Chromium: no request, no script, no overflow, on a wide screen and on a phone. `make test-browser`."""

import base64

import pytest

from corpusmill.jobs import report

from ..report_case import content, empty
from .window import PHONE, WIDE, outside_of_charts, requests, show

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return save(tmp_path_factory, report.render(content()))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return save(tmp_path_factory, report.render(empty()))


def save(tmp_path_factory, page):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_it_loads_without_a_request_and_without_an_error(chromium, full, width):
    requests(chromium), chromium.get_log("browser")
    show(chromium, full, width)
    assert requests(chromium) == []
    assert chromium.get_log("browser") == []


def test_a_request_would_have_been_seen(chromium, tmp_path):
    page = tmp_path / "loads.html"
    page.write_text("<img src='http://127.0.0.1:9/pixel.png'>")
    requests(chromium)
    show(chromium, page)
    assert requests(chromium) == ["http://127.0.0.1:9/pixel.png"]


def test_hostile_text_is_shown_and_not_obeyed_even_without_the_policy(chromium, full, tmp_path):
    policy = 'http-equiv="Content-Security-Policy"'
    unprotected = tmp_path / "unprotected.html"
    assert policy in full.read_text()
    unprotected.write_text(full.read_text().replace(policy, 'name="none"'))
    show(chromium, unprotected)
    assert chromium.title == "handbook@3 · dataset report"
    assert chromium.execute_script("return document.querySelectorAll('script, img, b').length") == 0
    assert "<script>document.title='taken'</script>" in chromium.execute_script("return document.body.innerText")


def test_without_escaping_the_hostile_text_would_have_been_obeyed(chromium, tmp_path):
    page = tmp_path / "raw.html"
    page.write_text(f"<title>fine</title>{content()['rules'][0]['samples'][0]['text']}")
    show(chromium, page)
    assert chromium.title == "taken"


@pytest.mark.parametrize("width", [WIDE, 768, PHONE, 320])
@pytest.mark.parametrize("name", ["full", "bare"])
def test_the_page_never_scrolls_sideways(chromium, request, name, width):
    show(chromium, request.getfixturevalue(name), width)
    wide = chromium.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    over = """return [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg')
        && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
    assert chromium.execute_script(over) == []


def test_what_is_drawn_stays_inside_of_its_chart(chromium, full):
    show(chromium, full)
    assert outside_of_charts(chromium) == []


def table(chromium, section):
    """Rows of the section's first table: name, and its numbers as they are shown."""
    rows = """return [...document.querySelectorAll(`#${arguments[0]} table`)][0].querySelectorAll('tbody tr, tfoot tr')
        .values().map(tr => [...tr.cells].map(c => c.innerText)).toArray()"""
    found = chromium.execute_script(rows, section)
    return {name: [shown(value) for value in values] for name, *values in found}


def shown(value):
    number = value.replace("\N{NARROW NO-BREAK SPACE}", "")
    return int(number) if number.isdigit() else value


def test_the_numbers_of_the_funnel_add_up_on_the_page(chromium, full):
    show(chromium, full)
    rows = table(chromium, "funnel")
    whole = rows.pop("whole way")
    assert len(rows) == 7
    into = whole[0]
    for came_in, kept, dropped, quarantined in rows.values():
        assert came_in == into
        assert came_in == kept + dropped + quarantined
        into = kept
    assert whole[0] == sum(whole[1:])


def test_the_sources_add_up_to_the_funnel_on_the_page(chromium, full):
    show(chromium, full)
    sources = table(chromium, "sources").values()
    whole = table(chromium, "funnel")["whole way"]
    read, published, dropped, quarantined = (sum(row[i] for row in sources) for i in (0, 1, 3, 4))
    assert [read, published, dropped, quarantined] == whole


def test_numbers_stand_at_the_right(chromium, full):
    show(chromium, full)
    aligned = "return [...new Set([...document.querySelectorAll('td.n')].map(c => getComputedStyle(c).textAlign))]"
    assert chromium.execute_script(aligned) == ["right"]


def test_text_from_right_to_left_runs_that_way(chromium, full):
    show(chromium, full)
    direction = """return [...document.querySelectorAll('.text')].filter(e => e.innerText.includes('مرحبا'))
        .map(e => getComputedStyle(e).direction)"""
    assert chromium.execute_script(direction) == ["rtl"]


def test_the_colours_follow_the_wish_for_a_dark_page(chromium, full):
    grounds = []
    for scheme in ("light", "dark"):
        show(chromium, full, scheme=scheme)
        grounds.append(chromium.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(251, 250, 247)", "rgb(22, 25, 28)"]


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "light"), (WIDE, "dark")])
def test_pictures_are_made_for_a_person_to_look_at(chromium, full, tmp_path, width, scheme):
    show(chromium, full, width, scheme)
    taken = chromium.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    picture = tmp_path / f"report-{width}-{scheme}.png"
    picture.write_bytes(base64.b64decode(taken["data"]))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
