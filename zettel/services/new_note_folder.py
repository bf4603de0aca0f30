"""Choose the folder of a new note."""

from __future__ import annotations

import os

from zettel.model.base.errors import UsageError
from zettel.model.text.globs import build_subtree_matcher
from zettel.session import Session


def locate_current_folder(session: Session) -> str:
    """Return the current folder, relative to the notebook, or an empty string for its root if notes cannot be in it."""
    found = _locate(session, os.path.realpath(session.cwd))
    return found if found is not None and not any(name.startswith(".") for name in found.split("/")) else ""


def resolve_folder(session: Session, text: str) -> str:
    """Return the folder that a person names, relative to the notebook. Raises `UsageError` unless notes can be in it.

    It is named from the notebook's root, or from the current folder if it begins with `./` or `../`. It need not exist.
    """
    start = session.cwd if text.split("/", maxsplit=1)[0] in (".", "..") else session.find_root()
    found = _locate(session, os.path.realpath(os.path.join(start, os.path.expanduser(text))))
    if found is None or not text:
        raise UsageError(f'the folder "{text}" is not in the notebook', f"name one below {session.find_root()}, e.g. --folder inbox")
    names = [name for name in found.split("/") if name]
    if any(name.startswith(".") for name in names):
        raise UsageError(f'notes in "{text}" would not be found, because its name begins with a dot', "name another folder")
    ignore = session.get_setting("ignore")
    if build_subtree_matcher(ignore if isinstance(ignore, tuple) else ())("/".join([*names, "note.md"])):
        raise UsageError(f'notes in "{text}" would not be found, because the setting ignore names it', "name another folder")
    if not os.path.isdir(os.path.join(session.find_root(), *names)):
        from zettel.model.note.new_note import describe_name_problem

        for name in names:
            if problem := describe_name_problem(name):
                raise UsageError(f'the folder "{name}" {problem}', "name another folder")
    return "/".join(names)


def _locate(session: Session, folder: str) -> str | None:
    """Return an absolute folder relative to the notebook, with an empty string for the root, or None if it is outside."""
    root = session.find_root()
    if folder == root:
        return ""
    prefix = root.rstrip("/") + "/"
    return folder.removeprefix(prefix) if folder.startswith(prefix) else None
