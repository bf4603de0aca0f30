"""Create a note from the command line, from stdin or in the editor."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.answer import Answer, Branch, Column, Document, Tree
from zettel.model.base.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.note.new_note import append_link, build_file_name, split_title
from zettel.notebook.notebook import OpenNotebook
from zettel.services.new_note import (
    LinkSource,
    NewNote,
    add_link,
    build_note_path,
    choose_tags,
    create_note,
    draft_note,
    identify_draft,
    read_link_source,
)
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NewNoteRecord

COLUMNS = (Column("ID", "id", "id"), Column("Path", "path", "path", may_wrap=True))


def run(
    session: Session,
    *,
    words: list[str],
    tag: list[str],
    body: str | None = None,
    template: str | None = None,
    link_from: str | None = None,
    edit: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Create a note from `words`, from stdin or in the editor, and return its ID and path."""
    title, text = _read_title_and_body(session, words, body)
    is_draft = not title
    if is_draft and not edit and not session.console.is_interactive:
        raise UsageError("there is nothing to note down", "zettel new A THOUGHT IN A FEW WORDS, or pipe a text into zettel new")
    opening = session.find_editor() if (edit or is_draft) and not dry_run else []
    notebook = session.open_notebook(refresh=bool(link_from))
    source = session.resolve_note(link_from) if link_from else None
    link_source = read_link_source(notebook, source) if source else None
    tags = choose_tags(session, tag)
    draft = draft_note(
        session, title, tags, text, session.now(), str(session.get_setting("note.template")) if template is None else template
    )
    if dry_run:
        return _build_dry_run_answer(identify_draft(session, notebook, draft), link_source)
    note = create_note(session, notebook, draft, None if opening else link_source)
    if opening:
        edited = _edit_note(session, notebook, opening, note, is_draft=is_draft)
        if not edited:
            return Answer(remarks=("nothing was written, so no note was kept",))
        note = edited
    if opening or not link_source:
        notebook.record_new_note(note.path, f'new "{note.title}"')
        if link_source:
            add_link(notebook, link_source, note)
    row: NewNoteRecord = {"id": note.id, "path": note.path, "title": note.title, "tags": list(tags)}
    return Document(columns=COLUMNS, display_rows=[row], facts={"note": row}, text=f"{note.id}\t{note.path}\n", remarks=note.remarks)


def _read_title_and_body(session: Session, words: list[str], body: str | None) -> tuple[str, str]:
    """Return (title, body) from the command line and from stdin, if something is piped in."""
    title = " ".join(" ".join(words).split())
    text = body or ""
    if session.console.has_piped_input:
        piped = session.console.read_stdin().decode("utf-8", "replace")
        if not title:
            title, piped = split_title(piped)
        text = "\n\n".join(part for part in (text, "\n".join(piped.splitlines()).strip("\n")) if part.strip())
    return title, text


def _edit_note(session: Session, notebook: OpenNotebook, editor_command: list[str], note: NewNote, *, is_draft: bool) -> NewNote | None:
    """Open the new note in the editor. Return the note as it is afterwards, or None if nothing was written.

    Removes a note that is empty, and a draft that was not edited. Renames the file of a draft if it now has another title. Keeps what
    the editor saved even if the editor fails.
    """
    from zettel.adapters import editor

    try:
        editor.edit_file(files.locate_for_editor(notebook.root, note.path), editor_command, session.environ)
    except (ZettelError, KeyboardInterrupt):
        if is_draft:
            try:
                files.remove_created_file(notebook.root, note.path, note.data)
            except (Refused, Unreadable):
                pass  # it has been edited since
        raise
    if not files.exists(notebook.root, note.path):
        return None  # the editor removed or renamed it
    path, data = note.path, notebook.read_bytes(note.path)
    if not data.strip() or (is_draft and data == note.data):
        files.remove_created_file(notebook.root, path, data)
        return None
    title = notebook.parse_file(path).title
    if is_draft and title != notebook.parse_note(path, note.data).title:  # otherwise the title is still the default
        name = build_file_name(str(session.get_setting("note.filename")), note.id, title)
        path = files.rename_note(notebook.root, path, build_note_path(session, name))
    return NewNote(note.id, path, title, data, note.remarks)


def _build_dry_run_answer(note: NewNote, link_source: LinkSource | None) -> Answer:
    """Return the answer that shows the new note and link as added lines."""
    text = note.data.decode()
    lines = [Branch(((f"+ {line}", ""),)) for line in text.splitlines()]
    tree = [Branch(((f"{note.id}  {note.path}", "strong"),), tuple(lines))]
    if link_source:
        source, linked = link_source.note, append_link(link_source.data, note.id, note.title, note.path)
        last = linked.decode().splitlines()[-1]
        tree.append(Branch(((f"{source.name}  {source.path}", "strong"),), (Branch(((f"+ {last}", ""),)),)))
    row: NewNoteRecord = {"id": note.id, "path": note.path, "text": text, "dry_run": True}
    return Tree(
        columns=COLUMNS,
        display_rows=[row],
        branches=tuple(tree),
        facts={"note": row},
        remarks=(*note.remarks, "nothing was written (--dry-run)"),
    )
