"""Open, create or append to the daily note, which is found by its title."""

from __future__ import annotations

from datetime import date, datetime

from zettel.adapters import editor
from zettel.adapters.fs import files
from zettel.adapters.zettel_dir import templates
from zettel.model.base.answer import Answer, Document
from zettel.model.base.errors import QueryError
from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.note.note import Note, summarise_note
from zettel.notebook.find_note import build_several_notes_error
from zettel.notebook.notebook import OpenNotebook
from zettel.services.append import plan_append, read_text_argument
from zettel.services.new_note import Draft, choose_tags, draft_note, find_free_id
from zettel.services.plans import perform_plan
from zettel.session import Session

_TEMPLATE_NAME = "daily"
"""Name of the template for daily notes, used if it exists."""


def run(session: Session, *, append: str | None = None, day: str | None = None, dry_run: bool = False) -> Answer:
    """Open today's note, or that of `day`, in the editor. Creates it if it does not exist. With `append`, adds a line to it instead."""
    now = session.now()
    when = datetime.combine(_parse_day(session, day), now.time())
    line = _format_list_item(now, append if append is not None else read_text_argument(session, []))
    opening = [] if line or dry_run or not session.console.is_interactive else session.find_editor()
    draft = _build_draft(session, when)
    there = _find_daily_note(session.open_notebook(), when, draft)
    answer: Answer
    if there and not line:
        path, answer = there.path, Document(text=f"{there.handle}\t{there.path}\n", facts={"note": summarise_note(there), "made": []})
    else:
        answer = perform_plan(session, lambda notebook: _plan_daily_note(session, notebook, when, draft, line), dry_run=dry_run)
        path = str(answer.facts["note"]["path"]) if answer.facts else ""  # type: ignore[index]
    if not opening:
        return answer
    editor.edit_file(files.locate_for_editor(session.find_root(), path), opening, session.environ)
    return Answer()


def _parse_day(session: Session, text: str | None) -> date:
    if text is None:
        return session.today()
    from zettel.model.text.dates import parse_date_range

    first, after = parse_date_range(text, session.today())
    if (after - first).days != 1:
        raise QueryError(f'"{text}" is more than one day', "write it like 2024-05-03, yesterday or monday")
    if first.year < 1000:  # some systems format such years with fewer digits, so that the result would not be an ID
        raise QueryError(f'"{text}" is before the year 1000', "write it like 2024-05-03, yesterday or monday")
    return first


def _format_list_item(now: datetime, text: str) -> str:
    """Format a text as a list item that begins with the time."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"- {now:%H:%M} {lines[0]}", *("  " + line if line else "" for line in lines[1:])]) if lines else ""


def _build_draft(session: Session, when: datetime) -> Draft:
    """Build the draft of a daily note. Its title is the day."""
    template = _TEMPLATE_NAME if _TEMPLATE_NAME in templates.list_templates(session.find_root()) else ""
    return draft_note(session, f"{when:%Y-%m-%d}", choose_tags(session, []), "", when, template)


def _find_daily_note(notebook: OpenNotebook, when: datetime, draft: Draft) -> Note | None:
    """Return the note whose title is the draft's title or the day, or None. Raise `SeveralNotes` if there are several."""
    for title in dict.fromkeys((draft.title, f"{when:%Y-%m-%d}")):
        found = notebook.catalogue.find_notes_by_title(title)
        if len(found) > 1:
            raise build_several_notes_error(title, found)
        if found:
            return found[0]
    return None


def _plan_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, line: str) -> Plan:
    there = _find_daily_note(notebook, when, draft)
    if there:
        return plan_append(notebook, there, line) if line else Plan(Changes(), "", facts={"note": summarise_note(there)})
    note_id, path = find_free_id(notebook, session, when, draft.title)
    data = draft.to_bytes(note_id)
    if line:
        data = append_text(path, data, line, lambda data: notebook.parse_note(path, data))
    facts = {"note": {"id": note_id, "path": path, "title": draft.title}}
    return Plan(Changes((FileEdit(path, None, data),)), f'make "{draft.title}"', (f"{note_id}\t{path}",), facts=facts)
