"""Choose the suggestions that `--apply` and `--dismiss` name, by number in the list or by note."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.commands.parts.missing import suggest_links
from zettel.commands.parts.shared import format_count
from zettel.model.errors import QueryError, Refused, UsageError
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.session import Session

NO_LIMIT = 100_000
"""Limit that stands for all suggestions: no note has more."""

MAX_DIGITS, MAX_SURE_DIGITS = 5, 3
"""Maximum digits of a suggestion's number, and maximum digits of a number that cannot be a note's name.

A longer number that is not in the list, such as 2024, is looked up as a note.
"""

NumberedSuggestions = list[tuple[Note, Suggestion]]
"""Pairs of a note and a suggestion for it. A suggestion's number is its position in the list, from 1."""


def choose_suggestions(session: Session, start: Note | None, found: NumberedSuggestions, selectors: Sequence[str]) -> NumberedSuggestions:
    """Return the suggestions that `selectors` name, each once. Raises `Refused` for a note that is not suggested."""
    selected = [_choose_suggestion(session, start, found, text) for text in _split_selectors(selectors)]
    return list({(note.path, suggestion.note.path): (note, suggestion) for note, suggestion in selected}.values())


def choose_pairs(session: Session, start: Note | None, found: NumberedSuggestions, selectors: Sequence[str]) -> list[tuple[Note, Note]]:
    """Return the pairs of notes that `selectors` name, each once, whether suggested or not."""
    selected = [_choose_pair(session, start, found, text) for text in _split_selectors(selectors)]
    return list({(one.path, other.path): (one, other) for one, other in selected}.values())


def _split_selectors(selectors: Sequence[str]) -> list[str]:
    """Split option values into single names. A value that holds only numbers may list several, separated by commas."""
    parts = ([part.strip() for part in text.split(",") if part.strip()] for text in selectors)
    return [part for text, pieces in zip(selectors, parts, strict=True) for part in (pieces if all(map(_is_number, pieces)) else [text])]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _choose_suggestion(session: Session, start: Note | None, found: NumberedSuggestions, selector: str) -> tuple[Note, Suggestion]:
    """Return the suggestion that `selector` names: by its number, or by the suggested note, even if the list ends before it."""
    by_number = _find_by_number(found, selector)
    if by_number:
        return by_number
    if not start:
        raise UsageError("to apply a suggestion, name its number, or both notes", "zettel suggest NOTE --apply OTHER")
    other = session.resolve_note(selector)
    for suggestion in suggest_links(session, start, NO_LIMIT):
        if suggestion.note.path == other.path:
            return start, suggestion
    raise Refused(
        f"{other.name} is not suggested for {start.name}: they are linked, dismissed or have nothing in common",
        f"write the link yourself: zettel edit {start.handle}",
    )


def _find_by_number(found: NumberedSuggestions, selector: str) -> tuple[Note, Suggestion] | None:
    if not _is_number(selector) or len(selector) > MAX_DIGITS:
        return None
    if 1 <= int(selector) <= len(found):
        return found[int(selector) - 1]
    if len(selector) > MAX_SURE_DIGITS:
        return None
    raise QueryError(
        f"there is no suggestion {selector}: the list has {format_count(len(found), 'suggestion')}",
        "zettel suggest shows them; --limit N shows more",
    )


def _choose_pair(session: Session, start: Note | None, found: NumberedSuggestions, selector: str) -> tuple[Note, Note]:
    by_number = _find_by_number(found, selector)
    if by_number:
        return by_number[0], by_number[1].note
    if not start:
        raise UsageError("to dismiss a suggestion, name its number, or both notes", "zettel suggest NOTE --dismiss OTHER")
    return start, session.resolve_note(selector)
