"""Bring a note back from the trash, or list the notes in it."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Column, Rows
from zettel.model.text.dates import format_shown_time
from zettel.services.plans import perform_plan
from zettel.services.trash import find_trashed_note, list_trash, plan_restore
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import TrashedNoteRecord

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Path", "path", "path", may_wrap=True),
    Column("Deleted", "deleted", "date"),
)
PEOPLE_COLUMNS = (*COLUMNS[:2], Column("Deleted", "shown_time", "date"))


def run(session: Session, *, note: str | None = None, dry_run: bool = False) -> Answer:
    """Move `note` from the trash to where it was, or without one list the notes in the trash."""
    if note is None:
        return _list_trash(session)
    name = note.strip()
    return perform_plan(session, lambda notebook: plan_restore(notebook, find_trashed_note(notebook, name)), dry_run=dry_run)


def _list_trash(session: Session) -> Answer:
    from time import localtime, strftime

    rows: list[TrashedNoteRecord] = [
        {
            "id": trashed.note.id,
            "path": trashed.note.path,
            "title": trashed.note.title,
            "trash_path": trashed.note.trash_path,
            "deleted": strftime("%Y-%m-%dT%H:%M:%S", localtime(trashed.trashed_at)),
        }
        for trashed in list_trash(session.open_notebook())
    ]
    return Rows(
        name="trash",
        rows=rows,
        columns=COLUMNS,
        display_rows=[{**row, "shown_time": format_shown_time(row["deleted"])} for row in rows],
        people_columns=PEOPLE_COLUMNS,
        empty_message="the trash is empty",
    )
