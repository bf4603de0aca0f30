"""Test the graph, drawn around a note on a terminal and written as a page for a browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Runner
from zettel.output import html

Make = Callable[[dict[str, str | bytes]], Runner]
PAGE_PARTS = sorted((ROOT / "zettel" / "output" / "graph_page").iterdir())
A, B, C, D, E, F = (f"20240101010{number}" for number in range(1, 7))
WEB: dict[str, str | bytes] = {
    f"{A}.md": f"# A\n\n[[{C}]] then [[{B}]].",
    f"{B}.md": f"# B\n\n[[{A}]] and [[{C}]].",
    f"{C}.md": f"# C\n\n[[{E}]]",
    f"{D}.md": f"# D\n\n[[{A}]] and [[{B}]] and [[nowhere]].",
    f"{E}.md": "# E\n",
    f"{F}.md": f"# F\n\n[[{D}]]",
}


def draw(run: Runner, *words: str) -> list[str]:
    """Return the lines of a drawing, with a fixed gap between a note and what is printed to its right."""
    return [re.sub(r"(?<=\S) {3,}(?=[→←↔+])", "   ", line) for line in run("graph", "--format", "tree", *words).out.splitlines()]


def test_drawing_shows_links_around_a_note(notebook: Make) -> None:
    """Notes that link to the note are above it, notes it links to are below it in reading order, and other links are numbers at the right."""
    assert draw(notebook(WEB), "--around", A) == [
        " " * 38 + "further links",
        f"1  ╭─← {D} D",
        f"   ●   {A} A  2 out, 2 back",
        f"2  ├─→ {C} C",
        f"3  ╰─↔ {B} B   → 2  ← 1",
    ]


def test_drawing_nests_deeper_levels(notebook: Make) -> None:
    """Deeper levels are nested, upwards above the note and downwards below it."""
    assert draw(notebook(WEB), "--around", A, "--depth", "2") == [
        " " * 38 + "further links",
        f"1      ╭─← {F} F",
        f"2  ╭─← {D} D",
        f"   ●   {A} A  2 out, 2 back",
        f"3  ├─→ {C} C",
        f"4  │   ╰─→ {E} E",
        f"5  ╰─↔ {B} B   → 3  ← 2",
    ]


def test_drawing_has_one_order(notebook: Make) -> None:
    """Notes above the note are in the same order, from top to bottom, as notes below it."""
    files: dict[str, str | bytes] = {"m.md": "", "a.md": "[[m]]", "b.md": "[[m]] [[x]] [[y]]", "x.md": "", "y.md": "", "z.md": "[[a]]"}
    assert draw(notebook(files), "--around", "m", "--depth", "2") == [
        "1      ╭─← z  z.md",
        "2  ╭─← a  a.md",
        "3  │   ╭─→ x  x.md",
        "4  │   ├─→ y  y.md",
        "5  ├─← b  b.md",
        "   ●   m  m.md  0 out, 2 back",
    ]


def test_drawing_folds_a_hub(notebook: Make) -> None:
    """Of many notes the best linked are drawn, the others are counted in their place, and a remark says how to see them."""
    run = notebook({"hub.md": "# Hub\n\n[[n1]]", **{f"n{number}.md": "[[hub]]" + " [[n7]]" * (number == 9) for number in range(300)}})
    assert draw(run, "--around", "hub", "--limit", "3") == [
        " " * 37 + "further links",
        "   ╭─  and 297 more",
        "1  ├─← n7  n7.md",
        "2  ├─← n9  n9.md   → 1",
        "   ●   Hub  hub.md  1 out, 300 back",
        "3  ╰─↔ n1  n1.md",
    ]
    result = run("graph", "--format", "tree", "--around", "hub")
    assert "40 of 300 notes; --limit 300 shows all" in result.err
    assert 40 + 3 == len(result.out.splitlines())


def test_drawing_takes_filters(notebook: Make) -> None:
    """Only matching notes are drawn, and the notes through which they are reached."""
    run = notebook({**WEB, f"{F}.md": f"---\ntags: [x]\n---\n# F\n\n[[{D}]]"})
    assert draw(run, "--around", A, "--depth", "2", "--tag", "x") == [
        f"1      ╭─← {F} F",
        f"2  ╭─← {D} D",
        f"   ●   {A} A  2 out, 2 back",
    ]


def test_drawing_starts_from_the_most_linked_note(notebook: Make) -> None:
    """Without `--around` the note with the most backlinks is in the middle, and a remark says so."""
    result = notebook(WEB)("graph", "--format", "tree")
    assert f"●   {A} A" in result.out
    assert "the note that most notes link to" in result.err


def test_drawing_of_an_isolated_note_says_so(notebook: Make) -> None:
    """A note without links is drawn alone, and a remark says so."""
    result = notebook({"a.md": "alone"})("graph", "--format", "tree", "--around", "a")
    assert "  ●   a  a.md  0 out, 0 back\n" == result.out
    assert '"a" has no link to or from another note' in result.err


def test_drawing_without_matching_notes_is_empty(notebook: Make) -> None:
    """If no note matches, nothing is drawn, and a remark says so."""
    result = notebook(WEB)("graph", "--format", "tree", "--tag", "none")
    assert (1, "") == (result.code, result.out)
    assert "no note matches the filters" in result.err


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_drawing_fits_the_terminal(columns: int, notebook: Make) -> None:
    """On a terminal a long title goes on below itself beside the guides, no word is lost, and the numbers at the right stay visible."""
    long = {f"{name}.md": f"# {'言葉 ' * 60}\n\n[[{A}]] [[{B}]]" for name in (B, C)}
    shown = notebook({**WEB, **long}).on_terminal("--color", "never", "graph", "--around", A, columns=columns).out.splitlines()
    width = [len(line) + sum(map(line.count, "言葉")) for line in shown]
    assert max(width) <= columns
    assert 2 * 60 == sum(line.count("言葉") for line in shown)
    assert "…" not in "".join(shown)
    assert (columns > 40) is (B in "".join(shown))
    last = next(number for number, line in enumerate(shown) if "╰─" in line)
    assert shown[last].endswith("← 1 2")
    assert all("   │   " in line for line in shown[last - 3 : last])


def test_default_format_depends_on_the_terminal(notebook: Make) -> None:
    """On a terminal the graph is drawn, and in a pipe it is JSON."""
    run = notebook(WEB)
    assert 6 == len(json.loads(run("graph").out)["notes"])
    assert f"● \x1b[0m\x1b[36m{A}" in run.on_terminal("graph", "--around", A).out.replace("●   ", "● ")
    assert '"version": 1' in run.on_terminal("graph", "--json").out


def test_page_is_refused_on_a_terminal(notebook: Make) -> None:
    """A page on a terminal is refused, with a hint what to type instead."""
    result = notebook(WEB).on_terminal("graph", "--format", "html")
    assert 2 == result.code
    assert "zettel graph --open" in result.out


def read_page_data(page: str) -> dict[str, list[list[object]]]:
    """Return the data that the page's script reads."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_page_holds_notes_and_links(notebook: Make) -> None:
    """The page's data has the notes, best linked first, and the sentences around the links of each pair, but no dangling links."""
    found = read_page_data(notebook(WEB)("graph", "--format", "html").out)
    names = [note["title"] for note in found["notes"]]  # type: ignore[call-overload]
    assert ["A", "B", "C", "D", "E", "F"] == names
    assert [
        [0, 1, 1, [["C then ", "B", "."]]],
        [0, 2, 1, [["", "C", " then B."]]],
        [1, 0, 1, [["", "A", " and C."]]],
        [1, 2, 1, [["A and ", "C", "."]]],
        [2, 4, 1, [["", "E", ""]]],
        [3, 0, 1, [["", "A", " and B and nowhere."]]],
        [3, 1, 1, [["A and ", "B", " and nowhere."]]],
        [5, 3, 1, [["", "D", ""]]],
    ] == found["links"]


