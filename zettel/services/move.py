"""Plan to move notes to other paths, and to rewrite their links and the links to them."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileEdit, FileMove, Plan, build_edits
from zettel.model.edit.rewrite_note import rewrite_links
from zettel.model.note.new_note import describe_name_problem
from zettel.model.note.note import Note
from zettel.model.text.fold import split_path
from zettel.model.text.globs import build_subtree_matcher
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import follow_links, note_to_names


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


def plan_links_of_moves(
    notebook: OpenNotebook, moves: Sequence[tuple[Note, str]], progress: Progress | None = None
) -> tuple[FileEdit, ...]:
    """Plan the edits by which all links stay right when somebody else moves notes to other paths at once. Raises `Refused`.

    The edits name the paths from before the moves.
    """
    pairs = []
    texts = {}
    for note, path in moves:
        before = texts[note.path] = notebook.read_unchanged_bytes(note.path)
        then = notebook.parse_note(path, before)
        old = note_to_names(note)
        pairs.append((old, old._replace(path=path, id=then.id, title=then.title)))
    renames = notebook.build_renames(pairs)
    own = [
        (old.path, texts[old.path], rewrite_links(renames, old.path, texts[old.path], notebook.parse_note, title=new.title))
        for old, new in pairs
    ]
    followed = follow_links(notebook, renames, own, progress)
    return build_edits([*((path, before, result.data) for path, before, result in own), *followed.files])


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
