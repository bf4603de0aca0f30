"""Show a note with its text, and with its links if asked."""

from __future__ import annotations

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.answer import Answer, Branch, Column
from zettel.model.note.note import Note, note_to_record
from zettel.session import Session
from zettel.views.link_tree import build_link_tree
from zettel.views.notes import format_note

COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def build_note_answer(session: Session, note: Note, *, links: bool) -> Answer:
    """Build the answer for one note. Raises `Unreadable`."""
    notebook = session.open_notebook()
    data = notebook.read_bytes(note.path)
    text, wrong = decode_bytes(data)
    surroundings = build_link_tree(notebook, note, 1, out=True, back=True, nothing="") if links else None
    row = {**note_to_record(note), "text": text, **({"links": list(surroundings.rows)} if surroundings else {})}
    remarks = (f"{note.path}: {wrong}",) if wrong else ()
    return Answer(
        "",
        (),
        COLUMNS,
        display_rows=[row],
        facts={"note": row},
        text=data.decode(errors="surrogateescape") if wrong and not session.is_terminal else text,  # a pipe gets every byte
        head=(Branch(format_note(note)), Branch(((" · ".join((*note.tags, note.created[:10], f"{note.words} words")), "dim"),))),
        markdown=_strip_front_matter(text) if session.is_styled else None,
        tree=surroundings.tree if surroundings else (),
        remarks=remarks,
    )


def _strip_front_matter(text: str) -> str:
    """Return a note's text without its front matter."""
    from zettel.model.note.frontmatter import find_front_matter

    front = find_front_matter(text)
    return text[front.body_start :] if front else text.lstrip("\ufeff")
