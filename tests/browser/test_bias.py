"""The bias report in Chromium: no request, no script, no overflow, on a wide screen and on a phone."""

import pytest

from corpusmill.jobs.bias import bias, write

from ..bias_case import corpus
from ..jobs import tiny_warehouse as tiny
from .window import PHONE, WIDE, outside_of_charts, requests, show

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["leaning", "balanced"])
def page(request, tmp_path_factory):
    folder = tiny.build(tmp_path_factory.mktemp(request.param))
    frame = corpus(1, leaning=float(request.param == "leaning"), n=120)
    rows = [{**row, "doc_id": tiny.doc_id(f"made {n}"), "source_id": str(n)} for n, row in enumerate(frame.to_dicts())]
    tiny.write(folder, tiny.TABLES["corpus"], rows, mode="overwrite")
    tiny.publish(folder, 2)
    return write(str(folder), bias(str(folder)))


@pytest.mark.parametrize("width", [WIDE, 768, PHONE, 320])
def test_it_loads_without_a_request_and_never_scrolls_sideways(chromium, page, width):
    requests(chromium), chromium.get_log("browser")
    show(chromium, page, width)
    assert requests(chromium) == [] == chromium.get_log("browser")
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= width


def test_what_is_drawn_stays_inside_of_its_chart(chromium, page):
    show(chromium, page)
    assert outside_of_charts(chromium) == []
