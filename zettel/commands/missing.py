"""What `related` and `suggest` share: the links that a note misses, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.missing import Suggestion
from zettel.model.note import Note
from zettel.session import Session


def suggestions(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """The notes that `note` is not linked with but might well be, best first; none that is linked, dismissed or `note` itself."""
    raise NotImplementedError


def loosest(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Every note that has suggestions, with at most `limit` of them: isolated ones first, then orphans, then by number of links, newest first.

    Each note is looked at when it is asked for, so the first comes at once.
    """
    raise NotImplementedError
