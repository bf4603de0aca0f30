"""Plan to give a note another title, rename its file, and rewrite the links to it."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused, UsageError
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileMove, Plan, build_edits
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.proof import ANCHORS, FACETS, WORDS, ExpectedLink, find_difference
from zettel.model.edit.renames import Renames
from zettel.model.edit.retitle import retitle_file_name, retitle_note
from zettel.model.edit.rewrite_note import RewrittenNote, rewrite_links
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import split_path, to_nfc
from zettel.model.text.ids import find_ids, strip_id
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import find_free_path, follow_links, note_to_names


def plan_rename(notebook: OpenNotebook, note: Note, wanted: str, progress: Progress | None = None) -> Plan:
    """Plan the changes that give a note another title. Raises `UsageError` or `Refused`."""
    title = _parse_title(note, wanted)
    old = note_to_names(note)
    done = f'rename "{note.title}" to "{title}"'
    if title == note.title and (note.path not in notebook.unsaved or notebook.parse_file(note.path).title == title):
        return Plan(Changes(), done, remarks=(f'its title is already "{title}"',))
    new, remarks = _choose_name(notebook, old, title)
    renames = notebook.build_renames([(old, new)])
    before = notebook.read_unchanged_bytes(old.path)
    own, lost = _retitle(notebook, renames, old, new, before)
    followed = follow_links(notebook, renames, [(old.path, before, own)], progress)
    moves = (FileMove(old.path, new.path),) if new.path != old.path else ()
    twins = [twin for twin in notebook.catalogue.find_notes_by_title(title) if twin.path != old.path]
    remarks += tuple(f'{twin.handle} ({twin.path}) is also called "{title}"' for twin in twins)
    return Plan(
        Changes(build_edits([(old.path, before, own.data), *followed.files]), moves),
        done,
        (f'"{note.title}" is now "{title}": {new.path}', *followed.messages),
        (*remarks, *lost, *followed.remarks),
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


def _retitle(
    notebook: OpenNotebook, renames: Renames, old: NoteNames, new: NoteNames, before: bytes
) -> tuple[RewrittenNote, tuple[str, ...]]:
    """Rewrite the note's own bytes with the new title and links. Also returns remarks on what went with the old title.

    Raises `Refused` if no way to write the title works.
    """
    if files.decode_bytes(before)[1]:
        raise Refused(f"{old.path} is not UTF-8, so it cannot be rewritten", "convert it to UTF-8 first")
    original = notebook.parse_note(old.path, before)
    may_differ = {*FACETS, WORDS} - {"table cells", ANCHORS}
    refused: Refused | None = None
    has_own_anchors = b"#" in before and any(piece.dest.startswith("#") for passage in original.passages for _, piece in passage.pieces)
    for retitled, lost_links in retitle_note(before, new.title, lambda data: notebook.parse_note(old.path, data)):
        data = _follow_own_anchors(retitled, notebook.parse_note(old.path, retitled), old.title, new.title) if has_own_anchors else retitled
        between = notebook.parse_note(old.path, data)
        links = [ExpectedLink(link.syntax, link.text) for link in original.links if link not in lost_links]
        if not find_difference(original, between, may_differ=may_differ, links=links):
            lost_tags = [tag for tag in original.tags if tag not in between.tags and f"#{tag}" in to_nfc(old.title)]
            added = [tag for tag in between.tags if tag not in original.tags and f"#{tag}" in to_nfc(new.title)]
            expected = original._replace(tags=(*(tag for tag in original.tags if tag not in lost_tags), *added))
            if sorted(expected.tags) == sorted(between.tags):
                expected = expected._replace(tags=between.tags)
            try:
                result = rewrite_links(renames, old.path, data, notebook.parse_note, title=new.title, original=expected)
            except Refused as error:
                refused = refused or error
            else:
                lost = [*(link.text for link in lost_links), *(f"#{tag}" for tag in lost_tags)]
                return result, tuple(f"{text} was part of the old title, and is gone with it" for text in lost)
    raise refused or Refused(
        f'{old.path} would not be read with the title "{new.title}"', "choose another title, or write it there by hand: zettel edit NOTE"
    )


def _follow_own_anchors(data: bytes, parsed: ParsedNote, old: str, new: str) -> bytes:
    from zettel.model.edit.rename_heading import rename_own_anchors

    return rename_own_anchors(data, parsed, old, new)