def test_page_takes_around(notebook: Make) -> None:
    """`--around` narrows the page down as it does the graph."""
    found = read_page_data(notebook(WEB)("graph", "--format", "html", "--around", F).out)
    assert {F, D} == {note["id"] for note in found["notes"]}  # type: ignore[call-overload]


def test_page_policy_allows_only_its_style_and_scripts(notebook: Make) -> None:
    """The page's policy holds the hashes of its style and its scripts, and allows nothing else inline."""
    page = notebook(WEB)("graph", "--format", "html").out
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    for pattern, kind in ((r"<style>(.*?)</style>", "style-src"), (r'<script(?: id="layout")?>(.*?)</script>', "script-src")):
        texts = re.findall(pattern, page, re.DOTALL)
        hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts)
        assert f"{kind} {hashes};" in found[1]
    assert found[1].startswith("default-src 'none'; ")
    assert "unsafe" not in found[1]


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_data_never_ends_its_element(document: object) -> None:
    """The JSON of any document contains nothing that HTML could read as markup, and decodes to the same value."""
    text = html.embed_json(document)
    assert not set("<>&\u2028\u2029") & set(text)
    assert document == json.loads(text)


@given(st.text(min_size=1, max_size=900), st.data())
def test_sentences_are_cut_around_their_mark(sentence: str, draw: st.DataObject) -> None:
    """A short sentence stays as it is, and a long one keeps its marked words and their surroundings."""
    start = draw.draw(st.integers(0, len(sentence) - 1))
    end = draw.draw(st.integers(start + 1, min(len(sentence), start + 100)))
    before, marked, after = html.clip_around_mark(sentence, start, end)
    assert marked == html.clip(sentence[start:end], 140)
    if len(sentence) <= html.MAX_SENTENCE_LENGTH:
        assert (sentence[:start], sentence[end:]) == (before, after)
    else:
        assert sentence[:start].endswith(before.removeprefix("…"))
        assert sentence[end:].startswith(after.removesuffix("…").rstrip())
        assert len(before + marked + after) <= html.MAX_SENTENCE_LENGTH + 4


