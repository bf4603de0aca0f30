"""Create a note from a title and a text, and link to it from another note, as one change that can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.edit.changes import Changes, build_edits
from zettel.model.note.new_note import append_link
from zettel.model.note.note import Note
from zettel.services.new_note import MAX_ATTEMPTS, NewNote, choose_tags, draft_note, identify_draft, read_link_source
from zettel.session import Session


def capture_note(session: Session, title: str, body: str, tags: Sequence[str], source: Note | None = None) -> NewNote:
    """Create a note with a free ID, in the style, folder and template of new notes, and link to it from `source` if that is given.

    Everything is written through the journal: all or nothing. Raises `UsageError`, `Refused` and `Unreadable`.
    """
    notebook = session.open_notebook()
    draft = draft_note(session, title, choose_tags(session, [*tags]), body, session.now(), _choose_template(session))
    with notebook.lock():
        for _ in range(MAX_ATTEMPTS):
            note = identify_draft(session, notebook, draft)
            edits: list[tuple[str, bytes | None, bytes | None]] = [(note.path, None, note.data)]
            done = f'new "{note.title}"'
            if source:
                link_source = read_link_source(notebook, source)
                linked = append_link(link_source.data, note.id, note.title, note.path, at_end=link_source.at_end)
                edits.append((source.path, link_source.data, linked))
                done = f'{done}, linked from "{source.title}"'
            try:
                notebook.carry_out(Changes(build_edits(edits)), done)
            except Refused:
                if not files.exists(notebook.root, note.path):
                    raise
                continue  # another program, which knows no lock, has just created it
            return note
    raise Refused(f"{note.path} already exists: another program has just created it", "nothing was written; try again")


def _choose_template(session: Session) -> str:
    """Return the template that the settings name for new notes, if it exists, or an empty string."""
    from zettel.adapters.zettel_dir.templates import list_templates

    named = str(session.get_setting_or_default("note.template"))
    return named if named and named in list_templates(session.find_root()) else ""
