"""Create new notes: draft the text, choose a free ID and a path, write the file, and link to it from another note."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.base.value import value
from zettel.model.note.new_note import append_link, build_file_name, build_note_text, format_timestamp
from zettel.model.note.note import Note
from zettel.model.note.note_style import BOTH, FRONT_MATTER, build_styled_text, is_plain_title
from zettel.model.note.tags import normalise_tag
from zettel.model.settings.settings import AUTO
from zettel.model.text.fast_datetime import datetime, timedelta
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.note_style import NoteStyle
    from zettel.model.note.parse import ParsedNote

HERE = "here"
"""The value of the settings for folders that stands for the current folder."""

MAX_ATTEMPTS = 5
"""How many IDs are tried for a note whose file another program creates at the same moment."""

SAMPLE_ID = "999912312359"
"""Stands for the ID of a note that has none yet. No other note has it."""


@value
class Draft:
    """A note to be created that has no ID yet: its title, tags, when it was drafted, and a function that returns its bytes for a given ID.

    `given_title` is the title that a person gave it, if any, while `title` may come from a template. It goes into `folder`, or the folder
    for new notes if that is None. It must get the ID `fixed_id`, or should get `wanted_id` if that is free.
    """

    title: str
    given_title: str
    tags: tuple[str, ...]
    when: datetime
    to_bytes: Callable[[str], bytes]
    folder: str | None = None
    fixed_id: str = ""
    wanted_id: str = ""

    def place(self, folder: str | None, fixed_id: str = "", wanted_id: str = "") -> Draft:
        """Return the draft for this folder, with the ID that it must get. An empty `wanted_id` leaves the one that it should get."""
        return Draft(self.title, self.given_title, self.tags, self.when, self.to_bytes, folder, fixed_id, wanted_id or self.wanted_id)


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
    """A note that gets a link to a new one, and its bytes before. The link goes below all of its lines if it has to be `at_end`."""

    note: Note
    data: bytes
    at_end: bool


def draft_note(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """Return the draft of a new note. An empty `template` means none. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:

        def write(_: str) -> bytes:
            return _write_text(session, title, tags, body, when).encode("utf-8", "replace")

        return Draft(title, title, tags, when, write)
    from zettel.adapters.zettel_dir import templates
    from zettel.model.note.template import TemplateValues, fill_template

    source = templates.read_template(session.find_root(), template)

    def fill(note_id: str) -> bytes:
        return fill_template(source, TemplateValues(title, note_id, when, tags, body), _parse_fields).encode("utf-8", "replace")

    parsed = session.open_notebook(refresh=False).parse_note(f"{SAMPLE_ID} {title}.md".replace("/", " "), fill(SAMPLE_ID))
    return Draft(parsed.title if title else "", title, tags, when, fill)


def _write_text(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime) -> str:
    """Return the text of a new note in the style of the notebook.

    A title that a heading would change, or that would be read as a tag or a link there, goes into front matter.
    """
    notebook = session.open_notebook(refresh=False)
    style, timestamp = choose_style(session, notebook)[0], format_timestamp(when)
    if style != FRONT_MATTER and body.startswith(f"# {title}\n"):
        body = body.partition("\n")[2]  # the heading is written again
    if style == BOTH and not title:
        style = FRONT_MATTER  # so that the editor opens below a field to fill in
    if style == FRONT_MATTER or is_plain_title(title):
        return build_styled_text(style, title, title, timestamp, tags, body)
    from zettel.model.edit.retitle import list_escape_variants

    plain = build_note_text(title, timestamp, tags, body)
    own = _parse_draft(notebook, plain)
    for heading in list_escape_variants(title):
        text = build_styled_text(style, heading, title, timestamp, tags, body)
        parsed = _parse_draft(notebook, text)
        if parsed.title == title and {*parsed.tags} == {*own.tags} and len(parsed.links) == len(own.links):
            return text
    return plain


def _parse_draft(notebook: OpenNotebook, text: str) -> ParsedNote:
    return notebook.parse_note(f"{SAMPLE_ID}.md", text.encode("utf-8", "replace"))


def choose_style(session: Session, notebook: OpenNotebook) -> NoteStyle:
    """Return the style of new notes: that of the settings, or for those that are `auto` that of most notes."""
    title, file_name = (str(session.get_setting_or_default(name)) for name in ("note.style", "note.filename"))
    if AUTO not in (title, file_name):
        return title, file_name
    common_title, common_file_name = notebook.detect_style()
    return common_title if title == AUTO else title, common_file_name if file_name == AUTO else file_name


