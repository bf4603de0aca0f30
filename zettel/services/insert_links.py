"""Insert suggested links into notes: plan the edits, show them, carry them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zettel.model.base.answer import Branch, Tree
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileEdit, list_changed_lines
from zettel.model.edit.insert_link import InsertedLink, choose_link_style, insert_link
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import InsertionPoint, NoteEnd
from zettel.model.suggest.score import Suggestion
from zettel.notebook.notebook import OpenNotebook
from zettel.views.diff import CHANGE_COLUMNS, build_diff_branches, format_patch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ChangeRecord, InsertedLinkRecord


class NoteLinkEdit(NamedTuple):
    """The edit of one note, with the links that it inserts as (target, link) in reading order."""

    note: Note
    edit: FileEdit
    links: tuple[tuple[Note, InsertedLink], ...]


def find_link_ends(note: Note, suggestion: Suggestion) -> tuple[InsertionPoint, Note, Note]:
    """Return the insertion point of a suggestion for `note`, the note to insert the link into, and the link's target."""
    point, other = suggestion.insertion_point, suggestion.note
    return (point, note, other) if point.source == note.path else (point, other, note)


def plan_insertions(
    notebook: OpenNotebook, wanted: Iterable[tuple[InsertionPoint, Note, Note]]
) -> tuple[list[NoteLinkEdit], list[Refused]]:
    """Plan the edits that insert links, one per note. Also returns a `Refused` for each link or note that has to be left out.

    Raises `Unreadable`.
    """
    by_source: dict[str, list[tuple[InsertionPoint, Note, Note]]] = {}
    for point, source, target in wanted:
        by_source.setdefault(source.path, []).append((point, source, target))
    changes: list[NoteLinkEdit] = []
    refused: list[Refused] = []
    for path, items in by_source.items():
        try:
            before = notebook.read_unchanged_bytes(path)
        except Refused as error:
            refused.append(error)
            continue
        link_style = choose_link_style(
            (link.syntax for link in notebook.parse_note(path, before).links), notebook.catalogue.count_links_by_syntax
        )
        after = before
        links: list[tuple[Note, InsertedLink]] = []
        at_end = [item for item in items if isinstance(item[0], NoteEnd)]
        within = sorted((item for item in items if not isinstance(item[0], NoteEnd)), key=lambda item: item[0].start)
        for point, _, target in (*at_end, *reversed(within)):  # from the end, so that the other offsets stay valid
            try:
                inserted = insert_link(
                    after,
                    point,
                    target,
                    link_style,
                    lambda data, path=path: notebook.parse_note(path, data),  # type: ignore[misc]
                    notebook.resolve_link,
                )
            except Refused as error:
                refused.append(error)
            else:
                after = inserted.data
                links.insert(len(links) if isinstance(point, NoteEnd) else 0, (target, inserted))
        if links:
            changes.append(NoteLinkEdit(items[0][1], FileEdit(path, before, after), tuple(links)))
    return changes, refused


def insert_links(notebook: OpenNotebook, changes: list[NoteLinkEdit], progress: Progress | None = None) -> None:
    """Write the changes, all or none, and record them in the journal. Raises `Refused` and `Unreadable`."""
    notebook.carry_out(combine_edits(changes), describe_insertions(changes), progress)


def describe_insertions(changes: list[NoteLinkEdit]) -> str:
    """Return the description of inserted links for `zettel undo`."""
    links = [(change.note, target) for change in changes for target, _ in change.links]
    return f"insert {len(links)} links" if len(links) != 1 else f'link "{links[0][0].title}" to "{links[0][1].title}"'


def insert_suggestion(notebook: OpenNotebook, note: Note, suggestion: Suggestion) -> str:
    """Insert the link of one suggestion for `note`, and return a message that says where. Raises `Refused` and `Unreadable`."""
    change = plan_suggestion(notebook, note, suggestion)
    insert_links(notebook, [change])
    return f"inserted into {change.note.name}"


def plan_suggestion(notebook: OpenNotebook, note: Note, suggestion: Suggestion) -> NoteLinkEdit:
    """Plan to insert the link of one suggestion for `note`. Raises `Refused` and `Unreadable`."""
    changes, refused = plan_insertions(notebook, [find_link_ends(note, suggestion)])
    if refused:
        raise refused[0]
    return changes[0]


def report_insertions(changes: list[NoteLinkEdit], remarks: tuple[str, ...] = (), *, dry_run: bool = False) -> Tree:
    """Report the changes, line by line."""
    rows: list[ChangeRecord] = [
        {"id": change.note.id, "path": change.note.path, "line": line.number, "before": line.before, "after": line.after}
        for change in changes
        for line in list_changed_lines(change.edit)
    ]
    links: list[InsertedLinkRecord] = [
        {"source": change.note.path, "target": target.path, "text": inserted.link.text, "syntax": inserted.link.syntax}
        for change in changes
        for target, inserted in change.links
    ]
    return Tree(
        name="changes",
        rows=rows,
        columns=CHANGE_COLUMNS,
        branches=build_insertion_branches(changes),
        custom_formats={"plain": lambda: format_patch(combine_edits(changes))},
        facts={"dry_run": dry_run, "links": links},
        remarks=remarks,
        closing_remarks=("nothing was written (--dry-run)",) if dry_run else (),
    )


def build_insertion_branches(changes: Iterable[NoteLinkEdit]) -> tuple[Branch, ...]:
    """Build branches that show the changes as a diff."""
    return build_diff_branches(combine_edits(changes))


def combine_edits(changes: Iterable[NoteLinkEdit]) -> Changes:
    """Return the edits of several notes as one set of changes."""
    return Changes(tuple(change.edit for change in changes))
