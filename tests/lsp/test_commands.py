"""Test what the commands of the server do, that they take back what they did, and what they say to arguments that are wrong."""

from __future__ import annotations

import random
import re
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.lsp.buffers import Buffers
from tests.lsp.conftest import Start
from tests.lsp.editor import PRESETS
from zettel.lsp.commands import COMMANDS

TRUST, PLAN, OWN = "202401010001 Trust is slow.md", "202401010002 Plan.md", "202401010003 Own.md"
NOTES = {
    TRUST: "# Trust is slow\n\nIt grows by promises, as in [[202401010002]].\n",
    PLAN: "# Plan\n\nPromises are made here. See [[202401010003]].\n",
    OWN: "# Own\n\nTrust is slow, and here is text. #people\n",
    "202401010004 Far.md": "# Far\n\nNothing leads here.\n",
}


def test_new_note_has_what_was_asked_for(start: Start) -> None:
    """Title, text, tags and ID are those given; the note is in the journal, and undo takes it away."""
    buffers = Buffers(start(NOTES, "vscode"))
    made = buffers.execute("zettel.new", {"title": " A  new\nthought ", "body": "One.\r\nTwo.", "tags": ["a", "#b"], "id": "202305050101"})
    assert {"id": "202305050101", "path": "202305050101 A new thought.md"} == {key: made[key] for key in ("id", "path")}
    assert made["uri"] == buffers.editor.uri(made["path"])
    text = buffers.read(made["path"])
    assert ("A new thought" in text, "One.\nTwo.\n" in text, "a" in text, "b" in text) == (True,) * 4
    assert [made["path"]] == buffers.shown
    assert {"undone": 'new "A new thought"'} == buffers.execute("zettel.undo")
    assert {"undone": None} == {"undone": buffers.execute("zettel.undo").get("nothing")}


