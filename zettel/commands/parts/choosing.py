"""Which suggestions a person means: by their numbers in the list, or by the note suggested. Used by suggest."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.commands.parts.missing import suggestions
from zettel.commands.parts.shared import counted
from zettel.model.errors import QueryError, Refused, UsageError
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.session import Session

EVERY = 100_000
"""More suggestions than a note can have."""

LONGEST_NUMBER, SURE_NUMBER = 5, 3
"""Digits of a suggestion's number at most; with more than the second, one that the list has not may be a note's name: 2024."""

Numbered = list[tuple[Note, Suggestion]]
"""For which note, and what; a suggestion's number is its place, from 1."""


def chosen(session: Session, start: Note | None, found: Numbered, texts: Sequence[str]) -> Numbered:
    """The suggestions that a person means, each once. Raises `Refused` for a note that is not suggested."""
    means = [_chosen(session, start, found, text) for text in _several(texts)]
    return list({(note.path, suggestion.note.path): (note, suggestion) for note, suggestion in means}.values())


def pairs(session: Session, start: Note | None, found: Numbered, texts: Sequence[str]) -> list[tuple[Note, Note]]:
    """The pairs of notes that a person means, each once, be they suggested or not."""
    means = [_pair(session, start, found, text) for text in _several(texts)]
    return list({(one.path, other.path): (one, other) for one, other in means}.values())


def _several(texts: Sequence[str]) -> list[str]:
    """What options that may be repeated name; numbers may also stand in one, with commas between."""
    parts = ([part.strip() for part in text.split(",") if part.strip()] for text in texts)
    return [part for text, own in zip(texts, parts, strict=True) for part in (own if all(map(_is_number, own)) else [text])]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _chosen(session: Session, start: Note | None, found: Numbered, text: str) -> tuple[Note, Suggestion]:
    """The suggestion that a person means: by its number, or by the note suggested, however far down the list."""
    by_number = _by_number(found, text)
    if by_number:
        return by_number
    if not start:
        raise UsageError("a suggestion is applied by its number, or in a note: name both", "zettel suggest NOTE --apply OTHER")
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
    raise QueryError(f"the list has {counted(len(found), 'suggestion')}, not {text}", "zettel suggest shows them; --limit N shows more")


def _pair(session: Session, start: Note | None, found: Numbered, text: str) -> tuple[Note, Note]:
    by_number = _by_number(found, text)
    if by_number:
        return by_number[0], by_number[1].note
    if not start:
        raise UsageError("a suggestion is dismissed by its number, or in a note: name both", "zettel suggest NOTE --dismiss OTHER")
    return start, session.note(text)
