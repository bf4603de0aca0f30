"""Test what hover, definition, references, symbols and document links say of the places of a note."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor

TRUST, DECISION, PLAN = "202401010001 Trust is slow.md", "202401010002 Decide.md", "202401010003 Plan.md"
NOTES = {
    TRUST: "# Trust is slow\n\nIt grows with promises. #people/trust\n\n## Broken promises\n\nOnce is enough. ^first\n\n## Kept ones\n\nMore.\n",
    DECISION: "---\ntitle: Decide\ntags: [people]\n---\n\nBefore that, 202401010001 Trust is slow to come. See [[202401010001#Broken promises]].\n",
    PLAN: "# Plan\n\nFor 😀 [[202401010001#^first|a block]], [[nowhere]] and [[Twin]].\n\nAs [[#Later]] says, [it](#later).\n\n## Later\n",
    "a/Twin.md": "# A\n",
    "b/Twin.md": "# B\n",
}


def show(editor: Editor, place: dict[str, Any]) -> str:
    """Return a location as `path:line:character-character`."""
    span = place.get("targetSelectionRange") or place["range"]
    start, end = span["start"], span["end"]
    till = end["character"] if start["line"] == end["line"] else f"{end['line']}:{end['character']}"
    return f"{editor.path(place.get('targetUri') or place['uri'])}:{start['line']}:{start['character']}-{till}"


@pytest.mark.parametrize(
    ("path", "words", "expected"),
    [
        (DECISION, "202401010001 T", [f"{TRUST}:0:2-15"]),
        (DECISION, "rust is slow", [f"{TRUST}:0:2-15"]),
        (DECISION, "[[202401010001#", [f"{TRUST}:4:3-18"]),
        (PLAN, "[[202401010001#^", [f"{TRUST}:6:0-22"]),
        (PLAN, "[[#Later", [f"{PLAN}:6:3-8"]),
        (PLAN, "[it]", [f"{PLAN}:6:0-8"]),
        (PLAN, "[[Twin", ["a/Twin.md:0:2-3", "b/Twin.md:0:2-3"]),
        (PLAN, "[[nowhere", None),
        (PLAN, "says", None),
    ],
)
def test_definition_leads_to_the_heading_block_or_title(start: Start, path: str, words: str, expected: list[str] | None) -> None:
    """A link leads to the words of the heading or the line of the block that it names, else to the title; an ambiguous one to all candidates."""
    editor = start(NOTES)
    editor.open(path)
    for method in ("definition", "declaration"):
        found = editor.at(method, path, *editor.find(path, words))
        assert expected == (found and [show(editor, one) for one in found])


def test_definition_says_where_the_link_stands(start: Start) -> None:
    """A client that knows links with an origin gets that of the ID and the title behind it."""
    editor = start(NOTES, "vscode")
    editor.open(DECISION)
    (found,) = editor.at("definition", DECISION, *editor.find(DECISION, "202401010001 T"))
    assert {"start": {"line": 5, "character": 13}, "end": {"line": 5, "character": 39}} == found["originSelectionRange"]


def test_references_are_exact_and_newest_first(start: Start) -> None:
    """The links to a note are found from a link to it and from its own text, with their exact places, the newest source first."""
    editor = start(NOTES)
    editor.open(DECISION)
    expected = [f"{PLAN}:2:7-38", f"{DECISION}:5:13-39", f"{DECISION}:5:53-85"]
    context = {"includeDeclaration": False}
    assert expected == [
        show(editor, one) for one in editor.at("references", DECISION, *editor.find(DECISION, "202401010001 T"), context=context)
    ]
    editor.open(TRUST)
    found = editor.at("references", TRUST, 2, 0, context={"includeDeclaration": True})
    assert [f"{TRUST}:0:2-15", *expected] == [show(editor, one) for one in found]


def test_many_references_come_in_parts_if_the_client_asks(start: Start) -> None:
    """More than 500 references are sent in parts to a client that gives a token, and whole to one that does not."""
    links = "".join(f"{number}. See [[202401010001]].\n" for number in range(1103))
    editor = start({"202401010001 Hub.md": "# Hub\n", "202401010002 Many.md": f"# Many\n\n{links}"})
    editor.open("202401010001 Hub.md")
    where: dict[str, object] = {"textDocument": {"uri": editor.uri("202401010001 Hub.md")}, "position": {"line": 0, "character": 3}}
    where["context"] = {"includeDeclaration": False}
    whole = editor.ask("textDocument/references", where)
    assert [] == editor.ask("textDocument/references", {**where, "partialResultToken": "part"})
    parts = [one["params"]["value"] for one in editor.told if one["method"] == "$/progress" and one["params"]["token"] == "part"]
    assert [500, 500, 103] == [len(part) for part in parts]
    assert whole == [one for part in parts for one in part]


def test_references_of_a_heading_are_links_to_it(start: Start) -> None:
    """On a heading, only the links that name it are found, those of its own note included."""
    editor = start(NOTES)
    editor.open(TRUST)
    assert [f"{DECISION}:5:53-85"] == [
        show(editor, one) for one in editor.at("references", TRUST, 4, 5, context={"includeDeclaration": False})
    ]
    editor.open(PLAN)
    found = editor.at("references", PLAN, 6, 4, context={"includeDeclaration": False})
    assert [f"{PLAN}:4:3-13", f"{PLAN}:4:20-32"] == [show(editor, one) for one in found]


def test_references_of_a_tag_are_its_places(start: Start) -> None:
    """On a tag, its places are found, in front matter and in prose, with those of tags nested below it."""
    editor = start(NOTES)
    editor.open(DECISION)
    found = editor.at("references", DECISION, 2, 8, context={"includeDeclaration": False})
    assert [f"{DECISION}:2:7-13", f"{TRUST}:2:24-37"] == [show(editor, one) for one in found]


def test_references_of_a_dangling_link_are_its_fellows(start: Start) -> None:
    """On a link that no note answers, the links to the same name are found."""
    editor = start({**NOTES, "Other.md": "Also [[Nowhere]].\n"})
    editor.open(PLAN)
    found = editor.at("references", PLAN, *editor.find(PLAN, "[[nowhere"), context={"includeDeclaration": False})
    assert {"Other.md:0:5-16", f"{PLAN}:2:40-51"} == {show(editor, one) for one in found}


def test_open_text_counts_before_its_file(start: Start) -> None:
    """Links of unsaved text are found in place of the saved ones, at their new places."""
    editor = start(NOTES)
    editor.open(DECISION)
    editor.open(TRUST)
    editor.change(DECISION, "Moved, 202401010001 Trust is slow.\n", (5, 0), (6, 0))
    found = editor.at("references", TRUST, 2, 0, context={"includeDeclaration": False})
    assert [f"{PLAN}:2:7-38", f"{DECISION}:5:7-33"] == [show(editor, one) for one in found]
    editor.close(DECISION)
    found = editor.at("references", TRUST, 2, 0, context={"includeDeclaration": False})
    assert 3 == len(found)


def test_file_that_changed_outside_is_seen_once_it_is_named(start: Start) -> None:
    """A file that the client names is looked at: after a save, a deletion, or a change that it has watched."""
    editor = start(NOTES)
    editor.open(TRUST)

    def count() -> int:
        return len(editor.at("references", TRUST, 2, 0, context={"includeDeclaration": False}))

    (editor.folder / "New.md").write_text("See [[202401010001]].\n")
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri("New.md")}})
    assert 4 == count()
    (editor.folder / "New.md").unlink()
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("New.md"), "type": 3}]})
    assert 3 == count()
    (editor.folder / DECISION).rename(editor.folder / "Other.md")
    editor.notify("workspace/didRenameFiles", {"files": [{"oldUri": editor.uri(DECISION), "newUri": editor.uri("Other.md")}]})
    found = editor.at("references", TRUST, 2, 0, context={"includeDeclaration": False})
    assert {PLAN, "Other.md"} == {editor.path(one["uri"]) for one in found}


@pytest.mark.parametrize(
    ("path", "words", "expected"),
    [
        (
            DECISION,
            "202401010001 T",
            [
                "Trust is slow",
                "202401010001 · #people/trust · 3 backlinks",
                "It grows with promises",
                "Broken promises",
                "**Plan**: For 😀 a block",
            ],
        ),
        (DECISION, "[[202401010001#", ["Once is enough"]),
        (PLAN, "[[nowhere", ["no note answers"]),
        (PLAN, "[[Twin", ["2 notes answer", "a/Twin.md"]),
        (DECISION, "people]", [r"**\#people** · 2 notes", "202401010002 Decide"]),
        (DECISION, "Decide", ["### Decide", "0 backlinks"]),
        (TRUST, "Broken", ["### Broken promises", "**Decide**:"]),
    ],
)
def test_hover_describes_what_stands_there(start: Start, path: str, words: str, expected: list[str]) -> None:
    """A link shows its target with facts, text and backlinks; what leads nowhere says so; tags and headings show what has them."""
    editor = start(NOTES, "vscode")
    editor.open(path)
    found = editor.at("hover", path, *editor.find(path, words))
    assert [] == [part for part in expected if part not in found["contents"]["value"]], found["contents"]["value"]


def test_hover_of_a_heading_link_shows_that_section_only(start: Start) -> None:
    """A link to a heading shows the text below it, and not that of the whole note."""
    editor = start(NOTES)
    editor.open(DECISION)
    shown = editor.at("hover", DECISION, *editor.find(DECISION, "[[202401010001#"))["contents"]["value"]
    assert ("Once is enough" in shown, "It grows" in shown.partition("- ")[0]) == (True, False)


def test_hover_elsewhere_shows_nothing(start: Start) -> None:
    """There is no description of plain words."""
    editor = start(NOTES)
    editor.open(TRUST)
    assert None is editor.at("hover", TRUST, 10, 1)


def test_hover_is_short_and_inert(start: Start) -> None:
    """A description has at most 4,000 characters, and no escape sequence of a note reaches the client."""
    editor = start({"Evil.md": "# Evil \x1b]0;x\x07\n\n" + "\x1b[31m" + "long " * 3000, "Own.md": "[[Evil]]\n"}, "vscode")
    editor.open("Own.md")
    found = editor.at("hover", "Own.md", 0, 3)
    assert len(found["contents"]["value"]) <= 4000
    assert "\x1b" not in found["contents"]["value"]


def test_hover_of_long_paragraphs_leaves_room_for_backlinks(start: Start) -> None:
    """A paragraph in one line takes as many lines as it fills, and of the backlinks those from other notes are shown."""
    paragraph = "It grows with promises that are kept. " * 15
    notes = {"202401010001.md": f"# Trust\n\n{paragraph}\n\n{paragraph}\n\nThird.\n", "Other.md": "Other: [[202401010001]].\n"}
    editor = start({**notes, "Own.md": "Own: [[202401010001]].\n"}, "vscode")
    editor.open("Own.md")
    shown = editor.at("hover", "Own.md", 0, 8)["contents"]["value"]
    _, body, backlinks = shown.split("\n\n---\n\n")
    assert 12 * 80 - len(paragraph) < len(body) <= 12 * 80
    assert body.endswith("…")
    assert backlinks.startswith("- **Other**")
    assert "Own" not in backlinks


def test_outline_is_a_tree_of_headings_and_blocks(start: Start) -> None:
    """A note has its headings below it, each with its block IDs, and every name stands within its part."""
    editor = start(NOTES, "vscode")
    editor.open(TRUST)
    (note,) = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri(TRUST)}})
    assert ("Trust is slow", 1) == (note["name"], note["kind"])
    (title,) = note["children"]
    assert ["Broken promises", "Kept ones"] == [one["name"] for one in title["children"]]
    assert ["^first"] == [one["name"] for one in title["children"][0]["children"]]


def test_outline_is_flat_for_simple_clients(start: Start) -> None:
    """A client that knows no tree gets a list, in which each part names the one above it."""
    editor = start(NOTES)
    editor.open(TRUST)
    found = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri(TRUST)}})
    assert [("Trust is slow", None), ("Trust is slow", "Trust is slow"), ("Broken promises", "Trust is slow")] == [
        (one["name"], one.get("containerName")) for one in found[:3]
    ]


def test_symbols_are_found_by_name_then_by_text(start: Start) -> None:
    """Words find titles and aliases first, then texts; a tag finds its notes; nothing finds the newest."""
    editor = start(NOTES)

    def names(query: str) -> list[str]:
        return [one["name"] for one in editor.ask("workspace/symbol", {"query": query})]

    assert "Trust is slow" == names("slow trust")[0]
    assert ["Trust is slow"] == names("enough")
    assert ["Decide", "Trust is slow"] == names("#people")
    assert 5 == len(names(""))


def test_symbols_are_resolved_where_the_client_can(start: Start) -> None:
    """A client that resolves symbols gets no place first, and then that of the title."""
    editor = start(NOTES, "neovim-0.11")
    (found,) = editor.ask("workspace/symbol", {"query": "decide"})
    if "range" not in found["location"]:
        found = editor.ask("workspaceSymbol/resolve", found)
    assert 1 == found["location"]["range"]["start"]["line"]


def test_document_links_lead_to_notes(start: Start) -> None:
    """Every link that a note answers has a target with the line, and its tooltip is the title; others have none."""
    editor = start(NOTES, "vscode")
    editor.open(DECISION)
    found = editor.ask("textDocument/documentLink", {"textDocument": {"uri": editor.uri(DECISION)}})
    assert [(editor.uri(TRUST), "Trust is slow"), (f"{editor.uri(TRUST)}#L5", "Trust is slow")] == [
        (one["target"], one["tooltip"]) for one in found
    ]
    editor.open(PLAN)
    assert 2 == len(editor.ask("textDocument/documentLink", {"textDocument": {"uri": editor.uri(PLAN)}}))


def test_hover_shows_the_newest_backlinks_of_a_hub(start: Start) -> None:
    """Hover counts all backlinks, with unsaved ones, and shows the three whose notes are newest."""
    notes = {f"20240101{number:04} Note.md": f"# Note {number}\n\nWord {number} on [[202301010000]].\n" for number in range(1, 9)}
    editor = start({"202301010000 Hub.md": "# Hub\n\nText.\n", **notes}, "vscode")
    editor.open("202401010005 Note.md", "# Note 5\n\nUnsaved: [[202301010000]] and [[Hub]].\n")
    editor.open("202401010008 Note.md", "# Note 8\n\nNothing.\n")
    editor.open("202301010000 Hub.md")
    shown = editor.at("hover", "202301010000 Hub.md", 0, 3)["contents"]["value"]
    assert "8 backlinks" in shown
    assert ["Note 7", "Note 6", "Note 5"] == [line.split("**")[1] for line in shown.splitlines() if line.startswith("- **")]


def test_links_of_one_line_are_placed_alike_however_many(start: Start) -> None:
    """A note with many links in a line has each where it stands, open or not."""
    line = "".join(f"😀{number} [[202401010001]] " for number in range(30))
    editor = start({"202401010001 A.md": "# A\n", "B.md": f"\ufeff# B\n\n{line}\n"})
    editor.open("202401010001 A.md")
    wanted = [len(line[:at].encode("utf-16-le")) // 2 for at in range(len(line)) if line.startswith("[[", at)]
    for text in (None, f"# B\n\n{line}\n"):
        if text:
            editor.open("B.md", text)
        found = editor.at("references", "202401010001 A.md", 0, 3, context={"includeDeclaration": False})
        assert [(2, at) for at in wanted] == [(one["range"]["start"]["line"], one["range"]["start"]["character"]) for one in found]
