"""Test the page of `zettel graph --format html` in a real browser: it works, it fetches nothing, and note text stays text."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.driver import NAMES, Browser, find_browser
from tests.conftest import STARTER, Runner

HOME, EXECUTION, MAP = "202301010800", "202302060730", "202304230950"
EVIL = "</script><script>hacked = 1</script><img src=x onerror='hacked = 2'>"
ARABIC, EMOJI, LONG = "\u202eسلام الفريق\u202c", "Ship it 🚀👩\u200d👩\u200d👧", "long " * 2000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium."""
    program = find_browser()
    if not program:
        pytest.skip(f"there is no browser: none of {', '.join(NAMES)} on PATH, and $ZETTEL_BROWSER names none")
    with Browser(program, tmp_path_factory.mktemp("browser")) as driver:
        yield driver


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the starter notebook's page."""
    folder = tmp_path_factory.mktemp("starter")
    shutil.copytree(STARTER, folder / "notes")
    return write_page(Runner(folder / "notes", folder / "home"), folder)


@pytest.fixture
def page(browser: Browser, address: str) -> Browser:
    """The starter notebook's page after layout, in light colours and without animation."""
    browser.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    browser.open(address)
    return browser


def write_page(run: Runner, folder: Path, *words: str) -> str:
    """Write the page of a notebook, and return its address."""
    result = run("graph", "--format", "html", *words)
    assert "" == result.err
    path = folder / "graph.html"
    path.write_text(result.out, encoding="utf-8")
    return path.as_uri()


def find_number(browser: Browser, name: str) -> int:
    """Return the page's own number of a note."""
    return int(browser.evaluate(f"page.graph.byName.get({json.dumps(name)})"))


def find_position(browser: Browser, name: str) -> tuple[float, float]:
    """Return where a note is on the screen."""
    browser.wait_until("!page.glide && !page.isWanted")
    x, y = browser.evaluate(f"page.drawing.place({find_number(browser, name)})")
    return x, y


def read_panel_title(browser: Browser) -> str:
    """Return the heading of the panel, or an empty text if there is no panel."""
    browser.wait_until("document.body.dataset.focus === decodeURIComponent(location.hash.slice(1))")
    return str(browser.evaluate("document.querySelector('#panel h2')?.textContent ?? ''"))


def read_tooltip(browser: Browser) -> str:
    """Return the text of the tooltip, or an empty text if there is none."""
    return str(browser.evaluate("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText"))


def test_page_loads_without_messages_or_requests(page: Browser, address: str) -> None:
    """The page shows all notes and links, prints nothing to the console, and requests nothing."""
    notes, links = page.evaluate("[page.graph.notes.length, page.graph.links]")
    assert len(list(STARTER.glob("*.md"))) == notes
    assert f"notes · {notes} notes, {links} links" == page.evaluate("document.getElementById('about').textContent")
    assert [] == page.messages
    assert [address] == [url for url in page.requests if url != "about:blank"]


def test_page_policy_blocks_foreign_content(page: Browser) -> None:
    """The page's policy blocks every script, picture and request that did not come with the page."""
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked = 1' }))")
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.org/x.png' }))")
    page.evaluate("fetch('https://example.org/').catch(() => null)")
    page.wait_until("true")
    assert page.evaluate("typeof hacked") == "undefined"
    assert len([message for message in page.messages if "Content Security Policy" in message]) >= 3


def test_search_finds_and_focuses_a_note(page: Browser) -> None:
    """A slash opens the search, words match titles in any letter case, arrows and Enter choose, and the address names the note."""
    page.press("/")
    page.type("MAP of")
    found = page.evaluate("[...document.querySelectorAll('#results li .title')].map((entry) => entry.textContent)")
    assert ["A map of choosing a direction", "A map of getting things done", "A map of leading people"] == sorted(found[:3])
    assert ["Maybe roadmaps are a form of reassurance"] == found[3:]
    page.press("ArrowDown")
    chosen = page.evaluate("document.querySelector('#results [aria-selected=true] .title').textContent")
    assert found[1] == chosen
    assert "result-1" == page.evaluate("document.getElementById('search').getAttribute('aria-activedescendant')")
    page.press("Enter")
    page.wait_until("location.hash.length > 1")
    assert chosen == read_panel_title(page)
    assert page.evaluate("document.getElementById('results').hidden")


@pytest.mark.parametrize(
    ("words", "wanted"), [(EXECUTION, "Execution is a string of kept promises"), ("structure leading", "A map of leading people")]
)
def test_search_finds_id_and_tag(words: str, wanted: str, page: Browser) -> None:
    """A search finds a note by its ID and by a tag."""
    page.press("/")
    page.type(words)
    assert [wanted] == page.evaluate("[...document.querySelectorAll('#results .title')].map((entry) => entry.textContent)")


