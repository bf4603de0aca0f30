"""Serve an editor."""

from __future__ import annotations

import os
import sys

from zettel.model.base.answer import Answer, Document
from zettel.session import Session


def run(session: Session, *, log: str | None = None, setup: str | None = None, stdio: bool = False) -> Answer:
    """Speak the Language Server Protocol on stdin and stdout until the editor ends it. `stdio` means nothing: there is no other way.

    stdout is the protocol's alone: whatever else is printed goes to stderr. With `setup`, returns what to paste into the config of that editor.
    """
    if setup:
        from zettel.views.editor_setup import show_setup

        return show_setup(setup, [*_find_program(), "lsp"])
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        if os.isatty(0):
            session.console.say("this command speaks with an editor, which starts it; docs/editors.md says how. Ctrl-C ends it")
        from zettel.lsp.server import serve

        return Document(exit_code=serve(session, log and os.path.expanduser(log), stdin, stdout))
    finally:
        os.dup2(stdout.fileno(), 1)
        try:
            stdout.close()
        except OSError:
            pass  # the editor reads no more


def _find_program() -> list[str]:
    """Return the words by which an editor starts this zettel, which need not be on its `PATH`."""
    program = os.path.abspath(sys.argv[0])
    if os.path.basename(program) in ("zettel", "zettel.exe") and os.access(program, os.X_OK):
        return [program]
    return [sys.executable, "-m", "zettel"]
