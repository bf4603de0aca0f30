"""Choose the suggestions that `--apply` and `--dismiss` name, by number in the list or by note."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.commands.parts.missing import suggestions
from zettel.commands.parts.shared import counted
from zettel.model.errors import QueryError, Refused, UsageError
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.session import Session

EVERY = 100_000
"""Limit that stands for all suggestions: no note has more."""

LONGEST_NUMBER, SURE_NUMBER = 5, 3
"""Maximum digits of a suggestion's number, and maximum digits of a number that cannot be a note's name.

A longer number that is not in the list, such as 2024, is looked up as a note.
"""

Numbered = list[tuple[Note, Suggestion]]
"""Pairs of a note and a suggestion for it. A suggestion's number is its position in the list, from 1."""


def chosen(session: Session, start: Note | None, found: Numbered, texts: Sequence[str]) -> Numbered:
    """Return the suggestions that `texts` name, each once. Raises `Refused` for a note that is not suggested."""
    selected = [_chosen(session, start, found, text) for text in _several(texts)]
    return list({(note.path, suggestion.note.path): (note, suggestion) for note, suggestion in selected}.values())


def pairs(session: Session, start: Note | None, found: Numbered, texts: Sequence[str]) -> list[tuple[Note, Note]]:
    """Return the pairs of notes that `texts` name, each once, whether suggested or not."""
    selected = [_pair(session, start, found, text) for text in _several(texts)]
    return list({(one.path, other.path): (one, other) for one, other in selected}.values())


def _several(texts: Sequence[str]) -> list[str]:
    """Split option values into single names. A value that holds only numbers may list several, separated by commas."""
    parts = ([part.strip() for part in text.split(",") if part.strip()] for text in texts)
    return [part for text, pieces in zip(texts, parts, strict=True) for part in (pieces if all(map(_is_number, pieces)) else [text])]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _chosen(session: Session, start: Note | None, found: Numbered, text: str) -> tuple[Note, Suggestion]:
    """Return the suggestion that `text` names: by its number, or by the suggested note, even if the list ends before it."""
    by_number = _by_number(found, text)
    if by_number:
        return by_number
    if not start:
        raise UsageError("to apply a suggestion, name its number, or both notes", "zettel suggest NOTE --apply OTHER")
    other = session.note(text)
    for suggestion in suggestions(session, start, EVERY):
        if suggestion.note.path == other.path:
            return start, suggestion
    raise Refused(
        f"{other.name} is not suggested for {start.name}: they are linked, dismissed or have nothing in common",
        f"write the link yourself: zettel edit {start.handle}",
    )


def _by_number(found: Numbered, text: str) -> tuple[Note, Suggestion] | None:
    if not _is_number(text) or len(text) > LONGEST_NUMBER:
        return None
    if 1 <= int(text) <= len(found):
        return found[int(text) - 1]
    if len(text) > SURE_NUMBER:
        return None
    raise QueryError(
        f"there is no suggestion {text}: the list has {counted(len(found), 'suggestion')}",
        "zettel suggest shows them; --limit N shows more",
    )


def _pair(session: Session, start: Note | None, found: Numbered, text: str) -> tuple[Note, Note]:
    by_number = _by_number(found, text)
    if by_number:
        return by_number[0], by_number[1].note
    if not start:
        raise UsageError("to dismiss a suggestion, name its number, or both notes", "zettel suggest NOTE --dismiss OTHER")
    return start, session.note(text)