def test_search_that_finds_nothing_says_so(page: Browser) -> None:
    """A search without a result says so, and Enter does nothing."""
    page.press("/")
    page.type("qqqq")
    assert "nothing found" == page.evaluate("document.getElementById('results').innerText")
    page.press("Enter")
    assert "" == read_panel_title(page)


def test_click_focuses_a_note_and_background_click_unfocuses(page: Browser) -> None:
    """A click on a note focuses it and dims everything except its neighbours. A click on the background undoes this."""
    page.click(*find_position(page, EXECUTION))
    page.wait_until("location.hash.length > 1")
    assert "Execution is a string of kept promises" == read_panel_title(page)
    neighbours = page.evaluate(f"page.graph.around[{find_number(page, EXECUTION)}].length")
    assert neighbours + 1 == page.evaluate("page.drawing.lit.reduce((sum, one) => sum + one)")
    page.click(30, 400)
    page.wait_until("document.getElementById('panel').hidden")
    assert "" == read_panel_title(page)
    assert page.evaluate("page.drawing.lit === null")


def test_panel_shows_what_the_notes_say(page: Browser) -> None:
    """The panel of a focused note shows its ID, its tags, the number of links, and each neighbour with the linking sentences by direction."""
    page.evaluate(f"location.hash = '{EXECUTION}'")
    page.wait_until("!document.getElementById('panel').hidden")
    shown = page.evaluate("document.getElementById('panel').innerText")
    number = find_number(page, EXECUTION)
    assert f"{EXECUTION} · {page.evaluate(f'page.graph.linkCount({number})')} links" in shown
    assert "#delivery/execution" in shown
    for way, heading in (("both", "↔ Linked both ways"), ("out", "→ Links to"), ("back", "← Linked from")):
        count = page.evaluate(f"page.graph.around[{number}].filter((edge) => viewFrom({number}, edge).way === '{way}').length")
        assert f"{heading} · {count}" in shown
    entry_text = f"document.querySelector('#panel li[data-note=\"{find_number(page, '202301172040')}\"]').innerText"
    page.wait_until(f"{entry_text}.includes('→')")  # laid out a moment later on a busy machine
    entry = page.evaluate(entry_text)
    assert "→ The harm of a miss lies in other people's plans" in entry
    assert "← Early news is worth having all the same" in entry
    assert page.evaluate("[...document.querySelectorAll('#panel mark')].every((mark) => mark.textContent.length)")


def test_panel_neighbour_can_be_clicked(page: Browser) -> None:
    """A click on a neighbour in the panel focuses it, and the browser's back button returns."""
    page.evaluate(f"location.hash = '{EXECUTION}'")
    page.wait_until("!document.getElementById('panel').hidden")
    page.evaluate(f"document.querySelector('#panel li[data-note=\"{find_number(page, MAP)}\"] button').click()")
    page.wait_until(f"location.hash === '#{MAP}'")
    assert "A map of getting things done" == read_panel_title(page)
    page.evaluate("history.back()")
    page.wait_until(f"location.hash === '#{EXECUTION}'")
    assert "Execution is a string of kept promises" == read_panel_title(page)


def test_tooltip_describes_a_note(page: Browser) -> None:
    """The tooltip of a note shows its title, its ID, the number of links and its tags."""
    page.send_mouse("moved", *find_position(page, EXECUTION))
    page.wait_until("!document.getElementById('tip').hidden")
    links = page.evaluate(f"page.graph.linkCount({find_number(page, EXECUTION)})")
    wanted = ["Execution is a string of kept promises", f"{EXECUTION} · {links} links", "#delivery/execution"]
    assert wanted == read_tooltip(page).splitlines()
    page.send_mouse("moved", 30, 400)
    assert "" == read_tooltip(page)


def test_tooltip_describes_a_link(page: Browser) -> None:
    """The tooltip of a link shows its direction and what the two notes say about each other."""
    page.evaluate(f"location.hash = '{HOME}'")
    page.wait_until("!document.getElementById('panel').hidden")
    (x, y), (to_x, to_y) = find_position(page, HOME), find_position(page, EXECUTION)
    shares = [share / 20 for share in range(3, 18)]
    points = [(x + (to_x - x) * share, y + (to_y - y) * share) for share in shares]
    free = [at for at in points if page.evaluate("page.drawing.noteAt({0}, {1}) < 0 && page.drawing.edgeAt({0}, {1}) !== null".format(*at))]
    page.send_mouse("moved", *free[0])
    page.wait_until("!document.getElementById('tip').hidden")
    title, sentence = read_tooltip(page).split("\n", 1)
    assert "Start here → Execution is a string of kept promises" == title
    assert sentence.lstrip().startswith("→ ")
    assert "Execution is a string of kept promises" in sentence
    assert EXECUTION not in sentence


