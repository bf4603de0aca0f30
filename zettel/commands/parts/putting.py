"""Putting suggested links into notes: planning it, showing it, doing it. Used by suggest and review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zettel.commands.parts.shared import ARROWS, note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.editing.changes import Changes, Edit, excerpts, lines
from zettel.model.editing.linking import Linked, linked, manner
from zettel.model.errors import Refused
from zettel.model.exploring.missing import Suggestion
from zettel.model.exploring.places import End, Place
from zettel.model.note import Note
from zettel.notebook import Notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress

COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Before", "before", "", may_wrap=True),
    Column("After", "after", "", may_wrap=True),
)


class Put(NamedTuple):
    """One note's edit, with the links that it puts into it: (target, link) in reading order."""

    note: Note
    edit: Edit
    links: tuple[tuple[Note, Linked], ...]


def ends(note: Note, suggestion: Suggestion) -> tuple[Place, Note, Note]:
    """Where the link of a suggestion for `note` goes, from which note and to which."""
    place, other = suggestion.place, suggestion.note
    return (place, note, other) if place.source == note.path else (place, other, note)


def plan(notebook: Notebook, wanted: Iterable[tuple[Place, Note, Note]]) -> tuple[list[Put], list[Refused]]:
    """The changes that put links in place, one a note; and what speaks against those that cannot be put. Raises `Unreadable`."""
    by_source: dict[str, list[tuple[Place, Note, Note]]] = {}
    for place, source, target in wanted:
        by_source.setdefault(source.path, []).append((place, source, target))
    changes: list[Put] = []
    refused: list[Refused] = []
    for path, items in by_source.items():
        try:
            before = notebook.known_data(path)
        except Refused as error:
            refused.append(error)
            continue
        how = manner((link.syntax for link in notebook.reading_of(path, before).links), notebook.syntaxes)
        after = before
        links: list[tuple[Note, Linked]] = []
        at_end = [item for item in items if isinstance(item[0], End)]
        within = sorted((item for item in items if not isinstance(item[0], End)), key=lambda item: item[0].start)
        for place, _, target in (*at_end, *reversed(within)):  # from the end, so that offsets stay true
            try:
                done = linked(after, place, target, how, lambda data, path=path: notebook.reading_of(path, data), notebook.named_by)  # type: ignore[misc]
            except Refused as error:
                refused.append(error)
            else:
                after = done.data
                links.insert(len(links) if isinstance(place, End) else 0, (target, done))
        if links:
            changes.append(Put(items[0][1], Edit(path, before, after), tuple(links)))
    return changes, refused


def carry_out(notebook: Notebook, changes: list[Put], progress: Progress | None = None) -> None:
    """Write the changes, all or none. Raises `Refused` and `Unreadable`."""
    links = [(change.note, target) for change in changes for target, _ in change.links]
    done = f"put {len(links)} links in place" if len(links) != 1 else f'link "{links[0][0].title}" to "{links[0][1].title}"'
    notebook.carry_out(Changes(tuple(change.edit for change in changes)), done, progress)


def put(notebook: Notebook, note: Note, suggestion: Suggestion) -> str:
    """Put the link of one suggestion for `note` in place; says where. Raises `Refused` and `Unreadable`."""
    changes, refused = plan(notebook, [ends(note, suggestion)])
    if refused:
        raise refused[0]
    carry_out(notebook, changes)
    return f"put into {changes[0].note.name}"


def answer(changes: list[Put], remarks: tuple[str, ...] = (), *, dry_run: bool = False) -> Answer:
    """What is changed, line by line."""
    rows = [
        {"id": change.note.id, "path": change.note.path, "line": line.number, "before": line.before, "after": line.after}
        for change in changes
        for line in lines(change.edit)
    ]
    links = [
        {"source": change.note.path, "target": target.path, "text": done.link.text, "syntax": done.link.syntax}
        for change in changes
        for target, done in change.links
    ]
    if dry_run:
        remarks = (*remarks, "nothing was written (--dry-run)")
    return Answer("changes", rows, COLUMNS, facts={"dry_run": dry_run, "links": links}, tree=branches(changes), remarks=remarks)


def branches(changes: Iterable[Put]) -> tuple[Branch, ...]:
    """The changes as a diff."""
    return tuple(_branch(change) for change in changes)


def _branch(change: Put) -> Branch:
    below = [Branch(note_line(target, (ARROWS["out"] + " ", "arrow"))) for target, _ in change.links]
    for line in lines(change.edit):
        before, (lead, new, tail) = excerpts(line)
        below.append(Branch(((f"{change.note.path}:{line.number}", "path"),)))
        if line.before is not None:
            below.append(Branch((("- " + before, "dim"),)))
        if line.after is not None:
            below.append(Branch((("+ " + lead, ""), (new, "hit"), (tail, ""))))
    return Branch(note_line(change.note), tuple(below))
