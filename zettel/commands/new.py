"""Create a note from the command line, from stdin or in the editor."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Branch, Column, Document, Tree
from zettel.model.base.errors import UsageError
from zettel.model.note.new_note import append_link
from zettel.model.text.ids import find_leading_id, is_id, strip_id
from zettel.services.new_note import (
    Draft,
    LinkSource,
    NewNote,
    add_link,
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
    from zettel.model.text.fast_datetime import datetime

COLUMNS = (Column("ID", "id", "id"), Column("Path", "path", "path", may_wrap=True))


def run(
    session: Session,
    *,
    words: list[str],
    tag: list[str],
    body: str | None = None,
    template: str | None = None,
    link_from: str | None = None,
    id: str | None = None,
    folder: str | None = None,
    date: str | None = None,
    edit: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Create a note from `words`, from stdin or in the editor, and return its ID and path."""
    fixed_id = _check_id(id)
    target = None if folder is None else _resolve_folder(session, folder)
    when = session.now() if date is None else _parse_date(session, date)
    source = session.resolve_note(link_from, "link from") if link_from else None
    link_source = read_link_source(session.open_notebook(), source) if source else None
    title, text = _read_title_and_body(session, words, body)
    is_draft = not title and not text.strip()
    if is_draft and not edit and not session.console.is_interactive:
        raise UsageError("there is nothing to write down", "zettel new A THOUGHT IN A FEW WORDS, or pipe a text into zettel new")
    opening = session.find_editor() if (edit or is_draft) and not dry_run else []
    notebook = session.open_notebook(refresh=bool(link_from))
    tags = choose_tags(session, tag)
    draft, wanted_id = _draft_piped_note(session, title, tags, text, when, template, has_own_date=bool(date)), ""
    if draft is None:
        if not title and text:
            from zettel.model.note.draft_title import split_title

            title, text = split_title(text)
            wanted_id, title = _split_id(title)
            if not title:
                raise UsageError("the text has no words to make a title of", "name the note: zettel new TITLE --body -")
        named = _choose_template(session) if template is None else template
        draft = draft_note(session, title, tags, text, when, named)
    draft = draft.place(target, fixed_id, wanted_id)
    if dry_run:
        return _build_dry_run_answer(identify_draft(session, notebook, draft), link_source)
    note = create_note(session, notebook, draft, None if opening else link_source)
    if opening:
        from zettel.services.edit import edit_new_note

        edited = edit_new_note(session, notebook, opening, note, is_draft=is_draft)
        if not edited:
            return Answer(remarks=("nothing was written, so no note was kept",))
        note = edited
    if opening or not link_source:
        notebook.record_new_note(note.path, f'new "{note.title}"')
        if link_source:
            add_link(notebook, link_source, note)
    row: NewNoteRecord = {"id": note.id, "path": note.path, "title": note.title, "tags": list(draft.tags)}
    return Document(
        columns=COLUMNS,
        display_rows=[row],
        facts={"note": row},
        text=f"{note.id}\t{note.path}\n",
        head=(Branch((("new ", "dim"), (note.id, "id"), (" ", ""), (note.title, "title"))),),
        blocks=(),
        remarks=note.remarks,
    )


def _choose_template(session: Session) -> str:
    """Return the template of the settings, or an empty string for none. Says on stderr if it does not exist: a thought is not lost for that."""
    named = str(session.get_setting_or_default("note.template"))
    if named:
        from zettel.adapters.zettel_dir.templates import list_templates

        if named not in list_templates(session.find_root()):
            session.console.say(f'there is no template "{named}", which the setting note.template names; going on without it')
            return ""
    return named


def _check_id(given: str | None) -> str:
    """Return the ID that was given, or an empty string for none. Raises `UsageError` unless it is one."""
    if given is not None and not is_id(given):
        raise UsageError(f'"{given}" is not an ID', "an ID has exactly 12 or 14 digits: zettel new --id 202405031200 TITLE")
    return given or ""


def _resolve_folder(session: Session, folder: str) -> str:
    from zettel.services.new_note_folder import resolve_folder

    return resolve_folder(session, folder)


def _parse_date(session: Session, text: str) -> datetime:
    from zettel.model.text.dates import parse_moment

    return parse_moment(text, session.now())


def _read_title_and_body(session: Session, words: list[str], body: str | None) -> tuple[str, str]:
    """Return the title on the command line, and the text of `--body` and stdin.

    With words, even empty ones, stdin is only read for `--body -`, or if nothing else reads it.
    """
    title = " ".join(" ".join(words).split())
    if title == "-":
        title, body, words = "", "-" if body is None else body, []
    if body == "-":
        return title, session.console.read_text()
    piped = ""
    if session.console.has_piped_input:
        from zettel.services.piped_text import read_own_input

        piped = read_own_input(session, "to take it as the body, add: --body -") if words or body else session.console.read_text()
    return title, "\n\n".join(part.strip("\n") for part in (body or "", piped) if part.strip())


def _split_id(title: str) -> tuple[str, str]:
    """Split the title line of a piped text into the ID that it begins with, if any, and the title."""
    note_id = find_leading_id(title) or ""
    return (note_id, strip_id(title, note_id)) if note_id and strip_id(title, note_id) else ("", title)


def _draft_piped_note(
    session: Session, title: str, tags: tuple[str, ...], text: str, when: datetime, template: str | None, *, has_own_date: bool
) -> Draft | None:
    """Return the draft of a text that has front matter of its own, or None if it has none."""
    if text[:3] not in ("---", "+++"):
        return None
    from zettel.model.note.frontmatter import find_front_matter

    front = find_front_matter(text)
    if front is None:
        return None
    if template:
        raise UsageError("the piped text has its own front matter, so it needs no template", "leave out --template")
    from zettel.services.piped_note import draft_piped_note

    return draft_piped_note(session, text, front, title, tags, when, has_own_date=has_own_date)


def _build_dry_run_answer(note: NewNote, link_source: LinkSource | None) -> Answer:
    """Return the answer that shows the new note, and the link to it, as a diff."""
    from zettel.model.edit.changes import Changes, build_edits
    from zettel.views.diff import build_diff_branches, format_patch

    files: list[tuple[str, bytes | None, bytes | None]] = [(note.path, None, note.data)]
    if link_source:
        linked = append_link(link_source.data, note.id, note.title, note.path, at_end=link_source.at_end)
        files.append((link_source.note.path, link_source.data, linked))
    changes = Changes(build_edits(files))
    row: NewNoteRecord = {"id": note.id, "path": note.path, "text": note.data.decode(), "dry_run": True}
    return Tree(
        columns=COLUMNS,
        display_rows=[row],
        branches=build_diff_branches(changes),
        custom_formats={"plain": lambda: format_patch(changes)},
        facts={"note": row},
        remarks=note.remarks,
        closing_remarks=("nothing was written (--dry-run)",),
    )