def read_groups(run: Runner, *words: str) -> dict[object, object]:
    """Return the sizes of a page's groups by their names."""
    return {name: size for _, name, size in read_page_data(run("graph", "--format", "html", *words).out)["groups"]}


def read_looks(run: Runner, *words: str) -> dict[object, object]:
    """Return the looks of a page's groups by their names."""
    return {name: look for look, name, _ in read_page_data(run("graph", "--format", "html", *words).out)["groups"]}


def test_page_groups_notes_by_tag(notebook: Make) -> None:
    """If the notes are not in folders, they are grouped by tag, without nested tags."""
    tagged = notebook({"a.md": "#x/y", "b.md": "#x", "c.md": "#z #x", "d.md": "no tag", "e.md": "#z"})
    assert {"#x": 2, "#z": 2, "no tag": 1} == read_groups(tagged)


def test_page_groups_notes_by_folder(notebook: Make) -> None:
    """If most notes are in folders, the folders below the common one are the groups."""
    folders = notebook({"all/one/a.md": "#x", "all/one/b.md": "#x", "all/two/c.md": "#x"})
    assert {"one": 2, "two": 1} == read_groups(folders)


def test_looks_keep_their_meaning_between_pages(notebook: Make) -> None:
    """A group looks the same on the page of the whole notebook and on one of a few notes, in which other groups are larger."""
    files = {f"{tag}{number}.md": f"#{tag} [[hub]]" for tag, count in (("bread", 4), ("soup", 3), ("salt", 2)) for number in range(count)}
    run = notebook({"hub.md": "#salt [[soup0]]", **files})  # type: ignore[dict-item]
    whole = read_looks(run)
    assert {"#bread", "#soup", "#salt"} == set(whole)
    assert {"#soup": whole["#soup"], "#salt": whole["#salt"]} == read_looks(run, "--links-to", "hub", "--tag", "soup") | {
        "#salt": whole["#salt"]
    }
    assert whole == read_looks(run, "--around", "hub")


