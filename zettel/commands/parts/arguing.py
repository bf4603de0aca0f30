"""Write paths as Markdown that reads like an argument, and save them as a structure note."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from zettel.commands.new import make
from zettel.commands.parts.chains import Chain
from zettel.model.errors import Refused
from zettel.model.exploring.argument import Step, markdown, references
from zettel.model.exploring.topic import SAVED
from zettel.model.note import Note
from zettel.model.writing import moment_text, note_text
from zettel.session import Session


def argument(session: Session, title: str, chains: Iterable[Chain]) -> str:
    """Return the paths as Markdown, under a heading."""
    return markdown(title, _steps(session, chains))


def _steps(session: Session, chains: Iterable[Chain]) -> list[list[Step]]:
    """Turn the hops of each path into the steps that `markdown` takes."""
    notes = {note.path: note for link_path in chains for note in link_path.notes}
    links = {path: _reference(session, note) for path, note in notes.items()}
    all_steps = []
    for link_path in chains:
        steps = []
        for note, hop in zip(link_path.notes, [*link_path.hops, None], strict=True):
            link = links[note.path]
            if hop is None:
                steps.append(Step(link, "", (), ""))
                continue
            headings = tuple(heading for heading in hop.link.link.headings if heading != hop.speaker.title)
            context = headings if hop.is_forward else (hop.speaker.title, *headings)
            steps.append(Step(link, "↓" if hop.is_forward else "↑", context, hop.link.link.sentence))
        all_steps.append(steps)
    return all_steps


def _reference(session: Session, note: Note) -> str:
    """Return the best form of a link to `note` that resolves to this note alone from the folder of new notes.

    The ID or file name alone may be ambiguous. If no form resolves, the first one is returned.
    """
    notebook = session.notebook()
    path = "/".join([*filter(None, str(session.setting("note.folder")).split("/")), "path.md"])
    forms = references(note.id, note.title, note.path)
    for form in forms:
        parsed = notebook.reading_of(path, f"Path\n\n{form}\n".encode("utf-8", "replace"))
        if not parsed.tags and [notebook.named_by(link) for link in parsed.links] == [note.path]:
            return form
    return forms[0]


def saved(session: Session, title: str, chains: Iterable[Chain]) -> tuple[str, str]:
    """Create a structure note from the paths, and return its ID and path. Raises `Refused` if a note with this title exists."""
    notebook = session.notebook()
    existing = notebook.titled(title)
    if existing:
        handle = existing[0].handle
        raise Refused(f'there is already a note called "{title}": {handle}', f"look at it with: zettel show {shlex.quote(handle)}")
    body = argument(session, title, chains).partition("\n\n")[2]
    when = session.now()
    data = note_text(title, moment_text(when), (SAVED,), body).encode("utf-8", "replace")
    note_id, path, _ = make(notebook, session, when, title, lambda _: data)
    notebook.note_made(path, f'save the path "{title}"')
    return note_id, path
