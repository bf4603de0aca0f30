"""Show a note: rendered on a terminal, unchanged when piped."""

from __future__ import annotations

from zettel.adapters.files import decode
from zettel.commands.parts.around import around
from zettel.commands.parts.shared import note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.note import Note, record
from zettel.session import Session

COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def run(session: Session, *, note: str, links: bool = False) -> Answer:
    """Return the text of `note`, and with `links` also its links and backlinks."""
    return answer(session, session.note(note), links=links)


def answer(session: Session, note: Note, *, links: bool) -> Answer:
    """Build the answer for one note. Raises `Unreadable`."""
    notebook = session.notebook()
    data = notebook.data(note.path)
    text, wrong = decode(data)
    surroundings = around(notebook, note, 1, out=True, back=True, nothing="") if links else None
    row = {**record(note), "text": text, **({"links": list(surroundings.rows)} if surroundings else {})}
    remarks = (f"{note.path}: {wrong}",) if wrong else ()
    return Answer(
        "",
        (),
        COLUMNS,
        lines=[row],
        facts={"note": row},
        text=data.decode(errors="surrogateescape") if wrong and not session.is_terminal else text,  # a pipe gets every byte
        head=(Branch(note_line(note)), Branch(((" · ".join((*note.tags, note.created[:10], f"{note.words} words")), "dim"),))),
        markdown=_body(text) if session.is_styled else None,
        tree=surroundings.tree if surroundings else (),
        remarks=remarks,
    )


def _body(text: str) -> str:
    """Return a note's text without its front matter."""
    from zettel.model.frontmatter import split

    front = split(text)
    return text[front.end :] if front else text.lstrip("\ufeff")
