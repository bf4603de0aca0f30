"""Perform effects in threads of their own, so that the screen never waits for the notebook."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from zettel.session import Session
from zettel.tui.quiet_console import QuietConsole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.services.browse import Browser

T = TypeVar("T")


MAX_NOTES = 200
"""How many notes a lane reads or indexes at most, which takes a third of a second. A process of its own does more than that."""


class Lane:
    """A thread with a notebook of its own, in which one thing is done after the other. It starts with the first of them.

    A lane for work that `makes_garbage`, such as searches of all texts, collects it at once: it is many megabytes each time.
    """

    def __init__(self, session: Session, name: str, *, makes_garbage: bool = False) -> None:
        self._session, self._makes_garbage = session, makes_garbage
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"zettel-{name}")
        self._console = QuietConsole(session.environ)
        self._browser: Browser | None = None
        self._last: Future[object] | None = None

    async def run(self, work: Callable[[Browser], T]) -> T:
        """Wait until the thread has done `work`. It is not begun if the waiting task is cancelled before its turn."""
        found = self._executor.submit(self._run, work)
        self._last = found  # type: ignore[assignment]
        return await asyncio.wrap_future(found)

    def _run(self, work: Callable[[Browser], T]) -> T:
        if self._browser is None:
            from zettel.services.browse import Browser  # what it imports is not needed before the screen is drawn

            session = Session(self._session.options, self._session.environ, self._session.cwd)
            session.console = self._console
            self._browser = Browser(session, MAX_NOTES)
        try:
            return work(self._browser)
        finally:
            if self._makes_garbage:
                gc.collect()

    def take_messages(self) -> list[str]:
        """Return what was said for people since the last time."""
        messages, self._console.messages = self._console.messages, []
        return messages

    @property
    def progress(self) -> str:
        """The progress of long work, in words; empty while there is no such work."""
        return self._console.progress

    @property
    def is_busy(self) -> bool:
        """Whether something is being done here."""
        return self._last is not None and not self._last.done()

    @property
    def has_begun(self) -> bool:
        """Whether anything was ever done here."""
        return self._last is not None

    def close(self, *, is_waited_for: bool) -> None:
        """Drop what has not begun, and let the thread end; wait for what it is doing if `is_waited_for`."""
        self._executor.shutdown(wait=is_waited_for, cancel_futures=not is_waited_for)
