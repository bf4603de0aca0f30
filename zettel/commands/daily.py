"""Open, create or append to the daily note, which is found by its title."""

from __future__ import annotations

from datetime import datetime

from zettel.adapters.fs import files
from zettel.adapters.zettel_dir import templates
from zettel.model.base.answer import Answer, Document
from zettel.model.base.errors import Refused
from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.note.new_note import build_file_name
from zettel.model.note.note import Note, summarise_note
from zettel.model.settings.settings import AUTO
from zettel.model.text.dates import parse_moment
from zettel.model.text.fold import strip_suffix
from zettel.notebook.find_note import build_several_notes_error
from zettel.notebook.notebook import OpenNotebook
from zettel.services.append import plan_append
from zettel.services.new_note import HERE, Draft, build_note_path, choose_tags, draft_note, find_free_id
from zettel.services.new_note_folder import locate_current_folder, resolve_folder
from zettel.services.piped_text import read_own_input, strip_blank_lines
from zettel.services.plans import perform_plan
from zettel.session import Session
from zettel.views.notes import build_changed_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NoteSummary

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
    line = _format_list_item(now if when.date() == now.date() else None, _read_line(session, append))
    opening = [] if line or no_edit or dry_run or not session.console.is_interactive else session.find_editor()
    folder, pattern = _choose_place(session, folder)
    draft = _build_draft(session, when, folder)
    there = _find_daily_note(session, session.open_notebook(), when, draft, pattern)
    answer: Answer
    if there and not line:
        summary = summarise_note(there)
        head = (build_changed_branch("there is", summary),)
        path, answer = (
            there.path,
            Document(text=f"{there.handle}\t{there.path}\n", facts={"note": summary, "made": []}, head=head, blocks=()),
        )
    else:
        answer = perform_plan(session, lambda notebook: _plan_daily_note(session, notebook, when, draft, pattern, line), dry_run=dry_run)
        path = str(answer.facts["note"]["path"]) if answer.facts else ""  # type: ignore[index]
    if not opening:
        return answer
    from zettel.services.edit import AT_END, edit_note

    return Answer(remarks=edit_note(session, path, opening, place=AT_END, is_new=not there).remarks)


def _choose_place(session: Session, given: str | None) -> tuple[str | None, str]:
    """Return the folder for a new daily note, None for that of new notes, and the pattern of its file name.

    What neither `given` nor the settings say is as the last daily note has it.
    """
    setting, pattern = (str(session.get_setting_or_default(name)) for name in ("daily.folder", "daily.filename"))
    last = session.open_notebook().catalogue.find_last_daily_note() if pattern == AUTO or not (given or setting) else None
    folder, _, name = last.path.rpartition("/") if last else ("", "", "")
    if pattern == AUTO:
        pattern = "{date}" if last and strip_suffix(name) == last.title else "{id} {date}"
    if given is not None:
        return resolve_folder(session, given), pattern
    if setting == HERE:
        return locate_current_folder(session), pattern
    return setting or (folder if last else None), pattern


def _read_line(session: Session, append: str | None) -> str:
    """Return the text to add: that of `--append`, or what is piped in for `-` or if nothing else reads it."""
    if append is None:
        return strip_blank_lines(read_own_input(session, "to take it as a line, add: --append -"))
    return strip_blank_lines(session.console.read_text()) if append == "-" else append


def _format_list_item(now: datetime | None, text: str) -> str:
    """Format a text as a list item that begins with the time, unless that is None."""
    time = f"{now:%H:%M} " if now else ""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"- {time}{lines[0]}", *("  " + line if line else "" for line in lines[1:])]) if lines else ""


def _build_draft(session: Session, when: datetime, folder: str | None) -> Draft:
    """Build the draft of a daily note. Its title is the day."""
    template = _TEMPLATE_NAME if _TEMPLATE_NAME in templates.list_templates(session.find_root()) else ""
    return draft_note(session, f"{when:%Y-%m-%d}", choose_tags(session, []), "", when, template).place(folder)


def _find_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, pattern: str) -> Note | None:
    """Return the note whose title is the draft's title or the day, or that has the file name of a daily note, or None.

    Raises `SeveralNotes` if there are several.
    """
    for title in dict.fromkeys((draft.title, f"{when:%Y-%m-%d}")):
        found = notebook.catalogue.find_notes_by_title(title)
        if len(found) > 1:
            raise build_several_notes_error(title, found)
        if found:
            return found[0]
    if "{id}" in pattern:
        return None
    path = _build_path(session, when, draft, pattern, "")
    return notebook.catalogue.find_notes_by_path([path]).get(path)


def _plan_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, pattern: str, line: str) -> Plan:
    there = _find_daily_note(session, notebook, when, draft, pattern)
    if there:
        return plan_append(notebook, there, line) if line else Plan(Changes(), "", facts={"note": summarise_note(there)})
    note_id, path = _choose_id_and_path(session, notebook, when, draft, pattern)
    data = draft.to_bytes(note_id)
    if line:
        data = append_text(path, data, line, lambda data: notebook.parse_note(path, data))
    summary: NoteSummary = {"id": note_id or None, "path": path, "title": draft.title}
    message = f"{note_id or path}\t{path}"
    edits = (FileEdit(path, None, data),)
    return Plan(Changes(edits), f'make "{draft.title}"', (message,), facts={"note": summary}, changed=(("new", summary),))


def _choose_id_and_path(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, pattern: str) -> tuple[str, str]:
    """Return the ID of a daily note, empty if its file name is to have none, and its path.

    The ID is the first of the day, so that it neither takes that of a thought nor runs ahead of the clock.
    """
    if "{id}" not in pattern:
        path = _build_path(session, when, draft, pattern, "")
        if files.exists(notebook.root, path):
            raise Refused(f"there is a file {path} already, which is not a note", "move it away, or change the setting daily.filename")
        return "", path
    midnight = when.replace(hour=0, minute=0, second=0)
    return find_free_id(session, notebook, midnight, lambda note_id: _build_path(session, when, draft, pattern, note_id))


def _build_path(session: Session, when: datetime, draft: Draft, pattern: str, note_id: str) -> str:
    name = build_file_name(pattern.replace("{date}", f"{when:%Y-%m-%d}"), note_id, draft.title)
    return build_note_path(session, name, draft.folder)
