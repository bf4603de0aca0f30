"""Copy the starter notebook to a private folder that is removed afterwards, and run zettel in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from zettel.model.base.errors import Unreadable
from zettel.model.base.value import value

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

FOLDERS = (os.path.join(PACKAGE, "starter"), os.path.join(os.path.dirname(PACKAGE), "notes"))
"""Where the starter notebook is: in an installed package, and in a checkout."""

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""The signals that end zettel without notice, unless it handles them. The second one comes when a terminal window is closed."""


@value
class NotebookCopy:
    """A copy of the starter notebook: the folder of its notes, and one for its cache and config, so that no file of the user is used."""

    root: str
    private: str

    def run_zettel(self, words: Sequence[str], environ: Mapping[str, str]) -> None:
        """Run `zettel` with `words` in the copy, on the terminal of this process, and wait for it."""
        places = {"XDG_CACHE_HOME": self.private, "XDG_CONFIG_HOME": self.private, "PYTHONPATH": os.path.dirname(PACKAGE)}
        command = [sys.executable, "-m", "zettel", "-N", self.root, "-c", "pager=false", *words]
        subprocess.run(command, cwd=self.root, env={**environ, **places}, check=False)


@contextmanager
def copy_starter_notebook() -> Iterator[NotebookCopy]:
    """Yield a copy of the starter notebook, which is removed at the end, also if a signal ends zettel. Raises `Unreadable` if it cannot be copied."""
    from shutil import copytree, rmtree
    from tempfile import mkdtemp

    source = next(filter(os.path.isdir, FOLDERS), "")
    if not source:
        raise Unreadable("the starter notebook is missing from this installation", "install zettel again")
    folder = ""
    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    caught = [number for number in ENDING_SIGNALS if before[number] is not signal.SIG_IGN]
    try:
        for number in caught:
            signal.signal(number, _leave)
        try:
            folder = mkdtemp(prefix="zettel-tutor-")
            copytree(source, os.path.join(folder, "notes"))
        except OSError as error:
            raise Unreadable(f"the starter notebook cannot be copied: {error.strerror}", "look at $TMPDIR, and at the space left") from None
        yield NotebookCopy(os.path.join(folder, "notes"), os.path.join(folder, "private"))
    finally:
        for number in caught:
            signal.signal(number, signal.SIG_IGN)  # a second signal must not keep the copy
        if folder:
            rmtree(folder, ignore_errors=True)
        for number in caught:
            signal.signal(number, before[number])


def _leave(number: int, _: object) -> None:
    raise SystemExit(128 + number)
