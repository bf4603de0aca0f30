"""Hand the terminal to the editor, and take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zettel.model.browse import effects as do
from zettel.model.browse.events import Answered
from zettel.session import Session

if TYPE_CHECKING:
    from textual.app import App


def edit_on_terminal(app: App[None], session: Session, effect: do.Edit) -> Answered:
    """Hand the terminal to the editor for the note of an effect, and return the answer to the effect."""
    from zettel.services.browse import open_editor

    with _hand_over_terminal(app):  # Textual takes it back only if nothing is raised
        return open_editor(session, effect)


@contextmanager
def _hand_over_terminal(app: App[None]) -> Iterator[None]:
    """Hand the terminal to another program for the duration of a `with` block."""
    if app.is_headless:
        yield
        return
    from zettel.adapters.tty import TerminalLoan

    with app.suspend(), TerminalLoan():
        yield
