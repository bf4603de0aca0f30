"""Look into the trash, and plan to bring a note back."""

from __future__ import annotations

from typing import NamedTuple

from zettel.adapters.fs import files, rooted
from zettel.adapters.fs.files import TRASH_FOLDER
from zettel.model.base.errors import NoSuchNote, Refused, SeveralNotes, Unreadable
from zettel.model.edit.changes import Changes, FileMove, Plan
from zettel.model.note.absent_note import AbsentNote
from zettel.model.note.sync_copy import choose_original
from zettel.model.text.fold import fold, is_note_name, strip_suffix
from zettel.model.text.inert import clip
from zettel.notebook.notebook import OpenNotebook

MAX_DEPTH = 50
"""How deeply nested folders of the trash are read."""


class TrashedNote(NamedTuple):
    """A note in the trash, and when it came there, in seconds since 1970."""

    note: AbsentNote
    trashed_at: float


def list_trash(notebook: OpenNotebook) -> list[TrashedNote]:
    """List the notes in the trash, those deleted last first. Files that cannot be read are left out."""
    found = [_read_trashed_note(notebook, path) for path in _list_trash_paths(notebook.root)]
    trashed = [one for one in found if one]
    if not trashed:
        return []
    is_numbered = any(strip_suffix(note.trash_path).rpartition(" ")[2].isdigit() for note, _ in trashed)
    old_paths, last = _read_moves_to_trash(notebook.root, only_last=not is_numbered)
    return sorted(
        (
            TrashedNote(
                AbsentNote(
                    old_paths.get(note.trash_path, note.path),
                    note.id,
                    note.title,
                    note.aliases,
                    note.trash_path,
                    is_last_deleted=note.trash_path in last,
                ),
                trashed_at,
            )
            for note, trashed_at in trashed
        ),
        key=lambda one: (-one.trashed_at, one.note.trash_path),
    )


def _list_trash_paths(root: str) -> list[str]:
    folders, found = [TRASH_FOLDER[:-1]], []
    while folders:
        folder = folders.pop()
        try:
            names = rooted.list_names(root, folder)
        except OSError:
            continue
        for name in names:
            path = f"{folder}/{name}"
            if is_note_name(name):
                if not any("\ud800" <= char < "\ue000" for char in path):  # its name is UTF-8
                    found.append(path)
            elif "." not in name[:1] and path.count("/") < MAX_DEPTH:
                folders.append(path)  # if it is not a folder, it cannot be listed
    return sorted(found)


def _read_trashed_note(notebook: OpenNotebook, path: str) -> TrashedNote | None:
    old_path = path[len(TRASH_FOLDER) :]
    try:
        parsed = notebook.parse_note(old_path, notebook.read_bytes(path))
        changed_at = rooted.lstat_path(notebook.root, path).st_ctime  # a move changes it
    except (Unreadable, OSError):
        return None
    return TrashedNote(AbsentNote(old_path, parsed.id, parsed.title, parsed.aliases, path), changed_at)


def _read_moves_to_trash(root: str, *, only_last: bool) -> tuple[dict[str, str], set[str]]:
    """Return the old path of each file in the trash, as far as the journal knows it, and the files that the last change put there.

    Only a file whose name was taken in the trash has another name there, with a number. If there is none, `only_last` saves reading the whole
    journal.
    """
    from zettel.adapters.journal import log

    old_paths: dict[str, str] = {}
    last: set[str] = set()
    entries = [entry for entry in log.list_entries(root) if not entry.is_undone and not entry.is_damaged]
    for entry in entries[: 1 if only_last else None]:
        try:
            steps = log.read_change(root, f"{files.JOURNAL}/{entry.name}")[1]
        except Unreadable:
            continue
        moved = {step.to: step.path for step in steps if step.to and step.to.startswith(TRASH_FOLDER)}
        last = set(moved) if entry is entries[0] else last
        old_paths = {**moved, **old_paths}
    return old_paths, last


def find_trashed_note(notebook: OpenNotebook, name: str) -> AbsentNote:
    """Return the note in the trash that has an ID, a path, a title or an alias. Of several with the same path, returns the one deleted last.

    Raises `NoSuchNote` or `SeveralNotes`.
    """
    trashed = [one.note for one in list_trash(notebook)]
    name = name.removeprefix("./")
    wanted = fold(name)
    found = (
        [note for note in trashed if note.id == name]
        or [note for note in trashed if name in (note.path, strip_suffix(note.path), note.trash_path)]
        or [note for note in trashed if wanted in map(fold, (note.title, *note.aliases))]
        or [note for note in trashed if wanted and wanted in fold(note.title)]
    )
    if not found:
        raise NoSuchNote(f'no note in the trash is called "{clip(name, 80)}"', "zettel restore lists the notes in the trash")
    if len({note.path for note in found}) > 1:
        lines = tuple(f"{note.trash_path}  {note.title}" for note in found[:10])
        raise SeveralNotes(f'{len(found)} notes in the trash match "{clip(name, 80)}"', "give the ID or the path", lines)
    return found[0]


def plan_restore(notebook: OpenNotebook, note: AbsentNote) -> Plan:
    """Plan to move a note from the trash to the path that it had. Raises `Refused` if there is another note now."""
    if files.is_occupied(notebook.root, note.path, ""):
        raise Refused(f"{note.path} is there again", "rename or move that note first")
    twins = notebook.catalogue.find_paths_by_id(note.id) if note.id else []
    remarks = tuple(
        f"{twin} has the same ID, {note.id}" for twin in twins if not choose_original(twin, note.id, {note.path: note.id}, [note.path])
    )
    message = f'"{note.title}" is back: {note.path}'
    facts = {"note": {"id": note.id, "path": note.path, "title": note.title}}
    return Plan(Changes((), (FileMove(note.trash_path, note.path),)), f'restore "{note.title}"', (message,), remarks, facts)
