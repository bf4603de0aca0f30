"""Play an editor: speak with a language server that runs in a thread of this process, or as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

import pytest_lsp.clients

from tests.conftest import COMMAND, Runner

OWN_CLIENTS = Path(__file__).parent / "clients"
"""What editors declare, taken from themselves: VS Code's is what vscode-languageclient 9.0.1 computes."""

BARE: dict[str, Any] = {}
"""A client that declares nothing."""


def read_capabilities(name: str) -> dict[str, Any]:
    """Return what an editor declares, as it was collected from it."""
    own = OWN_CLIENTS / f"{name}.json"
    if own.exists():
        mine: dict[str, Any] = json.loads(own.read_text(encoding="utf-8"))
        return mine
    file = Path(pytest_lsp.clients.__file__).parent / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["capabilities"]
    return found


PRESETS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "neovim-0.11": ("Neovim", read_capabilities("neovim_v0.11.0")),
    "neovim-0.10": ("Neovim", read_capabilities("neovim_v0.10.0")),
    "emacs-29": ("Emacs", read_capabilities("emacs_v29.1")),
    "vscode": ("Visual Studio Code", read_capabilities("visual_studio_code_v1.65.2")),
    "vscode-1.82": ("Visual Studio Code", read_capabilities("vscode-1.82")),
    "helix": ("helix", read_capabilities("helix-25.07")),
    "bare": ("", BARE),
}
"""Editors by name, with what they declare."""

Message = dict[str, Any]


