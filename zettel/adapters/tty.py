"""Open the terminal of this process, whatever its streams are connected to."""

from __future__ import annotations

import os

from zettel.model.base.errors import UsageError

PATH = "/dev/tty"


def open_tty(flags: int = os.O_RDWR) -> int | None:
    """Return a descriptor of the terminal, for reading and writing by default, or None if there is no terminal."""
    try:
        return os.open(PATH, flags)
    except OSError:
        return None


def build_no_terminal_error() -> UsageError:
    """Return the error for picking a note where there is no terminal."""
    return UsageError("there is no terminal to pick a note on", "name the note: its ID, title or path")


class OpenTerminal:
    """A context in which the terminal is open for reading and writing. Raises `UsageError` if there is none."""

    def __enter__(self) -> int:
        """Return the descriptor of the terminal."""
        descriptor = open_tty()
        if descriptor is None:
            raise build_no_terminal_error()
        self._descriptor = descriptor
        return descriptor

    def __exit__(self, *_: object) -> None:
        """Close the terminal."""
        os.close(self._descriptor)


class TerminalLoan:
    """A context in which another program has the terminal: Ctrl-C interrupts it, and the mode that it leaves is not kept."""

    def __enter__(self) -> None:
        """Remember the mode of the terminal and what Ctrl-C does."""
        import signal
        import termios

        self._handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self._mode = termios.tcgetattr(0)
        except termios.error:
            self._mode = []

    def __exit__(self, *_: object) -> None:
        """Restore both."""
        import signal
        import termios

        if self._mode:
            termios.tcsetattr(0, termios.TCSADRAIN, self._mode)
        signal.signal(signal.SIGINT, self._handler)


def measure_width() -> int:
    """Return the width of the terminal in columns, 80 if there is no terminal."""
    descriptor = open_tty(os.O_RDONLY)
    if descriptor is None:
        return 80
    try:
        return os.get_terminal_size(descriptor).columns or 80
    except OSError:
        return 80
    finally:
        os.close(descriptor)
