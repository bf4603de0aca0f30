"""Measure the page of `zettel graph --format html` in a headless browser without a graphics card. Run it with

    python -m tests.bench.graph_page [--notes N ...] [--no-text]

It generates notebooks, writes their pages, and prints how large each page is, how long it took to write, when its layout had settled, and how
long its frames took: while the layout settled, while the drawing was moved and zoomed, and while the pointer went from note to note. A screen
shows a frame every 17 ms. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench import notebooks
from tests.browser.driver import Browser, find_browser
from tests.conftest import Runner

SIZES = (60, 500, 2_000, 10_000)
FRAMES = 60
RECORD = """window.frames = []; (() => {
  let last = performance.now();
  const next = () => { const now = performance.now(); frames.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
})()"""
MOVES = {
    "moved": "page.takeCamera(); page.drawing.camera.pan(4, 2)",
    "zoomed in": "page.zoom(1.04)",
    "zoomed out": "page.zoom(1 / 1.04)",
    "pointed at": "page.point((7 * n) % page.graph.notes.length)",
}


def measure(notes: int, words: list[str]) -> None:
    """Write the page of a generated notebook, open it, and print the figures."""
    program = find_browser()
    assert program, "there is no browser"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notebooks.write(folder / "notes", notes)
        (folder / "notes" / ".zettel").mkdir()
        run = Runner(folder / "notes", folder / "home")
        run("list")
        start = time.perf_counter()
        page = run.process("graph", "--format", "html", *words).out
        took = time.perf_counter() - start
        path = folder / "graph.html"
        path.write_text(page, encoding="utf-8")
        with Browser(program, folder) as browser:
            browser.call("Page.addScriptToEvaluateOnNewDocument", source=RECORD)
            browser.open(path.as_uri())
            rows = {"settling": browser.evaluate("frames.splice(0)")}
            browser.wait_until("!page.glide && !page.isWanted")
            for move, script in MOVES.items():
                steps = (
                    f"let n = 0; const step = () => {{ {script}; if (++n < {FRAMES}) requestAnimationFrame(step); else done(); }}; step();"
                )
                browser.evaluate(f"frames.length = 0; new Promise((done) => {{ {steps} }})")
                rows[move] = browser.evaluate("frames.splice(0)")
            settled = browser.evaluate("document.body.dataset.settledAfter")
    print(f"{notes:,} notes: {format_size(page)}, written in {took:.1f} s, settled {int(settled) / 1000:.1f} s after the script began")
    for move, frames in rows.items():
        print(
            f"  {move:11} {statistics.median(frames):4.0f} ms a frame, {sorted(frames)[int(0.95 * len(frames))]:4.0f} ms at most in 95 of 100, {max(frames):4.0f} ms at most"
        )


def format_size(page: str) -> str:
    """Return the size of a page in megabytes."""
    return f"{len(page.encode()) / 1e6:.1f} MB"


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--no-text", action="store_true")
    options = parser.parse_args()
    for notes in options.notes:
        measure(notes, ["--no-text"] if options.no_text else [])


if __name__ == "__main__":
    main()
