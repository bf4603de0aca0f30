"""Parse what a terminal sends: keys, the mouse, and text that is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Paste

if TYPE_CHECKING:
    from textual.message import Message

ALT_KEY = re.compile(r"\x1b([acdeg-z])")
"""What a terminal sends for Alt and a letter, except B and F: some terminals send these for Ctrl with an arrow."""

MAX_PAUSE = 1.0
"""Seconds without input after which a paste is over although the terminal has not said so, so that keys work again."""


class InputParser(XTermParser):
    """The parser of Textual, in which pasted text is text to its end: Textual takes what follows an Esc in it for keys."""

    def __init__(self) -> None:
        super().__init__()
        self._tail = ""  # the last characters that were parsed, which may be the beginning of the signal for a paste
        self._pasted: str | None = None
        self._fed_at = 0.0

    def feed(self, data: str) -> Iterator[Message]:
        """Yield what the characters of `data` mean."""
        self._fed_at = monotonic()
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                seen = self._tail + data
                at = seen.find(BRACKETED_PASTE_START)
                if at < 0:
                    self._tail = seen[1 - len(BRACKETED_PASTE_START) :]
                    yield from self._feed_keys(data)
                    return
                end = at + len(BRACKETED_PASTE_START) - len(self._tail)
                yield from self._feed_keys(data[:end])
                list(super().feed(BRACKETED_PASTE_END))  # for Textual, nothing was pasted
                self._tail, self._pasted, data = "", "", data[end:]
            else:
                pasted, signal, data = (self._pasted + data).partition(BRACKETED_PASTE_END)
                if not signal:
                    self._pasted = pasted
                    return
                self._pasted = None
                yield Paste(pasted)

    def _feed_keys(self, data: str) -> Iterator[Message]:
        """Yield what characters mean that were not pasted.

        Textual waits after Esc and a letter for more, and takes two Alt keys in a row for other keys. Both characters come at once, so they are
        one key.
        """
        for number, part in enumerate(ALT_KEY.split(data)):
            if number % 2 and self._timeout_time is None:
                yield from self._sequence_to_key_events(part, alt=True)
            elif part:
                yield from super().feed(f"\x1b{part}" if number % 2 else part)

    @property
    def is_waiting(self) -> bool:
        """Whether what has come may be the beginning of something longer."""
        return self._timeout_time is not None or self._pasted is not None

    def tick(self) -> Iterator[Message]:
        """Yield what has become clear because nothing followed in time."""
        yield from super().tick()
        if self._pasted is not None and monotonic() - self._fed_at > MAX_PAUSE:
            pasted, self._pasted = self._pasted, None
            yield Paste(pasted)
