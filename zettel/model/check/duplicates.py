"""Check the names of notes: report duplicate IDs and titles, and conflict copies left by a sync program."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.links import format_paths
from zettel.model.link.resolve import INDEX_NAMES
from zettel.model.note.fingerprint import is_version
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.note.sync_copy import list_originals
from zettel.model.text.fold import fold
from zettel.model.text.inert import clip
from zettel.model.text.shell_argument import quote_path

MAX_QUOTE_LENGTH = 80
"""Characters quoted from a title at most."""


def find_duplicate_ids(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that have the ID of another note."""
    by_id: dict[str, list[str]] = {}
    for note in facts.notes.values():
        if note.id:
            by_id.setdefault(note.id, []).append(note.path)
    for note_id, paths in by_id.items():
        for path in paths if len(paths) > 1 else ():
            others = [other for other in paths if other != path]
            yield Problem(path, "duplicate-id", f"{note_id} is also the ID of {format_paths(others)}", related=tuple(others))


def find_duplicate_titles(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes with a title or alias that is also a title or alias of another note."""
    by_name: dict[str, list[Note]] = {}
    for note in facts.notes.values():
        for name in dict.fromkeys(map(fold, _list_own_names(note))):
            by_name.setdefault(name, []).append(note)
    shared = {name for name, notes in by_name.items() if len(notes) > 1}
    copies = {note.path for note, _ in _find_copies(facts)} if shared else set()
    for note in facts.notes.values():
        for name in {fold(text): text for text in reversed(_list_own_names(note))}.values():
            others = [other for other in by_name[fold(name)] if other.path != note.path and (not note.id or other.id != note.id)]
            others = [other for other in others if other.path not in copies]
            if others and note.path not in copies:
                what = "title" if name == note.title else "alias"
                paths = tuple(other.path for other in others)
                message = f'its {what} "{clip(name, MAX_QUOTE_LENGTH)}" is also a name of {format_paths(paths)}'
                yield Problem(note.path, "duplicate-title", message, related=paths)


def _list_own_names(note: Note) -> list[str]:
    """Return a note's title and aliases, except a file name such as README that stands for its folder."""
    return [name for name in (note.title, *note.aliases) if fold(name) not in INDEX_NAMES]


def find_conflict_copies(facts: NotebookFacts) -> Iterator[Problem]:
    """Report copies of notes that a sync program made because two devices changed a note at the same time."""
    for note, original in _find_copies(facts):
        if original:
            hint = f"compare both, keep what is right in {original}, then: zettel delete {quote_path(note.path)}"
            message = f"its name says that it is a copy of {original} left by a sync program"
            yield Problem(note.path, "conflict-copy", message, hint=hint, related=(original,))
        else:
            hint = "if it is the only version, take the mark out of its file name"
            message = "its name says that it is a copy left by a sync program, but there is no original beside it"
            yield Problem(note.path, "conflict-copy", message, hint=hint)


def _find_copies(facts: NotebookFacts) -> Iterator[tuple[Note, str]]:
    """Yield (copy, path of the original) for every copy. The path is empty if the original does not exist.

    The catalogue knows the copies that are clear from their names and IDs. Other notes with the mark of a copy are compared with what may
    be their originals.
    """
    for note in facts.notes.values():
        if note.original:
            yield note, note.original
            continue
        originals = list_originals(note.path)
        found = [one.path for one in originals if one.path in facts.notes and _is_copy(facts, note.path, one.path)]
        if found or any(one.is_sure for one in originals):
            yield note, found[-1] if found else ""


def _is_copy(facts: NotebookFacts, path: str, original: str) -> bool:
    """Return whether two notes have so much text in common that one must be a copy of the other."""
    words = min(facts.notes[one].words for one in (path, original))
    return is_version(facts.read_text(path), facts.read_text(original), words)
