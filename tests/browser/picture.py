"""Take the picture of the graph page that the README shows. Run `python -m tests.browser.picture` to take it again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.browser.driver import Browser, find_browser
from tests.conftest import ROOT, STARTER, Runner

PICTURE = ROOT / "docs" / "images" / "graph.png"
FOCUS = "202302060730"
"""The note whose text and links the picture shows."""


def take_picture(path: Path) -> None:
    """Write a picture of the starter notebook's page into `path`, which needs a browser."""
    program = find_browser()
    assert program, "there is no browser"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(STARTER, folder / "notes")
        page = folder / "graph.html"
        page.write_text(Runner(folder / "notes", folder / "home")("graph", "--format", "html").out, encoding="utf-8")
        with Browser(program, folder) as browser:
            browser.call("Emulation.setDeviceMetricsOverride", width=1080, height=620, deviceScaleFactor=1, mobile=False)
            browser.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="reduce")
            browser.open(f"{page.as_uri()}#{FOCUS}")
            browser.wait_until("!page.glide && !page.isWanted && performance.now() - page.shownAt > 300")
            browser.screenshot(path)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    take_picture(PICTURE)
