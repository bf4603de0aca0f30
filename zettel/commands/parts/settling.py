"""One key each: showing a person one thing after the other, and taking keys until each is settled. Used by suggest and review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.adapters import editor, files
from zettel.adapters.keys import END, Keys
from zettel.model.answer import Branch
from zettel.model.errors import ZettelError
from zettel.session import Session

QUIT = ("q", *END)

Deed = Callable[[], str]
"""What a key does; gives what to say of it, or nothing where the thing is not settled by it."""


def settled(session: Session, keys: Keys, shown: Sequence[Branch], prompt: str, help: Sequence[str], deeds: Mapping[str, Deed]) -> bool:
    """Show a thing and do what the keys pressed say until one settles it; False to end the walk. Keys without a deed show the `help`."""
    session.show(shown, prompt)
    while True:
        key = keys.read()
        if key in QUIT:
            return False
        if key not in deeds:
            session.show(_lines(*help))
            continue
        try:
            said = deeds[key]()
        except ZettelError as error:
            session.say(f"{error.message} ({error.hint})" if error.hint else error.message)
            continue
        if said:
            session.show(_lines(said, ""))  # a blank line before the next one
            return True
        session.show((), prompt)


def _lines(*texts: str) -> list[Branch]:
    return [Branch(((text, ""),)) for text in texts]


def opened(session: Session, keys: Keys, path: str) -> None:
    """Open a note in the editor and wait for it. Raises `UsageError` and `Unreadable`."""
    with keys.paused():
        editor.edit(files.place(session.notebook().root, path), session.editor(), session.environ)
