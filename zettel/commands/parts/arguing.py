"""A path as an argument: as Markdown that reads like one, and as the structure note that it is saved as."""

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
    """The paths as Markdown, under a heading."""
    return markdown(title, _steps(session, chains))


def _steps(session: Session, chains: Iterable[Chain]) -> list[list[Step]]:
    """The paths as Markdown is made from them."""
    notes = {note.path: note for chain in chains for note in chain.notes}
    links = {path: _reference(session, note) for path, note in notes.items()}
    found = []
    for chain in chains:
        steps = []
        for note, hop in zip(chain.notes, [*chain.hops, None], strict=True):
            link = links[note.path]
            if hop is None:
                steps.append(Step(link, "", (), ""))
                continue
            headings = tuple(heading for heading in hop.link.link.headings if heading != hop.speaker.title)
            spoken = headings if hop.is_forward else (hop.speaker.title, *headings)
            steps.append(Step(link, "↓" if hop.is_forward else "↑", spoken, hop.link.link.sentence))
        found.append(steps)
    return found


def _reference(session: Session, note: Note) -> str:
    """The best way to link to a note that is read as just that, wherever new notes are saved: others may have its ID or file name, too."""
    notebook = session.notebook()
    path = "/".join([*filter(None, str(session.setting("note.folder")).split("/")), "path.md"])
    ways = references(note.id, note.title, note.path)
    for way in ways:
        read = notebook.reading_of(path, f"Path\n\n{way}\n".encode("utf-8", "replace"))
        if not read.tags and [notebook.named_by(link) for link in read.links] == [note.path]:
            return way
    return ways[0]


def saved(session: Session, title: str, chains: Iterable[Chain]) -> tuple[str, str]:
    """Write the paths as a structure note; gives its ID and path. Raises `Refused` where there is one of this title."""
    notebook = session.notebook()
    there = notebook.titled(title)
    if there:
        raise Refused(f'"{title}" is there already: {there[0].handle}', f"look at it with: zettel show {shlex.quote(there[0].handle)}")
    body = argument(session, title, chains).partition("\n\n")[2]
    when = session.now()
    data = note_text(title, moment_text(when), (SAVED,), body).encode("utf-8", "replace")
    note_id, path, _ = make(notebook, session, when, title, lambda _: data)
    notebook.note_made(path, f'save the path "{title}"')
    return note_id, path