def test_looks_keep_their_meaning_as_the_notebook_grows(notebook: Make) -> None:
    """Each new note, with a tag that is there or a new one, leaves the looks of all tags that were there; only the legend's order changes."""
    run = notebook({"202401010000.md": "#bread", "202401010001.md": "#bread", "202401010002.md": "#soup"})
    looks = read_looks(run)
    assert ["#bread", "#soup"] == list(looks)
    tags = ["soup"] * 3 + [f"spice{number}" for number in range(60)] + ["spice7"] * 5
    for number, tag in enumerate(tags):
        (run.folder / f"2024020100{number:02}.md").write_text(f"#{tag}/new #bread\n", encoding="utf-8")
        if number % 8 == 2 or number == len(tags) - 1:
            grown = read_looks(run)
            assert looks == {name: grown[name] for name in looks}
            looks = grown
    assert ["#spice7", "#soup", "#bread"] == list(looks)[:3]
    assert html.LOOK_COUNT == len(set(looks.values()))


def test_notes_have_the_look_of_their_first_tag(notebook: Make) -> None:
    """A note is in the group of its first tag, however common its other tags are."""
    run = notebook({"a.md": "#rare #common", "b.md": "#common", "c.md": "#common/kind #rare"})
    assert {"#common": 2, "#rare": 1} == read_groups(run)


@given(st.lists(st.text(min_size=1), unique=True, max_size=60))
def test_names_keep_their_looks_when_others_follow(names: list[str]) -> None:
    """No two of as many names as there are looks look the same, and the looks of the first do not depend on those that follow."""
    looks = html.choose_looks(names)
    assert min(len(names), html.LOOK_COUNT) == len(set(looks.values()))
    for number in range(0, len(names), 7):
        assert looks.items() >= html.choose_looks(names[:number]).items()


