"""Show a note: rendered on a terminal, unchanged when piped."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.session import Session
from zettel.views.show import build_note_answer


def run(session: Session, *, note: str, links: bool = False, raw: bool = False) -> Answer:
    """Return the text of `note`, or of the section that `NOTE#HEADING` names, and with `links` also the note's links and backlinks.

    With `raw`, it is not rendered on a terminal either.
    """
    if "#" not in note:
        return build_note_answer(session, session.resolve_note(note), links=links, raw=raw)
    from zettel.services.find_section import read_section, resolve_heading

    found, heading = resolve_heading(session, note)
    section = None if heading is None else read_section(session.open_notebook(), found, heading)
    return build_note_answer(session, found, section, links=links, raw=raw)
