"""What the tests in a browser share: opening a page in a window of some width, and what it asked for."""

import json

WIDE, PHONE = 1400, 390


def show(chromium, path, width=WIDE, scheme="light"):
    """Open the page in a window of that width, all that can be unfolded unfolded."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    chromium.get(path.as_uri())
    chromium.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")


def outside_of_charts(chromium):
    """Words of charts that stand outside of what is drawn."""
    outside = """return [...document.querySelectorAll('figure svg')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect();
            return r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1 })
          .map(t => t.textContent) })"""
    return chromium.execute_script(outside)


def requests(chromium):
    """URLs that were asked for since the last call, but for the page itself and what it carries in it."""
    events = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return [url for url in urls if not url.startswith(("file:", "data:"))]
