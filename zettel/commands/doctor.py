"""Report what zettel works with, and what is wrong with it."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.doctor import examine
from zettel.session import Session
from zettel.views.doctor import build_doctor_answer


def run(session: Session) -> Answer:
    """Return the versions, the notebook, the cache, the programs, the shell and the terminal, each with what is odd about it."""
    return build_doctor_answer(examine(session))
