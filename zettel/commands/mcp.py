"""Serve an assistant."""

from __future__ import annotations

import os

from zettel.adapters.reserved_stdio import ReservedStdio
from zettel.model.base.answer import Answer, Document
from zettel.session import Session


def run(session: Session, *, write: str | None = None, log: str | None = None, setup: str | None = None) -> Answer:
    """Speak the Model Context Protocol on stdin and stdout until the client ends it. With `setup`, return what to paste into that host's config.

    stdout is the protocol's alone: whatever else is printed goes to stderr. If the SDK is not installed, the client and stderr are told, and a
    person at a terminal by a `UsageError`.
    """
    if setup:
        from zettel.mcp.setup import build_setup

        return build_setup(session, setup, write=write)
    is_terminal = os.isatty(0)
    with ReservedStdio() as (stdin, stdout):
        if is_terminal:
            session.console.say("this command speaks with an assistant, which starts it; docs/assistants.md says how. Ctrl-C ends it")
        try:
            from zettel.mcp.server import serve
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] == "zettel":
                raise
            from zettel.mcp.missing_sdk import answer_first_request, build_missing_error

            error = build_missing_error()
            if is_terminal:
                raise error from None
            session.console.say(f"{error.message}; {error.hint}")
            answer_first_request(error, stdin, stdout)
            return Document(exit_code=error.exit_code)
        return Document(exit_code=serve(session, write or "read", log, stdin, stdout))
