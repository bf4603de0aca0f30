"""Talk to the person through the editor: stdin and stdout are the protocol's."""

from __future__ import annotations

from collections.abc import Callable

from zettel.adapters.console import Console
from zettel.lsp.progress import Reporter


class EditorConsole(Console):
    """A console that shows lines and progress in the editor. There is nobody to ask, and nothing to read."""

    def __init__(self, environ: dict[str, str], tell: Callable[[str], None], report_progress: Reporter | None) -> None:
        """`tell` shows a line to the person."""
        super().__init__(environ, lambda: "never", lambda: False, str, lambda branches, width: ())
        self._tell, self._report_progress = tell, report_progress

    def say(self, message: str) -> None:
        """Show a line."""
        self._tell(message)

    def read_stdin(self) -> bytes:
        """Return nothing."""
        return b""

    def read_text(self) -> str:
        """Return nothing."""
        return ""

    @property
    def has_piped_input(self) -> bool:
        """False: what comes through stdin is messages."""
        return False

    @property
    def is_interactive(self) -> bool:
        """False: a person answers the editor."""
        return False

    @property
    def has_screen(self) -> bool:
        """False: the terminal is the editor's."""
        return False

    def choose_progress(self) -> Reporter | None:
        """Return what shows the progress of long work in the editor."""
        return self._report_progress