def test_escape_closes_search_then_focus(page: Browser) -> None:
    """Escape closes the search first, then leaves the focused note."""
    page.evaluate(f"location.hash = '{EXECUTION}'")
    page.wait_until("!document.getElementById('panel').hidden")
    page.press("/")
    page.type("map")
    page.press("Escape")
    assert page.evaluate("document.getElementById('results').hidden")
    assert "Execution is a string of kept promises" == read_panel_title(page)
    page.press("Escape")
    page.wait_until("document.getElementById('panel').hidden")
    assert "" == read_panel_title(page)


def test_address_focuses_a_note(page: Browser, address: str) -> None:
    """A page opened with `#ID` focuses that note and ignores a name that no note has."""
    page.open(f"{address}#{MAP}")
    assert "A map of getting things done" == read_panel_title(page)
    page.evaluate("location.hash = 'no%such'")
    page.wait_until("document.getElementById('panel').hidden")
    assert [] == page.messages


def test_colours_follow_system_and_button(page: Browser) -> None:
    """Colours follow the system, even when it changes, and a button switches them."""
    pixel = "[...page.drawing.pen.getImageData(5, 300, 1, 1).data].slice(0, 3).join()"
    assert "248,247,244" == page.evaluate(pixel)
    page.set_preferences(prefers_color_scheme="dark", prefers_reduced_motion="reduce")
    page.wait_until(f"{pixel} === '22,24,28'")
    page.evaluate("document.getElementById('theme').click()")
    page.wait_until(f"{pixel} === '248,247,244'")
    assert "rgb(248, 247, 244)" == page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(theme: str, page: Browser) -> None:
    """Text has a contrast of at least 4.5 to 1 with its background, and shapes of at least 3 to 1 (WCAG 2.2)."""
    page.evaluate(f"page.turnTo('{theme}')")
    contrast = """((one, other) => {
      const light = (name) => {
        const hex = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim().slice(1);
        const parts = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
        const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
      return (bright + 0.05) / (dark + 0.05);
    })"""
    for ground in ("ground", "surface"):
        for name in ("text", "quiet", "out", "back"):
            assert page.evaluate(f"{contrast}('{name}', '{ground}')") >= 4.5, (name, ground)
    for colour in range(8):
        assert page.evaluate(f"{contrast}('colour-{colour}', 'ground')") >= 3, colour
    assert page.evaluate(f"{contrast}('text', 'mark')") >= 4.5


def test_mouse_zooms_pans_and_drags(page: Browser) -> None:
    """The wheel zooms at the pointer, dragging the background moves all notes, and a dragged note stays where it is dropped."""
    x, y = find_position(page, EXECUTION)
    page.send_mouse("wheel", x, y, deltaX=0, deltaY=-300)
    assert page.evaluate("page.drawing.camera.zoom") > 1
    assert pytest.approx((x, y), abs=1) == find_position(page, EXECUTION)
    for kind, left, top in (("moved", 30, 400), ("pressed", 30, 400), ("moved", 50, 430), ("moved", 70, 440), ("released", 70, 440)):
        page.send_mouse(kind, left, top, **({"buttons": 1} if kind == "moved" else {}))
    moved = find_position(page, EXECUTION)
    assert pytest.approx((x + 40, y + 40), abs=1) == moved
    page.send_mouse("pressed", *moved)
    page.send_mouse("moved", moved[0] - 80, moved[1] + 10, buttons=1)
    page.send_mouse("released", moved[0] - 80, moved[1] + 10)
    assert pytest.approx((moved[0] - 80, moved[1] + 10), abs=1) == find_position(page, EXECUTION)
    assert "" == read_panel_title(page)


def test_legend_highlights_a_group(page: Browser) -> None:
    """The legend names each group with its size, and a click on a group highlights its notes alone."""
    sizes = page.evaluate("[...document.querySelectorAll('#legend .quiet')].map((entry) => Number(entry.textContent))")
    assert page.evaluate("page.graph.notes.length") == sum(sizes)
    page.evaluate("document.querySelector('#legend button').click()")
    assert sizes[0] == page.evaluate("page.drawing.lit.reduce((sum, one) => sum + one)")
    assert "true" == page.evaluate("document.querySelector('#legend button').getAttribute('aria-pressed')")
    page.press("Escape")
    assert page.evaluate("page.drawing.lit === null")


