"""Open, create or append to the daily note, which is found by its title."""

from __future__ import annotations

from datetime import datetime, timedelta

from zettel.adapters.fs import files
from zettel.adapters.zettel_dir import templates
from zettel.model.base.answer import Answer, Document
from zettel.model.base.errors import Refused
from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.note.new_note import build_file_name
from zettel.model.note.note import Note, summarise_note
from zettel.model.text.dates import parse_moment
from zettel.notebook.find_note import build_several_notes_error
from zettel.notebook.notebook import OpenNotebook
from zettel.services.append import plan_append, strip_blank_lines
from zettel.services.new_note import HERE, Draft, build_note_path, choose_tags, draft_note
from zettel.services.new_note_folder import locate_current_folder, resolve_folder
from zettel.services.piped_text import read_own_input
from zettel.services.plans import perform_plan
from zettel.session import Session

_TEMPLATE_NAME = "daily"
"""Name of the template for daily notes, used if it exists."""


def run(
    session: Session,
    *,
    append: str | None = None,
    day: str | None = None,
    folder: str | None = None,
    no_edit: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Open today's note, or that of `day`, in the editor. Creates it if it does not exist. With `append`, adds a line to it instead."""
    now = session.now()
    when = now if day is None else parse_moment(day, now)
    line = _format_list_item(now, _read_line(session, append))
    opening = [] if line or no_edit or dry_run or not session.console.is_interactive else session.find_editor()
    draft = _build_draft(session, when, _choose_folder(session, folder))
    there = _find_daily_note(session, session.open_notebook(), when, draft)
    answer: Answer
    if there and not line:
        path, answer = there.path, Document(text=f"{there.handle}\t{there.path}\n", facts={"note": summarise_note(there), "made": []})
    else:
        answer = perform_plan(session, lambda notebook: _plan_daily_note(session, notebook, when, draft, line), dry_run=dry_run)
        path = str(answer.facts["note"]["path"]) if answer.facts else ""  # type: ignore[index]
    if not opening:
        return answer
    from zettel.services.edit import AT_END, edit_note

    return Answer(remarks=edit_note(session, path, opening, place=AT_END, is_new=not there).remarks)


def _choose_folder(session: Session, given: str | None) -> str | None:
    """Return the folder for a new daily note, or None for that of new notes."""
    if given is not None:
        return resolve_folder(session, given)
    setting = str(session.get_setting("daily.folder"))
    return locate_current_folder(session) if setting == HERE else setting or None


def _read_line(session: Session, append: str | None) -> str:
    """Return the text to add: that of `--append`, or what is piped in for `-` or if nothing else reads it."""
    if append is None:
        return strip_blank_lines(read_own_input(session, "to take it as a line, add: --append -"))
    return strip_blank_lines(session.console.read_text()) if append == "-" else append


def _format_list_item(now: datetime, text: str) -> str:
    """Format a text as a list item that begins with the time."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"- {now:%H:%M} {lines[0]}", *("  " + line if line else "" for line in lines[1:])]) if lines else ""


def _build_draft(session: Session, when: datetime, folder: str | None) -> Draft:
    """Build the draft of a daily note. Its title is the day."""
    template = _TEMPLATE_NAME if _TEMPLATE_NAME in templates.list_templates(session.find_root()) else ""
    return draft_note(session, f"{when:%Y-%m-%d}", choose_tags(session, []), "", when, template, folder=folder)


def _find_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft) -> Note | None:
    """Return the note whose title is the draft's title or the day, or that has the file name of a daily note, or None.

    Raises `SeveralNotes` if there are several.
    """
    for title in dict.fromkeys((draft.title, f"{when:%Y-%m-%d}")):
        found = notebook.catalogue.find_notes_by_title(title)
        if len(found) > 1:
            raise build_several_notes_error(title, found)
        if found:
            return found[0]
    if "{id}" in str(session.get_setting("daily.filename")):
        return None
    path = _build_path(session, when, draft, "")
    return notebook.catalogue.find_notes_by_path([path]).get(path)


def _plan_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, line: str) -> Plan:
    there = _find_daily_note(session, notebook, when, draft)
    if there:
        return plan_append(notebook, there, line) if line else Plan(Changes(), "", facts={"note": summarise_note(there)})
    note_id, path = _choose_id_and_path(session, notebook, when, draft)
    data = draft.to_bytes(note_id)
    if line:
        data = append_text(path, data, line, lambda data: notebook.parse_note(path, data))
    facts = {"note": {"id": note_id or None, "path": path, "title": draft.title}}
    return Plan(Changes((FileEdit(path, None, data),)), f'make "{draft.title}"', (f"{note_id or path}\t{path}",), facts=facts)


def _choose_id_and_path(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft) -> tuple[str, str]:
    """Return the ID of a daily note, empty if its file name is to have none, and its path.

    The ID is the first of the day, so that it neither takes that of a thought nor runs ahead of the clock.
    """
    if "{id}" not in str(session.get_setting("daily.filename")):
        path = _build_path(session, when, draft, "")
        if files.exists(notebook.root, path):
            raise Refused(f"there is a file {path} already, which is not a note", "move it away, or change the setting daily.filename")
        return "", path
    by_second = session.get_setting("note.id") == "second"
    start = when.replace(hour=0, minute=0, second=0)
    while True:
        note_id = start.strftime("%Y%m%d%H%M%S" if by_second else "%Y%m%d%H%M")
        path = _build_path(session, when, draft, note_id)
        if notebook.is_id_free(note_id) and not files.exists(notebook.root, path):
            return note_id, path
        start += timedelta(seconds=1) if by_second else timedelta(minutes=1)


def _build_path(session: Session, when: datetime, draft: Draft, note_id: str) -> str:
    pattern = str(session.get_setting("daily.filename")).replace("{date}", f"{when:%Y-%m-%d}")
    return build_note_path(session, build_file_name(pattern, note_id, draft.title), draft.folder)
