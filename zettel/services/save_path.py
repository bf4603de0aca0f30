"""Write paths as Markdown that reads like an argument, and save them as a structure note."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from zettel.model.base.errors import Refused
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.path_markdown import PathStep, format_path_document, list_link_candidates
from zettel.model.graph.topic import SAVED_PATH_TAG
from zettel.model.note.note import Note
from zettel.services.comments import hide_comments
from zettel.services.new_note import build_note_path, create_note, draft_note
from zettel.session import Session


def format_path_note(session: Session, title: str, link_paths: Iterable[LinkPath]) -> str:
    """Return the paths as Markdown, under a heading. It quotes no comment."""
    return format_path_document(title, _build_steps(session, link_paths))


def _build_steps(session: Session, link_paths: Iterable[LinkPath]) -> list[list[PathStep]]:
    """Turn the hops of each path into the steps that `format_path_document` takes."""
    notes = {note.path: note for link_path in link_paths for note in link_path.notes}
    links = {path: _choose_reference(session, note) for path, note in notes.items()}
    notebook = session.open_notebook()
    all_steps = []
    for link_path in link_paths:
        steps = []
        public_links = [one.link for one in hide_comments(notebook, [hop.link for hop in link_path.hops])]
        for note, hop, said in zip(link_path.notes, [*link_path.hops, None], [*public_links, None], strict=True):
            link = links[note.path]
            if hop is None or said is None:
                steps.append(PathStep(link, "", (), ""))
                continue
            headings = tuple(heading for heading in said.headings if heading != hop.speaker.title)
            context = headings if hop.is_forward else (hop.speaker.title, *headings)
            steps.append(PathStep(link, "↓" if hop.is_forward else "↑", context, said.sentence))
        all_steps.append(steps)
    return all_steps


def _choose_reference(session: Session, note: Note) -> str:
    """Return the best form of a link to `note` that resolves to this note alone from the folder of new notes.

    The ID or file name alone may be ambiguous. If no form resolves, the first one is returned.
    """
    notebook = session.open_notebook()
    path = build_note_path(session, "path.md")
    forms = list_link_candidates(note.id, note.title, note.path)
    for form in forms:
        parsed = notebook.parse_note(path, f"Path\n\n{form}\n".encode("utf-8", "replace"))
        if not parsed.tags and [notebook.resolve_link(link) for link in parsed.links] == [note.path]:
            return form
    return forms[0]


def save_paths(session: Session, title: str, link_paths: Iterable[LinkPath]) -> tuple[str, str]:
    """Create a structure note from the paths, and return its ID and path. Raises `Refused` if a note with this title exists."""
    notebook = session.open_notebook()
    existing = notebook.catalogue.find_notes_by_title(title)
    if existing:
        handle = existing[0].handle
        raise Refused(f'there is already a note called "{title}": {handle}', f"look at it with: zettel show {shlex.quote(handle)}")
    body = format_path_note(session, title, link_paths).partition("\n\n")[2]
    note = create_note(session, notebook, draft_note(session, title, (SAVED_PATH_TAG,), body, session.now(), ""))
    notebook.record_new_note(note.path, f'save the path "{title}"')
    return note.id, note.path
