"""Check the names of notes: report duplicate IDs and titles, and conflict copies left by a sync service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.links import format_paths
from zettel.model.link.resolve import INDEX_NAMES
from zettel.model.note.fingerprint import compute_jaccard
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.inert import clip

MAX_QUOTE_LENGTH = 80
"""Characters quoted from a title at most."""

CONFLICT_NAME = re.compile(
    r"(?i)"
    r"(?P<syncthing>\.sync-conflict-[0-9]{8}-[0-9]{6}(?:-[A-Z0-9]{7})?)"
    r"|(?P<nextcloud>[ _-]?\(?conflict(?:ed copy)? [0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{4,6})?\)?|_conflict-[0-9]{8}-[0-9]{6})"
    r"|(?P<dropbox>\s*\([^()]*(?:conflicted copy|case conflict|Konfliktkopie|copie en conflit|copia en conflicto|copia in conflitto"
    r"|cópia em conflito|conflictkopie|競合コピー|冲突副本)[^()]*\))"
    r"|(?P<other>\.conflict(?=\Z)|[ ._-]conflicted copy(?=\Z))"
)
"""What sync services put into the name of a conflict copy: Syncthing, Nextcloud and ownCloud, Dropbox, others."""

COPY_SUFFIX = re.compile(r"(?: [2-9]| ?\([1-9]\)|[ -]copy(?: [2-9])?|-[A-Z0-9]+(?:-[A-Z0-9]+)*)\Z")
"""What iCloud, Google Drive, file managers and OneDrive (the computer's name) add to a copy's name. Counts only if the texts are alike, too."""

COPY_SUFFIX_START = re.compile(r"[ (-]")
"""Where such a suffix may begin."""

MIN_COPY_SIMILARITY = 0.5
"""Smallest share of shingles that a copy has in common with its original."""


def find_duplicate_ids(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that have the ID of another note."""
    by_id: dict[str, list[str]] = {}
    for note in facts.notes.values():
        if note.id:
            by_id.setdefault(note.id, []).append(note.path)
    for note_id, paths in by_id.items():
        for path in paths if len(paths) > 1 else ():
            others = [other for other in paths if other != path]
            yield Problem(path, "duplicate-id", f"{note_id} is also the ID of {format_paths(others)}")


def find_duplicate_titles(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes with a title or alias that is also a title or alias of another note."""
    by_name: dict[str, list[Note]] = {}
    for note in facts.notes.values():
        for name in dict.fromkeys(map(fold, _list_own_names(note))):
            by_name.setdefault(name, []).append(note)
    copies = {note.path for note, _ in _find_conflicts(facts)}
    for note in facts.notes.values():
        for name in {fold(text): text for text in reversed(_list_own_names(note))}.values():
            others = [other for other in by_name[fold(name)] if other.path != note.path and (not note.id or other.id != note.id)]
            others = [other for other in others if other.path not in copies]
            if others and note.path not in copies:
                what = "title" if name == note.title else "alias"
                message = f'its {what} "{clip(name, MAX_QUOTE_LENGTH)}" is also a name of {format_paths([other.path for other in others])}'
                yield Problem(note.path, "duplicate-title", message)


def _list_own_names(note: Note) -> list[str]:
    """Return a note's title and aliases, except a file name such as README that stands for its folder."""
    return [name for name in (note.title, *note.aliases) if fold(name) not in INDEX_NAMES]


def find_conflict_copies(facts: NotebookFacts) -> Iterator[Problem]:
    """Report copies of notes that a sync service made because two devices changed a note at the same time."""
    for note, original in _find_conflicts(facts):
        of = f" of {original}" if original else ""
        yield Problem(note.path, "conflict-copy", f"its name says that it is a copy{of} left by a sync service")


def _find_conflicts(facts: NotebookFacts) -> Iterator[tuple[Note, str]]:
    """Yield (copy, path of the original) for every conflict copy. The path is empty if the original does not exist."""
    for note in facts.notes.values():
        folder, name = split_path(note.path)
        stem, suffix = strip_suffix(name), name[len(strip_suffix(name)) :]
        lead = f"{folder}/" if folder else ""
        found = CONFLICT_NAME.search(stem)
        if found:
            original = lead + (stem[: found.start()] + stem[found.end() :]).strip() + suffix
            yield note, original if original in facts.notes else ""
            continue
        stems = (stem[: at.start()] for at in COPY_SUFFIX_START.finditer(stem, 1) if COPY_SUFFIX.match(stem, at.start()))
        originals = (f"{lead}{own}{suffix}" for own in stems)
        yield from ((note, path) for path in originals if path in facts.notes and _is_copy(facts, note, facts.notes[path]))


def _is_copy(facts: NotebookFacts, note: Note, original: Note) -> bool:
    """Return whether a note that is named like a copy is one: it has the ID of the original, or most of its text."""
    return (
        note.id == original.id is not None
        or compute_jaccard(facts.read_text(note.path), facts.read_text(original.path)) >= MIN_COPY_SIMILARITY
    )
