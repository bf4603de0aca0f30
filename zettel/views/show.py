"""Show a note with its text, and with its links if asked."""

from __future__ import annotations

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.answer import Branch, Column, Document
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.filter import Filter
from zettel.model.text.phrases import format_count
from zettel.session import Session
from zettel.views.link_tree import build_link_tree
from zettel.views.notes import format_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NoteTextRecord
    from zettel.model.edit.sections import Section

COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def build_note_answer(session: Session, note: Note, section: Section | None = None, *, links: bool) -> Document:
    """Build the answer for one note, or with `section` for that section of it. Raises `Unreadable`."""
    notebook = session.open_notebook()
    data = notebook.read_bytes(note.path)
    text, wrong = decode_bytes(data)
    if section:
        data = text.encode()[section.start : section.end]
        text, wrong = data.decode(), ""
    surroundings = build_link_tree(notebook, note, 1, out=True, back=True, wanted=Filter(), nothing="") if links else None
    row: NoteTextRecord = {**note_to_record(note), "text": text}  # type: ignore[typeddict-item]
    if section:
        row["heading"] = section.heading
    if surroundings:
        row["links"] = list(surroundings.rows)  # type: ignore[arg-type]
    remarks = (f"{note.path}: {wrong}",) if wrong else ()
    return Document(
        columns=COLUMNS,
        display_rows=[row],
        facts={"note": row},
        text=data.decode(errors="surrogateescape") if wrong and not session.console.is_terminal else text,  # a pipe gets every byte
        head=(Branch(format_note(note)), Branch(((" · ".join((*note.tags, note.created[:10], format_count(note.words, "word"))), "dim"),))),
        markdown=_strip_front_matter(text) if session.console.is_styled else None,
        branches=surroundings.branches if surroundings else (),
        remarks=remarks,
    )


def _strip_front_matter(text: str) -> str:
    """Return a note's text without its front matter."""
    from zettel.model.note.frontmatter import find_front_matter

    front = find_front_matter(text)
    return text[front.body_start :] if front else text.lstrip("\ufeff")
