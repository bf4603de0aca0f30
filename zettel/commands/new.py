"""Create a note from the command line, from stdin or in the editor."""

from __future__ import annotations

from collections.abc import Callable, Container

from zettel.adapters import files
from zettel.commands.parts.drafting import drafted
from zettel.model.answer import Answer, Branch, Column
from zettel.model.datetimes import datetime, timedelta
from zettel.model.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.note import Note
from zettel.model.tags import clean_tag
from zettel.model.writing import file_name, title_and_body, with_link
from zettel.notebook import Notebook
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
    title, text = _said(session, words, body)
    is_draft = not title
    if is_draft and not edit and not session.is_interactive:
        raise UsageError("there is nothing to note down", "zettel new A THOUGHT IN A FEW WORDS, or pipe a text into zettel new")
    opening = session.editor() if (edit or is_draft) and not dry_run else []
    notebook = session.notebook(fresh=bool(link_from))
    source = session.note(link_from) if link_from else None
    linking = (source, _linkable(notebook, source)) if source else None
    tags = tags_for(session, tag)
    when = session.now()
    draft = drafted(session, title, tags, text, when, str(session.setting("note.template")) if template is None else template)
    given, title = title, draft.title
    if dry_run:
        notebook.glance(given)
        remarks = _twins(notebook, given)
        note_id, path = free(notebook, session, when, title)
        linked = with_link(linking[1], note_id, title, path) if linking else b""
        return _planned(note_id, path, draft.data(note_id).decode(), source, linked, remarks)
    note_id, path, remarks = make(notebook, session, when, title, draft.data, None if opening else linking, given)
    data = draft.data(note_id)
    if opening:
        path, title = _edited(session, notebook, opening, note_id, path, data, is_draft=is_draft)
        if not path:
            return Answer(remarks=("nothing was written, so no note was kept",))
    if opening or not linking:
        notebook.note_made(path, f'new "{title}"')
        if linking:
            _link(notebook, *linking, note_id, title, path)
    row = {"id": note_id, "path": path, "title": title, "tags": list(tags)}
    return Answer("", (), COLUMNS, lines=[row], facts={"note": row}, text=f"{note_id}\t{path}\n", remarks=remarks)


def _said(session: Session, words: list[str], body: str | None) -> tuple[str, str]:
    """Return (title, body) from the command line and from stdin, if something is piped in."""
    title = " ".join(" ".join(words).split())
    text = body or ""
    if session.is_piped_into:
        piped = session.piped().decode("utf-8", "replace")
        if not title:
            title, piped = title_and_body(piped)
        text = "\n\n".join(part for part in (text, "\n".join(piped.splitlines()).strip("\n")) if part.strip())
    return title, text


def tags_for(session: Session, given: list[str]) -> tuple[str, ...]:
    """Return the tags of a new note: those in the setting `note.tags`, then those in `given`."""
    default = session.setting("note.tags")
    words = [*(default if isinstance(default, tuple) else ()), *(word for text in given for word in text.split(","))]
    return tuple(dict.fromkeys(clean for word in words if (clean := clean_tag(word))))


def free(
    notebook: Notebook, session: Session, when: datetime, title: str, folder: str | None = None, taken: Container[str] = ()
) -> tuple[str, str]:
    """Return the first free ID from the time `when` on that is not in `taken`, and the path for its note.

    The path is in `folder`, or in the folder for new notes if that is None. Both stay free only while the caller holds the lock.
    """
    by_second = session.setting("note.id") == "second"
    form = str(session.setting("note.filename"))
    while True:
        note_id = when.strftime("%Y%m%d%H%M%S" if by_second else "%Y%m%d%H%M")
        path = _path(session, file_name(form, note_id, title), folder)
        if note_id not in taken and notebook.is_free(note_id) and not files.exists(notebook.root, path):
            return note_id, path
        when += timedelta(seconds=1) if by_second else timedelta(minutes=1)


def _path(session: Session, name: str, folder: str | None = None) -> str:
    parts = (str(session.setting("note.folder")) if folder is None else folder).split("/")
    return "/".join([*filter(None, parts), name])