class Editor:
    """An editor with a folder open. `told` are the server's notifications and requests so far; `declared` is what the server can do.

    A request of the server gets the answer that `replies` has for its method, else an empty one.
    """

    def __init__(self, run: Runner, *words: str, is_process: bool = False, before: Sequence[str] = (), program: Sequence[str] = ()) -> None:
        """Start a server in the folder of `run`: in a thread, or as a process, with words of another program before it, or another server."""
        self.folder = run.folder
        self.told: list[Message] = []
        self.declared: Message = {}
        self.replies: dict[str, Callable[[Message], Any]] = {}
        self.size = 0
        self.exit_code: int | None = None
        self._number = 0
        self._versions: dict[str, int] = {}
        self._process: subprocess.Popen[bytes] | None = None
        if is_process:
            self._process = subprocess.Popen(
                [*before, *(program or (*COMMAND, "lsp")), *words],
                cwd=run.folder,
                env=run.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            assert self._process.stdin
            assert self._process.stdout
            self._stdin: BinaryIO = self._process.stdin  # type: ignore[assignment]
            self._stdout: BinaryIO = self._process.stdout  # type: ignore[assignment]
        else:
            self._start_thread(run)

    def _start_thread(self, run: Runner) -> None:
        from zettel.lsp.server import serve
        from zettel.session import GlobalOptions, Session

        (their_in, own_out), (own_in, their_out) = os.pipe(), os.pipe()
        self._stdin, self._stdout = os.fdopen(own_out, "wb"), os.fdopen(own_in, "rb")

        def work() -> None:
            with os.fdopen(their_in, "rb") as stdin, os.fdopen(their_out, "wb") as stdout:
                self.exit_code = serve(Session(GlobalOptions(), run.environ, str(run.folder)), None, stdin, stdout)

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    # Messages

    def send(self, message: Message) -> None:
        """Send a message."""
        self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_raw(self, body: bytes) -> None:
        """Send the body of a message, whatever it is."""
        self._stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._stdin.flush()

    def read(self) -> Message:
        """Return the server's next message. Raises `EOFError` at the end."""
        size = -1
        while (line := self._stdout.readline()) != b"\r\n":
            if not line:
                raise EOFError
            name, _, given = line.partition(b":")
            assert name in (b"Content-Length", b"Content-Type")
            size = int(given) if name == b"Content-Length" else size
        self.size = size
        found: Message = json.loads(self._stdout.read(size))
        assert "2.0" == found["jsonrpc"]
        return found

    def request(self, method: str, params: object = None) -> Message:
        """Send a request, and return the response to it."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self.read_response(self._number)

    def read_response(self, number: object) -> Message:
        """Return the response to a request. Answers what the server asks meanwhile."""
        while True:
            message = self.read()
            if message.get("id") == number and "method" not in message:
                return message
            self.told.append(message)
            if "id" in message and "method" in message:
                reply = self.replies.get(message["method"])
                self.send({"id": message["id"], "result": reply(message["params"]) if reply else None})

    def ask(self, method: str, params: object = None) -> Any:
        """Send a request, and return its result."""
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    # Lifecycle

    def connect(self, preset: str = "bare", **params: object) -> Message:
        """Initialize the server as an editor does, and return what it declares."""
        name, capabilities = PRESETS[preset]
        given = {"processId": os.getpid(), "rootUri": self.uri(""), "capabilities": capabilities, "clientInfo": {"name": name}}
        given["workspaceFolders"] = [{"uri": self.uri(""), "name": "notes"}]
        self.declared = self.ask("initialize", {**given, **params})
        self.notify("initialized", {})
        return self.declared

    def disconnect(self) -> int | None:
        """Shut the server down, and return its exit code."""
        self.ask("shutdown")
        self.notify("exit")
        return self.wait()

    def wait(self) -> int | None:
        """Wait for the end of the server, and return its exit code."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        if self._process:
            self._process.wait(30)
            self._stdout.close()
            assert self._process.stderr
            self._process.stderr.close()
            return self._process.returncode
        self._thread.join(30)
        self._stdout.close()
        return self.exit_code

    def kill(self) -> None:
        """End a server that is a process, whatever it does."""
        assert self._process
        self._process.kill()
        self._process.wait()

    # Documents

    def uri(self, path: str) -> str:
        """Return the URI of a file in the folder."""
        return "file://" + quote(str(self.folder / path))

    def path(self, uri: str) -> str:
        """Return the path in the folder of a URI."""
        return unquote(uri.partition("#")[0].removeprefix("file://")).removeprefix(f"{self.folder}/")

    def open(self, path: str, text: str | None = None) -> None:
        """Open a document, with the text of its file if none is given."""
        if text is None:
            text = (self.folder / path).read_bytes().decode()
        self._versions[path] = 1
        self.notify("textDocument/didOpen", {"textDocument": {"uri": self.uri(path), "languageId": "markdown", "version": 1, "text": text}})

    def close(self, path: str) -> None:
        """Close a document."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(path)}})

    def change(self, path: str, text: str, start: tuple[int, int] | None = None, end: tuple[int, int] | None = None) -> None:
        """Replace a part of a document, or all of it."""
        self._versions[path] += 1
        change: dict[str, object] = {"text": text}
        if start is not None:
            line, character = end or start
            change["range"] = {"start": {"line": start[0], "character": start[1]}, "end": {"line": line, "character": character}}
        self.notify(
            "textDocument/didChange", {"textDocument": {"uri": self.uri(path), "version": self._versions[path]}, "contentChanges": [change]}
        )

    def at(self, method: str, path: str, line: int, character: int, **params: object) -> Any:
        """Ask something about a place in a document."""
        place = {"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": character}}
        return self.ask(f"textDocument/{method}", {**place, **params})

    def complete(self, path: str, line: str, *, is_asked: bool = False) -> tuple[list[Message], str]:
        """Make a line, in which `¦` is the cursor, the last one of a document, and return what is proposed, and the whole document."""
        number = self.lines(path)
        at = line.index("¦")
        text = line.replace("¦", "")
        self.change(path, text, (number, 0), (number, 9999))
        kind = {"triggerKind": 1} if is_asked else {"triggerKind": 2, "triggerCharacter": "["}
        found = self.at("completion", path, number, at, context=kind)
        return (found["items"] if found else []), text

    def find(self, path: str, words: str) -> tuple[int, int]:
        """Return line and character, in UTF-16, behind the first letter of words in a file."""
        before = (self.folder / path).read_text(encoding="utf-8").partition(words)[0]
        line = before.rpartition("\n")[2]
        return before.count("\n"), len(line.encode("utf-16-le")) // 2 + 1

    def lines(self, path: str) -> int:
        """Return the number of the last line of a file."""
        return (self.folder / path).read_text(encoding="utf-8").count("\n")


def apply(line: str, edit: Message) -> str:
    """Return a line of ASCII after an edit in it, the one that replaces if there are two."""
    span = edit.get("range") or edit["replace"]
    return line[: span["start"]["character"]] + str(edit["newText"]) + line[span["end"]["character"] :]