def test_new_note_is_linked_where_the_cursor_stands(start: Start) -> None:
    """An empty range gets a link in the style of the note, in the unsaved text, and the note is shown after that, where one types."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(PLAN)
    buffers.write(PLAN, "# Plan\n\nUnsaved [[202401010003]]: \n")
    place = {"line": 2, "character": 26}
    made = buffers.execute(
        "zettel.new", {"title": "Next", "link": {"uri": buffers.editor.uri(PLAN), "range": {"start": place, "end": place}}}
    )
    assert f"Unsaved [[202401010003]]: [[{made['id']}|Next]]" == buffers.texts[PLAN].splitlines()[2]
    assert [made["path"]] == buffers.shown
    [cursor] = buffers.cursors
    assert cursor == (buffers.read(made["path"]).count("\n") - 1, 0)


def test_template_fills_a_new_note(start: Start) -> None:
    """A template of the notebook is used by name, and an unknown one is refused in words."""
    buffers = Buffers(start({**NOTES, ".zettel/templates/meeting.md": "# {title}\n\nWho:\n"}, "vscode"))
    made = buffers.execute("zettel.new", {"title": "Monday", "template": "meeting"})
    assert "Who:" in buffers.read(made["path"])
    assert "no template" in buffers.refuse("zettel.new", {"title": "Monday", "template": "nope"})


def test_new_note_goes_where_its_source_is_if_the_settings_say_so(start: Start) -> None:
    """With `note.folder = "here"`, that is the folder of the document."""
    notes = {**NOTES, "a/b/x.md": "# X\n", ".zettel/config.toml": 'note.folder = "here"\n'}
    buffers = Buffers(start(notes, "vscode"))
    assert "/" not in buffers.execute("zettel.new", {"title": "One"})["path"]
    buffers.open("a/b/x.md")
    assert buffers.execute("zettel.new", {"title": "Two"})["path"].startswith("a/b/")


def test_new_note_is_shown_also_if_nothing_links_to_it(start: Start) -> None:
    """If the editor does not take the edit, or there is no place for a link, a message says that the link is missing."""
    buffers = Buffers(start({**NOTES, "x.md": "# X\n\n```\ncode\n```\n"}, "vscode"))
    buffers.open("x.md")
    buffers.open(PLAN)
    buffers.refuses = True
    place = {"line": 2, "character": 0}
    made = [
        buffers.execute("zettel.new", {"title": title, "link": {"uri": buffers.editor.uri(path), "range": {"start": at, "end": at}}})
        for title, path, at in (("One", PLAN, place), ("Two", "x.md", {"line": 3, "character": 2}))
    ]
    assert [one["path"] for one in made] == buffers.shown
    said = [one["params"]["message"] for one in buffers.editor.told if one.get("method") == "window/showMessage"]
    assert f"the editor did not take the edit, so nothing links to {made[0]['path']} yet" in said
    assert any(line.startswith("a link to") and "cannot be written here" in line for line in said)


def test_daily_note_is_made_once(start: Start) -> None:
    """The note of a day is made, and found again the second time."""
    buffers = Buffers(start(NOTES, "vscode"))
    made = buffers.execute("zettel.daily", {"date": "2024-05-06"})
    assert ("2024-05-06" in made["path"], True) == (True, made["made"])
    again = buffers.execute("zettel.daily", {"date": "2024-05-06"})
    assert (made["path"], False) == (again["path"], again["made"])
    assert [made["path"]] * 2 == buffers.shown


def test_saved_notes_are_changed_and_undone(start: Start) -> None:
    """Append, rename and move change files in the journal, with their links, and undo takes each back."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    buffers.execute("zettel.append", {"note": "202401010004", "text": "More."})
    assert buffers.read("202401010004 Far.md").endswith("\n\nMore.\n")
    buffers.execute("zettel.rename", {"note": PLAN, "title": "Roadmap"})
    assert buffers.read("202401010002 Roadmap.md").startswith("# Roadmap\n")
    buffers.execute("zettel.move", {"note": "202401010002", "folder": "plans"})
    assert (buffers.editor.folder / "plans/202401010002 Roadmap.md").exists()
    done = [buffers.execute("zettel.undo")["undone"] for _ in range(3)]
    assert ['move "Roadmap" to plans', 'rename "Plan" to "Roadmap"', 'add to "Far"'] == done
    assert NOTES == {path: buffers.read(path) for path in NOTES}


def test_note_with_unsaved_text_is_not_changed_on_disk(start: Start) -> None:
    """A command that would change the file of a note that is open with other text is refused, and names the note."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(PLAN)
    buffers.write(PLAN, NOTES[PLAN] + "\nUnsaved.\n")
    for command, given in (("append", {"text": "x"}), ("rename", {"title": "Roadmap"}), ("move", {"folder": "plans"})):
        assert f"{PLAN} has text that is not saved; save it" in buffers.refuse(f"zettel.{command}", {"note": "202401010002", **given})
    assert {**NOTES} == {path: buffers.read(path) for path in NOTES}
    buffers.write(PLAN, NOTES[PLAN])
    buffers.execute("zettel.append", {"text": "x"})
    assert buffers.read(PLAN).endswith("\n\nx\n")
    buffers.write(PLAN, NOTES[PLAN] + "\nUnsaved.\n")
    assert "not saved" in buffers.refuse("zettel.undo")


def test_open_note_is_shown_where_it_was_moved(start: Start) -> None:
    """A note that is open is shown at its new path, and the document with the old one is to be closed."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(PLAN)
    made = buffers.execute("zettel.move", {"note": PLAN, "folder": "plans"})
    assert [made["note"]["path"]] == buffers.shown
    said = [one["params"]["message"] for one in buffers.editor.told if one.get("method") == "window/showMessage"]
    assert [f"{PLAN} is open under its old name: close it, because to save it would make a second note"] == said[1:]


