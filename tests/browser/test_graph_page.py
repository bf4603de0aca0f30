"""The page that `zettel graph --format html` writes, in a real browser: it works, it fetches nothing, and note text stays text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.driver import NAMES, Browser, executable
from tests.conftest import STARTER, Runner

HOME, EXECUTION, MAP = "202301010800", "202302060730", "202304230950"
EVIL = "</script><script>hacked = 1</script><img src=x onerror='hacked = 2'>"
ARABIC, EMOJI, LONG = "\u202eسلام الفريق\u202c", "Ship it 🚀👩\u200d👩\u200d👧", "long " * 2000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium."""
    program = executable()
    if not program:
        pytest.skip(f"there is no browser: none of {', '.join(NAMES)} on PATH, and $ZETTEL_BROWSER names none")
    with Browser(program, tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the starter notebook."""
    folder = tmp_path_factory.mktemp("starter")
    shutil.copytree(STARTER, folder / "notes")
    return written(Runner(folder / "notes", folder / "home"), folder)


@pytest.fixture
def page(browser: Browser, address: str) -> Browser:
    """The starter notebook's page, laid out, in light colours and without movement."""
    browser.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    browser.open(address)
    return browser


def written(run: Runner, folder: Path, *words: str) -> str:
    """Write the page of a notebook; gives its address."""
    result = run("graph", "--format", "html", *words)
    assert (0, "") == (result.code, result.err)
    path = folder / "graph.html"
    path.write_text(result.out, encoding="utf-8")
    return path.as_uri()


def number(browser: Browser, name: str) -> int:
    """The page's own number of a note."""
    return int(browser.js(f"page.graph.byName.get({json.dumps(name)})"))


def spot(browser: Browser, name: str) -> tuple[float, float]:
    """Where a note stands on the screen."""
    browser.until("!page.glide && !page.isWanted")
    x, y = browser.js(f"page.drawing.place({number(browser, name)})")
    return x, y


def focused(browser: Browser) -> str:
    """What the panel is headed by; empty if there is none."""
    browser.until("document.body.dataset.focus === decodeURIComponent(location.hash.slice(1))")
    return str(browser.js("document.querySelector('#panel h2')?.textContent ?? ''"))


def tip(browser: Browser) -> str:
    """What stands in the tip; empty if there is none."""
    return str(browser.js("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText"))


def test_it_loads_without_a_word_or_a_request(page: Browser, address: str) -> None:
    """All notes and links are there; the console is silent, and nothing is asked of anybody."""
    assert "notes · 51 notes, 237 links" == page.js("document.getElementById('about').textContent")
    assert [] == page.messages
    assert [address] == [url for url in page.requests if url != "about:blank"]


def test_its_policy_is_in_force(page: Browser) -> None:
    """Neither script nor style nor request gets in that the page did not come with."""
    page.js("document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked = 1' }))")
    page.js("document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.org/x.png' }))")
    page.js("fetch('https://example.org/').catch(() => null)")
    page.until("true")
    assert page.js("typeof hacked") == "undefined"
    assert len([message for message in page.messages if "Content Security Policy" in message]) >= 3


def test_search_finds_and_focuses(page: Browser) -> None:
    """A slash leads to the search; arrows and Enter choose, by words of the title in any letter case; the address says which note."""
    page.key("/")
    page.type("MAP of")
    found = page.js("[...document.querySelectorAll('#results li .title')].map((entry) => entry.textContent)")
    assert ["A map of choosing a direction", "A map of getting things done", "A map of leading people"] == sorted(found[:3])
    assert ["Maybe roadmaps are a form of reassurance"] == found[3:]
    page.key("ArrowDown")
    chosen = page.js("document.querySelector('#results [aria-selected=true] .title').textContent")
    assert found[1] == chosen
    assert "result-1" == page.js("document.getElementById('search').getAttribute('aria-activedescendant')")
    page.key("Enter")
    page.until("location.hash.length > 1")
    assert chosen == focused(page)
    assert page.js("document.getElementById('results').hidden")


@pytest.mark.parametrize(
    ("words", "wanted"), [(EXECUTION, "Execution is a string of kept promises"), ("structure leading", "A map of leading people")]
)
def test_search_by_id_and_tag(words: str, wanted: str, page: Browser) -> None:
    """A note is found by its ID, and by a tag."""
    page.key("/")
    page.type(words)
    assert [wanted] == page.js("[...document.querySelectorAll('#results .title')].map((entry) => entry.textContent)")


def test_search_that_finds_nothing_says_so(page: Browser) -> None:
    """A search without a result says so, and Enter does nothing."""
    page.key("/")
    page.type("qqqq")
    assert "nothing found" == page.js("document.getElementById('results').innerText")
    page.key("Enter")
    assert "" == focused(page)


def test_click_focuses_and_ground_goes_back(page: Browser) -> None:
    """A click on a note focuses it and dims all but its neighbours; a click on the ground goes back."""
    page.click(*spot(page, EXECUTION))
    page.until("location.hash.length > 1")
    assert "Execution is a string of kept promises" == focused(page)
    neighbours = page.js(f"page.graph.around[{number(page, EXECUTION)}].length")
    assert neighbours + 1 == page.js("page.drawing.lit.reduce((sum, one) => sum + one)")
    page.click(30, 400)
    page.until("document.getElementById('panel').hidden")
    assert "" == focused(page)
    assert page.js("page.drawing.lit === null")


def test_panel_shows_what_the_notes_say(page: Browser) -> None:
    """Beside a focused note stand its ID, tags and number of links, and each neighbour with the sentences, by direction."""
    page.js(f"location.hash = '{EXECUTION}'")
    page.until("!document.getElementById('panel').hidden")
    shown = page.js("document.getElementById('panel').innerText")
    assert f"{EXECUTION} · 12 links" in shown
    assert "#delivery/execution" in shown
    assert "↔ Linked both ways · 3" in shown
    assert "→ Links to · 2" in shown
    assert "← Linked from · 4" in shown
    entry = page.js(f"document.querySelector('#panel li[data-note=\"{number(page, '202301172040')}\"]').innerText")
    assert "→ The harm of a miss lies in other people's plans" in entry
    assert "← Early news is worth having all the same" in entry
    assert page.js("[...document.querySelectorAll('#panel mark')].every((mark) => mark.textContent.length)")


def test_panel_leads_on(page: Browser) -> None:
    """A neighbour in the panel can be clicked, and the browser's way back leads back."""
    page.js(f"location.hash = '{EXECUTION}'")
    page.until("!document.getElementById('panel').hidden")
    page.js(f"document.querySelector('#panel li[data-note=\"{number(page, MAP)}\"] button').click()")
    page.until(f"location.hash === '#{MAP}'")
    assert "A map of getting things done" == focused(page)
    page.js("history.back()")
    page.until(f"location.hash === '#{EXECUTION}'")
    assert "Execution is a string of kept promises" == focused(page)


def test_hover_over_a_note(page: Browser) -> None:
    """Over a note stand its title, ID, tags and number of links."""
    page.mouse("moved", *spot(page, EXECUTION))
    page.until("!document.getElementById('tip').hidden")
    assert ["Execution is a string of kept promises", f"{EXECUTION} · 12 links", "#delivery/execution"] == tip(page).splitlines()
    page.mouse("moved", 30, 400)
    assert "" == tip(page)


def test_hover_over_a_link(page: Browser) -> None:
    """Over a link stands what the two notes say of each other, with the direction."""
    page.js(f"location.hash = '{HOME}'")
    page.until("!document.getElementById('panel').hidden")
    (x, y), (to_x, to_y) = spot(page, HOME), spot(page, EXECUTION)
    page.mouse("moved", (x + to_x) / 2, (y + to_y) / 2)
    page.until("!document.getElementById('tip').hidden")
    title, sentence = tip(page).split("\n", 1)
    assert "Start here → Execution is a string of kept promises" == title
    assert sentence.lstrip().startswith("→ ")
    assert EXECUTION in sentence


def test_escape_goes_back(page: Browser) -> None:
    """Escape closes the search first, then leaves the focus."""
    page.js(f"location.hash = '{EXECUTION}'")
    page.until("!document.getElementById('panel').hidden")
    page.key("/")
    page.type("map")
    page.key("Escape")
    assert page.js("document.getElementById('results').hidden")
    assert "Execution is a string of kept promises" == focused(page)
    page.key("Escape")
    page.until("document.getElementById('panel').hidden")
    assert "" == focused(page)


def test_address_focuses(page: Browser, address: str) -> None:
    """A page opened with `#ID` begins with that note; a name that no note has is passed over."""
    page.open(f"{address}#{MAP}")
    assert "A map of getting things done" == focused(page)
    page.js("location.hash = 'no%such'")
    page.until("document.getElementById('panel').hidden")
    assert [] == page.messages


def test_light_and_dark(page: Browser) -> None:
    """Colours follow the system, as it changes too, and a button turns them over."""
    pixel = "[...page.drawing.pen.getImageData(5, 300, 1, 1).data].slice(0, 3).join()"
    assert "248,247,244" == page.js(pixel)
    page.media(prefers_color_scheme="dark", prefers_reduced_motion="reduce")
    page.until(f"{pixel} === '22,24,28'")
    page.js("document.getElementById('theme').click()")
    page.until(f"{pixel} === '248,247,244'")
    assert "rgb(248, 247, 244)" == page.js("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str, page: Browser) -> None:
    """Text has a contrast of at least 4.5 to 1 with what it stands on, shapes of at least 3 to 1 (WCAG 2.2)."""
    page.js(f"page.turnTo('{theme}')")
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
            assert page.js(f"{contrast}('{name}', '{ground}')") >= 4.5, (name, ground)
    for group in range(8):
        assert page.js(f"{contrast}('group-{group}', 'ground')") >= 3, group
    assert page.js(f"{contrast}('text', 'mark')") >= 4.5


def test_zoom_pan_and_drag(page: Browser) -> None:
    """The wheel zooms at the pointer, dragging the ground moves all notes, dragging a note moves it and leaves it there."""
    x, y = spot(page, EXECUTION)
    page.mouse("wheel", x, y, deltaX=0, deltaY=-300)
    assert page.js("page.drawing.camera.zoom") > 1
    assert pytest.approx((x, y), abs=1) == spot(page, EXECUTION)
    for kind, left, top in (("moved", 30, 400), ("pressed", 30, 400), ("moved", 50, 430), ("moved", 70, 440), ("released", 70, 440)):
        page.mouse(kind, left, top, **({"buttons": 1} if kind == "moved" else {}))
    moved = spot(page, EXECUTION)
    assert pytest.approx((x + 40, y + 40), abs=1) == moved
    page.mouse("pressed", *moved)
    page.mouse("moved", moved[0] - 80, moved[1] + 10, buttons=1)
    page.mouse("released", moved[0] - 80, moved[1] + 10)
    assert pytest.approx((moved[0] - 80, moved[1] + 10), abs=1) == spot(page, EXECUTION)
    assert "" == focused(page)


def test_legend_lights_a_group(page: Browser) -> None:
    """Each group is named with colour, shape and size; pressed, its button lights the group's notes alone."""
    sizes = page.js("[...document.querySelectorAll('#legend .quiet')].map((entry) => Number(entry.textContent))")
    assert 51 == sum(sizes)
    page.js("document.querySelector('#legend button').click()")
    assert sizes[0] == page.js("page.drawing.lit.reduce((sum, one) => sum + one)")
    assert "true" == page.js("document.querySelector('#legend button').getAttribute('aria-pressed')")
    page.key("Escape")
    assert page.js("page.drawing.lit === null")


def test_every_control_has_a_name(page: Browser) -> None:
    """What can be reached by keyboard has a name, and the Tab key reaches it."""
    page.js(f"location.hash = '{EXECUTION}'")
    page.until("!document.getElementById('panel').hidden")
    tree = page.ask("Accessibility.getFullAXTree")["nodes"]
    wanted = ("button", "combobox", "image", "searchbox")
    named = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if node.get("role", {}).get("value") in wanted]
    assert len(named) > 15
    assert [] == [one for one in named if not one[1]]


def test_no_movement_for_who_wants_none(page: Browser, address: str) -> None:
    """Nothing is drawn until the layout has settled, and the camera does not glide, where reduced motion is preferred."""
    count = "drawn = 0; Drawing.prototype.draw = ((draw) => function () { drawn++; settled = page.layout.isSettled; draw.call(this); })(Drawing.prototype.draw)"
    page.js(f"{count}; page.layout.warm(1); page.redraw()")
    page.until("drawn > 0")
    assert page.js("settled")
    page.js("drawn = 0")
    page.js(f"location.hash = '{EXECUTION}'")
    page.until("drawn > 0 && !page.glide && !page.isWanted")
    assert page.js("drawn") <= 2


def test_the_same_notebook_is_drawn_the_same(page: Browser, address: str) -> None:
    """The layout has no chance in it, and does not depend on whether one watches it settle."""
    places = "JSON.stringify([...page.layout.x, ...page.layout.y])"
    still = page.js(places)
    page.media(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    page.open(address)
    assert still == page.js(places)


def test_note_text_is_never_markup(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """Hostile titles, tags, sentences and file names are shown as the text they are, wherever they are shown, and run nothing."""
    titles = {"202401010101": EVIL, "202401010102": ARABIC, "202401010103": EMOJI, "202401010104": LONG, "202401010105": "\"'`<!--{{data}}"}
    notes: dict[str, str | bytes] = {}
    for name, title in titles.items():
        others = " ".join(f"[[{other}]] is what {EVIL} & \u2028 says." for other in titles if other != name)
        notes[f"{name}.md"] = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ntags: ['{EVIL[9:20]}']\n---\n{others}\n"
    notes["<img src=x onerror=alert(1)>.md"] = "[[202401010101]]\n"
    browser.open(written(notebook(notes), tmp_path))
    for name in range(len(notes)):
        browser.js(f"page.go({name})")
        assert browser.js(f"page.graph.notes[{name}].title") == focused(browser)
        browser.mouse("moved", *browser.js(f"page.drawing.place({name})"))
    browser.key("Escape")
    browser.key("/")
    browser.type("onerror")
    assert [EVIL, "<img src=x onerror=alert(1)>"] == browser.js(
        "[...document.querySelectorAll('#results .title')].map((entry) => entry.textContent)"
    )
    assert 2 == browser.js("document.scripts.length")
    assert 0 == browser.js("document.images.length")
    assert "undefined" == browser.js("typeof hacked")
    assert [] == browser.messages
    shown = browser.js("page.graph.notes.map((note) => note.title)")
    assert {EVIL, EMOJI, "\"'`<!--{{data}}", "\\u202eسلام الفريق\\u202c"} < set(shown)
    assert 200 == max(map(len, shown))


RUNNING = (
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
"""Titles that would run a script, call `ran`, fetch something or change the page, if any place took them for more than text."""


def test_no_title_runs_anything(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """Titles, tags, link labels, sentences, file and folder names and IDs' words run nothing, open nothing, ask nobody and make no element."""
    quoted = [json.dumps(text) if text.isascii() else json.dumps(text).replace("\\udb40\\udc41", "\U000e0041") for text in RUNNING]
    ids = [f"2024010101{place:02}" for place in range(len(RUNNING))]
    files: dict[str, str | bytes] = {}
    for place, (name, title) in enumerate(zip(ids, RUNNING, strict=True)):
        folder = title.replace("/", "∕")[:60] + "/" if place % 2 else ""
        others = " ".join(f"{title} [[{other}|{title}]] [{title}]({other}.md) says." for other in ids if other != name)
        files[f"{folder}{name} {title.replace('/', '∕')[:60]}.md"] = (
            f"---\ntitle: {quoted[place]}\ntags: [{quoted[place]}]\n---\n{others}\n"
        )
    address = written(notebook(files), tmp_path)
    everywhere = browser.ask(
        "Page.addScriptToEvaluateOnNewDocument",
        source="window.runs = []; window.ran = (what) => { window.runs.push(what) }; window.ran.is = 1",
    )
    try:
        browser.open(address)
        for place in range(len(files)):
            browser.js(f"page.go({place})")
            assert browser.js(f"page.graph.notes[{place}].title") == focused(browser)
            browser.mouse("moved", *browser.js(f"page.drawing.place({place})"))
            browser.click(*browser.js(f"page.drawing.place({place})"))
        browser.key("Escape")
        for words in ("ran", "<script>", "javascript:"):
            browser.key("/")
            browser.type(words)
            browser.key("ArrowDown")
            browser.key("Enter")
        assert 1 == browser.js("window.ran.is")
        assert [] == browser.js("window.runs")
        assert [] == browser.messages
        assert [address] == [url.split("#")[0] for url in browser.requests if url != "about:blank"]
        assert 2 == browser.js("document.scripts.length")
        outside = "iframe, img, base, a, object, embed, form, meta[http-equiv=refresh], link, svg svg, svg[onload]"
        assert 0 == browser.js(f"document.querySelectorAll({json.dumps(outside)}).length")
        assert [] == browser.js(
            "[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))"
        )
        browser.js("ran('seen')")
        assert ["seen"] == browser.js("window.runs")
        assert "default-src 'none'" in browser.js("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    finally:
        browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=everywhere["identifier"])


@pytest.mark.parametrize("files", [{}, {"202401010101 A.md": "alone"}], ids=["no notes", "one note"])
def test_hardly_any_notes(
    files: dict[str, str | bytes], browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path
) -> None:
    """A notebook of no note, or one, is drawn as well, without an error."""
    browser.media(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    browser.open(written(notebook(files), tmp_path))
    size = "1 note, 0 links" if files else "0 notes, 0 links"
    assert f"notebook · {size}" == browser.js("document.getElementById('about').textContent")
    assert [] == browser.messages


def test_many_notes_settle(browser: Browser, notebook: Callable[[dict[str, str | bytes]], Runner], tmp_path: Path) -> None:
    """2,000 notes with 10,000 links are laid out and drawn; how long that takes is printed."""
    files: dict[str, str | bytes] = {}
    names = [f"202401{day:02}{hour:02}{minute:02}" for day in range(1, 26) for hour in range(20) for minute in (0, 15, 30, 45)]
    for place, name in enumerate(names):
        targets = [names[(place * place * step + 7 * step) % max(1, place)] for step in range(1, 6)]
        files[f"{name}.md"] = f"# Note {place}\n\n" + "\n".join(f"Said of [[{target}]] here." for target in targets) + "\n"
    run = notebook(files)
    browser.media(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    browser.open(written(run, tmp_path))
    assert 2000 == browser.js("page.layout.count")
    assert (tmp_path / "graph.html").stat().st_size < 3_000_000
    assert [] == browser.messages
    times = browser.js(
        """Array.from({ length: 20 }, () => {
          const start = performance.now();
          page.drawing.camera.pan(2, 1);
          page.drawing.draw();
          page.drawing.pen.getImageData(0, 0, 1, 1); // waits until it is drawn
          return performance.now() - start;
        }).sort((one, other) => one - other)"""
    )
    print(f"2,000 notes settled after {browser.js('document.body.dataset.settledAfter')} ms; a frame takes {times[10]:.0f} ms")