def read_texts(page: str) -> list[object]:
    """Return the texts of a page as trees, in the order of its notes."""
    found = re.search(r'<script id="texts" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return [json.loads(line) for line in found[1].splitlines()]


def test_page_holds_texts_with_links(notebook: Make) -> None:
    """The page holds each note's text as a tree, without its title, and links of every syntax as numbers of notes with their words."""
    run = notebook(
        {
            f"{A}.md": f"---\ntags: [x]\n---\n# Yeast\n\nIt *rises* as {B} Warm water says, [slowly]({B}.md), [[{B}|in time]], §{B}.\n\n- [x] `fold`\n",
            f"{B}.md": "# Warm water\n",
        }
    )
    page = run("graph", "--format", "html").out
    assert ["Yeast", "Warm water"] == [note["title"] for note in read_page_data(page)["notes"]]  # type: ignore[call-overload]
    paragraph = [
        "p",
        "It ",
        ["em", "rises"],
        " as ",
        [1, "Warm water"],
        " says, ",
        [1, "slowly"],
        ", ",
        [1, "in time"],
        ", ",
        [1, "Warm water"],
        ".",
    ]
    assert [[paragraph, ["ul", ["li", "☑ ", ["code", "fold"]]]], []] == read_texts(page)


def test_page_texts_hold_no_markup_and_no_address_but_of_web_pages(notebook: Make) -> None:
    """HTML tags are left out of texts, and so are all addresses that are not of web pages."""
    text = "<b onclick=x()>bold</b> [js](javascript:x()) [web](https://example.org/a) ![pic](https://example.org/p.png) [[nowhere]]\n\n<div>in <i>a</i> block</div>\n"
    run = notebook({"a.md": text})
    assert [
        [
            [
                "p",
                "bold ",
                ["span", "js"],
                " ",
                ["a", "https://example.org/a", "web"],
                " ",
                ["img", "[picture: pic]"],
                " ",
                ["lost", "nowhere"],
            ],
            ["p", "in  a  block"],
        ]
    ] == read_texts(run("graph", "--format", "html").out)


def test_page_sentences_hold_labels_instead_of_ids(notebook: Make) -> None:
    """What stands around links has the labels and titles of notes, and not their IDs, but a number that is not a note's ID stays."""
    oven, rye = "202401010001", "202401010002"
    run = notebook(
        {
            f"{oven} Oven.md": "# Oven\n",
            f"{rye} Rye.md": "# Rye\n",
            "202401010003 Loaf.md": f"# Loaf\n\nHeat {oven} Oven, then take {rye} Dark loaf. See {rye}. A rye (Rye ({rye})), [[{oven}]] and 199912312359.\n",
        }
    )
    data = read_page_data(run("graph", "--format", "html").out)
    shown = {"|".join(sentence) for link in data["links"] for sentence in link[3]}  # type: ignore[index]
    assert {
        "Heat |Oven|, then take Dark loaf.",
        "Heat Oven, then take |Dark loaf|.",
        "See |Rye|.",
        "A rye (|Rye|), Oven and 199912312359.",
        "A rye (Rye), |Oven| and 199912312359.",
    } == shown


@pytest.mark.parametrize("options", [(), ("--no-text",)])
@pytest.mark.parametrize(
    "comment", ["%% unkind words on [[rye|him]] %%", "%%\n\n## unkind words\n\n- on [[rye|him]]\n\n%%", "<!-- unkind words [[rye|him]] -->"]
)
def test_page_holds_no_comment(comment: str, options: tuple[str, ...], notebook: Make) -> None:
    """Neither the texts nor the sentences around links hold what the writer of a note has put in a comment."""
    run = notebook(
        {"loaf.md": f"# Loaf\n\nAsk [[oven]]. {comment} %%unkind words%%\n", "rye.md": "# Rye\n", "oven.md": "# Oven\n\nBeside [[rye]].\n"}
    )
    page = run("graph", "--format", "html", *options).out
    assert "unkind" not in page
    assert "him" not in json.dumps([read_page_data(page), read_texts(page)])
    assert ["Ask ", "oven", "."] in [sentence for link in read_page_data(page)["links"] for sentence in link[3]]  # type: ignore[index]


def test_page_without_texts(notebook: Make) -> None:
    """`--no-text` leaves the texts out."""
    page = notebook(WEB)("graph", "--format", "html", "--no-text").out
    assert [] == read_texts(page)
    assert 6 == len(read_page_data(page)["notes"])


@pytest.mark.parametrize("mark", [">", "- ", "*_"], ids=["quotes", "lists", "emphasis"])
def test_page_takes_deeply_nested_text(mark: str, notebook: Make) -> None:
    """A text that is nested a thousand deep is flattened, and keeps its words."""
    tree = read_texts(notebook({"a.md": mark * 1000 + "deep\n"})("graph", "--format", "html").out)
    assert "deep" in json.dumps(tree)


def test_open_hands_a_private_page_to_the_browser(notebook: Make, tmp_path: Path) -> None:
    """`--open` writes the page into a file that only the user can read, and hands its address to `$BROWSER`."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/address\n', encoding="utf-8")
    program.chmod(0o755)
    result = notebook(WEB)("graph", "--open", BROWSER=str(program), TMPDIR=str(tmp_path))
    assert (0, "") == (result.code, result.out)
    path = Path((tmp_path / "address").read_text(encoding="utf-8").removeprefix("file://"))
    assert f"opened {path}" in result.err
    assert 0o600 == path.stat().st_mode & 0o777
    assert 6 == len(read_page_data(path.read_text(encoding="utf-8"))["notes"])


def test_open_without_a_browser_is_refused(notebook: Make, tmp_path: Path) -> None:
    """Without a browser, `--open` says what to type instead, and writes nothing."""
    result = notebook(WEB)("graph", "--open", BROWSER="", DISPLAY="", WAYLAND_DISPLAY="", PATH=str(tmp_path))
    assert 2 == result.code
    assert "no web browser was found" in result.err
    assert "zettel graph --format html > graph.html" in result.err


def test_open_takes_no_other_format(notebook: Make) -> None:
    """`--open` with a format for programs is refused."""
    result = notebook(WEB)("graph", "--open", "--format", "dot")
    assert (2, "") == (result.code, result.out)
    assert "--open opens a page in a browser, which --format dot is not" in result.err


@pytest.mark.parametrize("part", PAGE_PARTS, ids=lambda part: part.name)
def test_page_parts_create_no_markup_and_no_request(part: Path) -> None:
    """No part of the page turns text into markup or code, names another host, or ends its own element."""
    text = part.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "http:",
        "https:",
        "@import",
        "url(",
    ):
        assert banned not in text
    if part.suffix != ".html":
        assert not re.search(r"</(script|style)|<!--", text, re.IGNORECASE)
