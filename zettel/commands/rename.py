"""Give a note another title, rename its file, and rewrite the links to it."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.answer import Answer
from zettel.model.base.errors import Refused, UsageError
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileMove, Plan, build_edits
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.proof import FACETS, WORDS, ExpectedLink, find_difference
from zettel.model.edit.renames import Renames
from zettel.model.edit.retitle import retitle_file_name, retitle_note
from zettel.model.edit.rewrite_note import RewrittenNote, rewrite_links
from zettel.model.note.note import Note
from zettel.model.text.fold import split_path, to_nfc
from zettel.model.text.ids import find_ids, strip_id
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import find_free_path, follow_links, note_to_names, reload_note
from zettel.services.plans import perform_plan
from zettel.session import Session


def run(session: Session, *, note: str, title: list[str], dry_run: bool = False) -> Answer:
    """Give `note` the title `title`, which is a list of words."""
    found = session.resolve_note(note, "rename")
    words = [session.ask_missing(word, f'a new title for "{found.title}"') for word in title]
    wanted = " ".join(to_nfc(" ".join(words)).split())
    return perform_plan(
        session,
        lambda notebook: plan_rename(notebook, reload_note(notebook, found), wanted, session.console.choose_progress()),
        dry_run=dry_run,
    )


def plan_rename(notebook: OpenNotebook, note: Note, wanted: str, progress: Progress | None = None) -> Plan:
    """Plan the changes that give a note another title. Raises `UsageError` or `Refused`."""
    title = _parse_title(note, wanted)
    old = note_to_names(note)
    done = f'rename "{note.title}" to "{title}"'
    if title == note.title:
        return Plan(Changes(), done, remarks=(f'its title is already "{title}"',))
    new, remarks = _choose_name(notebook, old, title)
    renames = notebook.build_renames([(old, new)])
    before = notebook.read_unchanged_bytes(old.path)
    own = _retitle(notebook, renames, old, new, before)
    followed = follow_links(notebook, renames, [(old.path, before, own)], progress)
    moves = (FileMove(old.path, new.path),) if new.path != old.path else ()
    twins = [twin for twin in notebook.catalogue.find_notes_by_title(title) if twin.path != old.path]
    remarks += tuple(f'{twin.handle} ({twin.path}) is also called "{title}"' for twin in twins)
    return Plan(
        Changes(build_edits([(old.path, before, own.data), *followed.files]), moves),
        done,
        (f'"{note.title}" is now "{title}": {new.path}', *followed.messages),
        (*remarks, *followed.remarks),
        {"note": {"id": new.id, "path": new.path, "title": title}},
    )


def _parse_title(note: Note, wanted: str) -> str:
    """Return the new title without the note's own ID. Raises `UsageError` if it cannot be a title."""
    title = strip_id(wanted, note.id) if note.id else wanted
    if not title:
        raise UsageError("a note needs a title", 'zettel rename NOTE "New title"')
    if not title.isprintable():
        raise UsageError("the title contains a character that cannot be shown", "type it again")
    if find_ids(title):
        raise UsageError(
            f'"{title}" contains the number {find_ids(title)[0]}, which would be read as an ID', "leave it out; a note's own ID stays"
        )
    return title


def _choose_name(notebook: OpenNotebook, old: NoteNames, title: str) -> tuple[NoteNames, tuple[str, ...]]:
    """Return what the note will be called, and remarks about its file name."""
    folder, name = split_path(old.path)
    wanted = retitle_file_name(name, old.id, old.title, title)
    if wanted is None:
        return old._replace(title=title), (f"its file name stays {name}, which is not based on the title",)
    path = "/".join(filter(None, (folder, wanted)))
    free = find_free_path(notebook, path, old.path)
    return NoteNames(free, old.id, title, old.aliases), (f"{path} already exists, so its file is {free}",) * (free != path)


def _retitle(notebook: OpenNotebook, renames: Renames, old: NoteNames, new: NoteNames, before: bytes) -> RewrittenNote:
    """Rewrite the note's own bytes with the new title and links. Raises `Refused` if no way to write the title works."""
    if files.decode_bytes(before)[1]:
        raise Refused(f"{old.path} is not UTF-8, so it cannot be rewritten", "convert it to UTF-8 first")
    original = notebook.parse_note(old.path, before)
    links = [ExpectedLink(link.syntax, link.text) for link in original.links]
    may_differ = {*FACETS, WORDS} - {"table cells"}
    refused: Refused | None = None
    for data in retitle_note(before, new.title, lambda data: notebook.parse_note(old.path, data)):
        between = notebook.parse_note(old.path, data)
        lost = [tag for tag in original.tags if tag not in between.tags and f"#{tag}" in old.title]
        if not find_difference(original, between, may_differ=may_differ, links=links):
            expected = original._replace(tags=tuple(tag for tag in original.tags if tag not in lost))
            try:
                return rewrite_links(renames, old.path, data, notebook.parse_note, title=new.title, original=expected)
            except Refused as error:
                refused = refused or error
    raise refused or Refused(
        f'{old.path} would not be read with the title "{new.title}"', "choose another title, or write it there by hand: zettel edit NOTE"
    )
