"""Test what is said when notes that others link to are deleted."""

from __future__ import annotations

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor

TRUST, PLAN = "202401010001 Trust.md", "a/202401010002 Plan.md"
NOTES = {
    TRUST: "# Trust\n\n[[202401010002]], [[Plan]] and 202401010002 Plan.\n",
    PLAN: "# Plan\n\n[[202401010001]]\n",
    "x.md": "# X\n\n[[Plan]]\n",
}


def list_messages(editor: Editor) -> list[str]:
    """Return what the server has shown so far."""
    editor.ask("workspace/symbol", {"query": "zzz"})
    return [one["params"]["message"] for one in editor.told if one.get("method") == "window/showMessage"]


def test_links_to_a_deleted_note_are_counted(start: Start) -> None:
    """A client that deletes a note is told how many links lead nowhere now, once, also if it sees the file vanish."""
    editor = start(NOTES, "vscode")
    assert [] == list_messages(editor)
    (editor.folder / PLAN).unlink()
    editor.notify("workspace/didDeleteFiles", {"files": [{"uri": editor.uri(PLAN)}]})
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(PLAN), "type": 3}]})
    assert [f"{PLAN} is gone, and 4 links in 2 notes lead nowhere now; they are listed by: zettel check --only dangling"] == list_messages(
        editor
    )


def test_links_to_the_notes_of_a_deleted_folder_are_counted(start: Start) -> None:
    """A folder takes its notes with it."""
    editor = start(NOTES, "vscode")
    assert [] == list_messages(editor)
    (editor.folder / PLAN).unlink()
    (editor.folder / "a").rmdir()
    editor.notify("workspace/didDeleteFiles", {"files": [{"uri": editor.uri("a")}]})
    (message,) = list_messages(editor)
    assert "4 links in 2 notes" in message


def test_note_that_has_moved_is_not_called_deleted(start: Start) -> None:
    """A move that the client sees as a deletion and a new file loses no link by ID or title, and nothing is said."""
    editor = start(NOTES, "vscode")
    assert [] == list_messages(editor)
    (editor.folder / PLAN).rename(editor.folder / "202401010002 Plan.md")
    changes = [{"uri": editor.uri(PLAN), "type": 3}, {"uri": editor.uri("202401010002 Plan.md"), "type": 1}]
    editor.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert [] == list_messages(editor)


def test_deletion_of_a_note_without_backlinks_is_not_mentioned(start: Start) -> None:
    """Nothing is said where nothing is lost, nor for a file that is not a note."""
    editor = start(NOTES, "vscode")
    assert [] == list_messages(editor)
    (editor.folder / "x.md").unlink()
    editor.notify("workspace/didDeleteFiles", {"files": [{"uri": editor.uri("x.md")}, {"uri": "untitled:1"}]})
    assert [] == list_messages(editor)
