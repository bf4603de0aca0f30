"""Move a note to another folder or path, and rewrite its links and the links to it."""

from __future__ import annotations

import os

from zettel.model.base.answer import Answer
from zettel.model.base.errors import Refused, UsageError
from zettel.model.text.fold import is_note_name, split_path, to_nfc
from zettel.services.follow_links import reload_note
from zettel.services.move import plan_move
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
