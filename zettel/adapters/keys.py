"""Read single keys from a terminal, without Enter."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from zettel.model.errors import UsageError

END = ("", "\x04")
"""What `Keys.read` returns at the end of input, and for Ctrl-D."""


class Keys:
    """A context in which keys are read one by one as they are pressed. It restores the terminal at its end, after Ctrl-C, too."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        """Switch the terminal to single keys. Raises `UsageError` if there is no terminal."""
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the terminal."""
        self._end()

    def read(self) -> str:
        """Wait for the next key and return it, empty at the end of input. A key that sends several characters, such as an arrow, returns them all."""
        while not self._waiting:
            data = os.read(sys.stdin.fileno(), 1024)
            if not data:
                return ""
            text = data.decode("utf-8", "replace")
            self._waiting = [text] if text.startswith("\x1b") else list(text)
        return self._waiting.pop(0)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Restore the terminal for the duration of a `with` block, for an editor."""
        self._end()
        try:
            yield
        finally:
            self._begin()

    def _begin(self) -> None:
        try:
            import termios
            import tty
        except ImportError:  # Windows
            raise UsageError("single keys cannot be read on this system", "leave out --walk, or add --list") from None
        try:
            self._before = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
        except (termios.error, OSError, ValueError):
            raise UsageError("there is no terminal to read keys from", "leave out --walk, or add --list") from None

    def _end(self) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)
            self._before = None
