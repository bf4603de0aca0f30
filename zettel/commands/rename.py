"""Give a note another title, rename its file, and rewrite the links to it."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.model.edit.changes import Plan
from zettel.model.note.heading import build_heading_key
from zettel.model.note.note import Note
from zettel.model.text.fold import to_nfc
from zettel.notebook.notebook import OpenNotebook
from zettel.services.find_section import find_section, resolve_heading
from zettel.services.follow_links import reload_note
from zettel.services.plans import perform_plan
from zettel.services.rename import plan_rename
from zettel.session import Session

NEEDS_QUOTES = True


def run(session: Session, *, note: str, title: list[str], dry_run: bool = False) -> Answer:
    """Give `note`, or one of its headings (`NOTE#HEADING`), the title `title`, which is a list of words."""
    found, heading = resolve_heading(session, note, "rename")
    words = [session.ask_missing(word, f'a new title for "{heading or found.title}"') for word in title]
    wanted = " ".join(to_nfc(" ".join(words)).split())

    def plan(notebook: OpenNotebook) -> Plan:
        current = reload_note(notebook, found)
        planned = None if heading is None else _plan_heading(session, notebook, current, heading, wanted)
        return planned or plan_rename(notebook, current, wanted, session.console.choose_progress())

    return perform_plan(session, plan, dry_run=dry_run)


def _plan_heading(session: Session, notebook: OpenNotebook, note: Note, heading: str, wanted: str) -> Plan | None:
    """Plan the rename of a heading, or return None if it is the heading with the note's title. Raises `UsageError` or `Refused`."""
    from zettel.model.edit.sections import list_sections_below_title
    from zettel.services.rename_heading import plan_heading_rename
    from zettel.services.split import read_split_source

    known = list_sections_below_title(*read_split_source(notebook, note).version)
    key = build_heading_key(heading)
    if key == build_heading_key(note.title) and not any(key in one.keys for one in known):
        return None
    section = find_section(known, heading, note, "zettel split NOTE lists its headings")
    label_first = session.get_setting("links.pipe") == "label-first"
    return plan_heading_rename(notebook, note, section, wanted, label_first=label_first, progress=session.console.choose_progress())
