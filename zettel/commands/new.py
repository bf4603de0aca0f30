"""Create a note from the command line, from stdin or in the editor."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.answer import Answer, Branch, Column
from zettel.model.base.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.note.new_note import append_link, build_file_name, split_title
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.services.new_note import _add_link, _build_path, _describe_same_titles, choose_tags, create_note, draft_note, find_free_id
from zettel.session import Session

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
    if is_draft and not edit and not session.is_interactive:
        raise UsageError("there is nothing to note down", "zettel new A THOUGHT IN A FEW WORDS, or pipe a text into zettel new")
    opening = session.find_editor() if (edit or is_draft) and not dry_run else []
    notebook = session.open_notebook(refresh=bool(link_from))
    source = session.resolve_note(link_from) if link_from else None
    linking = (source, _read_link_source(notebook, source)) if source else None
    tags = choose_tags(session, tag)
    when = session.now()
    draft = draft_note(session, title, tags, text, when, str(session.get_setting("note.template")) if template is None else template)
    given, title = title, draft.title
    if dry_run:
        notebook.refresh_names(given)
        remarks = _describe_same_titles(notebook, given)
        note_id, path = find_free_id(notebook, session, when, title)
        linked = append_link(linking[1], note_id, title, path) if linking else b""
        return _build_dry_run_answer(note_id, path, draft.to_bytes(note_id).decode(), source, linked, remarks)
    note_id, path, remarks = create_note(notebook, session, when, title, draft.to_bytes, None if opening else linking, given)
    data = draft.to_bytes(note_id)
    if opening:
        path, title = _edit_note(session, notebook, opening, note_id, path, data, is_draft=is_draft)
        if not path:
            return Answer(remarks=("nothing was written, so no note was kept",))
    if opening or not linking:
        notebook.record_new_note(path, f'new "{title}"')
        if linking:
            _add_link(notebook, *linking, note_id, title, path)
    row = {"id": note_id, "path": path, "title": title, "tags": list(tags)}
    return Answer("", (), COLUMNS, display_rows=[row], facts={"note": row}, text=f"{note_id}\t{path}\n", remarks=remarks)


def _read_title_and_body(session: Session, words: list[str], body: str | None) -> tuple[str, str]:
    """Return (title, body) from the command line and from stdin, if something is piped in."""
    title = " ".join(" ".join(words).split())
    text = body or ""
    if session.has_piped_input:
        piped = session.read_stdin().decode("utf-8", "replace")
        if not title:
            title, piped = split_title(piped)
        text = "\n\n".join(part for part in (text, "\n".join(piped.splitlines()).strip("\n")) if part.strip())
    return title, text


def _read_link_source(notebook: OpenNotebook, source: Note) -> bytes:
    """Return the bytes of the note that will link to the new one. Raises `Refused` if text at its end would not be read as a link."""
    data = notebook.read_bytes(source.path)
    if files.decode_bytes(data)[1]:
        raise Refused(f"{source.path} is not UTF-8, so no link can be added to it", "convert it to UTF-8 first")
    number = "999912312359"
    after = append_link(data, number, "", source.path)
    if not any(link.dest == number and link.start >= len(data) for link in notebook.parse_note(source.path, after).links):
        raise Refused(f"{source.path} ends in code or a comment, where a link would not work", "close it, then try again")
    return data


def _edit_note(
    session: Session, notebook: OpenNotebook, editor_command: list[str], note_id: str, path: str, new_data: bytes, *, is_draft: bool
) -> tuple[str, str]:
    """Open the new note in the editor. Return its path and title afterwards, or empty strings if nothing was written.

    Removes a note that is empty, and a draft that was not edited. Renames the file of a draft if it now has another title. Keeps what
    the editor saved even if the editor fails.
    """
    from zettel.adapters import editor

    try:
        editor.edit_file(files.locate_for_editor(notebook.root, path), editor_command, session.environ)
    except (ZettelError, KeyboardInterrupt):
        if is_draft:
            try:
                files.remove_created_file(notebook.root, path, new_data)
            except (Refused, Unreadable):
                pass  # it has been edited since
        raise
    if not files.exists(notebook.root, path):
        return "", ""  # the editor removed or renamed it
    data = notebook.read_bytes(path)
    if not data.strip() or (is_draft and data == new_data):
        files.remove_created_file(notebook.root, path, data)
        return "", ""
    title = notebook.parse_file(path).title
    if is_draft and title != notebook.parse_note(path, new_data).title:  # otherwise the title is still the default
        path = files.rename_note(
            notebook.root, path, _build_path(session, build_file_name(str(session.get_setting("note.filename")), note_id, title))
        )
    return path, title


def _build_dry_run_answer(note_id: str, path: str, text: str, source: Note | None, linked: bytes, remarks: tuple[str, ...]) -> Answer:
    """Return the answer that shows the new note and link as added lines."""
    lines = [Branch(((f"+ {line}", ""),)) for line in text.splitlines()]
    tree = [Branch(((f"{note_id}  {path}", "strong"),), tuple(lines))]
    if source:
        last = linked.decode().splitlines()[-1]
        tree.append(Branch(((f"{source.name}  {source.path}", "strong"),), (Branch(((f"+ {last}", ""),)),)))
    row = {"id": note_id, "path": path, "text": text, "dry_run": True}
    return Answer(
        "", (), COLUMNS, display_rows=[row], facts={"note": row}, tree=tuple(tree), remarks=(*remarks, "nothing was written (--dry-run)")
    )
