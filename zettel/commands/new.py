"""Catching a thought: a new note."""

from __future__ import annotations

from datetime import datetime, timedelta

from zettel.adapters import catalogue, editor, files
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.note import Note
from zettel.model.tags import clean_tag
from zettel.model.writing import file_name, note_text, title_and_body, with_link
from zettel.notebook import Notebook
from zettel.session import Session

COLUMNS = (Column("ID", "id", "id"), Column("Path", "path", "path", may_wrap=True))


def run(
    session: Session,
    *,
    words: list[str],
    tag: list[str],
    body: str | None = None,
    link_from: str | None = None,
    edit: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Make a note of `words` (or of what is piped in, or of what the editor is given), and say its ID and path."""
    title, text = _said(session, words, body)
    draft = not title
    if draft and not edit and not session.is_interactive:
        raise UsageError("there is nothing to note down", "zettel new A THOUGHT IN A FEW WORDS, or pipe a text into zettel new")
    notebook = session.notebook()
    source = session.note(link_from) if link_from else None
    tags = _tags(session, tag)
    before = _linkable(notebook, source) if source else b""
    same = notebook.titled(title) if title else []
    remarks = tuple(f'a note called "{title}" is there already: {note.handle} ({note.path})' for note in same)
    when = session.now()
    if dry_run:
        note_id, path = _free(notebook, session, when, title)
        return _planned(
            note_id, path, note_text(title, _moment(when), tags, text), source, with_link(before, note_id, title, path), remarks
        )
    note_id, path, made = _make(notebook, session, when, title, tags, text)
    if source:
        _link(notebook, source, before, note_id, title or note_id, path, made)
    if edit or draft:
        path = _edited(session, notebook, note_id, path, made, is_draft=draft)
        if not path:
            return Answer(remarks=("nothing was written, so no note was kept",))
    row = {"id": note_id, "path": path, "title": title, "tags": list(tags)}
    return Answer("", (), COLUMNS, lines=[row], facts={"note": row}, text=f"{note_id}\t{path}\n", remarks=remarks)


def _said(session: Session, words: list[str], body: str | None) -> tuple[str, str]:
    """(title, body) from the command line and what is piped in."""
    title = " ".join(" ".join(words).split())
    text = body or ""
    if session.is_piped_into:
        piped = session.piped().decode("utf-8", "replace")
        if not title:
            title, piped = title_and_body(piped)
        text = "\n\n".join(part for part in (text, "\n".join(piped.splitlines()).strip("\n")) if part.strip())
    return title, text


def _tags(session: Session, given: list[str]) -> tuple[str, ...]:
    settled = session.setting("note.tags")
    words = [*(settled if isinstance(settled, tuple) else ()), *(word for text in given for word in text.split(","))]
    return tuple(dict.fromkeys(clean for word in words if (clean := clean_tag(word))))


def _moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M")


def _free(notebook: Notebook, session: Session, when: datetime, title: str, *, take: bool = False) -> tuple[str, str]:
    """The next free ID from `when` on, and the path of the note that is to have it."""
    by_second = session.setting("note.id") == "second"
    form, folder = str(session.setting("note.filename")), str(session.setting("note.folder")).strip("/")
    while True:
        note_id = when.strftime("%Y%m%d%H%M%S" if by_second else "%Y%m%d%H%M")
        if notebook.is_free(note_id) and (not take or catalogue.take(notebook.connection, note_id)):
            name = file_name(form, note_id, title)
            return note_id, f"{folder}/{name}" if folder else name
        when += timedelta(seconds=1) if by_second else timedelta(minutes=1)


def _make(notebook: Notebook, session: Session, when: datetime, title: str, tags: tuple[str, ...], text: str) -> tuple[str, str, bytes]:
    """Make the file, under an ID that no other process can get."""
    data = note_text(title, _moment(when), tags, text).encode("utf-8", "replace")
    while True:
        note_id, path = _free(notebook, session, when, title, take=True)
        try:
            files.create(notebook.root, path, data)
        except FileExistsError:
            continue  # made meanwhile by something that takes no IDs from the catalogue
        return note_id, path, data


def _linkable(notebook: Notebook, source: Note) -> bytes:
    data = notebook.data(source.path)
    if files.decode(data)[1]:
        raise Refused(f"{source.path} is not UTF-8, so no link can be added to it", "convert it to UTF-8 first")
    return data


def _link(notebook: Notebook, source: Note, before: bytes, note_id: str, title: str, path: str, made: bytes) -> None:
    """Add the link to the new note; where that fails the new note goes, too."""
    try:
        files.rewrite(notebook.root, source.path, before, with_link(before, note_id, title, path))
    except ZettelError:
        files.remove(notebook.root, path, made)
        raise


def _edited(session: Session, notebook: Notebook, note_id: str, path: str, made: bytes, *, is_draft: bool) -> str:
    """Open the new note in the editor; its path afterwards, or nothing where nothing was written."""
    full = files.place(notebook.root, path)
    try:
        editor.edit(full, str(session.setting("editor")), session.environ)
    except UsageError:
        if is_draft:
            files.remove(notebook.root, path, made)
        raise
    try:
        data = notebook.data(path)
    except Unreadable:
        return ""  # the editor removed or renamed it
    if not data.strip() or (is_draft and data == made):
        files.remove(notebook.root, path, data)
        return ""
    title = notebook.reading(path).title
    if is_draft and title != note_id:
        named = file_name(str(session.setting("note.filename")), note_id, title)
        folder = path.rpartition("/")[0]
        return files.rename(notebook.root, path, f"{folder}/{named}" if folder else named)
    return path


def _planned(note_id: str, path: str, text: str, source: Note | None, linked: bytes, remarks: tuple[str, ...]) -> Answer:
    """What would be done, as a diff would show it."""
    lines = [Branch(((f"+ {line}", ""),)) for line in text.splitlines()]
    tree = [Branch(((f"{note_id}  {path}", "strong"),), tuple(lines))]
    if source:
        last = linked.decode().splitlines()[-1]
        tree.append(Branch(((f"{source.name}  {source.path}", "strong"),), (Branch(((f"+ {last}", ""),)),)))
    row = {"id": note_id, "path": path, "text": text, "dry_run": True}
    return Answer(
        "", (), COLUMNS, lines=[row], facts={"note": row}, tree=tuple(tree), remarks=(*remarks, "nothing was written (--dry-run)")
    )
