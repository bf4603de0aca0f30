"""Open notes in the editor at the place where one types, and look at what the editor has saved."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from zettel.adapters import editor
from zettel.adapters.editor_table import is_known_editor
from zettel.adapters.fs import files
from zettel.adapters.questions import ask_choice
from zettel.model.base.errors import Refused, Unreadable, ZettelError
from zettel.model.base.value import value
from zettel.model.note.frontmatter import find_body_start
from zettel.model.note.typing_place import add_typing_line, drop_typing_line, find_first_line, find_last_line, find_typing_place
from zettel.model.text.inert import clip
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.displaced_front_matter import RepairedText
    from zettel.services.new_note import NewNote

MAX_LINES_SHOWN = 8
"""Maximum number of lines shown of a text that stands above or inside front matter."""

MAX_LINE_SHOWN = 76
"""Maximum number of characters shown of one of these lines."""

SHORTEST_EDIT = 0.3
"""Seconds: nobody looks at a note for less, so an editor that returns sooner has not waited."""

AT_START, AT_END = "start", "end"


@value
class EditedNote:
    """What an editor has saved: the bytes of the note, None if its file is gone, and remarks for people."""

    data: bytes | None
    remarks: tuple[str, ...] = ()


def edit_note(
    session: Session,
    path: str,
    command: list[str] | None = None,
    *,
    line: int | None = None,
    place: str = AT_START,
    is_new: bool = False,
    pause: AbstractContextManager[None] | None = None,
) -> EditedNote:
    """Open the note at `path` in the editor, wait for it, and look at what it has saved.

    The cursor goes to `line` if it is known, else to the start or the end of the body (`place`), or in a note that `is_new` to where one types.
    Text that was typed above or inside the front matter is offered back. `pause` is entered while the editor has the terminal. Raises
    `UsageError`, `Refused` and `Unreadable`.
    """
    notebook = session.open_notebook()
    with pause or nullcontext():
        command = command or session.find_editor()
        located = files.locate_for_editor(notebook.root, path)
        given = _read_if_there(notebook, path)
        before = _add_typing_line(notebook, path, given) if is_new and given is not None else given
        text, column = _decode(before), 1
        if line is None and text is not None:
            if is_new:
                line, column = find_typing_place(text)
            else:
                line = find_last_line(text) if place == AT_END else find_first_line(text)
        editor.edit_file(located, command, session.environ, line if line and (line, column) != (1, 1) else None, column)
        if given is not None and before is not None:
            _drop_typing_line(notebook, path, given, before)
        return _look_at_saved(session, notebook, command, path, before, is_recorded=True)


def edit_new_note(session: Session, notebook: OpenNotebook, command: list[str], note: NewNote, *, is_draft: bool) -> NewNote | None:
    """Open a new note in the editor with the cursor where one types. Return the note as it is afterwards, or None if nothing was written.

    Removes a note that is empty, and a draft without new words. A draft whose title was left empty gets its first line as title, and its file is
    renamed. Keeps what the editor saved even if the editor fails.
    """
    from time import monotonic

    opened, started_at = _add_typing_line(notebook, note.path, note.data), monotonic()
    line, column = find_typing_place(opened.decode("utf-8", "replace"))
    failure: Unreadable | None = None
    try:
        editor.edit_file(files.locate_for_editor(notebook.root, note.path), command, session.environ, line, column)
    except Unreadable as error:
        failure = error
    except (ZettelError, KeyboardInterrupt):
        if is_draft:
            try:
                files.remove_created_file(notebook.root, note.path, opened)
            except (Refused, Unreadable):
                pass  # it has been edited since
        raise
    is_quick = monotonic() - started_at < SHORTEST_EDIT and not failure
    edited = _take_new_note(session, notebook, command, note, opened, is_draft=is_draft, is_quick=is_quick)
    if failure:
        saved_in = files.locate_for_editor(notebook.root, edited.path) if edited else ""
        raise Unreadable(failure.message, f"what it saved is in {saved_in}" if edited else "nothing was written, so no note was kept")
    return edited


def _take_new_note(
    session: Session, notebook: OpenNotebook, command: list[str], note: NewNote, opened: bytes, *, is_draft: bool, is_quick: bool
) -> NewNote | None:
    """Return a new note as the editor has saved it, or None if nothing was written. `is_quick` says that the editor returned at once."""
    if not files.exists(notebook.root, note.path):
        return None  # the editor removed or renamed it
    saved = notebook.read_bytes(note.path)
    if not saved.strip() or (is_draft and saved.split() == opened.split()):
        files.remove_created_file(notebook.root, note.path, saved)
        if is_quick and not is_known_editor(command, session.environ):
            session.console.say(
                f"{command[0]} returned at once; if it has a window of its own, use its option to wait, e.g. export EDITOR='… --wait'"
            )
        return None
    _drop_typing_line(notebook, note.path, note.data, opened)
    edited = _look_at_saved(session, notebook, command, note.path, opened, is_recorded=False)
    if edited.data is None or not edited.data.strip():
        if edited.data is not None:
            files.remove_created_file(notebook.root, note.path, edited.data)
        return None
    remarks = (*note.remarks, *edited.remarks)
    if is_draft:
        return _name_draft(session, notebook, note, edited.data, opened, remarks)
    from zettel.services.new_note import NewNote

    return NewNote(note.id, note.path, notebook.parse_note(note.path, edited.data).title, edited.data, remarks)


def _add_typing_line(notebook: OpenNotebook, path: str, data: bytes) -> bytes:
    """Make sure that a new note ends in an empty line if one types at its end. Return its bytes."""
    text = _decode(data)
    opened = data if text is None else add_typing_line(text).encode()
    if opened != data:
        files.rewrite_file(notebook.root, path, data, opened)
    return opened


def _drop_typing_line(notebook: OpenNotebook, path: str, given: bytes, opened: bytes) -> None:
    """Take the empty line out of a note again if nobody has typed there."""
    saved = _read_if_there(notebook, path)
    text = _decode(saved)
    if saved is None or text is None or opened == given:
        return
    after = drop_typing_line(given.decode(), opened.decode(), text).encode()
    if after != saved:
        files.rewrite_file(notebook.root, path, saved, after)


def _name_draft(session: Session, notebook: OpenNotebook, note: NewNote, data: bytes, opened: bytes, remarks: tuple[str, ...]) -> NewNote:
    """Give a draft its title: the one that was typed as such, else its first line. Rename its file by it."""
    from zettel.model.note.draft_title import fill_title
    from zettel.services.new_note import NewNote, choose_note_path

    path = note.path
    title, drafted = notebook.parse_note(path, data).title, notebook.parse_note(path, opened).title
    before, after = _decode(opened), _decode(data)
    if title == drafted and before is not None and after is not None and not _has_own_title(notebook, path, after):
        filled = fill_title(before, after)
        if filled:
            titled = filled.text.encode()
            if titled != data:
                files.rewrite_file(notebook.root, path, data, titled)
            data, title = titled, filled.title
    if title != drafted or _has_own_title(notebook, path, _decode(data) or ""):
        path = files.rename_note(notebook.root, path, choose_note_path(session, notebook, note.id, title, path.rpartition("/")[0]))
    return NewNote(note.id, path, notebook.parse_note(path, data).title, data, remarks)


def _has_own_title(notebook: OpenNotebook, path: str, text: str) -> bool:
    """Return whether a note has a title in its front matter or a heading of level 1."""
    fields = _parse_front_matter(text)
    if fields is not None and isinstance(given := fields.get("title"), str):
        return bool(given.strip())
    return any(passage.level == 1 and passage.text.strip() for passage in notebook.parse_note(path, text.encode()).passages)


def _look_at_saved(
    session: Session, notebook: OpenNotebook, command: list[str], path: str, before: bytes | None, *, is_recorded: bool
) -> EditedNote:
    """Look at what the editor has saved, offer to put misplaced text into the body, and return remarks on what else is wrong."""
    while True:
        if not files.exists(notebook.root, path):
            return EditedNote(None, (f"{path} is gone: the editor removed or renamed it",) if before is not None else ())
        data = notebook.read_bytes(path)
        if before is None or data == before:
            return EditedNote(data)
        if not data.strip():
            return EditedNote(data, (f"{path} is empty now; to remove it: zettel delete {_format_handle(path)}",) if before.strip() else ())
        old, text = _decode(before), _decode(data)
        if text is None:
            hint = f"save it as UTF-8: {_format_edit_command(path)}"
            return EditedNote(data, (f"{path} was not saved as UTF-8, so some of it cannot be read; {hint}",) if old else ())
        repaired = _repair(old or "", text)
        if not repaired:
            return EditedNote(data, (*_describe_front_matter(path, old or "", text), *_describe_title(notebook, path, before, data)))
        answer = _ask_to_repair(session, path, repaired)
        if answer == "e":
            editor.edit_file(files.locate_for_editor(notebook.root, path), command, session.environ, repaired.line)
            continue
        if answer == "n":
            return EditedNote(data, (f"{path} stays as it was saved; to repair it: {_format_edit_command(path)}, or zettel check --fix",))
        _write_repaired(notebook, path, data, repaired.text.encode(), is_recorded=is_recorded)
        return EditedNote(repaired.text.encode(), (_describe_repair(path, repaired),))


def _repair(before: str, after: str) -> RepairedText | None:
    """Return the repaired text of a note if its front matter slid off its first line or cannot be read any more, or its heading was damaged."""
    if not before.lstrip("\ufeff").startswith(("---", "+++", "# ")):
        return None
    from zettel.model.note.displaced_front_matter import repair_front_matter, repair_heading

    return repair_front_matter(before, after, parse_fields) or repair_heading(before, after)


def parse_fields(raw: str, language: str) -> Mapping[str, object] | None:
    """Return the fields of front matter, or None if it cannot be parsed."""
    from zettel.model.note.plain_yaml import parse_plain_fields

    plain = parse_plain_fields(raw) if language == "yaml" else None
    if plain is not None:
        return plain
    from zettel.adapters.parse.frontmatter import parse_fields_or_none

    return parse_fields_or_none(raw, language)


def _parse_front_matter(text: str) -> Mapping[str, object] | None:
    """Return the fields of a text's front matter by their lower-case names, or None if it has none that can be parsed."""
    from zettel.model.note.frontmatter import find_front_matter, fold_keys

    front = find_front_matter(text)
    fields = parse_fields(front.raw, front.language) if front else None
    return None if fields is None else fold_keys(fields)


