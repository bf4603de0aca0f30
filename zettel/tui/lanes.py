"""Perform effects in threads of their own, so that the screen never waits for the notebook."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from zettel.adapters.console import Console
from zettel.model.base.progress import SilentProgress
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.progress import ProgressStep
    from zettel.services.browse import Browser

T = TypeVar("T")


class SilentConsole(Console):
    """A console that keeps what is said for people instead of writing it over the screen."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(environ, lambda: "never", lambda: False, str, lambda branches, width: ())
        self.messages: list[str] = []
        self.progress = ""

    def say(self, message: str) -> None:
        """Keep one line for people."""
        self.messages.append(message)

    def choose_progress(self) -> type:
        """Return a class that counts in `progress`, for the screen to show."""
        console = self

        class CountedProgress(SilentProgress):
            """Progress that is counted."""

            def __init__(self, title: str, total: int) -> None:
                self._title, self._total, self._done = title, total, 0

            def __enter__(self) -> ProgressStep:
                """Return the function to call after each step."""
                return self._advance

            def _advance(self, _: str) -> None:
                self._done += 1
                console.progress = f"{self._title}: {self._done:,} of {self._total:,}"

            def __exit__(self, *_: object) -> None:
                """Show nothing any more."""
                console.progress = ""

        return CountedProgress


class Lane:
    """A thread with a notebook of its own, in which one thing is done after the other. It starts with the first of them.

    A lane for work that `makes_garbage`, such as searches of all texts, collects it at once: it is many megabytes each time.
    """

    def __init__(self, session: Session, name: str, *, makes_garbage: bool = False) -> None:
        self._session, self._makes_garbage = session, makes_garbage
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"zettel-{name}")
        self._console = SilentConsole(session.environ)
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
            self._browser = Browser(session)
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
    def has_begun(self) -> bool:
        """Whether anything was ever done here."""
        return self._last is not None

    def close(self, *, is_waited_for: bool) -> None:
        """Drop what has not begun, and let the thread end; wait for what it is doing if `is_waited_for`."""
        self._executor.shutdown(wait=is_waited_for, cancel_futures=not is_waited_for)
