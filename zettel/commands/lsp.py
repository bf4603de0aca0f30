"""Serve an editor."""

from __future__ import annotations

import os

from zettel.adapters.own_command import find_own_command
from zettel.adapters.reserved_stdio import ReservedStdio
from zettel.model.base.answer import Answer, Document
from zettel.session import Session


def run(session: Session, *, log: str | None = None, setup: str | None = None, stdio: bool = False) -> Answer:
    """Speak the Language Server Protocol on stdin and stdout until the editor ends it. `stdio` means nothing: there is no other way.

    stdout is the protocol's alone: whatever else is printed goes to stderr. With `setup`, returns what to paste into the config of that editor.
    """
    if setup:
        from zettel.views.editor_setup import show_setup

        return show_setup(setup, [*find_own_command(session.cwd), "lsp"])
    is_terminal = os.isatty(0)
    with ReservedStdio() as (stdin, stdout):
        if is_terminal:
            session.console.say("this command speaks with an editor, which starts it; docs/editors.md says how. Ctrl-C ends it")
        from zettel.lsp.server import serve

        return Document(exit_code=serve(session, log and os.path.expanduser(log), stdin, stdout))
