"""Browse the notebook: on the whole screen, or in plain lines."""

from __future__ import annotations

from zettel.adapters.settings import has_catalogue
from zettel.model.base.answer import Answer
from zettel.services.browse_keys import read_keys
from zettel.session import Session


def run(session: Session, *, words: list[str], plain: bool = False) -> Answer:
    """Let a person browse until they leave. `words` are typed already. Without a terminal that can be drawn on, or with `plain`, in plain lines."""
    keys = read_keys(session)
    query = " ".join(words)
    if plain or not session.console.can_draw:
        from zettel.interactive.browse_dialogue import browse_in_lines

        browse_in_lines(session, query, keys)
    else:
        if not has_catalogue(session.environ, session.find_root()):
            session.open_notebook()  # reading all notes for the first time takes a while, and shows its progress
        from zettel.tui.app import browse_on_screen

        browse_on_screen(session, query, keys)
    return Answer()
