"""Read the keyboard and the mouse from a terminal that may send any bytes."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from selectors import EVENT_READ, DefaultSelector

from textual.drivers.linux_driver import LinuxDriver

from zettel.tui.input_parser import InputParser

MAX_BYTES = 4096
"""How many bytes are read at once, at most."""

TICK_SECONDS, SHORT_TICK_SECONDS = 0.1, 0.01
"""How long to wait for input before checking whether the app has ended; and if an Esc has come, before deciding that no longer key begins with it."""


class TolerantDriver(LinuxDriver):
    """The driver of Textual, which leaves out what is not UTF-8 instead of ending the app, and never takes pasted text for keys."""

    def run_input_thread(self) -> None:
        """Take what the terminal sends, until the app ends or the terminal is gone."""
        parser = InputParser()
        decoder = getincrementaldecoder("utf-8")(errors="ignore")
        with DefaultSelector() as selector:
            selector.register(self.fileno, EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(SHORT_TICK_SECONDS if parser.is_waiting else TICK_SECONDS):
                    try:
                        data = os.read(self.fileno, MAX_BYTES)
                    except OSError:
                        return
                    if not data:
                        return
                    if text := decoder.decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
