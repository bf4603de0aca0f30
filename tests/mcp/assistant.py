"""Play a program with an assistant: speak with a server that runs in a thread of this process, or as a process of its own, line by line."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from tests.conftest import COMMAND, Runner

Message = dict[str, Any]

VERSION = "2025-11-25"
"""The version of the protocol that is spoken: one with the exchange at the beginning, which most programs have."""


class Assistant:
    """A client of a server for the notebook in the folder of `run`. `received` has every byte that the server has sent."""

    def __init__(self, run: Runner, mode: str = "read", *, words: tuple[str, ...] = (), is_process: bool = False) -> None:
        """Start a server in a mode, and greet it. `words` are further words of the command line of a process."""
        self.folder = run.folder
        self.received = bytearray()
        self.exit_code: int | None = None
        self._number = 0
        self._process: subprocess.Popen[bytes] | None = None
        if is_process:
            write = () if mode == "read" else ("--write", mode)
            self._process = subprocess.Popen(
                [*COMMAND, "-N", str(run.folder), "mcp", *write, *words],
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
            self._start_thread(run, mode)
        self.greeting = self.ask(
            "initialize", {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        )
        self.send({"method": "notifications/initialized"})

    def _start_thread(self, run: Runner, mode: str) -> None:
        from zettel.mcp.server import serve
        from zettel.session import GlobalOptions, Session

        (their_in, own_out), (own_in, their_out) = os.pipe(), os.pipe()
        self._stdin, self._stdout = os.fdopen(own_out, "wb"), os.fdopen(own_in, "rb")

        def work() -> None:
            session = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder))
            with os.fdopen(their_in, "rb") as stdin, os.fdopen(their_out, "wb") as stdout:
                self.exit_code = serve(session, mode, None, stdin, stdout)

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    # Messages

    def send(self, message: Message) -> None:
        """Send a message."""
        self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_raw(self, line: bytes) -> None:
        """Send a line, whatever it is."""
        self._stdin.write(line + b"\n")
        self._stdin.flush()

    def read(self) -> Message:
        """Return the server's next message. Raises `EOFError` at the end."""
        line = self._stdout.readline()
        self.received += line
        if not line:
            raise EOFError
        found: Message = json.loads(line)
        assert "2.0" == found["jsonrpc"]
        return found

    def request(self, method: str, params: object = None) -> Message:
        """Send a request, and return the response to it."""
        self._number += 1
        self.send({"id": self._number, "method": method, **({} if params is None else {"params": params})})
        while (message := self.read()).get("id") != self._number:
            pass
        return message

    def ask(self, method: str, params: object = None) -> Any:
        """Send a request, and return its result."""
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def refuse(self, method: str, params: object = None) -> tuple[int, str]:
        """Send a request that the protocol does not allow, and return code and message of the error."""
        error = self.request(method, params)["error"]
        return error["code"], error["message"]

    def call(self, tool: str, given: Mapping[str, object] | None = None, /, **named: object) -> Any:
        """Call a tool, and return its structured answer. Fails if it is an error."""
        result = self.ask("tools/call", {"name": tool, "arguments": {**(given or {}), **named}})
        assert not result.get("isError"), result
        return result["structuredContent"]

    def read_text(self, tool: str, given: Mapping[str, object] | None = None, /, **named: object) -> str:
        """Call a tool, and return its answer in words, be it an error or not."""
        (block,) = self.ask("tools/call", {"name": tool, "arguments": {**(given or {}), **named}})["content"]
        return str(block["text"])

    def fail(self, tool: str, given: Mapping[str, object] | None = None, /, **named: object) -> str:
        """Call a tool that cannot do what is asked, and return what it says."""
        result = self.ask("tools/call", {"name": tool, "arguments": {**(given or {}), **named}})
        assert result.get("isError"), result
        return str(result["content"][0]["text"])

    # Lifecycle

    def kill(self) -> None:
        """Kill the process at once."""
        assert self._process
        self._process.kill()

    def close(self) -> int | None:
        """Close the connection, wait for the end of the server, and return its exit code."""
        with contextlib.suppress(BrokenPipeError, OSError):
            self._stdin.close()
        if self._process:
            self._process.wait(30)
            self._stdout.close()
            assert self._process.stderr
            self.complaints = self._process.stderr.read()
            self._process.stderr.close()
            return self._process.returncode
        self._thread.join(30)
        self._stdout.close()
        return self.exit_code
