"""Read the lines of a client in a thread of their own, which nothing waits for: Ctrl-C ends a server whose client says nothing."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from threading import Semaphore, Thread
from typing import BinaryIO

MAX_BYTES = 16_000_000
"""How long a line is at most. A client that sends a longer one is taken for gone."""

MAX_WAITING = 100
"""How many lines are read ahead."""

CHUNK = 65_536


def replace_lone_surrogates(line: str) -> str:
    """Return a message in which half a character, as a model writes it that was cut in an emoji, is a question mark: the SDK would not answer it."""
    if "\\ud" not in line and "\\uD" not in line:
        return line
    try:
        return json.dumps(json.loads(line), ensure_ascii=False).encode(errors="replace").decode()
    except (ValueError, RecursionError):
        return line  # the SDK says what is wrong with it


class LineReader:
    """The lines that come on a stream, until its end."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read `stream`, which is closed at its end."""
        self._stream = stream
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._free = Semaphore(MAX_WAITING)
        self._loop = asyncio.get_running_loop()

    async def read_lines(self) -> AsyncIterator[str]:
        """Yield the lines as they come."""
        Thread(target=self._read, name="lines", daemon=True).start()
        while (line := await self._lines.get()) is not None:
            self._free.release()
            yield line

    def _read(self) -> None:
        rest = b""
        try:
            while len(rest) < MAX_BYTES and (data := os.read(self._stream.fileno(), CHUNK)):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._free.acquire()
                    self._put(line.decode(errors="replace"))
            if rest and len(rest) < MAX_BYTES:
                self._put(rest.decode(errors="replace"))
            self._stream.close()
        except (OSError, ValueError):
            pass  # the client is gone
        self._put(None)

    def _put(self, line: str | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
        except RuntimeError:
            pass  # the server has ended
