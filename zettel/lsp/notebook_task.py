"""Do long work on a notebook in a process of its own, so that the language server can answer meanwhile. `zettel.lsp.served_notebooks` starts it."""

from __future__ import annotations

import gc
import json
import os
import sys
from time import monotonic
from typing import TextIO

from zettel.lsp.progress import INTERVAL
from zettel.model.base.progress import ProgressStep
from zettel.services.editor.notebook_findings import list_findings
from zettel.session import GlobalOptions, Session


class Progress:
    """Writes how far the work is, now and then."""

    def __init__(self, output: TextIO, title: str, total: int) -> None:
        self._output, self._title, self._total = output, title, total
        self._done = 0
        self._last = 0.0

    def __enter__(self) -> ProgressStep:
        return self._step

    def __exit__(self, *_: object) -> None:
        pass

    def _step(self, _done: str) -> None:
        self._done += 1
        now = monotonic()
        if now - self._last > INTERVAL:
            self._last = now
            answer(self._output, {"title": self._title, "done": self._done, "total": self._total})


def answer(output: TextIO, given: dict[str, object]) -> None:
    """Write one answer. Raises `BrokenPipeError` if nobody waits for it any more, which ends the process."""
    print(json.dumps(given), file=output, flush=True)


def main() -> None:
    """Do the work that stdin names: bring catalogue and index up to date, or find problems. stdout has answers, and nothing else."""
    gc.set_threshold(100_000, 20, 100)  # as every short-lived process of zettel does
    given = json.loads(sys.stdin.readline())
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    session = Session(GlobalOptions(given["root"], tuple(given["config"])), None, given["root"])
    for name, item in given["settings"].items():
        session.settings.put(name, tuple(item) if isinstance(item, list) else item)
    notebook = session.open_notebook(refresh=False)
    if given["task"] == "read":
        notebook.refresh(lambda title, total: Progress(output, title, total))
        answer(output, {"is_read": True})
        notebook.query_fulltext(lambda _: None)
    else:
        answer(output, {"findings": list_findings(session, given["codes"])})
