"""Create new notes: draft the text, choose a free ID and a path, write the file, and link to it from another note."""

from __future__ import annotations

from collections.abc import Callable, Container

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.base.value import value
from zettel.model.note.new_note import append_link, build_file_name, build_note_text, format_timestamp
from zettel.model.note.note import Note
from zettel.model.note.tags import normalise_tag
from zettel.model.text.fast_datetime import datetime, timedelta
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@value
class Draft:
    """A note to be created: its title, and a function that returns its bytes for a given ID."""

    title: str
    to_bytes: Callable[[str], bytes]


def draft_note(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """Return the draft of a new note. An empty `template` means none. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:
        text = build_note_text(title, format_timestamp(when), tags, body)
        return Draft(title, lambda _: text.encode("utf-8", "replace"))
    from zettel.adapters.zettel_dir import templates
    from zettel.model.note.template import TemplateValues, fill_template

    source = templates.read_template(session.find_root(), template)

    def fill(note_id: str) -> bytes:
        return fill_template(source, TemplateValues(title, note_id, when, tags, body), _parse_fields).encode("utf-8", "replace")

    sample_id = "999912312359"  # the real ID is not known yet; no other note has this one
    parsed = session.open_notebook(refresh=False).parse_note(f"{sample_id} {title}.md".replace("/", " "), fill(sample_id))
    return Draft(parsed.title if title else "", fill)


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
        path = _build_path(session, build_file_name(form, note_id, title), folder)
        if note_id not in used and notebook.is_id_free(note_id) and not files.exists(notebook.root, path):
            return note_id, path
        when += timedelta(seconds=1) if by_second else timedelta(minutes=1)


def _build_path(session: Session, name: str, folder: str | None = None) -> str:
    parts = (str(session.get_setting("note.folder")) if folder is None else folder).split("/")
    return "/".join([*filter(None, parts), name])


def create_note(
    notebook: OpenNotebook,
    session: Session,
    when: datetime,
    title: str,
    data: Callable[[str], bytes],
    link_source: tuple[Note, bytes] | None = None,
    given_title: str = "",
) -> tuple[str, str, tuple[str, ...]]:
    """Create the file under a free ID, holding the lock so that no other process can choose the same one.

    `data` returns the note's bytes for an ID. `link_source` is a note with its bytes that gets a link to the new one: both are written or
    neither. Returns the ID, the path, and remarks on other notes with the title `given_title`.
    """
    with notebook.lock():
        notebook.refresh_names(given_title)
        remarks = _describe_same_titles(notebook, given_title)
        note_id, path = find_free_id(notebook, session, when, title)
        if link_source:
            _add_link(notebook, *link_source, note_id, title, path, new_data=data(note_id))
        else:
            files.create_file(notebook.root, path, data(note_id))
    return note_id, path, remarks


def _describe_same_titles(notebook: OpenNotebook, title: str) -> tuple[str, ...]:
    """Return a remark for each note that already has this title."""
    same = notebook.find_notes_by_title(title) if title else []
    return tuple(f'there is already a note called "{title}": {note.handle} ({note.path})' for note in same)


def _add_link(
    notebook: OpenNotebook, source: Note, before: bytes, note_id: str, title: str, path: str, new_data: bytes | None = None
) -> None:
    """Add a link to the new note at the end of `source`. Also create the note if its bytes are given as `new_data`."""
    from zettel.model.edit.changes import Changes, build_edits

    changes = Changes(build_edits([(path, None, new_data), (source.path, before, append_link(before, note_id, title, path))]))
    notebook.carry_out(changes, f'new "{title}", linked from "{source.title}"' if new_data else f'link "{source.title}" to "{title}"')