def _describe_front_matter(path: str, before: str, after: str) -> tuple[str, ...]:
    """Return a remark if the front matter could be read before the edit, and now it cannot."""
    from zettel.model.note.displaced_front_matter import has_remains, is_sound

    if is_sound(before, after, parse_fields) or not has_remains(before, after):
        return ()
    return (
        f"the front matter of {path} can no longer be read, so its title, date and tags are ignored; correct it: {_format_edit_command(path)}",
    )


def _describe_title(notebook: OpenNotebook, path: str, before: bytes, after: bytes) -> tuple[str, ...]:
    """Return a remark if the edit removed the note's title, so that it is called by its file name."""
    old, new = _decode(before) or "", _decode(after) or ""
    if _find_head(old) == _find_head(new):
        return ()
    default, was, now = (notebook.parse_note(path, data).title for data in (b"", before, after))
    return (f"{path} no longer has a title, so it goes by its file name, {default}",) if now == default != was else ()


def _find_head(text: str) -> str:
    """Return the front matter of a text and the first line of its body."""
    start = find_body_start(text)
    return text[:start] + text[start:].lstrip().partition("\n")[0]


def _ask_to_repair(session: Session, path: str, repaired: RepairedText) -> str:
    """Show what was found and ask what to do: `y` to repair it, `n` to leave it, `e` to edit again. Without a terminal, it is `y`."""
    from zettel.model.note.displaced_front_matter import BEFORE_HEADING, UNQUOTED

    lost = "title" if repaired.place == BEFORE_HEADING else "title, date and tags"
    found, question = f"text stands {repaired.place} of {path}, so its {lost} would be lost:", "put it into the body?"
    words = [line for line in repaired.typed.splitlines() if line.strip()]
    if repaired.place == UNQUOTED:
        found, question = f"line {repaired.line} of the front matter of {path} cannot be read without quotes", "put its value into quotes?"
    elif not words:
        return "y"  # only blank lines
    shown = words[:MAX_LINES_SHOWN] + ([f"… {len(words) - MAX_LINES_SHOWN} more lines"] if len(words) > MAX_LINES_SHOWN else [])
    return (
        ask_choice(
            session.console,
            found,
            [clip(line, MAX_LINE_SHOWN) for line in shown],
            f"{question} (n keeps it as it is, e edits it again)",
            "Yne",
        )
        or "y"
    )


