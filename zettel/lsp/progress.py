"""Show the progress of long work in the client, and stop the work if the client cancels it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from zettel.model.base.progress import ProgressStep

DELAY, INTERVAL = 0.3, 0.1
"""Seconds after which work is long enough to be shown, and between two reports."""


class Cancelled(Exception):
    """The client has cancelled what is being answered."""


class Reporter:
    """Sends what a client shows as a progress bar: `create` asks for one, `is_created` is true once the client has agreed, and `send` fills it."""

    def __init__(
        self,
        create: Callable[[], object],
        is_created: Callable[[object], bool],
        send: Callable[[object, str, str, int], None],
        ensure_wanted: Callable[[], None],
    ) -> None:
        self._create, self._is_created, self._send, self._ensure_wanted = create, is_created, send, ensure_wanted

    def __call__(self, title: str, total: int) -> _Bar:
        """Return the bar for a piece of work with so many steps."""
        return _Bar(self, title, total)

    def ensure_wanted(self) -> None:
        """Raise `Cancelled` if the client no longer wants the answer."""
        self._ensure_wanted()

    def create(self) -> object:
        """Ask the client for a bar, and return its token, or None if it cannot show one."""
        return self._create()

    def is_created(self, token: object) -> bool:
        """Return whether the client shows the bar by now."""
        return self._is_created(token)

    def send(self, token: object, kind: str, text: str, percentage: int) -> None:
        """Begin, fill or end the bar."""
        self._send(token, kind, text, percentage)


class _Bar:
    """The progress of one piece of work. Nothing is sent unless it is long."""

    def __init__(self, reporter: Reporter, title: str, total: int) -> None:
        self._reporter, self._title, self._total = reporter, title, max(1, total)
        self._start = self._last = monotonic()
        self._done = 0
        self._token: object = None
        self._is_begun = False

    def __enter__(self) -> ProgressStep:
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._is_begun:
            self._reporter.send(self._token, "end", "", 100)

    def _step(self, _done: str) -> None:
        self._done += 1
        now = monotonic()
        if now - self._last < INTERVAL or now - self._start < DELAY:
            return
        self._last = now
        self._reporter.ensure_wanted()
        if self._token is None:
            self._token = self._reporter.create()
        elif self._is_begun:
            percentage = min(99, 100 * self._done // self._total)
            self._reporter.send(self._token, "report", f"{self._done:,} of {self._total:,}", percentage)
        elif self._reporter.is_created(self._token):
            self._reporter.send(self._token, "begin", self._title, 0)
            self._is_begun = True