def _parse_fields(raw: str, language: str) -> Mapping[str, object]:
    from zettel.adapters.parse import frontmatter

    try:
        return frontmatter.parse_fields(raw, language)
    except frontmatter.UnparsableFrontMatter as error:
        raise Refused(f"the template cannot be used: {error}", "zettel templates shows where it is") from None


def choose_tags(session: Session, given: list[str]) -> tuple[str, ...]:
    """Return the tags of a new note: those in the setting `note.tags`, then those in `given`."""
    default = session.get_setting_or_default("note.tags")
    words = [*(default if isinstance(default, tuple) else ()), *(word for text in given for word in text.split(","))]
    return tuple(dict.fromkeys(clean for word in words if (clean := normalise_tag(word))))


ONE_MINUTE = timedelta(minutes=1)


def find_free_id(
    session: Session, notebook: OpenNotebook, when: datetime, build_path: Callable[[str], str], used: Container[str] = ()
) -> tuple[str, str]:
    """Return the first free ID from the time `when` on that is not in `used`, and the path that `build_path` returns for it.

    Both stay free only while the caller holds the lock.
    """
    step = choose_id_step(session)
    while True:
        note_id = when.strftime("%Y%m%d%H%M%S" if step < ONE_MINUTE else "%Y%m%d%H%M")
        path = build_path(note_id)
        if note_id not in used and notebook.is_id_free(note_id) and not files.exists(notebook.root, path):
            return note_id, path
        when += step


def choose_id_step(session: Session) -> timedelta:
    """Return the time between two IDs that follow each other, as the setting `note.id` says."""
    return timedelta(seconds=1) if session.get_setting_or_default("note.id") == "second" else ONE_MINUTE


def choose_note_path(session: Session, notebook: OpenNotebook, note_id: str, title: str, folder: str | None = None) -> str:
    """Return the path of a new note, called as the style of new notes says, in `folder`, or in the folder for new notes if that is None."""
    return build_note_path(session, build_file_name(choose_style(session, notebook)[1], note_id, title), folder)


def build_note_path(session: Session, name: str, folder: str | None = None) -> str:
    """Return the path of a file in `folder`, or in the folder for new notes if that is None."""
    if folder is None:
        folder = str(session.get_setting_or_default("note.folder"))
        if folder == HERE:
            from zettel.services.new_note_folder import locate_current_folder

            folder = locate_current_folder(session)
    parts = folder.split("/")
    return "/".join([*filter(None, parts), name])


def identify_draft(session: Session, notebook: OpenNotebook, draft: Draft) -> NewNote:
    """Give a draft a free ID and a path, which stay free only while the caller holds the lock. Raises `Refused` if it must have one that is not."""
    notebook.refresh_names(draft.given_title)
    remarks = _describe_same_titles(notebook, draft.given_title)

    def build_path(note_id: str) -> str:
        return choose_note_path(session, notebook, note_id, draft.title, draft.folder)

    note_id = draft.fixed_id or draft.wanted_id
    if note_id:
        path = build_path(note_id)
        owner = _find_owner(notebook, note_id, path)
        if owner and draft.fixed_id:
            raise Refused(f"another note has the ID {note_id}: {owner}", f"see it with: zettel show {note_id}; or give another ID")
        if not owner:
            return NewNote(note_id, path, draft.title, draft.to_bytes(note_id), remarks)
        remarks = (*remarks, f"another note has the ID {note_id}, so this one got a new ID: {owner}")
    note_id, path = find_free_id(session, notebook, draft.when, build_path)
    return NewNote(note_id, path, draft.title, draft.to_bytes(note_id), remarks)


def _find_owner(notebook: OpenNotebook, note_id: str, path: str) -> str:
    """Return the path of the note that has this ID, or of the file that is in its place, or an empty string."""
    if notebook.is_id_free(note_id):
        return path if files.exists(notebook.root, path) else ""
    notebook.refresh()
    return next(iter(notebook.catalogue.find_paths_by_id(note_id)), "it is not on this machine")


def create_note(session: Session, notebook: OpenNotebook, draft: Draft, link_source: LinkSource | None = None) -> NewNote:
    """Create the file of a draft under a free ID, holding the lock so that no other process can choose the same one.

    A `link_source` gets a link to the new note: both are written or neither. Raises `Refused` if other programs, which know no lock, create
    the file first again and again.
    """
    with notebook.lock():
        for _ in range(MAX_ATTEMPTS):
            note = identify_draft(session, notebook, draft)
            try:
                if link_source:
                    add_link(notebook, link_source, note, creates_note=True)
                else:
                    files.create_file(notebook.root, note.path, note.data)
                break
            except FileExistsError:
                continue  # another program has just created it
        else:
            raise Refused(f"{note.path} already exists: another program has just created it", "nothing was written; try again")
    _report_early_id(session, notebook, note.id)
    return note