def _write_repaired(notebook: OpenNotebook, path: str, before: bytes, after: bytes, *, is_recorded: bool) -> None:
    """Write the repaired bytes of a note, so that `zettel undo` can take that back if it `is_recorded`. Raises `Refused` if it has changed since."""
    if not is_recorded:
        files.rewrite_file(notebook.root, path, before, after)
        return
    from zettel.model.edit.changes import Changes, FileEdit

    notebook.carry_out(Changes((FileEdit(path, before, after),)), f"move text of {path} into its body")


def _describe_repair(path: str, repaired: RepairedText) -> str:
    from zettel.model.note.displaced_front_matter import UNQUOTED

    if repaired.place == UNQUOTED:
        return f"put a value of the front matter of {path} into quotes"
    return f"put text that stood {repaired.place} of {path} into the body"


def _read_if_there(notebook: OpenNotebook, path: str) -> bytes | None:
    """Return the bytes of a note, or None if it is not there or cannot be read."""
    try:
        return notebook.read_bytes(path)
    except Unreadable:
        return None


def _decode(data: bytes | None) -> str | None:
    """Return the text of a note, or None unless it is UTF-8."""
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None


def _format_edit_command(path: str) -> str:
    return f"zettel edit {_format_handle(path)}"


def _format_handle(path: str) -> str:
    """Return what names a note on the command line: the ID in its file name, or its path."""
    from shlex import quote

    from zettel.model.text.ids import find_first_id

    return find_first_id(path.rpartition("/")[2]) or quote(path)
