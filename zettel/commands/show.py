"""Show a note: rendered on a terminal, unchanged when piped."""

from __future__ import annotations

from zettel.adapters.files import decode_bytes
from zettel.commands.parts.around import build_link_tree
from zettel.commands.parts.shared import format_note
from zettel.model.answer import Answer, Branch, Column
from zettel.model.note import Note, note_to_record
from zettel.session import Session

COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def run(session: Session, *, note: str, links: bool = False) -> Answer:
    """Return the text of `resolve_note`, and with `links` also its links and backlinks."""
    return build_note_answer(session, session.resolve_note(note), links=links)


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
    from zettel.model.frontmatter import find_front_matter

    front = find_front_matter(text)
    return text[front.body_start :] if front else text.lstrip("\ufeff")