def test_last_active_document_is_meant_if_no_note_is_named(start: Start) -> None:
    """A client that passes nothing means the document that it named last, except where that might move another note than the person sees."""
    buffers = Buffers(start(NOTES, "helix"))
    buffers.open(OWN)
    buffers.open(PLAN)
    buffers.editor.at("hover", OWN, 0, 0)
    buffers.execute("zettel.append", {"text": "Here."})
    assert buffers.read(OWN).endswith("\n\nHere.\n")
    said = [one["params"]["message"] for one in buffers.editor.told if one.get("method") == "window/showMessage"]
    assert f"{OWN} changed on disk; read it again if your editor has not" in said
    assert "suggestions" in buffers.execute("zettel.suggest")
    for command, given in (("rename", {"title": "Roadmap"}), ("move", {"folder": "plans"})):
        assert '"note"' in buffers.refuse(f"zettel.{command}", given)


def test_notes_are_found_and_listed(start: Start) -> None:
    """Search and list return rows with the URI of each note."""
    buffers = Buffers(start(NOTES, "vscode"))
    found = buffers.execute("zettel.search", {"query": "promises", "limit": 1})
    assert (1, 2) == (len(found["results"]), found["total"])
    row = found["results"][0]
    assert buffers.editor.uri(row["path"]) == row["uri"]
    assert "romises" in row["sentence"]
    assert [OWN] == [row["path"] for row in buffers.execute("zettel.list", {"tag": ["people"]})["notes"]]
    assert [PLAN, TRUST] == [row["path"] for row in buffers.execute("zettel.list", {"sort": "title", "limit": 4})["notes"]][2:]
    assert buffers.execute("zettel.random")["path"] in NOTES
    assert 4 == buffers.execute("zettel.index")["counts"]["notes"]


@pytest.mark.parametrize("preset", ["vscode", "bare", "content"])
def test_answers_about_several_notes_open_as_documents(start: Start, preset: str, tmp_path: Path) -> None:
    """A path, a gap and suggestions are documents: texts that the client asks for, else private files, else the answer alone."""
    capabilities = {**PRESETS["vscode"][1], "workspace": {**PRESETS["vscode"][1]["workspace"], "textDocumentContent": {}}}
    editor = start(NOTES, capabilities=capabilities) if preset == "content" else start(NOTES, preset)
    buffers = Buffers(editor)
    for command, given, words in (
        ("path", {"from": "Trust is slow", "to": "Own"}, "It grows by promises"),
        ("gap", {"from": "Trust is slow", "to": "Own"}, "Trust is slow"),
        ("path", {"from": "Far", "to": "Own"}, "no path leads"),
        ("suggest", {"note": OWN}, "both use the words"),
    ):
        found = buffers.execute(f"zettel.{command}", given)
        assert words in found["text"]
        assert found["text"].startswith(f"# {found['title'][:3]}")
        if preset == "vscode":
            file = Path(buffers.editor.path(found["uri"]))
            assert tmp_path / "home" in file.parents
            assert (found["text"], 0o600) == (file.read_text(), stat.S_IMODE(file.stat().st_mode))
            assert str(file) == buffers.shown[-1]
            editor.open(str(file), found["text"])
            editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": found["uri"]}})
            assert not any("in no notebook" in str(one.get("params")) for one in editor.told)
        elif preset == "content":
            assert found["uri"].startswith("zettel:")
            assert {"text": found["text"]} == editor.ask("workspace/textDocumentContent", {"uri": found["uri"]})
        else:
            assert None is found["uri"]
            assert any(found["title"] == one["params"].get("message") for one in editor.told)
    assert f"]({editor.uri(PLAN)})" in buffers.execute("zettel.path", {"from": "Trust is slow", "to": "Own"})["text"]


