"""Append a paragraph to a note."""

from __future__ import annotations

from zettel.adapters.questions import ask_line
from zettel.model.base.answer import Answer
from zettel.model.base.errors import NoSuchNote, SeveralNotes, UsageError
from zettel.model.note.note import Note
from zettel.services.append import plan_append
from zettel.services.follow_links import reload_note
from zettel.services.piped_text import read_text_argument
from zettel.services.plans import perform_plan
from zettel.session import PICK, Session

NEEDS_QUOTES = True


def run(session: Session, *, note: str, text: list[str], dry_run: bool = False) -> Answer:
    """Append `text`, or what is piped in, to `note` as a paragraph of its own."""
    picked = session.resolve_note(note, "append to") if note == PICK and not text and session.console.is_interactive else None
    if picked:
        text = [ask_line(f'a paragraph for "{picked.title}"')]
    paragraph = read_text_argument(session, text)
    if not paragraph.strip():
        raise UsageError("there is nothing to add", "zettel append NOTE A FEW WORDS, or pipe a text into zettel append NOTE")
    found = picked or _find_note(session, note)
    return perform_plan(session, lambda notebook: plan_append(notebook, reload_note(notebook, found), paragraph), dry_run=dry_run)


def _find_note(session: Session, name: str) -> Note:
    """Return the note that is called `name`. Part of a title that may mean today's note is not enough. Raises as `Session.resolve_note` does."""
    may_be_today = name.lower() in ("daily", "today")
    hint = "to add to today's note: zettel daily --append TEXT"
    try:
        found = session.resolve_note(name, "append to")
    except (NoSuchNote, SeveralNotes) as error:
        if may_be_today:
            error.hint = hint
        raise
    if may_be_today and (doubt := session.find_doubt(name, found)):
        raise UsageError(doubt, f"{hint}; to this note: zettel append {found.handle} TEXT")
    return found
