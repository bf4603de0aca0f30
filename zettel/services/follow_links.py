"""Make links follow a note that is renamed, moved, merged or deleted, and report what was rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress, SilentProgress
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.renames import LinkRename, Renames
from zettel.model.edit.rewrite_note import RewrittenNote, rewrite_links
from zettel.model.link.link import AMBIGUOUS, DANGLING, NOT_A_LINK, OK, Link
from zettel.model.note.note import Note
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import strip_suffix
from zettel.model.text.phrases import clip_names, format_count
from zettel.notebook.notebook import OpenNotebook

FileVersions = tuple[str, bytes | None, bytes | None]
"""A path, and the file's bytes before and after."""

MAX_LINKS_NAMED = 5
"""Maximum number of links that a remark names."""


class FollowedLinks(NamedTuple):
    """The files whose links were rewritten, messages about them, and remarks."""

    files: list[FileVersions]
    messages: tuple[str, ...]
    remarks: tuple[str, ...]


def note_to_names(note: Note) -> NoteNames:
    """Return the names that links can use for a note."""
    return NoteNames(note.path, note.id, note.title, note.aliases)


def reload_note(notebook: OpenNotebook, note: Note) -> Note:
    """Return a note as it is after the notebook was refreshed. Raises `Refused` if it is gone."""
    notes = notebook.catalogue.find_notes_by_path([note.path])
    if not notes:
        raise Refused(f"{note.path} has changed in the meantime", "nothing was written; try again")
    return notes[note.path]


def find_free_path(notebook: OpenNotebook, path: str, own_path: str = "") -> str:
    """Return the first of `path`, `path 2`, ... at which there is no file, except the one at `own_path`."""
    stem = strip_suffix(path)
    number, free = 1, path
    while files.is_occupied(notebook.root, free, own_path):
        number += 1
        free = f"{stem} {number}{path[len(stem) :]}"
    return free


def follow_links(
    notebook: OpenNotebook, renames: Renames, own_files: Sequence[tuple[str, bytes, RewrittenNote]], progress: Progress | None = None
) -> FollowedLinks:
    """Rewrite the links to the renamed notes, and return the changed files.

    `own_files` holds the notes whose links the caller has rewritten already, as (path, bytes before, result). They count in the messages only.
    Raises `Refused`.
    """
    own_paths = {path for path, _, _ in own_files}
    links = {
        (item.link.source, item.link.start, item.link.dest): item
        for path in renames.paths
        for item in notebook.catalogue.find_links(target=path)
    }
    links |= {
        (item.link.source, item.link.start, item.link.dest): item for item in notebook.catalogue.find_links_by_keys(renames.affected_keys)
    }
    choices = [
        renames.build_link_rename(item.link, item.resolution)
        for _, item in sorted(links.items())
        if item.link.source not in own_paths and item.link.source not in notebook.unsaved
    ]
    unsaved = sorted(set(notebook.unsaved) - own_paths)
    choices += [renames.build_link_rename(link) for path in unsaved for link in notebook.parse_file(path).links]
    sources = sorted({choice.link.source for choice in choices if choice.is_rewritten or choice.may_show_old_title})
    changed: list[FileVersions] = []
    rewritten: list[Link] = []
    stale: list[Link] = []
    with (progress or SilentProgress)("Rewriting links", len(sources)) as step:
        for path in sources:
            data = notebook.read_bytes(path)
            result = rewrite_links(renames, path, data, notebook.parse_note)
            changed.append((path, data, result.data))
            rewritten += result.rewritten_links
            stale += result.stale_links
            step(path)
    for _, _, result in own_files:
        rewritten += result.rewritten_links
        stale += result.stale_links
    own_choices = [renames.build_link_rename(link) for path, data, _ in own_files for link in notebook.parse_note(path, data).links]
    notes = len({link.source for link in rewritten})
    messages = (f"updated {format_count(len(rewritten), 'link')} in {format_count(notes, 'note')}",) if rewritten else ()
    return FollowedLinks(changed, messages, tuple(_build_remarks(renames, [*choices, *own_choices], stale)))


def _build_remarks(renames: Renames, choices: Iterable[LinkRename], stale: list[Link]) -> list[str]:
    groups: dict[str, list[Link]] = {}
    for choice in choices:
        if choice.changes_resolution:
            groups.setdefault(_describe_outcome(choice), []).append(choice.link)
    remarks = [
        f"{format_count(len(links), 'link')} {outcome.format(s='s' * (len(links) == 1))}: {_format_links(links)}"
        for outcome, links in sorted(groups.items())
    ]
    if stale:
        remarks.append(
            f"{format_count(len(stale), 'link')} keep{'s' * (len(stale) == 1)} the old label, since the new title would be markup there: {_format_links(stale)}"
        )
    return remarks


def _describe_outcome(choice: LinkRename) -> str:
    before = {DANGLING: "that led nowhere", NOT_A_LINK: "that led nowhere", AMBIGUOUS: "that several notes matched"}.get(
        choice.old_resolution.status, ""
    )
    now = choice.new_resolution
    if now.status == OK:
        return f"{before} lead{{s}} to {now.target} now"
    if now.status == AMBIGUOUS:
        return f"{before} can mean {' or '.join(now.candidates)} now"
    return f"{before} lead{{s}} nowhere from now on"


def _format_links(links: list[Link]) -> str:
    return clip_names([f"{link.source}:{link.line} {collapse_whitespace(link.text)}" for link in links], MAX_LINKS_NAMED)