WRONG: tuple[Any, ...] = (
    [1],
    ["text"],
    [{}, {}],
    [{"nope": 1}],
    [{"title": 5}],
    [{"title": "a\x07b"}],
    [{"title": "x", "tags": [1]}],
    [{"title": "x", "id": "12"}],
    [{"title": "x", "id": "-"}],
    [{"title": "x", "link": {"uri": 1}}],
    [{"title": "x", "link": {"uri": "file:///nowhere.md", "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0}}}}],
    [{"title": "x", "template": "../x"}],
    [{"note": "-"}],
    [{"note": "@"}],
    [{"note": "file:///etc/passwd", "text": "x"}],
    [{"note": {"a": 1}, "text": "x"}],
    [{"note": "202401010002", "folder": "../../x"}],
    [{"note": "202401010002", "folder": "/etc"}],
    [{"note": "202401010002", "folder": ".hidden"}],
    [{"note": "202401010002", "title": ""}],
    [{"from": "-", "to": "@"}],
    [{"from": "Own", "to": ""}],
    [{"query": ["x"]}],
    [{"query": "x", "limit": -1}],
    [{"query": "x", "limit": True}],
    [{"linked_by": "-"}],
    [{"sort": "nope"}],
    [{"date": "yesteryear"}],
    [{"range": {"start": 1}}],
    [{"uri": "file:///etc/passwd", "version": 1, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 2**40, "character": 0}}}],
)


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments_may_be_anything(start: Start, name: str) -> None:
    """A command that cannot be carried out says why in one line, with what to do, and changes nothing; none reads stdin."""
    buffers = Buffers(start(NOTES, "vscode"))
    for given in WRONG:
        answer = buffers.editor.request("workspace/executeCommand", {"command": name, "arguments": given})
        if "error" in answer:
            assert -32803 == answer["error"]["code"] or "changed since" in answer["error"]["message"], (given, answer)
            assert "\n" not in answer["error"]["message"]
            assert "bug" not in answer["error"]["message"], (given, answer)
    assert NOTES == {path: buffers.read(path) for path in NOTES}
    outside = [path for path in buffers.editor.folder.parent.rglob("*.md") if buffers.editor.folder not in path.parents]
    assert [] == [path for path in outside if "cache" not in str(path)]


def test_long_command_can_be_cancelled(start: Start) -> None:
    """A first index that the client cancels ends soon, is not taken for a damaged one, and is made by the next search."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghij", k=7)) for _ in range(2_000)]
    notes = {f"2024010{number:05}.md": f"# Note {number}\n\n{' '.join(rng.choices(words, k=1_000))}\n" for number in range(100)}
    editor = start(notes, "vscode")
    editor.ask("workspace/symbol", {"query": "2024"})
    editor.send({"id": "index", "method": "workspace/executeCommand", "params": {"command": "zettel.index"}})
    time.sleep(0.2)
    editor.notify("$/cancelRequest", {"id": "index"})
    answer = editor.read_response("index")
    assert "result" in answer or -32800 == answer["error"]["code"]
    assert Buffers(editor).execute("zettel.search", {"query": f"{words[0]} {words[1]}", "limit": 1})["results"]
    assert [] == [one for one in editor.told if "cannot be used" in str(one.get("params"))]


def test_docs_have_every_command_with_what_it_takes() -> None:
    """The table of commands in the docs has those that are declared, with their arguments."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`zettel\.[^|]*) \| ([^|]*) \|", text.partition("### Commands\n")[2], re.MULTILINE)
    listed = {name: tuple(re.findall(r"`([^`]+)`", takes)) for names, takes in rows for name in re.findall(r"`([^`]+)`", names)}
    takes = {name: command.takes for name, command in COMMANDS.items()}
    assert {**takes, "zettel.apply": ()} == listed


def test_unknown_command_is_refused(start: Start) -> None:
    """The answer names the commands that there are."""
    buffers = Buffers(start(NOTES, "vscode"))
    assert "there is no command zettel.nope; commands are zettel.new" in buffers.refuse("zettel.nope")


def test_commands_need_a_notebook(start: Start, tmp_path: Path) -> None:
    """A document that is in no notebook has no commands, and the answer says what to do."""
    (tmp_path / "loose").mkdir()
    editor = start(NOTES, "vscode", rootUri=None, workspaceFolders=None)
    buffers = Buffers(editor)
    assert "no notebook is open; open a note" in buffers.refuse("zettel.new", {"title": "x"})
