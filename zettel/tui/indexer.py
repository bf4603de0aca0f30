"""Have all notes read and indexed by a process of its own, and follow its progress."""

from __future__ import annotations

import asyncio
import os
from subprocess import Popen

from zettel.adapters.own_process import start_own_process
from zettel.session import Session
from zettel.tui.index_child import MESSAGE, PROGRESS, READ

CHILD = "zettel.tui.index_child"
"""The module that the process runs."""


class Indexer:
    """The part of the screen that has the catalogue and the full-text index of a notebook brought up to date.

    A process of its own does the work (see `zettel.tui.index_child`), one at a time. If it `has_failed`, no other is started.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._process: Popen[bytes] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unfinished_line = b""
        self._reading: asyncio.Future[None] | None = None
        self._indexing: asyncio.Future[None] | None = None
        self.progress = ""
        self.has_failed = False
        self._messages: list[str] = []

    async def read_notes(self) -> None:
        """Wait until all notes are read. Their text is indexed after that."""
        self._start()
        if self._reading:
            await asyncio.shield(self._reading)

    async def index_text(self) -> None:
        """Wait until the text of all notes is indexed."""
        self._start()
        if self._indexing:
            await asyncio.shield(self._indexing)

    def take_messages(self) -> list[str]:
        """Return what was said for people since the last time."""
        messages, self._messages = self._messages, []
        return messages

    def _start(self) -> None:
        if self._process or self.has_failed:
            return
        try:
            self._process = start_own_process(CHILD, (self._session.find_root(), *self._session.options.config), self._session.environ)
        except OSError:
            self.has_failed = True
            return
        assert self._process.stdout
        self._loop = loop = asyncio.get_running_loop()
        self._reading, self._indexing, self._unfinished_line = loop.create_future(), loop.create_future(), b""
        loop.add_reader(self._process.stdout.fileno(), self._take_lines)

    def _take_lines(self) -> None:
        """Take what the process has written, or note that it has ended."""
        assert self._process
        assert self._process.stdout
        written = os.read(self._process.stdout.fileno(), 65536)
        if not written:
            self._finish()
            return
        *lines, self._unfinished_line = (self._unfinished_line + written).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            if text.startswith(READ):
                _complete(self._reading)
            elif text.startswith(MESSAGE):
                self._messages.append(text[1:])
            elif text.startswith(PROGRESS):
                self.progress = text[1:]

    def _finish(self) -> None:
        process = self._process
        self.stop()
        self.has_failed = bool(process and process.wait())  # the pipe closes only when the process ends, so this does not wait
        _complete(self._reading)
        _complete(self._indexing)

    def stop(self) -> None:
        """Stop reading from the process. It ends as soon as it notices that, and leaves nothing half-done."""
        process, self._process, self.progress = self._process, None, ""
        if process and process.stdout:
            if self._loop and not self._loop.is_closed():
                self._loop.remove_reader(process.stdout.fileno())
            process.stdout.close()


def _complete(future: asyncio.Future[None] | None) -> None:
    if future and not future.done():
        future.set_result(None)
