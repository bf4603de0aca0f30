"""Create new notes: draft the text, choose a free ID and a path, write the file, and link to it from another note."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.base.value import value
from zettel.model.note.new_note import append_link, build_file_name, build_note_text, format_timestamp
from zettel.model.note.note import Note
from zettel.model.note.tags import normalise_tag
from zettel.model.text.fast_datetime import datetime, timedelta
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session


@value
class Draft:
    """A note to be created that has no ID yet: its title, when it was drafted, and a function that returns its bytes for a given ID.

    `given_title` is the title that a person gave it, if any, while `title` may come from a template.
    """

    title: str
    given_title: str
    when: datetime
    to_bytes: Callable[[str], bytes]


@value
class NewNote:
    """A new note: its ID, path, title and bytes, and remarks on other notes with the same title."""

    id: str
    path: str
    title: str
    data: bytes
    remarks: tuple[str, ...]


@value
class LinkSource:
    """A note that gets a link to a new one, and its bytes before."""

    note: Note
    data: bytes


def draft_note(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """Return the draft of a new note. An empty `template` means none. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:
        text = build_note_text(title, format_timestamp(when), tags, body)
        return Draft(title, title, when, lambda _: text.encode("utf-8", "replace"))
    from zettel.adapters.zettel_dir import templates
    from zettel.model.note.template import TemplateValues, fill_template

    source = templates.read_template(session.find_root(), template)

    def fill(note_id: str) -> bytes:
        return fill_template(source, TemplateValues(title, note_id, when, tags, body), _parse_fields).encode("utf-8", "replace")

    sample_id = "999912312359"  # the real ID is not known yet; no other note has this one
    parsed = session.open_notebook(refresh=False).parse_note(f"{sample_id} {title}.md".replace("/", " "), fill(sample_id))
    return Draft(parsed.title if title else "", title, when, fill)


def _parse_fields(raw: str, language: str) -> Mapping[str, object]:
    from zettel.adapters.parse import frontmatter

    try:
        return frontmatter.parse_fields(raw, language)
    except frontmatter.UnparsableFrontMatter as error:
        raise Refused(f"the template cannot be used: {error}", "zettel templates shows where it is") from None


def choose_tags(session: Session, given: list[str]) -> tuple[str, ...]:
    """Return the tags of a new note: those in the setting `note.tags`, then those in `given`."""
    default = session.get_setting("note.tags")
    words = [*(default if isinstance(default, tuple) else ()), *(word for text in given for word in text.split(","))]
    return tuple(dict.fromkeys(clean for word in words if (clean := normalise_tag(word))))


def find_free_id(
    notebook: OpenNotebook, session: Session, when: datetime, title: str, folder: str | None = None, used: Container[str] = ()
) -> tuple[str, str]:
    """Return the first free ID from the time `when` on that is not in `used`, and the path for its note.

    The path is in `folder`, or in the folder for new notes if that is None. Both stay free only while the caller holds the lock.
    """
    by_second = session.get_setting("note.id") == "second"
    form = str(session.get_setting("note.filename"))
    while True:
        note_id = when.strftime("%Y%m%d%H%M%S" if by_second else "%Y%m%d%H%M")
        path = build_note_path(session, build_file_name(form, note_id, title), folder)
        if note_id not in used and notebook.is_id_free(note_id) and not files.exists(notebook.root, path):
            return note_id, path
        when += timedelta(seconds=1) if by_second else timedelta(minutes=1)


def build_note_path(session: Session, name: str, folder: str | None = None) -> str:
    """Return the path of a file in `folder`, or in the folder for new notes if that is None."""
    parts = (str(session.get_setting("note.folder")) if folder is None else folder).split("/")
    return "/".join([*filter(None, parts), name])


def identify_draft(session: Session, notebook: OpenNotebook, draft: Draft) -> NewNote:
    """Give a draft a free ID and a path, which stay free only while the caller holds the lock."""
    notebook.refresh_names(draft.given_title)
    remarks = _describe_same_titles(notebook, draft.given_title)
    note_id, path = find_free_id(notebook, session, draft.when, draft.title)
    return NewNote(note_id, path, draft.title, draft.to_bytes(note_id), remarks)


def create_note(session: Session, notebook: OpenNotebook, draft: Draft, link_source: LinkSource | None = None) -> NewNote:
    """Create the file of a draft under a free ID, holding the lock so that no other process can choose the same one.

    A `link_source` gets a link to the new note: both are written or neither.
    """
    with notebook.lock():
        note = identify_draft(session, notebook, draft)
        if link_source:
            add_link(notebook, link_source, note, creates_note=True)
        else:
            files.create_file(notebook.root, note.path, note.data)
    return note


def _describe_same_titles(notebook: OpenNotebook, title: str) -> tuple[str, ...]:
    """Return a remark for each note that already has this title."""
    same = notebook.catalogue.find_notes_by_title(title) if title else []
    return tuple(f'there is already a note called "{title}": {note.handle} ({note.path})' for note in same)


def read_link_source(notebook: OpenNotebook, note: Note) -> LinkSource:
    """Return the note that will link to the new one. Raises `Refused` if text at its end would not be read as a link."""
    data = notebook.read_bytes(note.path)
    if files.decode_bytes(data)[1]:
        raise Refused(f"{note.path} is not UTF-8, so no link can be added to it", "convert it to UTF-8 first")
    number = "999912312359"
    after = append_link(data, number, "", note.path)
    if not any(link.dest == number and link.start >= len(data) for link in notebook.parse_note(note.path, after).links):
        raise Refused(f"{note.path} ends in code or a comment, where a link would not work", "close it, then try again")
    return LinkSource(note, data)


def add_link(notebook: OpenNotebook, source: LinkSource, note: NewNote, *, creates_note: bool = False) -> None:
    """Add a link to the new note at the end of `source`, and with `creates_note` create that note in the same change."""
    from zettel.model.edit.changes import Changes, build_edits

    linked = append_link(source.data, note.id, note.title, note.path)
    changes = Changes(build_edits([(note.path, None, note.data if creates_note else None), (source.note.path, source.data, linked)]))
    new, old = f'"{note.title}"', f'"{source.note.title}"'
    notebook.carry_out(changes, f"new {new}, linked from {old}" if creates_note else f"link {old} to {new}")
