"""Insert suggested links into notes: plan the edits, show them, carry them out."""

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
    """The edit of one note, with the links that it inserts as (target, link) in reading order."""

    note: Note
    edit: Edit
    links: tuple[tuple[Note, Linked], ...]


def ends(note: Note, suggestion: Suggestion) -> tuple[Place, Note, Note]:
    """Return the insertion point of a suggestion for `note`, the note to insert the link into, and the link's target."""
    point, other = suggestion.place, suggestion.note
    return (point, note, other) if point.source == note.path else (point, other, note)


def plan(notebook: Notebook, wanted: Iterable[tuple[Place, Note, Note]]) -> tuple[list[Put], list[Refused]]:
    """Plan the edits that insert links, one per note. Also returns a `Refused` for each link or note that has to be left out.

    Raises `Unreadable`.
    """
    by_source: dict[str, list[tuple[Place, Note, Note]]] = {}
    for point, source, target in wanted:
        by_source.setdefault(source.path, []).append((point, source, target))
    changes: list[Put] = []
    refused: list[Refused] = []
    for path, items in by_source.items():
        try:
            before = notebook.known_data(path)
        except Refused as error:
            refused.append(error)
            continue
        link_style = manner((link.syntax for link in notebook.reading_of(path, before).links), notebook.syntaxes)
        after = before
        links: list[tuple[Note, Linked]] = []
        at_end = [item for item in items if isinstance(item[0], End)]
        within = sorted((item for item in items if not isinstance(item[0], End)), key=lambda item: item[0].start)
        for point, _, target in (*at_end, *reversed(within)):  # from the end, so that the other offsets stay valid
            try:
                inserted = linked(
                    after,
                    point,
                    target,
                    link_style,
                    lambda data, path=path: notebook.reading_of(path, data),  # type: ignore[misc]
                    notebook.named_by,
                )
            except Refused as error:
                refused.append(error)
            else:
                after = inserted.data
                links.insert(len(links) if isinstance(point, End) else 0, (target, inserted))
        if links:
            changes.append(Put(items[0][1], Edit(path, before, after), tuple(links)))
    return changes, refused


def carry_out(notebook: Notebook, changes: list[Put], progress: Progress | None = None) -> None:
    """Write the changes, all or none, and record them in the journal. Raises `Refused` and `Unreadable`."""
    links = [(change.note, target) for change in changes for target, _ in change.links]
    description = f"insert {len(links)} links" if len(links) != 1 else f'link "{links[0][0].title}" to "{links[0][1].title}"'
    notebook.carry_out(Changes(tuple(change.edit for change in changes)), description, progress)


def put(notebook: Notebook, note: Note, suggestion: Suggestion) -> str:
    """Insert the link of one suggestion for `note`, and return a message that says where. Raises `Refused` and `Unreadable`."""
    changes, refused = plan(notebook, [ends(note, suggestion)])
    if refused:
        raise refused[0]
    carry_out(notebook, changes)
    return f"inserted into {changes[0].note.name}"


def answer(changes: list[Put], remarks: tuple[str, ...] = (), *, dry_run: bool = False) -> Answer:
    """Report the changes, line by line."""
    rows = [
        {"id": change.note.id, "path": change.note.path, "line": line.number, "before": line.before, "after": line.after}
        for change in changes
        for line in lines(change.edit)
    ]
    links = [
        {"source": change.note.path, "target": target.path, "text": inserted.link.text, "syntax": inserted.link.syntax}
        for change in changes
        for target, inserted in change.links
    ]
    if dry_run:
        remarks = (*remarks, "nothing was written (--dry-run)")
    return Answer("changes", rows, COLUMNS, facts={"dry_run": dry_run, "links": links}, tree=branches(changes), remarks=remarks)


def branches(changes: Iterable[Put]) -> tuple[Branch, ...]:
    """Build branches that show the changes as a diff, one per note."""
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