def test_every_control_has_a_name(page: Browser) -> None:
    """Every control that can be reached by keyboard has an accessible name."""
    page.evaluate(f"location.hash = '{EXECUTION}'")
    page.wait_until("!document.getElementById('panel').hidden")
    wanted = ("button", "combobox", "image", "searchbox")
    named: list[tuple[str, str]] = []
    for _ in range(100):  # the panel's controls join the accessibility tree a moment later
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        named = [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if node.get("role", {}).get("value") in wanted
        ]
        if len(named) > 15:
            break
        time.sleep(0.02)
    assert len(named) > 15
    assert [] == [one for one in named if not one[1]]


def test_reduced_motion_is_respected(page: Browser, address: str) -> None:
    """With reduced motion, nothing is drawn until the layout has settled, and the camera does not glide."""
    count = "drawn = 0; Drawing.prototype.draw = ((draw) => function () { drawn++; settled = page.layout.isSettled; draw.call(this); })(Drawing.prototype.draw)"
    page.evaluate(f"{count}; page.layout.warm(1); page.redraw()")
    page.wait_until("drawn > 0")
    assert page.evaluate("settled")
    page.evaluate("drawn = 0")
    page.evaluate(f"location.hash = '{EXECUTION}'")
    page.wait_until("drawn > 0 && !page.glide && !page.isWanted")
    assert page.evaluate("drawn") <= 2


def test_layout_is_deterministic(page: Browser, address: str) -> None:
    """The layout is not random, and it does not depend on whether one watches it settle."""
    places = "JSON.stringify([...page.layout.x, ...page.layout.y])"
    still = page.evaluate(places)
    page.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    page.open(address)
    assert still == page.evaluate(places)


def test_note_text_is_never_markup(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """Hostile titles, tags, sentences and file names are shown as text everywhere, and run nothing."""
    titles = {"202401010101": EVIL, "202401010102": ARABIC, "202401010103": EMOJI, "202401010104": LONG, "202401010105": "\"'`<!--{{data}}"}
    notes: dict[str, str | bytes] = {}
    for name, title in titles.items():
        others = " ".join(f"[[{other}]] is what {EVIL} & \u2028 says." for other in titles if other != name)
        notes[f"{name}.md"] = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ntags: ['{EVIL[9:20]}']\n---\n{others}\n"
    notes["<img src=x onerror=alert(1)>.md"] = "[[202401010101]]\n"
    browser.open(write_page(notebook(notes), tmp_path))
    for name in range(len(notes)):
        browser.evaluate(f"page.go({name})")
        assert browser.evaluate(f"page.graph.notes[{name}].title") == read_panel_title(browser)
        browser.send_mouse("moved", *browser.evaluate(f"page.drawing.place({name})"))
    browser.press("Escape")
    browser.press("/")
    browser.type("onerror")
    assert [EVIL, "<img src=x onerror=alert(1)>"] == browser.evaluate(
        "[...document.querySelectorAll('#results .title')].map((entry) => entry.textContent)"
    )
    assert 4 == browser.evaluate("document.scripts.length")
    assert 0 == browser.evaluate("document.images.length")
    assert "undefined" == browser.evaluate("typeof hacked")
    assert [] == browser.messages
    shown = browser.evaluate("page.graph.notes.map((note) => note.title)")
    assert {EVIL, EMOJI, "\"'`<!--{{data}}", "\\u202eسلام الفريق\\u202c"} < set(shown)
    assert 200 == max(map(len, shown))


SCRIPT_TITLES = (
    "<script>ran('script')</script>",
    "</script><script>ran('after')</script>",
    "</SCRIPT ><svg onload=ran('svg')>",
    "<!--<script>ran('comment')",
    "--><script>ran('end')</script>",
    "</title></style><style>*{display:none}</style>",
    "<img src=https://e.example/x.png onerror=ran('img')>",
    "<a href=javascript:ran('link')>x</a>",
    "[x](javascript:ran('markdown'))",
    "\"' onmouseover=ran('over') autofocus onfocus=ran('focus') x='",
    "\u2028ran('line')//\u2029</script>",
    "`${ran('template')}`",
    "\\'; ran('quote'); //",
    "&lt;script&gt;ran('entity')&lt;/script&gt;",
    "<base href=https://e.example/><meta http-equiv=refresh content=0;url=https://e.example/>",
    "<iframe srcdoc=\"<script>parent.ran('frame')</script>\"></iframe>",
    "{{policy}}{{script}}",
    "\x1b]0;T\x07\U000e0041\u202e",
)
"""Titles that would run a script, call `ran`, fetch something or change the page if they were used as more than text."""


def test_no_note_text_runs_code(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """Titles, tags, labels, sentences, names of files and folders, and words after IDs run nothing, open nothing, request nothing and create no element."""
    quoted = [json.dumps(text) if text.isascii() else json.dumps(text).replace("\\udb40\\udc41", "\U000e0041") for text in SCRIPT_TITLES]
    ids = [f"2024010101{place:02}" for place in range(len(SCRIPT_TITLES))]
    files: dict[str, str | bytes] = {}
    for place, (name, title) in enumerate(zip(ids, SCRIPT_TITLES, strict=True)):
        folder = title.replace("/", "∕")[:60] + "/" if place % 2 else ""
        others = " ".join(f"{title} [[{other}|{title}]] [{title}]({other}.md) says." for other in ids if other != name)
        files[f"{folder}{name} {title.replace('/', '∕')[:60]}.md"] = (
            f"---\ntitle: {quoted[place]}\ntags: [{quoted[place]}]\n---\n{others}\n"
        )
    address = write_page(notebook(files), tmp_path)
    spy = browser.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="window.runs = []; window.ran = (what) => { window.runs.push(what) }; window.ran.is = 1",
    )
    try:
        browser.open(address)
        for place in range(len(files)):
            browser.evaluate(f"page.go({place})")
            assert browser.evaluate(f"page.graph.notes[{place}].title") == read_panel_title(browser)
            browser.send_mouse("moved", *browser.evaluate(f"page.drawing.place({place})"))
            browser.click(*browser.evaluate(f"page.drawing.place({place})"))
        browser.press("Escape")
        for words in ("ran", "<script>", "javascript:"):
            browser.press("/")
            browser.type(words)
            browser.press("ArrowDown")
            browser.press("Enter")
        assert 1 == browser.evaluate("window.ran.is")
        assert [] == browser.evaluate("window.runs")
        assert [] == browser.messages
        assert [address] == [url.split("#")[0] for url in browser.requests if url != "about:blank"]
        assert 4 == browser.evaluate("document.scripts.length")
        outside = "iframe, img, base, a:not([href^='#']):not([href^='http']), object, embed, form, meta[http-equiv=refresh], link, svg svg, svg[onload]"
        assert 0 == browser.evaluate(f"document.querySelectorAll({json.dumps(outside)}).length")
        assert [] == browser.evaluate(
            "[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))"
        )
        browser.evaluate("ran('seen')")
        assert ["seen"] == browser.evaluate("window.runs")
        assert "default-src 'none'" in browser.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    finally:
        browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=spy["identifier"])