def _report_early_id(session: Session, notebook: OpenNotebook, note_id: str) -> None:
    """Say once that IDs run ahead of the clock, if this one does because its minute was taken."""
    now = session.now().strftime("%Y%m%d%H%M")
    if len(note_id) == len(now) and now < note_id < now[:8] + "9999":
        notebook.say_once(
            "early-id",
            "this minute already has a note, so the ID is that of a later one; "
            'for IDs with seconds, write note.id = "second" into .zettel/config.toml',
        )


def _describe_same_titles(notebook: OpenNotebook, title: str) -> tuple[str, ...]:
    """Return a remark for each note that already has this title."""
    same = notebook.catalogue.find_notes_by_title(title) if title else []
    return tuple(f'there is already a note called "{title}": {note.handle} ({note.path})' for note in same)


def read_link_source(notebook: OpenNotebook, note: Note) -> LinkSource:
    """Return the note that will link to the new one. Raises `Refused` if a text added to it would not be read as a link."""
    data = notebook.read_bytes(note.path)
    if files.decode_bytes(data)[1]:
        raise Refused(f"{note.path} is not UTF-8, so no link can be added to it", "convert it to UTF-8 first")
    before = [link.text for link in notebook.parse_note(note.path, data).links]
    for at_end in (False, True):
        links = notebook.parse_note(note.path, append_link(data, SAMPLE_ID, "", note.path, at_end=at_end)).links
        if before == [link.text for link in links if link.dest != SAMPLE_ID] and len(links) == len(before) + 1:
            return LinkSource(note, data, at_end)
    raise Refused(f"{note.path} ends in code or a comment, where a link would not work", "close it, then try again")


def add_link(notebook: OpenNotebook, source: LinkSource, note: NewNote, *, creates_note: bool = False) -> None:
    """Add a link to the new note at the end of the text of `source`, and with `creates_note` create that note in the same change."""
    from zettel.model.edit.changes import Changes, build_edits

    linked = append_link(source.data, note.id, note.title, note.path, at_end=source.at_end)
    changes = Changes(build_edits([(note.path, None, note.data if creates_note else None), (source.note.path, source.data, linked)]))
    new, old = f'"{note.title}"', f'"{source.note.title}"'
    notebook.carry_out(changes, f"new {new}, linked from {old}" if creates_note else f"link {old} to {new}")


def capture_title(session: Session, title: str, source: Note | None = None) -> NewNote:
    """Create a note of its title alone, as `zettel new TITLE` does, and link to it from `source` if that is given.

    Raises `UsageError`, `Refused` and `Unreadable`.
    """
    notebook = session.open_notebook()
    link_source = read_link_source(notebook, source) if source else None
    draft = draft_note(session, title, choose_tags(session, []), "", session.now(), _choose_template(session, notebook))
    note = create_note(session, notebook, draft, link_source)
    if not link_source:
        notebook.record_new_note(note.path, f'new "{note.title}"')
    return note


def capture_note(
    session: Session,
    title: str,
    *,
    body: str = "",
    tags: Sequence[str] = (),
    template: str | None = None,
    fixed_id: str = "",
    current_folder: str = "",
) -> NewNote:
    """Create a note as `zettel new` does. A template of None is the one of the settings, an empty one none.

    It goes into `current_folder` if the settings say that new notes go into the current folder. Raises as `capture_title` does.
    """
    folder = current_folder if session.get_setting_or_default("note.folder") == HERE else None
    notebook = session.open_notebook()
    chosen = _choose_template(session, notebook) if template is None else template
    draft = draft_note(session, title, choose_tags(session, list(tags)), body, session.now(), chosen)
    note = create_note(session, notebook, draft.place(folder, fixed_id))
    notebook.record_new_note(note.path, f'new "{note.title}"')
    return note


def _choose_template(session: Session, notebook: OpenNotebook) -> str:
    """Return the template of the settings if it exists, else an empty string."""
    template = str(session.get_setting_or_default("note.template"))
    if template:
        from zettel.adapters.zettel_dir.templates import list_templates

        template = template if template in list_templates(notebook.root) else ""
    return template
