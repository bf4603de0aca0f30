"""Read all notes and index their text in a process of its own, at low priority, so that the keys of the screen never wait for it.

The process writes a line, a sign and some text, for each thing that it reports. Once nobody reads these lines, it ends and leaves nothing half-done.
"""

from __future__ import annotations

import gc
import os
import sys
from time import monotonic

from zettel.model.base.errors import ZettelError
from zettel.session import GlobalOptions, Session
from zettel.tui.quiet_console import QuietConsole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

PROGRESS, MESSAGE, READ = "+", "!", "."
"""The signs that lines begin with: progress, a message to people, and that all notes are read, so that only their text is left."""

NICENESS = 10
"""By how much the process lowers its priority."""

REPORT_SECONDS = 0.1
"""How many seconds lie between two reports of progress, at least."""

GC_THRESHOLDS = (100_000, 20, 100)
"""How often garbage is collected: seldom, since the process does not last."""


def main() -> NoReturn:
    """Bring a notebook up to date, and end the process. `sys.argv` has the folder of the notebook, followed by the settings for this run."""
    gc.set_threshold(*GC_THRESHOLDS)
    os.nice(NICENESS)
    code = 1
    try:
        update_notebook(sys.argv[1], sys.argv[2:])
        code = 0
    except (ZettelError, KeyboardInterrupt):
        pass  # the screen meets the same error, and says so; or it is closed
    finally:
        os._exit(code)


def update_notebook(root: str, config: list[str]) -> None:
    """Bring the catalogue and the full-text index of a notebook up to date. Raises `ZettelError`, and `KeyboardInterrupt` if nobody reads what is written."""
    session = Session(GlobalOptions(root, tuple(config)))
    reported_at = 0.0

    def report() -> None:
        nonlocal reported_at
        if monotonic() - reported_at > REPORT_SECONDS:
            reported_at = monotonic()
            _write(PROGRESS, console.progress)

    session.console = console = QuietConsole(session.environ, report)
    progress = console.choose_progress()
    notebook = session.open_notebook(refresh=False)
    notebook.refresh(progress)
    _write(READ, "")
    notebook.query_fulltext(lambda index: index.reader.note_count, progress)
    for message in console.messages:
        _write(MESSAGE, message)


def _write(sign: str, text: str) -> None:
    try:
        os.write(1, f"{sign}{' '.join(text.split())}\n".encode(errors="replace"))
    except BrokenPipeError:
        raise KeyboardInterrupt from None  # the index takes every other error for damage, and would begin again
