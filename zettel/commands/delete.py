"""Move notes to the trash, and report the links that still point to them."""

from __future__ import annotations

from zettel.commands.parts.editing import Plan, perform
from zettel.commands.parts.following import again, free_path
from zettel.model.answer import Answer
from zettel.model.editing.changes import Changes, Move
from zettel.model.note import Note
from zettel.model.text import clipped
from zettel.notebook import Notebook
from zettel.session import Session

TRASH = ".zettel/trash/"


def run(session: Session, *, notes: list[str], dry_run: bool = False) -> Answer:
    """Move `notes` to the trash."""
    found = list(dict.fromkeys(session.note(name) if dry_run else session.note_for_good(name, "delete") for name in notes))
    return perform(session, lambda notebook: plan(notebook, [again(notebook, note) for note in found], dry_run=dry_run), dry_run=dry_run)


def plan(notebook: Notebook, notes: list[Note], *, dry_run: bool = False) -> Plan:
    """Plan to move notes to the trash, and report the links that become dangling. In a `dry_run`, they are reported as remarks."""
    moves = tuple(Move(note.path, free_path(notebook, TRASH + note.path)) for note in notes)
    gone = {note.path for note in notes}
    left = [found for note in notes for found in notebook.links(target=note.path) if found.link.source not in gone]
    done = [f'"{note.title}" is in the trash now: {move.to}' for note, move in zip(notes, moves, strict=True)]
    warnings: list[str] = []
    if left:
        many = len(left) != 1
        warnings.append(f"{len(left):,} link{'s' * many} still lead{'' if many else 's'} there:")
        places = (f"{found.link.source}:{found.link.line}: {clipped(found.link.sentence or found.link.text, 200)}" for found in left)
        warnings += dict.fromkeys(places)
    names = " and ".join(f'"{note.title}"' for note in notes) if len(notes) < 3 else f"{len(notes)} notes"
    links = [
        {"source": found.link.source, "line": found.link.line, "text": found.link.text, "sentence": found.link.sentence} for found in left
    ]
    return Plan(Changes((), moves), f"delete {names}", tuple(done + warnings), tuple(warnings) * dry_run, {"backlinks": links})
