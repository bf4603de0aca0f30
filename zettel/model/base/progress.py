"""Define the callbacks that report the progress of long work."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import TypeAlias

Progress: TypeAlias = "Callable[[str, int], AbstractContextManager[ProgressStep]]"
"""Called with a title and the number of steps. Returns a context manager whose value must be called after each step."""

ProgressStep: TypeAlias = "Callable[[str], None]"
"""Called after each step with the name of the item that it processed."""


class Cancelled(BaseException):
    """The client of a server has cancelled what is being answered. Not an `Exception`, which would be taken for damage by what repairs itself."""


class SilentProgress:
    """A progress display that shows nothing."""

    def __init__(self, _title: str, _total: int) -> None:
        pass

    def __enter__(self) -> ProgressStep:
        """Return a function that ignores its argument."""
        return lambda _done: None

    def __exit__(self, *_: object) -> None:
        """Do nothing: there is no display to remove."""
