"""Find the daily note by its title, or plan to create it."""

from __future__ import annotations

from datetime import datetime

from zettel.adapters.fs import files
from zettel.adapters.zettel_dir import templates
from zettel.model.base.errors import Refused
from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.note.new_note import build_file_name
from zettel.model.note.note import Note, summarise_note
from zettel.model.settings.settings import AUTO
from zettel.model.text.fold import strip_suffix
from zettel.notebook.find_note import build_several_notes_error
from zettel.notebook.notebook import OpenNotebook
from zettel.services.append import plan_append
from zettel.services.new_note import HERE, Draft, build_note_path, choose_tags, draft_note, find_free_id
from zettel.services.new_note_folder import locate_current_folder, resolve_folder
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NoteSummary

TEMPLATE_NAME = "daily"
"""Name of the template for daily notes, used if it exists."""


def choose_place(session: Session, given: str | None) -> tuple[str | None, str]:
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


def build_draft(session: Session, when: datetime, folder: str | None) -> Draft:
    """Build the draft of a daily note. Its title is the day."""
    template = TEMPLATE_NAME if TEMPLATE_NAME in templates.list_templates(session.find_root()) else ""
    return draft_note(session, f"{when:%Y-%m-%d}", choose_tags(session, []), "", when, template).place(folder)


def find_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, pattern: str) -> Note | None:
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


def plan_daily_note(session: Session, notebook: OpenNotebook, when: datetime, draft: Draft, pattern: str, line: str) -> Plan:
    """Plan to create the daily note, or to append a line to the one that is there. An empty line adds nothing."""
    there = find_daily_note(session, notebook, when, draft, pattern)
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
