"""Progress of long work: what is called after each step, and what shows it."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    Progress = Callable[[str, int], AbstractContextManager["Step"]]
    """Given what is done and in how many steps, a context that gives what to call after each."""

Step = Callable[[str], None]
"""Called with what has just been dealt with."""


class Silent:
    """Progress that nobody is shown."""

    def __init__(self, _title: str, _total: int) -> None:
        pass

    def __enter__(self) -> Step:
        """Begin; steps go unseen."""
        return lambda _done: None

    def __exit__(self, *_: object) -> None:
        """Nothing is there to be taken away."""
