"""Prompt for single keys: show something, read keys, and act on them until it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from shutil import get_terminal_size

from zettel.adapters.console import Console
from zettel.adapters.keyboard import Keyboard
from zettel.interactive.keys import HELP, QUIT, WalkKey, format_bar, format_help
from zettel.model.base.answer import Branch
from zettel.model.base.errors import ZettelError
from zettel.model.note.note import Note
from zettel.output import table
from zettel.services.edit import edit_note
from zettel.session import Session
from zettel.views.show import build_note_answer

UNDO_REMARK = "to take the last answer back: zettel undo"
"""What is said at the end of a walk that has changed something."""

KeyAction = Callable[[], str]
"""What a key does. Returns a message, or an empty string if the prompt continues."""


def prompt_action(
    console: Console, keyboard: Keyboard, branches: Sequence[Branch], head: str, walk: Sequence[WalkKey], actions: Mapping[str, KeyAction]
) -> str:
    """Show `branches`, and run the actions of the keys pressed until one returns a message. Return that key, or the one of `QUIT`.

    The bar below begins with `head` and names the keys of `walk` that have an action. Other keys show the help. Errors of an action are
    shown, and the prompt continues.
    """
    usable = tuple(key for key in walk if key.key in (*actions, QUIT.key, HELP.key))
    meant = {pressed: key.key for key in usable for pressed in (key.key, *key.others)}
    bar = _build_lines(*format_bar(f"{head}   ", usable, get_terminal_size().columns))
    console.show((*branches, *bar))
    while True:
        key = meant.get(keyboard.read_key(), HELP.key)
        if key == QUIT.key:
            return key
        if key == HELP.key:
            console.show(_build_lines(*format_help(usable)))
            continue
        try:
            message = actions[key]()
        except ZettelError as error:
            console.say(describe_error(error))
            continue
        if message:
            console.show(_build_lines(message, ""))  # a blank line before the next one
            return key
        console.show(bar)


def describe_error(error: ZettelError) -> str:
    """Return an error with its hint in one line."""
    return f"{error.message} ({error.hint})" if error.hint else error.message


def _build_lines(*texts: str) -> list[Branch]:
    return [Branch(((text, ""),)) for text in texts]


def open_note(session: Session, keyboard: Keyboard, path: str, line: int | None = None) -> None:
    """Open a note in the editor, at `line` if it is known, wait for it, and say what is odd about what it saved.

    Raises `UsageError`, `Refused` and `Unreadable`.
    """
    for remark in edit_note(session, path, line=line, pause=keyboard.pause()).remarks:
        session.console.say(remark)


def show_notes(session: Session, keyboard: Keyboard, *notes: Note) -> str:
    """Show the text of notes in the pager, and return an empty string, so that the prompt continues."""
    text = "\n".join(table.render_table(build_note_answer(session, note, links=False), session.console.build_screen()) for note in notes)
    with keyboard.pause():
        session.console.write(text, may_page=True)
    return ""