@pytest.mark.parametrize("files", [{}, {"202401010101 A.md": "alone"}], ids=["no notes", "one note"])
def test_page_draws_few_notes(
    files: dict[str, str | bytes], browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path
) -> None:
    """A notebook with one note or none is drawn without an error."""
    browser.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    browser.open(write_page(notebook(files), tmp_path))
    size = "1 note, 0 links" if files else "0 notes, 0 links"
    assert f"notebook · {size}" == browser.evaluate("document.getElementById('about').textContent")
    assert [] == browser.messages


def test_many_notes_settle(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """2,000 notes with 10,000 links are laid out and drawn. The test prints how long that takes."""
    files: dict[str, str | bytes] = {}
    names = [f"202401{day:02}{hour:02}{minute:02}" for day in range(1, 26) for hour in range(20) for minute in (0, 15, 30, 45)]
    for place, name in enumerate(names):
        targets = [names[(place * place * step + 7 * step) % max(1, place)] for step in range(1, 6)]
        files[f"{name}.md"] = f"# Note {place}\n\n" + "\n".join(f"Said of [[{target}]] here." for target in targets) + "\n"
    run = notebook(files)
    browser.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    browser.open(write_page(run, tmp_path))
    assert 2000 == browser.evaluate("page.layout.count")
    assert (tmp_path / "graph.html").stat().st_size < 4_000_000
    assert browser.evaluate("page.worker instanceof Worker")
    settle = "const own = new Layout(page.layout.radii, page.graph.edges, page.breadth); while (!own.isSettled) own.step()"
    assert browser.evaluate(f"(() => {{ {settle}; return own.x.every((x, i) => x === page.layout.x[i]) }})()")
    assert [] == browser.messages
    times = browser.evaluate(
        """Array.from({ length: 20 }, () => {
          const start = performance.now();
          page.drawing.camera.pan(2, 1);
          page.drawing.draw();
          page.drawing.pen.getImageData(0, 0, 1, 1); // waits until it is drawn
          return performance.now() - start;
        }).sort((one, other) => one - other)"""
    )
    print(f"2,000 notes settled after {browser.evaluate('document.body.dataset.settledAfter')} ms; a frame takes {times[10]:.0f} ms")


LABEL_BOXES = """page.drawing.placeLabels().map(({ i, dx, dy, width, height, isDim }) => {
  const [x, y] = page.drawing.place(i);
  return { i, isDim, left: x + dx - width / 2, top: y + dy - height / 2, right: x + dx + width / 2, bottom: y + dy + height / 2 };
})"""
LABELS_ON_LABELS = f"""(() => {{
  const boxes = {LABEL_BOXES};
  const lies = (one, other) => one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
  return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) => lies(one, other)).map((other) => [one.i, other.i]));
}})()"""
LABELS_ON_NOTES = f"""(() => {{
  const isDimmed = (i) => (page.drawing.lit || page.drawing.near) && !page.drawing.isLit(i);
  return {LABEL_BOXES}.flatMap((box) => [...page.graph.notes.keys()].filter((i) => {{
    const [x, y] = page.drawing.place(i), radius = page.drawing.radius(i);
    return !isDimmed(i) && x + radius > box.left && x - radius < box.right && y + radius > box.top && y - radius < box.bottom;
  }}).map((i) => [box.i, i]));
}})()"""
SIZES = {(1280, 800): 32, (1920, 1200): 48, (390, 844): 14}
"""The screens of a computer, a large one and a phone, and how many notes of the starter notebook are named there at least."""

NAMED_LINES = "page.drawing.placeLabels().map(({ i, lines }) => [i, lines.join(' ')])"


@pytest.fixture(params=SIZES, ids=lambda size: "x".join(map(str, size)))
def sized_page(page: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The starter notebook's page on a screen of one of the sizes."""
    width, height = request.param
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    page.open(address)
    yield page
    page.call("Emulation.clearDeviceMetricsOverride")


def focus_note(browser: Browser, name: str) -> None:
    """Focus a note, and wait for its panel."""
    browser.evaluate(f"location.hash = '{name}'")
    browser.wait_until(f"document.body.dataset.focus === '{name}'")


def press_button(browser: Browser, label: str) -> None:
    """Press the button of the panel with this label."""
    browser.evaluate(f"[...document.querySelectorAll('#panel button')].find((one) => one.textContent === {json.dumps(label)}).click()")


def wait_for_rest(browser: Browser) -> None:
    """Wait until the camera rests and everything is drawn."""
    browser.wait_until("!page.glide && !page.isWanted && performance.now() - page.movedAt > 400")


def test_no_label_lies_on_another_or_on_a_note(sized_page: Browser) -> None:
    """No label lies on another label or on a note that is not dimmed: of all notes, zoomed in and out, around a note, and on a path."""
    page, shown = sized_page, 0
    hashes = [f"location.hash = '{name}'" for name in (EXECUTION, HOME, f"{EXECUTION},{HOME}")]
    for step in ("0", "page.zoom(2)", "page.zoom(0.3)", *hashes):
        page.evaluate(step)
        time.sleep(0.05)
        wait_for_rest(page)
        assert ([], []) == (page.evaluate(LABELS_ON_LABELS), page.evaluate(LABELS_ON_NOTES)), step
        shown += page.evaluate("page.drawing.placeLabels().length")
    assert shown > 20


def test_largest_notes_are_named_in_full(sized_page: Browser) -> None:
    """The notes with the most links are named, with their whole titles, whatever the size of the screen, and many others are, too."""
    wait_for_rest(sized_page)
    titles = sized_page.evaluate("page.graph.notes.map((note) => note.title)")
    named = dict(sized_page.evaluate(NAMED_LINES))
    assert {i: titles[i] for i in range(8)} == {i: named.get(i) for i in range(8)}
    size = tuple(sized_page.evaluate("[innerWidth, innerHeight]"))
    assert len(named) >= SIZES[size]


def test_note_in_focus_is_named_in_full(sized_page: Browser) -> None:
    """The title of the note in focus takes as many lines as it needs and is not cut."""
    titles = sized_page.evaluate("page.graph.notes.map((note) => note.title)")
    longest = max(range(len(titles)), key=lambda i: len(titles[i]))
    sized_page.evaluate(f"page.go({longest})")
    sized_page.wait_until("document.body.dataset.focus !== ''")
    wait_for_rest(sized_page)
    assert titles[longest] == dict(sized_page.evaluate(NAMED_LINES)).get(longest)


def test_legend_shows_the_largest_groups_and_unfolds(sized_page: Browser) -> None:
    """The legend begins with the largest groups, and a button shows the others, each with the look that its notes have."""
    visible = "[...document.querySelectorAll('#legend [data-group]')].filter((one) => !one.hidden).map((one) => one.innerText)"
    before = sized_page.evaluate(visible)
    sizes = [int(one.split()[-1]) for one in before]
    assert sizes == sorted(sizes, reverse=True)
    sized_page.evaluate("document.querySelector('#legend .more').click()")
    after = sized_page.evaluate(visible)
    assert before == after[: len(before)]
    assert len(before) < len(after) == sized_page.evaluate("page.graph.groups.length")
    assert sized_page.evaluate("document.querySelector('#legend .more') === null")
    wait_for_rest(sized_page)
    top = sized_page.evaluate("document.getElementById('legend').getBoundingClientRect().top")
    assert all(box["bottom"] <= top or box["left"] > 300 for box in sized_page.evaluate(LABEL_BOXES))


def test_zooming_in_names_more_notes(page: Browser) -> None:
    """The closer one looks, the larger is the share of the notes on the screen that are named."""
    share = """(() => {
      const { camera } = page.drawing;
      const isSeen = (i) => { const [x, y] = page.drawing.place(i); return x > 0 && y > 0 && x < camera.width && y < camera.height; };
      return page.drawing.placeLabels().filter(({ i }) => isSeen(i)).length / [...page.graph.notes.keys()].filter(isSeen).length;
    })()"""
    wait_for_rest(page)
    before = page.evaluate(share)
    page.evaluate("page.zoom(2.5)")
    wait_for_rest(page)
    assert page.evaluate(share) > before


def test_note_that_is_looked_at_and_its_neighbours_are_named(page: Browser) -> None:
    """The note under the pointer and its neighbours are named, and so are those of the note in focus, whatever was named before."""
    named = "page.drawing.placeLabels().filter(({ isDim }) => !isDim).map(({ i }) => i)"
    number = find_number(page, EXECUTION)
    wanted = {number, *page.evaluate(f"page.neighbours({number})")}
    page.send_mouse("moved", *find_position(page, EXECUTION))
    wait_for_rest(page)
    assert wanted == set(page.evaluate(named))
    focus_note(page, EXECUTION)
    wait_for_rest(page)
    assert wanted == set(page.evaluate(named))


def test_two_clicks_show_a_path_with_its_sentences(page: Browser) -> None:
    """`Path from here` and a click on another note show the notes between them, each with the sentence that leads on."""
    focus_note(page, EXECUTION)
    press_button(page, "Path from here")
    assert "Execution is a string of kept promises" in page.evaluate("document.getElementById('start').innerText")
    wait_for_rest(page)
    number = find_number(page, EXECUTION)
    far = page.evaluate(
        f"page.graph.notes.findIndex((note, i) => i !== {number} && !page.neighbours({number}).includes(i) && page.graph.around[i].length)"
    )
    page.click(*page.evaluate(f"page.drawing.place({far})"))
    page.wait_until("page.path !== null")
    notes = page.evaluate("page.drawing.path")
    assert [number, far] == [notes[0], notes[-1]]
    titles = page.evaluate("[...document.querySelectorAll('#panel .path .title')].map((one) => one.textContent)")
    assert page.evaluate(f"{json.dumps(notes)}.map((i) => page.graph.notes[i].title)") == titles
    assert len(notes) - 1 == page.evaluate("document.querySelectorAll('#panel .path mark').length")
    assert not [one for one in page.evaluate("document.getElementById('panel').innerText").split() if one.isdigit() and len(one) >= 12]
    assert len(notes) == page.evaluate("page.drawing.lit.reduce((sum, one) => sum + one)")
    assert page.evaluate("document.getElementById('start').hidden")
    page.press("Escape")
    page.wait_until("document.getElementById('panel').hidden")
    assert page.evaluate("page.path === null")
    assert [] == page.messages


def test_path_from_the_keyboard_and_turned_around(page: Browser) -> None:
    """The key p begins a path, a search chooses its end, and a button turns it around. Escape gives up a path whose end is not chosen."""
    focus_note(page, EXECUTION)
    page.press("p")
    page.press("Escape")
    assert page.evaluate("page.start === -1")
    assert "Execution is a string of kept promises" == read_panel_title(page)
    page.press("p")
    page.press("/")
    page.type("Start here")
    page.press("Enter")
    page.wait_until("page.path !== null")
    assert f"#{EXECUTION},{HOME}" == page.evaluate("location.hash")
    press_button(page, "Turn it around")
    page.wait_until(f"document.body.dataset.focus === '{HOME},{EXECUTION}'")


def test_shift_click_shows_a_path(page: Browser) -> None:
    """A click with Shift on another note shows the path from the note in focus to it."""
    focus_note(page, EXECUTION)
    x, y = find_position(page, HOME)
    for kind in ("moved", "pressed", "released"):
        page.send_mouse(kind, x, y, modifiers=8)
    page.wait_until("page.path !== null")
    assert f"#{EXECUTION},{HOME}" == page.evaluate("location.hash")


def test_paths_are_those_of_the_command_line(page: Browser, tmp_path: Path) -> None:
    """Between any two notes, the page finds the path that `zettel path` finds."""
    shutil.copytree(STARTER, tmp_path / "notes")
    run = Runner(tmp_path / "notes", tmp_path / "home")
    ids = page.evaluate("page.graph.notes.filter((note, i) => note.id && page.graph.around[i].length).map((note) => note.id).sort()")
    for at in range(0, len(ids), 3):
        one, other = ids[at], ids[(at * 7 + 11) % len(ids)]
        if one != other:
            path = json.loads(run("path", one, other, "--format", "json").out)["paths"][0]
            numbers = f"{find_number(page, one)}, {find_number(page, other)}"
            found = page.evaluate(f"findPath(page.graph, {numbers}).map((i) => page.graph.notes[i].path)")
            assert [note["path"] for note in path["notes"]] == found


def test_page_says_that_there_is_no_path(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """Between notes that no chain of links connects, the panel says so."""
    files: dict[str, str | bytes] = {"202401010101.md": "# Oven\n", "202401010102.md": "# Kite\n"}
    browser.set_preferences(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    browser.open(f"{write_page(notebook(files), tmp_path)}#202401010101,202401010102")
    shown = browser.evaluate("document.getElementById('panel').innerText")
    assert "No chain of links leads from “Oven” to “Kite”" in shown
    assert [] == browser.messages


def test_panel_shows_the_text_with_links(page: Browser) -> None:
    """The panel shows the note's text, and a click on a link in it focuses the note that it names."""
    focus_note(page, EXECUTION)
    assert len(page.evaluate("document.querySelector('#panel .text').innerText")) > 300
    link = "document.querySelector('#panel .text a[data-note]')"
    wanted = page.evaluate(f"page.graph.notes[{link}.dataset.note].title")
    page.evaluate(f"{link}.click()")
    page.wait_until(f"location.hash !== '#{EXECUTION}'")
    assert wanted == read_panel_title(page)


TEXTS = (
    "<script>ran(1)</script>\n\n<img src=x onerror=ran(2)> <svg onload=ran(3)></svg>",
    "[a](javascript:ran(4)) [b](JaVaScRiPt:ran(5)) [c](data:text/html,<script>ran(6)</script>) <javascript:ran(7)> [d](vbscript:ran(8))",
    "![x](https://e.example/x.png) ![[y.png]] <iframe src=https://e.example/></iframe> <style>@import 'https://e.example/'</style>",
    "```html\n</script><script>ran(9)</script>\n```\n\n`<img src=x onerror=ran(10)>`",
    '| <b onclick=ran(11)>a</b> | </td><script>ran(12)</script> |\n|---|---|\n| [e](<https://e.example/" onclick="ran(13)>) | \ue0000\ue001 |',
    "[constructor][__proto__]\n\n[__proto__]: javascript:ran(14)\n\n- [f](//e.example/)\n  1. [g](http:ran(15))\n\n> [[h]]\n",
)
"""Texts of notes that would run `ran`, fetch something or make an element if they were used as more than text."""


def test_no_text_of_a_note_runs_code(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """The panel makes no element of what is markup in a note's text, runs nothing, fetches nothing, and leads only to web pages."""
    files: dict[str, str | bytes] = {f"20240101010{place}.md": f"# N{place}\n\n{text}\n" for place, text in enumerate(TEXTS)}
    address = write_page(notebook(files), tmp_path)
    browser.open(address)
    browser.evaluate("window.runs = []; window.ran = (what) => window.runs.push(what)")
    for place in range(len(TEXTS)):
        browser.evaluate(f"page.go({place})")
        assert browser.evaluate(f"page.graph.notes[{place}].title") == read_panel_title(browser)
        elements = set(browser.evaluate("[...document.querySelectorAll('#panel .text *')].map((one) => one.localName)"))
        assert elements <= {"p", "pre", "code", "a", "span", "table", "tr", "td", "ul", "ol", "li", "blockquote"}
        links = browser.evaluate("[...document.querySelectorAll('#panel .text a')].map((one) => one.protocol + one.rel)")
        assert set(links) <= {"https:noopener noreferrer", "http:noopener noreferrer"}
        names = browser.evaluate("[...document.querySelectorAll('#panel .text *')].flatMap((one) => one.getAttributeNames())")
        assert set(names) <= {"href", "class", "target", "rel", "title"}
    assert [] == browser.evaluate("window.runs")
    assert [] == browser.messages
    assert {address} == {url.split("#")[0] for url in browser.requests if url != "about:blank"}
