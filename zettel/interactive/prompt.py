"""Prompt for single keys: show something, read keys, and act on them until it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.adapters import editor
from zettel.adapters.console import Console
from zettel.adapters.fs import files
from zettel.adapters.keyboard import END_OF_INPUT, Keyboard
from zettel.model.base.answer import Branch
from zettel.model.base.errors import ZettelError
from zettel.session import Session

QUIT_KEYS = ("q", *END_OF_INPUT)

KeyAction = Callable[[], str]
"""What a key does. Returns a message, or an empty string if the prompt continues."""


def prompt_action(
    console: Console, keys: Keyboard, branches: Sequence[Branch], prompt: str, help: Sequence[str], actions: Mapping[str, KeyAction]
) -> bool:
    """Show `branches`, and run the actions of the keys pressed until one returns a message. Return False if the user quits.

    Errors of an action are shown, and the prompt continues. Other keys show `help`.
    """
    console.show(branches, prompt)
    while True:
        key = keys.read_key()
        if key in QUIT_KEYS:
            return False
        if key not in actions:
            console.show(_build_lines(*help))
            continue
        try:
            message = actions[key]()
        except ZettelError as error:
            console.say(f"{error.message} ({error.hint})" if error.hint else error.message)
            continue
        if message:
            console.show(_build_lines(message, ""))  # a blank line before the next one
            return True
        console.show((), prompt)


def _build_lines(*texts: str) -> list[Branch]:
    return [Branch(((text, ""),)) for text in texts]


def open_note(session: Session, keys: Keyboard, path: str) -> None:
    """Open a note in the editor and wait for it. Raises `UsageError` and `Unreadable`."""
    with keys.pause():
        editor.edit_file(files.locate_for_editor(session.open_notebook().root, path), session.find_editor(), session.environ)
