"""Move a note to another folder or path, and rewrite its links and the links to it."""

from __future__ import annotations

import os

from zettel.adapters import files
from zettel.commands.parts.editing import Plan, perform
from zettel.commands.parts.following import again, called, follow
from zettel.model.answer import Answer
from zettel.model.editing.changes import Changes, Move, edits
from zettel.model.editing.rewriting import relinked
from zettel.model.errors import Refused, UsageError
from zettel.model.globs import covers
from zettel.model.note import Note
from zettel.model.text import is_note_name, nfc, split_path
from zettel.model.writing import unfit
from zettel.notebook import Notebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress


def run(session: Session, *, note: str, folder: str, dry_run: bool = False) -> Answer:
    """Move `note` into `folder`, or to the path `folder` if that is the path of a note."""
    found = session.note(note)
    path = _wanted(session, session.notebook().root, found.path, folder)
    return perform(session, lambda notebook: plan(notebook, again(notebook, found), path, session.progress()), dry_run=dry_run)


def plan(notebook: Notebook, note: Note, path: str, progress: Progress | None = None) -> Plan:
    """Plan the changes that move a note to `path`. Raises `Refused`."""
    old = called(note)
    done = f'move "{note.title}" to {split_path(path)[0] or "the top folder of the notebook"}'
    if path == note.path:
        return Plan(Changes(), done, remarks=(f"it is already at {path}",))
    _demand(notebook, note.path, path)
    before = notebook.known_data(old.path)
    then = notebook.reading_of(path, before)
    if then.id != old.id:
        raise Refused(
            f"at {path} the note would lose its ID {old.id}" if old.id else f"at {path} the note would get an ID",
            "leave IDs in file names as they are",
        )
    new = old._replace(path=path, title=then.title)
    renames = notebook.relabelling([(old, new)])
    own = relinked(renames, old.path, before, notebook.reading_of, title=new.title)
    followed = follow(notebook, renames, [(old.path, before, own)], progress)
    report = (f'"{new.title}" is now at {path}', *followed.said)
    facts = {"note": {"id": new.id, "path": path, "title": new.title}}
    return Plan(
        Changes(edits([(old.path, before, own.data), *followed.files]), (Move(old.path, path),)), done, report, followed.remarks, facts
    )


def _wanted(session: Session, root: str, path: str, given: str) -> str:
    """Return the path that `given` means for the note at `path`: itself if it is the path of a note, else one in that folder.

    It is relative to the current folder if it exists there or starts with a dot, else to the root. Raises `UsageError` or `Refused`.
    """
    here = os.path.relpath(session.folder, root)
    bases = [root] if here.startswith("..") or os.path.isabs(here) else [session.folder, root]
    if not given.strip() or "\0" in given:
        raise UsageError("there is no folder to move it to", "zettel move NOTE FOLDER/, or a path: zettel move NOTE FOLDER/NAME.md")
    if not given.isprintable():
        raise UsageError("the folder's name contains a character that cannot be shown", "choose another name")
    full = os.path.normpath(os.path.join(bases[0 if given.startswith(".") else -1], given))
    for base in bases:
        if os.path.isdir(os.path.join(base, given)):
            full = os.path.normpath(os.path.join(base, given))
            break
    relative = os.path.relpath(full, root).replace(os.sep, "/")
    if relative.startswith("../") or relative == "..":
        raise Refused(f"{given} leads out of the notebook", "name a folder inside it")
    if is_note_name(relative) and not given.endswith("/") and not os.path.isdir(full):
        return nfc(relative)
    name = split_path(path)[1]
    return name if relative == "." else f"{relative}/{name}"


def _demand(notebook: Notebook, old: str, path: str) -> None:
    """Raise `Refused` if a note at `path` would be ignored, if the path is not allowed, or if a file exists there."""
    ignore = notebook.settings["ignore"]
    if any(part.startswith(".") for part in path.split("/")) or covers(ignore if isinstance(ignore, tuple) else ())(path):
        raise Refused(f"{path} would be ignored: hidden or in the setting ignore", "name another folder")
    existing = {*old.split("/")}
    wrong = next(((part, why) for part in path.split("/") if part not in existing and (why := unfit(part))), None)
    if wrong:
        raise Refused(f"a note cannot be at {path}: {wrong[0]} {wrong[1]}", "choose another name")
    files.place(notebook.root, path)
    if files.is_taken(notebook.root, path, old):
        raise Refused(f"{path} already exists", f"give a full path: zettel move NOTE {split_path(path)[0] or '.'}/ANOTHER-NAME.md")
