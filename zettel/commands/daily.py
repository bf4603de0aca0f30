"""Open, create or append to the daily note, which is found by its title."""

from __future__ import annotations

from datetime import date, datetime

from zettel.adapters import editor, files, templates
from zettel.commands.append import given, with_text
from zettel.commands.new import free, tags_for
from zettel.commands.parts.drafting import Draft, drafted
from zettel.commands.parts.editing import Plan, perform
from zettel.model.answer import Answer
from zettel.model.editing.appending import appended
from zettel.model.editing.changes import Changes, Edit
from zettel.model.errors import QueryError
from zettel.model.note import Note
from zettel.naming import several
from zettel.notebook import Notebook
from zettel.session import Session

TEMPLATE = "daily"
"""Name of the template for daily notes, used if it exists."""


def run(session: Session, *, append: str | None = None, day: str | None = None, dry_run: bool = False) -> Answer:
    """Open today's note, or that of `day`, in the editor. Creates it if it does not exist. With `append`, adds a line to it instead."""
    now = session.now()
    when = datetime.combine(_day(session, day), now.time())
    line = _line(now, append if append is not None else given(session, []))
    opening = [] if line or dry_run or not session.is_interactive else session.editor()
    draft = _draft(session, when)
    there = _there(session.notebook(), when, draft)
    if there and not line:
        path, answer = there.path, Answer(text=f"{there.handle}\t{there.path}\n", facts={"note": _brief(there), "made": []})
    else:
        answer = perform(session, lambda notebook: _plan(session, notebook, when, draft, line), dry_run=dry_run)
        path = str(answer.facts["note"]["path"]) if answer.facts else ""  # type: ignore[index]
    if not opening:
        return answer
    editor.edit(files.place(session.root(), path), opening, session.environ)
    return Answer(text="")


def _day(session: Session, text: str | None) -> date:
    if text is None:
        return session.today()
    from zettel.model.dates import span

    first, after = span(text, session.today())
    if (after - first).days != 1:
        raise QueryError(f'"{text}" is more than one day', "write it like 2024-05-03, yesterday or monday")
    if first.year < 1000:  # some systems format such years with fewer digits, so that the result would not be an ID
        raise QueryError(f'"{text}" is before the year 1000', "write it like 2024-05-03, yesterday or monday")
    return first


def _line(now: datetime, text: str) -> str:
    """Format a text as a list item that begins with the time."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"- {now:%H:%M} {lines[0]}", *("  " + line if line else "" for line in lines[1:])]) if lines else ""


def _draft(session: Session, when: datetime) -> Draft:
    """Build the draft of a daily note. Its title is the day."""
    template = TEMPLATE if TEMPLATE in templates.names(session.root()) else ""
    return drafted(session, f"{when:%Y-%m-%d}", tags_for(session, []), "", when, template)


def _there(notebook: Notebook, when: datetime, draft: Draft) -> Note | None:
    """Return the note whose title is the draft's title or the day, or None. Raise `SeveralNotes` if there are several."""
    for title in dict.fromkeys((draft.title, f"{when:%Y-%m-%d}")):
        found = notebook.titled(title)
        if len(found) > 1:
            raise several(title, found)
        if found:
            return found[0]
    return None


def _plan(session: Session, notebook: Notebook, when: datetime, draft: Draft, line: str) -> Plan:
    there = _there(notebook, when, draft)
    if there:
        return with_text(notebook, there, line) if line else Plan(Changes(), "", facts={"note": _brief(there)})
    note_id, path = free(notebook, session, when, draft.title)
    data = draft.data(note_id)
    if line:
        data = appended(path, data, line, lambda data: notebook.reading_of(path, data))
    facts = {"note": {"id": note_id, "path": path, "title": draft.title}}
    return Plan(Changes((Edit(path, None, data),)), f'make "{draft.title}"', (f"{note_id}\t{path}",), facts=facts)


def _brief(note: Note) -> dict[str, object]:
    return {"id": note.id, "path": note.path, "title": note.title}
