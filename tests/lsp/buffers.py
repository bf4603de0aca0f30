"""Hold the texts of an editor, make in them the edits that the server sends, and choose among the actions that it offers."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from tests.lsp.editor import Editor, Message

TextPlace = tuple[int, int]


def edit_text(text: str, edits: list[Message]) -> str:
    """Return a text after edits whose places count UTF-16 units, and that do not overlap."""
    lines = text.splitlines(keepends=True) or [""]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def locate(place: Message) -> int:
        if place["line"] >= len(lines):
            return len(text)
        line = lines[place["line"]].rstrip("\r\n")
        return starts[place["line"]] + len(line.encode("utf-16-le")[: 2 * place["character"]].decode("utf-16-le"))

    spans = sorted((locate(one["range"]["start"]), locate(one["range"]["end"]), one["newText"]) for one in edits)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    return text


class Buffers:
    """The documents that an editor has open. `refuses` makes it decline edits."""

    def __init__(self, editor: Editor) -> None:
        """Take the edits that the server of an editor sends."""
        self.editor = editor
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: list[str] = []
        self.cursors: list[TextPlace | None] = []
        self.refuses = False
        editor.replies["workspace/applyEdit"] = self._take_edit
        editor.replies["window/showDocument"] = self._show

    def open(self, path: str, text: str | None = None) -> None:
        """Open a document."""
        self.texts[path] = (self.editor.folder / path).read_bytes().decode() if text is None else text
        self.versions[path] = 1
        self.editor.open(path, self.texts[path])

    def write(self, path: str, text: str) -> None:
        """Replace the text of a document, without saving it."""
        self.texts[path] = text
        self.versions[path] += 1
        self.editor.change(path, text)

    def apply(self, edit: Message) -> None:
        """Make an edit. A document that is not open is opened for it."""
        changes = edit.get("documentChanges") or [{"textDocument": {"uri": uri}, "edits": edits} for uri, edits in edit["changes"].items()]
        for change in changes:
            assert "kind" not in change
            path = self.editor.path(change["textDocument"]["uri"])
            if path not in self.texts:
                self.open(path)
            version = change["textDocument"].get("version")
            assert version in (None, self.versions[path]), "an edit of another version"
            self.write(path, edit_text(self.texts[path], change["edits"]))

    def _take_edit(self, params: Message) -> Message:
        if self.refuses:
            return {"applied": False}
        self.apply(params["edit"])
        return {"applied": True}

    def _show(self, params: Message) -> Message:
        self.shown.append(self.editor.path(params["uri"]))
        start = params["selection"]["start"] if "selection" in params else None
        self.cursors.append((start["line"], start["character"]) if start else None)
        return {"success": True}

    # Actions

    def list_actions(self, path: str, start: TextPlace, end: TextPlace | None = None, **context: Any) -> list[Message]:
        """Return what the server offers where something is selected."""
        (line, character), (last, till) = start, end or start
        span = {"start": {"line": line, "character": character}, "end": {"line": last, "character": till}}
        params = {"textDocument": {"uri": self.editor.uri(path)}, "range": span, "context": {"diagnostics": [], **context}}
        found: list[Message] = self.editor.ask("textDocument/codeAction", params)
        return found

    def list_titles(self, path: str, start: TextPlace, end: TextPlace | None = None, **context: Any) -> list[str]:
        """Return the titles of what is offered."""
        return [action["title"] for action in self.list_actions(path, start, end, **context)]

    def choose(self, path: str, title: str, start: TextPlace, end: TextPlace | None = None, **context: Any) -> Any:
        """Do what is offered under a title, and return the answer of its command, if it has one."""
        (action,) = (one for one in self.list_actions(path, start, end, **context) if one["title"] == title)
        return self.perform(action)

    def perform(self, action: Message) -> Any:
        """Make the edit of an action and carry out its command, as a client does."""
        if "data" in action and "edit" not in action:
            action = self.editor.ask("codeAction/resolve", action)
        if "edit" in action:
            self.apply(action["edit"])
        command = action if isinstance(action.get("command"), str) else action.get("command")
        return self.execute(command["command"], *command.get("arguments", ())) if command else None

    def execute(self, command: str, *arguments: object) -> Any:
        """Carry out a command, and take what the server asks for after it."""
        found = self.editor.ask("workspace/executeCommand", {"command": command, "arguments": list(arguments)})
        self.settle()
        return found

    def refuse(self, command: str, *arguments: object) -> str:
        """Return what the server says against a command."""
        answer = self.editor.request("workspace/executeCommand", {"command": command, "arguments": list(arguments)})
        return str(answer["error"]["message"])

    def settle(self) -> None:
        """Answer what the server has asked so far."""
        for _ in range(3):  # an edit is asked for, then a document is shown
            self.editor.ask("workspace/symbol", {"query": "zzz"})

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return Path(self.editor.folder / path).read_bytes().decode()
