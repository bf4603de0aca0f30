"""Show the progress of long work in the client, and stop the work if the client cancels it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from zettel.model.base.progress import ProgressStep

DELAY, INTERVAL = 0.3, 0.1
"""Seconds after which work is long enough to be shown, and between two reports."""


Token = tuple[str, str]
"""A progress bar of the client, and the request with which it was asked for."""


class Reporter:
    """Sends what a client shows as a progress bar: `create` asks for one, `is_created` is true once the client has agreed, and `send` fills it.

    `ensure_wanted` raises `Cancelled` if the client no longer wants the answer, or has cancelled the work at its bar.
    """

    def __init__(
        self,
        create: Callable[[], Token | None],
        is_created: Callable[[Token], bool],
        send: Callable[[Token, str, str, int], None],
        ensure_wanted: Callable[[Token | None], None],
    ) -> None:
        self.create, self.is_created, self.send, self.ensure_wanted = create, is_created, send, ensure_wanted

    def __call__(self, title: str, total: int) -> ClientBar:
        """Return the bar for a piece of work with so many steps."""
        return ClientBar(self, title, total)


class ClientBar:
    """The progress of one piece of work. Nothing is sent unless it is long."""

    def __init__(self, reporter: Reporter, title: str, total: int) -> None:
        self._reporter, self._title, self._total = reporter, title, max(1, total)
        self._start = self._last = monotonic()
        self._done = 0
        self._token: Token | None = None
        self._is_begun = False

    def __enter__(self) -> ProgressStep:
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._is_begun and self._token:
            self._reporter.send(self._token, "end", "", 100)

    def _step(self, _done: str) -> None:
        self.set_done(self._done + 1)

    def set_done(self, done: int) -> None:
        """Show that so many steps are done. Raises `Cancelled` if the work is no longer wanted."""
        self._done = done
        now = monotonic()
        if now - self._last < INTERVAL or now - self._start < DELAY:
            return
        self._last = now
        self._reporter.ensure_wanted(self._token)
        if self._token is None:
            self._token = self._reporter.create()
        elif self._is_begun:
            percentage = min(99, 100 * self._done // self._total)
            self._reporter.send(self._token, "report", f"{self._done:,} of {self._total:,}", percentage)
        elif self._reporter.is_created(self._token):
            self._reporter.send(self._token, "begin", self._title, 0)
            self._is_begun = True
