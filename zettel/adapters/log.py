"""Keep the log of a server: methods, milliseconds and counts, never the text of notes."""

from __future__ import annotations

import os
import sys
import traceback
from time import strftime

from zettel.model.base.errors import Unreadable
from zettel.model.text.inert import escape_unsafe


class Log:
    """Writes lines to a file that only its owner can read; without a file, only what went wrong, to stderr."""

    def __init__(self, file: str | None) -> None:
        """Open the log. Raises `Unreadable`."""
        self._descriptor: int | None = None
        if file:
            try:
                self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOCTTY, 0o600)
                os.fchmod(self._descriptor, 0o600)
            except OSError as error:
                raise Unreadable(
                    f"the log {file} cannot be written: {error.strerror}", "name a file in a folder of yours: --log FILE"
                ) from None

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, line: str) -> None:
        """Write a line to the file, if there is one."""
        if self._descriptor is not None:
            self._write(self._descriptor, line)

    def complain(self, line: str) -> None:
        """Write a line about something that went wrong."""
        self._write(2 if self._descriptor is None else self._descriptor, line)

    def complain_of_bug(self, what: str) -> None:
        """Write down the current exception: its kind and where it happened, without its message, which may quote a note."""
        kind, _, where = sys.exc_info()
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(where)]
        self.complain(f"{what} failed: {kind.__name__ if kind else 'unknown'} at {' < '.join(reversed(frames))}")

    def _write(self, descriptor: int, line: str) -> None:
        try:
            os.write(descriptor, f"{strftime('%H:%M:%S')} {escape_unsafe(line)}\n".encode(errors="replace"))
        except OSError:
            pass  # a full disk must not end the server
