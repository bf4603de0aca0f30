"""A note by chance, to meet an old thought again."""

from __future__ import annotations

from zettel.commands import show
from zettel.commands.parts.shared import Filters, filter_of, note_list
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, **filters: Filters) -> Answer:
    """One note out of those that the filters fit, each as likely as any other, shown."""
    from random import SystemRandom

    found = session.notebook().notes(filter_of(session, filters))
    if not found:
        return note_list(found)
    return show.answer(session, SystemRandom().choice(found), links=False)
