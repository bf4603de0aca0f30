"""Move a note to another folder or path, and rewrite its links and the links to it."""

from __future__ import annotations

import os

from zettel.adapters.fs import files
from zettel.model.base.answer import Answer
from zettel.model.base.errors import Refused, UsageError
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileMove, Plan, build_edits
from zettel.model.edit.rewrite_note import rewrite_links
from zettel.model.note.new_note import describe_name_problem
from zettel.model.note.note import Note
from zettel.model.text.fold import is_note_name, split_path, to_nfc
from zettel.model.text.globs import build_subtree_matcher
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import follow_links, note_to_names, reload_note
from zettel.services.plans import perform_plan
from zettel.session import Session

NEEDS_QUOTES = True


def run(session: Session, *, note: str, folder: str, dry_run: bool = False) -> Answer:
    """Move `note` into `folder`, or to the path `folder` if that is the path of a note."""
    found = session.resolve_note(note, "move")
    folder = session.ask_missing(folder, f"the folder for {found.path}")
    path = _resolve_path(session, session.open_notebook().root, found.path, folder)
    return perform_plan(
        session,
        lambda notebook: plan_move(notebook, reload_note(notebook, found), path, session.console.choose_progress()),
        dry_run=dry_run,
    )


def plan_move(notebook: OpenNotebook, note: Note, path: str, progress: Progress | None = None) -> Plan:
    """Plan the changes that move a note to `path`. Raises `Refused`."""
    old = note_to_names(note)
    done = f'move "{note.title}" to {split_path(path)[0] or "the top folder of the notebook"}'
    if path == note.path:
        return Plan(Changes(), done, remarks=(f"it is already at {path}",))
    _ensure_allowed(notebook, note.path, path)
    before = notebook.read_unchanged_bytes(old.path)
    then = notebook.parse_note(path, before)
    if then.id != old.id and not note.original:
        raise Refused(
            f"at {path} the note would lose its ID {old.id}" if old.id else f"at {path} the note would get an ID",
            "leave IDs in file names as they are",
        )
    new = old._replace(path=path, title=then.title)
    renames = notebook.build_renames([(old, new)])
    own = rewrite_links(renames, old.path, before, notebook.parse_note, title=new.title)
    followed = follow_links(notebook, renames, [(old.path, before, own)], progress)
    report = (f'"{new.title}" is now at {path}', *followed.messages)
    facts = {"note": {"id": new.id, "path": path, "title": new.title}}
    return Plan(
        Changes(build_edits([(old.path, before, own.data), *followed.files]), (FileMove(old.path, path),)),
        done,
        report,
        followed.remarks,
        facts,
    )


def _resolve_path(session: Session, root: str, path: str, given: str) -> str:
    """Return the path that `given` means for the note at `path`: itself if it is the path of a note, else one in that folder.

    It is relative to the current folder if it exists there or starts with a dot, else to the root. Raises `UsageError` or `Refused`.
    """
    here = os.path.relpath(session.cwd, root)
    bases = [root] if here.startswith("..") or os.path.isabs(here) else [session.cwd, root]
    if not given.strip() or "\0" in given:
        raise UsageError("there is no folder to move it to", "zettel move NOTE FOLDER/, or a path: zettel move NOTE FOLDER/NAME.md")
    if not given.isprintable():
        raise UsageError("the folder's name contains a character that cannot be shown", "choose another name")
    full = os.path.normpath(os.path.join(bases[0 if given.startswith(".") else -1], given))
    for base in bases:
        if os.path.isdir(os.path.join(base, given)):
            full = os.path.normpath(os.path.join(base, given))
            break
    relative = os.path.relpath(full, root)
    if relative.startswith("../") or relative == "..":
        raise Refused(f"{given} leads out of the notebook", "name a folder inside it")
    if is_note_name(relative) and not given.endswith("/") and not os.path.isdir(full):
        return to_nfc(relative)
    name = split_path(path)[1]
    return name if relative == "." else f"{relative}/{name}"


def _ensure_allowed(notebook: OpenNotebook, old: str, path: str) -> None:
    """Raise `Refused` if a note at `path` would be ignored, if the path is not allowed, or if a file exists there."""
    ignore = notebook.settings["ignore"]
    if any(part.startswith(".") for part in path.split("/")) or build_subtree_matcher(ignore if isinstance(ignore, tuple) else ())(path):
        raise Refused(f"{path} would be ignored: hidden or in the setting ignore", "name another folder")
    existing = {*old.split("/")}
    wrong = next(((part, why) for part in path.split("/") if part not in existing and (why := describe_name_problem(part))), None)
    if wrong:
        raise Refused(f"a note cannot be at {path}: {wrong[0]} {wrong[1]}", "choose another name")
    files.locate_for_editor(notebook.root, path)
    if files.is_occupied(notebook.root, path, old):
        raise Refused(f"{path} already exists", f"give a full path: zettel move NOTE {split_path(path)[0] or '.'}/ANOTHER-NAME.md")
