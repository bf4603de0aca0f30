"""Test that a rename is a set of small edits, for whatever stands at the cursor, with unsaved text counted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor

TRUST, PLAN, OTHER = "202401010001 Trust is slow.md", "202401010002 Plan.md", "202401010003 Other.md"
NOTES = {
    TRUST: "# Trust is slow\r\n\r\nIt grows. #people\r\n\r\n## Broken promises\r\n\r\nOnce.\r\n",
    PLAN: "---\ntitle: Plan\ntags: [people/team]\n---\n\n😀 See 202401010001 Trust is slow. And [[202401010001#Broken promises]].\n",
    OTHER: "# Other\n\n[[202401010001|Trust is slow]] and [[Plan]]. #people\n",
}


def apply_edit(editor: Editor, edit: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of notes after a workspace edit, as a client with utf-16 places applies it, and check that each edit is short."""
    found = dict(texts)
    for change in edit["documentChanges"]:
        if change.get("kind") == "rename":
            found[editor.path(change["newUri"])] = found.pop(editor.path(change["oldUri"]))
            continue
        path = editor.path(change["textDocument"]["uri"])
        lines = found[path].replace("\r\n", "\n").split("\n")
        for one in reversed(change["edits"]):
            start, end = one["range"]["start"], one["range"]["end"]
            assert start["line"] == end["line"]
            data = lines[start["line"]].encode("utf-16-le")
            lines[start["line"]] = (
                data[: 2 * start["character"]] + one["newText"].encode("utf-16-le") + data[2 * end["character"] :]
            ).decode("utf-16-le")
        found[path] = "\n".join(lines)
    return found


@pytest.mark.parametrize("words", ["202401010001 Trust", "rust is slow. And"])
def test_rename_at_a_link_renames_its_note(start: Start, words: str) -> None:
    """At a link to a note, its title, its file and the words of all links to it change, and the note's line ends stay."""
    editor = start(NOTES, "vscode")
    editor.open(PLAN)
    place = editor.find(PLAN, words)
    assert "Trust is slow" == editor.at("prepareRename", PLAN, *place)["placeholder"]
    edit = editor.at("rename", PLAN, *place, newName="Trust is earned")
    texts = apply_edit(editor, edit, NOTES)
    assert texts["202401010001 Trust is earned.md"].startswith("# Trust is earned\n")
    assert "See 202401010001 Trust is earned. And" in texts[PLAN]
    assert "[[202401010001|Trust is earned]]" in texts[OTHER]
    assert "rename" == edit["documentChanges"][-1]["kind"]
    assert all(len(one["newText"]) < 20 for change in edit["documentChanges"] for one in change.get("edits", ()))
    assert NOTES[TRUST] == (editor.folder / TRUST).read_bytes().decode()


def test_rename_of_a_title_a_heading_and_a_tag(start: Start) -> None:
    """A title is renamed where it stands, a heading takes its links with it, and a tag those nested below it."""
    editor = start(NOTES, "vscode")
    editor.open(PLAN)
    texts = apply_edit(editor, editor.at("rename", PLAN, 1, 8, newName="Roadmap"), NOTES)
    assert ("title: Roadmap" in texts["202401010002 Roadmap.md"], "[[Roadmap]]" in texts[OTHER]) == (True, True)
    editor.open(TRUST)
    texts = apply_edit(editor, editor.at("rename", TRUST, 4, 5, newName="Kept promises"), NOTES)
    assert ("## Kept promises" in texts[TRUST], "[[202401010001#Kept promises]]" in texts[PLAN]) == (True, True)
    assert "people" == editor.at("prepareRename", TRUST, 2, 12)["placeholder"]
    texts = apply_edit(editor, editor.at("rename", TRUST, 2, 12, newName="humans"), NOTES)
    assert ["#humans" in texts[TRUST], "humans/team" in texts[PLAN], "#humans" in texts[OTHER]] == [True, True, True]


def test_unsaved_links_follow(start: Start) -> None:
    """Links that stand only in unsaved text are rewritten there, with the version of the document."""
    editor = start(NOTES, "vscode")
    editor.open(PLAN)
    editor.open(OTHER)
    editor.change(OTHER, "New: [[202401010002|Plan]].\n\n", (0, 0))
    edit = editor.at("rename", PLAN, 1, 8, newName="Roadmap")
    (change,) = (one for one in edit["documentChanges"] if one.get("textDocument", {}).get("uri") == editor.uri(OTHER))
    assert 2 == change["textDocument"]["version"]
    texts = apply_edit(editor, edit, {**NOTES, OTHER: "New: [[202401010002|Plan]].\n\n" + NOTES[OTHER]})
    assert texts[OTHER].startswith("New: [[202401010002|Roadmap]].\n")