def make(
    notebook: Notebook,
    session: Session,
    when: datetime,
    title: str,
    data: Callable[[str], bytes],
    linking: tuple[Note, bytes] | None = None,
    given: str = "",
) -> tuple[str, str, tuple[str, ...]]:
    """Create the file under a free ID, holding the lock so that no other process can choose the same one.

    `data` returns the note's bytes for an ID. `linking` is a note with its bytes that gets a link to the new one: both are written or
    neither. Returns the ID, the path, and remarks on other notes with the title `given`.
    """
    with notebook.locked():
        notebook.glance(given)
        remarks = _twins(notebook, given)
        note_id, path = free(notebook, session, when, title)
        if linking:
            _link(notebook, *linking, note_id, title, path, made=data(note_id))
        else:
            files.create(notebook.root, path, data(note_id))
    return note_id, path, remarks


def _twins(notebook: Notebook, title: str) -> tuple[str, ...]:
    """Return a remark for each note that already has this title."""
    same = notebook.titled(title) if title else []
    return tuple(f'there is already a note called "{title}": {note.handle} ({note.path})' for note in same)


def _linkable(notebook: Notebook, source: Note) -> bytes:
    """Return the bytes of the note that will link to the new one. Raises `Refused` if text at its end would not be read as a link."""
    data = notebook.data(source.path)
    if files.decode(data)[1]:
        raise Refused(f"{source.path} is not UTF-8, so no link can be added to it", "convert it to UTF-8 first")
    number = "999912312359"
    after = with_link(data, number, "", source.path)
    if not any(link.dest == number and link.start >= len(data) for link in notebook.reading_of(source.path, after).links):
        raise Refused(f"{source.path} ends in code or a comment, where a link would not work", "close it, then try again")
    return data


def _link(notebook: Notebook, source: Note, before: bytes, note_id: str, title: str, path: str, made: bytes | None = None) -> None:
    """Add a link to the new note at the end of `source`. Also create the note if its bytes are given as `made`."""
    from zettel.model.editing.changes import Changes, edits

    changes = Changes(edits([(path, None, made), (source.path, before, with_link(before, note_id, title, path))]))
    notebook.carry_out(changes, f'new "{title}", linked from "{source.title}"' if made else f'link "{source.title}" to "{title}"')


def _edited(
    session: Session, notebook: Notebook, opening: list[str], note_id: str, path: str, made: bytes, *, is_draft: bool
) -> tuple[str, str]:
    """Open the new note in the editor. Return its path and title afterwards, or empty strings if nothing was written.

    Removes a note that is empty, and a draft that was not edited. Renames the file of a draft if it now has another title. Keeps what
    the editor saved even if the editor fails.
    """
    from zettel.adapters import editor

    try:
        editor.edit(files.place(notebook.root, path), opening, session.environ)
    except (ZettelError, KeyboardInterrupt):
        if is_draft:
            try:
                files.remove(notebook.root, path, made)
            except (Refused, Unreadable):
                pass  # it has been edited since
        raise
    if not files.exists(notebook.root, path):
        return "", ""  # the editor removed or renamed it
    data = notebook.data(path)
    if not data.strip() or (is_draft and data == made):
        files.remove(notebook.root, path, data)
        return "", ""
    title = notebook.reading(path).title
    if is_draft and title != notebook.reading_of(path, made).title:  # otherwise the title is still the default
        path = files.rename(notebook.root, path, _path(session, file_name(str(session.setting("note.filename")), note_id, title)))
    return path, title


def _planned(note_id: str, path: str, text: str, source: Note | None, linked: bytes, remarks: tuple[str, ...]) -> Answer:
    """Return the answer that shows the new note and link as added lines."""
    lines = [Branch(((f"+ {line}", ""),)) for line in text.splitlines()]
    tree = [Branch(((f"{note_id}  {path}", "strong"),), tuple(lines))]
    if source:
        last = linked.decode().splitlines()[-1]
        tree.append(Branch(((f"{source.name}  {source.path}", "strong"),), (Branch(((f"+ {last}", ""),)),)))
    row = {"id": note_id, "path": path, "text": text, "dry_run": True}
    return Answer(
        "", (), COLUMNS, lines=[row], facts={"note": row}, tree=tuple(tree), remarks=(*remarks, "nothing was written (--dry-run)")
    )
