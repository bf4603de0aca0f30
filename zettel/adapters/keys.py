"""Single keys from a terminal, without Enter."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from zettel.model.errors import UsageError

END = ("", "\x04")
"""What `Keys.read` gives when nobody types any more: the end of input, or Ctrl-D."""


class Keys:
    """Takes keys one by one as they are pressed; the terminal is as before afterwards, after Ctrl-C, too."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        """Begin. Raises `UsageError` where there is no terminal."""
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back as it was."""
        self._end()

    def read(self) -> str:
        """The next key; one that sends several characters, such as an arrow, as all of them. Empty at the end of input."""
        while not self._waiting:
            data = os.read(sys.stdin.fileno(), 1024)
            if not data:
                return ""
            text = data.decode("utf-8", "replace")
            self._waiting = [text] if text.startswith("\x1b") else list(text)
        return self._waiting.pop(0)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Have the terminal as it was for a while, for an editor."""
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
