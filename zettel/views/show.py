"""Show a note with its text, and with its links if asked."""

from __future__ import annotations

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.answer import HEADING_BLOCK, Branch, Column, Document, TextBlock
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
    from zettel.notebook.notebook import OpenNotebook

COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def build_note_answer(session: Session, note: Note, section: Section | None = None, *, links: bool, raw: bool = False) -> Document:
    """Build the answer for one note, or with `section` for that section of it. On a terminal its text is rendered unless it is to be `raw`.

    Raises `Unreadable`.
    """
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
        head=() if raw else _build_head(note),
        blocks=build_note_blocks(notebook, note, text, section.start if section else 0) if session.console.is_styled and not raw else None,
        branches=_build_link_branches(surroundings.branches, is_styled=session.console.is_styled) if surroundings else (),
        remarks=remarks,
    )


def _build_link_branches(tree: tuple[Branch, ...], *, is_styled: bool) -> tuple[Branch, ...]:
    """Return the tree of links, for people below a heading instead of the note's name, which stands above its text already."""
    return tuple(Branch((("Links and backlinks", "heading"),), root.branches) for root in tree) if is_styled else tree


def _build_head(note: Note) -> tuple[Branch, ...]:
    """Return what stands above the text of a note: its ID and title, and its day, length and tags."""
    tags = ((" · ", "dim"), (" ".join(f"#{tag}" for tag in note.tags), "tag")) if note.tags else ()
    return Branch(format_note(note)), Branch(((f"{note.created[:10]} · {format_count(note.words, 'word')}", "dim"), *tags))


def build_note_blocks(notebook: OpenNotebook, note: Note, text: str, start: int = 0, *, is_numbered: bool = False) -> tuple[TextBlock, ...]:
    """Return the text of a note, or of the part of it that begins at the byte `start`, as people read it.

    Front matter and the heading that is the note's title are left out, and links are words. With `is_numbered`, the style of each
    link has its position among the links of the note, from 0.
    """
    from zettel.adapters.fs.files import is_same_stamp, read_stamp
    from zettel.adapters.parse.note import blank_front_matter
    from zettel.adapters.parse.text_blocks import build_text_blocks
    from zettel.model.link.shown_link import number_link, show_link
    from zettel.model.note.frontmatter import find_front_matter
    from zettel.model.text.ids import strip_id

    shown = {}
    if is_same_stamp(read_stamp(notebook.root, note.path), notebook.catalogue.load_stamp(note.path)):
        links = notebook.catalogue.find_links(source=note.path, before=start + len(text.encode(errors="replace")))
        targets = notebook.catalogue.find_notes_by_path(dict.fromkeys(link.resolution.target for link in links if link.resolution.target))
        titles = {path: target.title for path, target in targets.items()}
        for number, resolved in enumerate(links):
            span = show_link(resolved, titles.get(resolved.resolution.target or "", ""))
            shown[resolved.link.start - start] = number_link(span, number) if is_numbered else span
    blocks = build_text_blocks(text if start else blank_front_matter(text, find_front_matter(text)), shown)
    if blocks and blocks[0].kind == HEADING_BLOCK and strip_id("".join(part for part, _ in blocks[0].lines[0]), note.id) == note.title:
        blocks = blocks[1:]
    return blocks