def test_links_follow_files_that_the_client_renames(start: Start) -> None:
    """Before files or a folder are renamed, the client gets the edits by which their links and those to them stay right."""
    notes = {
        "a/One.md": "# One\n\n[two](Two.md) [three](../Three.md)\n",
        "a/Two.md": "# Two\n\n[[One]]\n",
        "Three.md": "# Three\n\n[one](a/One.md)\n",
    }
    editor = start(notes, "vscode")
    found = editor.ask("workspace/willRenameFiles", {"files": [{"oldUri": editor.uri("a/One.md"), "newUri": editor.uri("b/c/First.md")}]})
    texts = apply_edit(editor, found, notes)
    assert "[two](../../a/Two.md) [three](../../Three.md)" in texts["a/One.md"]
    assert ("[[First]]" in texts["a/Two.md"], "[one](b/c/First.md)" in texts["Three.md"]) == (True, True)
    found = editor.ask("workspace/willRenameFiles", {"files": [{"oldUri": editor.uri("a"), "newUri": editor.uri("z")}]})
    texts = apply_edit(editor, found, notes)
    assert ("[two](Two.md)" in texts["a/One.md"], "[one](z/One.md)" in texts["Three.md"]) == (True, True)
    assert None is editor.ask("workspace/willRenameFiles", {"files": [{"oldUri": editor.uri("x.png"), "newUri": editor.uri("y.png")}]})


def test_what_cannot_be_renamed_says_so(start: Start) -> None:
    """Elsewhere, and for a name that cannot be one, the answer is an error in words."""
    editor = start(NOTES, "vscode")
    editor.open(OTHER)
    document = {"textDocument": {"uri": editor.uri(OTHER)}}
    error = editor.request("textDocument/prepareRename", {**document, "position": {"line": 2, "character": 34}})["error"]
    assert (-32803, True) == (error["code"], "nothing to rename here" in error["message"])
    error = editor.request("textDocument/rename", {**document, "position": {"line": 0, "character": 4}, "newName": "\x07"})["error"]
    assert (-32803, True) == (error["code"], "cannot be shown" in error["message"])


def test_client_without_file_operations_gets_text_alone(start: Start) -> None:
    """A client that cannot rename files gets the edits of texts, and a line that says that the file keeps its name."""
    editor = start(NOTES)
    editor.open(PLAN)
    edit = editor.at("rename", PLAN, 1, 8, newName="Roadmap")
    assert {editor.uri(PLAN), editor.uri(OTHER)} == set(edit["changes"])
    assert any("keeps its name" in one["params"].get("message", "") for one in editor.told)


def test_rename_of_a_title_that_is_not_saved_yet(start: Start) -> None:
    """Links that show the saved title get the new one, and the title in the editor is replaced, whatever it says."""
    for wanted in ("Trust is earned", "Trust is quick", "Trust is slow"):
        editor = start(NOTES, "vscode")
        editor.open(TRUST)
        editor.change(TRUST, "quick", (0, 11), (0, 15))
        unsaved = NOTES[TRUST].replace("slow", "quick", 1)
        edit = editor.at("rename", TRUST, 0, 5, newName=wanted)
        texts = apply_edit(editor, edit, {**NOTES, TRUST: unsaved})
        own = texts.get(f"202401010001 {wanted}.md", "").replace("\r", "")
        assert own.startswith(f"# {wanted}\n"), wanted
        assert f"[[202401010001|{wanted}]]" in texts[OTHER], wanted


def test_rename_of_a_file_is_annotated(start: Start) -> None:
    """A client that shows annotations has one for the file, so that a person may take that out of a preview."""
    annotated = {"documentChanges": True, "resourceOperations": ["rename"], "changeAnnotationSupport": {"groupsOnLabel": True}}
    editor = start(NOTES, capabilities={"workspace": {"workspaceEdit": annotated}})
    editor.open(PLAN)
    edit = editor.at("rename", PLAN, 1, 8, newName="Roadmap")
    assert ["Rename the file"] == [one["label"] for one in edit["changeAnnotations"].values()]
    assert next(iter(edit["changeAnnotations"])) == edit["documentChanges"][-1]["annotationId"]
