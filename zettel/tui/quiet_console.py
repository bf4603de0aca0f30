"""Keep what is said for people, and how far long work has come, instead of writing it over the screen."""

from __future__ import annotations

from zettel.adapters.console import Console
from zettel.model.base.progress import SilentProgress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from zettel.model.base.progress import ProgressStep


class QuietConsole(Console):
    """A console that keeps `messages`, and in `progress` says how far long work has come, empty while there is none.

    Calls `report` after each step of such work.
    """

    def __init__(self, environ: dict[str, str], report: Callable[[], None] = lambda: None) -> None:
        super().__init__(environ, lambda: "never", lambda: False, str, lambda branches, width: ())
        self.messages: list[str] = []
        self.progress = ""
        self._report = report

    def say(self, message: str) -> None:
        """Keep one line for people."""
        self.messages.append(message)

    def choose_progress(self) -> type:
        """Return a class that counts in `progress`."""
        console = self

        class CountedProgress(SilentProgress):
            """Progress that is kept as a text, such as "Indexing text: 10 of 200"."""

            def __init__(self, title: str, total: int) -> None:
                self._title, self._total, self._done = title, total, 0

            def __enter__(self) -> ProgressStep:
                """Return the function to call after each step."""
                return self._advance

            def _advance(self, _: str) -> None:
                self._done += 1
                console.progress = f"{self._title}: {self._done:,} of {self._total:,}"
                console._report()

            def __exit__(self, *_: object) -> None:
                """Forget the progress, since the work is done."""
                console.progress = ""

        return CountedProgress
