"""Run a module of zettel in a process of its own, and read what it answers while this one goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

JsonObject = dict[str, Any]


class OwnProcess:
    """A process that runs a module of zettel. It is given one JSON object, and answers with any number of them, one a line.

    `is_running` is false once the process has ended and all its answers are read, and `has_failed` says whether it ended with an error.
    """

    def __init__(self, module: str, given: JsonObject, environ: Mapping[str, str]) -> None:
        """Start the process. Raises `OSError`."""
        if not sys.executable:
            raise OSError("Python does not know its own program")
        command = [sys.executable, "-X", "utf8=1", "-P", "-m", module]  # -P: nothing is imported from the folder that one is in
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(environ)
        )
        self._rest = b""
        self.is_running = True
        self.has_failed = False
        assert self._process.stdin
        assert self._process.stdout
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._output, False)
        try:
            self._process.stdin.write(json.dumps(given).encode() + b"\n")
        except OSError:
            pass  # it has ended already, which is noticed when its answers are read
        try:
            self._process.stdin.close()
        except OSError:
            pass  # what was not written yet is lost for the same reason

    def read_answers(self) -> Iterator[JsonObject]:
        """Yield the answers that have come since the last call, without waiting for more."""
        while self.is_running:
            try:
                part = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return
            if not part:
                self.has_failed = self._process.wait() != 0
                self._close()
                return
            *lines, self._rest = (self._rest + part).split(b"\n")
            for line in lines:
                found: JsonObject = json.loads(line)
                yield found

    def stop(self) -> None:
        """Kill the process if it still runs. What it was writing to the catalogue is as if it had not begun."""
        if self.is_running:
            self._process.kill()
            self._process.wait()
            self._close()

    def _close(self) -> None:
        self.is_running = False
        if self._process.stdout:
            self._process.stdout.close()
