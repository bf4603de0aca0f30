"""Start zettel again in a process of its own, for long work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

PARENT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

CODE = "import sys; sys.path.insert(0, sys.argv[1]); del sys.argv[1]; from {module} import main; main()"
"""The program of a process of our own. It looks for zettel where this one is."""


def start_own_process(
    module: str, words: Sequence[str], environ: Mapping[str, str], stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start the function `main` of a module of zettel with `words` in `sys.argv`, and return the process, whose stdout is a pipe.

    Nothing is imported from the folder that one is in, and no key of the terminal reaches the process. Raises `OSError` if it cannot be started.
    """
    utf8 = ("-X", "utf8=1") if sys.flags.utf8_mode else ()
    return subprocess.Popen(
        [sys.executable, *utf8, "-P", "-c", CODE.format(module=module), PARENT, *words],
        env=environ,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


class OwnProcess:
    """A process of our own that is given one JSON object, and answers with any number of them, one a line.

    `is_running` is false once the process has ended and all its answers are read, and `has_failed` says whether it ended with an error.
    """

    def __init__(self, module: str, given: dict[str, Any], environ: Mapping[str, str]) -> None:
        """Start the process. Raises `OSError`."""
        self._process = start_own_process(module, (), environ, subprocess.PIPE)
        self._rest = b""
        self.is_running = True
        self.has_failed = False
        assert self._process.stdin
        assert self._process.stdout
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._output, False)
        with suppress(OSError), self._process.stdin as stdin:  # if it has ended already, this is noticed when its answers are read
            stdin.write(json.dumps(given).encode() + b"\n")

    def read_answers(self) -> Iterator[dict[str, Any]]:
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
                found: dict[str, Any] = json.loads(line)
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
