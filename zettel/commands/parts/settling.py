"""Prompt for single keys: show something, read keys, and act on them until it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.adapters import editor, files
from zettel.adapters.keys import END, Keys
from zettel.model.answer import Branch
from zettel.model.errors import ZettelError
from zettel.session import Session

QUIT = ("q", *END)

Deed = Callable[[], str]
"""What a key does. Returns a message, or an empty string if the prompt continues."""


def settled(session: Session, keys: Keys, shown: Sequence[Branch], prompt: str, help: Sequence[str], deeds: Mapping[str, Deed]) -> bool:
    """Show `shown`, and run the actions of the keys pressed until one returns a message. Return False if the user quits.

    Errors of an action are shown, and the prompt continues. Other keys show `help`.
    """
    session.show(shown, prompt)
    while True:
        key = keys.read()
        if key in QUIT:
            return False
        if key not in deeds:
            session.show(_lines(*help))
            continue
        try:
            message = deeds[key]()
        except ZettelError as error:
            session.say(f"{error.message} ({error.hint})" if error.hint else error.message)
            continue
        if message:
            session.show(_lines(message, ""))  # a blank line before the next one
            return True
        session.show((), prompt)


def _lines(*texts: str) -> list[Branch]:
    return [Branch(((text, ""),)) for text in texts]


def opened(session: Session, keys: Keys, path: str) -> None:
    """Open a note in the editor and wait for it. Raises `UsageError` and `Unreadable`."""
    with keys.paused():
        editor.edit(files.place(session.notebook().root, path), session.editor(), session.environ)
