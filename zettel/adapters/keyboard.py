"""Read single keys from a terminal, without Enter."""

from __future__ import annotations

import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from zettel.model.base.errors import UsageError

END_OF_INPUT = ("", "\x04")
"""What `Keys.read_key` returns at the end of input, and for Ctrl-D."""


class Keyboard:
    """A context in which keys are read one by one as they are pressed. It restores the terminal at its end, after Ctrl-C, too."""

    def __init__(self) -> None:
        self._pending: list[str] = []
        self._saved_mode: list[Any] | None = None

    def __enter__(self) -> Self:
        """Switch the terminal to single keys. Raises `UsageError` if there is no terminal."""
        self._enter_key_mode()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the terminal."""
        self._restore_mode()

    def read_key(self) -> str:
        """Wait for the next key and return it, empty at the end of input. A key that sends several characters, such as an arrow, returns them all."""
        while not self._pending:
            data = os.read(sys.stdin.fileno(), 1024)
            if not data:
                return ""
            text = data.decode("utf-8", "replace")
            self._pending = [text] if text.startswith("\x1b") else list(text)
        return self._pending.pop(0)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Restore the terminal for the duration of a `with` block, for an editor."""
        self._restore_mode()
        try:
            yield
        finally:
            self._enter_key_mode()

    def _enter_key_mode(self) -> None:
        try:
            self._saved_mode = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
        except (termios.error, OSError, ValueError):
            raise UsageError("there is no terminal to read keys from", "leave out --walk, or add --list") from None

    def _restore_mode(self) -> None:
        if self._saved_mode is not None:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._saved_mode)
            self._saved_mode = None
