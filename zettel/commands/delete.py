"""Move notes to the trash, and report the links that still point to them."""

from __future__ import annotations

from zettel.adapters.fs.files import TRASH_FOLDER
from zettel.model.base.answer import Answer
from zettel.model.edit.changes import Changes, FileMove, Plan
from zettel.model.note.note import Note
from zettel.model.text.inert import clip
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.confirmation import confirm_delete
from zettel.services.follow_links import find_free_path, reload_note
from zettel.services.plans import perform_plan
from zettel.session import Session
from zettel.views.notes import quote_titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import LeftLinkRecord


def run(session: Session, *, notes: list[str], yes: bool = False, dry_run: bool = False) -> Answer:
    """Move `notes` to the trash."""
    named = {name: session.resolve_note(name, "delete") for name in notes}
    if not dry_run:
        confirm_delete(session, named, yes=yes)
    found = list(dict.fromkeys(named.values()))
    return perform_plan(
        session, lambda notebook: plan_delete(notebook, [reload_note(notebook, note) for note in found], dry_run=dry_run), dry_run=dry_run
    )


def plan_delete(notebook: OpenNotebook, notes: list[Note], *, dry_run: bool = False) -> Plan:
    """Plan to move notes to the trash, and report the links that become dangling. In a `dry_run`, they are reported as remarks."""
    moves = tuple(FileMove(note.path, find_free_path(notebook, TRASH_FOLDER + note.path)) for note in notes)
    gone = {note.path for note in notes}
    left = [found for note in notes for found in notebook.catalogue.find_links(target=note.path) if found.link.source not in gone]
    done = [f'"{note.title}" is now in the trash: {move.new_path}' for note, move in zip(notes, moves, strict=True)]
    warnings: list[str] = []
    if left:
        warnings.append(f"{format_count(len(left), 'link')} still lead{'s' * (len(left) == 1)} there:")
        places = (f"{found.link.source}:{found.link.line}: {clip(found.link.sentence or found.link.text, 200)}" for found in left)
        warnings += dict.fromkeys(places)
    links: list[LeftLinkRecord] = [
        {"source": found.link.source, "line": found.link.line, "text": found.link.text, "sentence": found.link.sentence} for found in left
    ]
    return Plan(
        Changes((), moves), f"delete {quote_titles(notes)}", tuple(done + warnings), tuple(warnings) * dry_run, {"backlinks": links}
    )
