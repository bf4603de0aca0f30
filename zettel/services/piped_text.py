"""Decide whether to read what is piped in, for commands that can do without it."""

from __future__ import annotations

from zettel.session import Session


def read_own_input(session: Session, how_to_take: str) -> str:
    """Return the text on stdin if nothing else reads it, else an empty string.

    If there is a text that is left alone, that is said on stderr, once for each pipe or file. `how_to_take` says what to type to have it read.
    """
    if not session.console.has_piped_input:
        return ""
    if session.console.has_own_input:
        return session.console.read_text()
    from zettel.adapters.stdin import identify_waiting_text

    key = identify_waiting_text()
    if key:
        session.open_notebook(refresh=False).say_once(
            f"stdin {key}", f"the text on stdin was left alone, since it may be meant for the program that started zettel; {how_to_take}"
        )
    return ""
