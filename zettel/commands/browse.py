"""Browse the notebook: on the whole screen, or in plain lines."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.browse_keys import read_keys
from zettel.session import GlobalOptions, Session


def run(session: Session, *, words: list[str], plain: bool = False) -> Answer:
    """Let a person browse until they leave. `words` are typed already. Without a terminal that can be drawn on, or with `plain`, in plain lines."""
    keys, query, options = read_keys(session), " ".join(words), session.options
    # keep to this notebook even if its folder is moved away and another one would be found
    session.options = GlobalOptions(session.find_root(), options.config, options.color)
    try:
        if plain or not session.console.can_draw:
            from zettel.interactive.browse_dialogue import browse_in_lines

            browse_in_lines(session, query, keys)
        else:
            from zettel.tui.app import browse_on_screen

            browse_on_screen(session, query, keys)
    finally:
        session.options = options
    return Answer()
