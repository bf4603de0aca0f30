"""Undo the last change, or redo it."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.adapters.journal import journal, log, recovery
from zettel.adapters.journal.journal import JournaledChange
from zettel.adapters.questions import confirm
from zettel.model.base.answer import Answer, Branch, Column, Document, Rows
from zettel.model.base.errors import DONE, NO, Declined, Refused
from zettel.model.edit.changes import Plan
from zettel.model.text.dates import format_shown_time
from zettel.model.text.fold import is_note_name
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.phrases import join_names
from zettel.session import Session
from zettel.views.diff import preview_plan, report_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import HistoryRecord

COLUMNS = (
    Column("When", "when", "date"),
    Column("What", "done", "title", may_wrap=True),
    Column("Files", "files"),
    Column("Undone", "undone"),
)


def run(session: Session, *, redo: bool = False, list: bool = False, yes: bool = False, dry_run: bool = False) -> Answer:
    """Undo the last change that is not undone yet, or (`redo`) redo the one undone last, or (`list`) list all changes in the journal.

    On a terminal, asks first if it changed no note, unless `yes`: then the person may have another change in mind.
    """
    notebook = session.open_notebook()
    if list:
        return _build_history_answer(notebook.root)
    asked: JournaledChange | None = None
    if session.console.is_interactive and not (yes or dry_run):
        asked = journal.plan_undo(notebook.root, redo=redo)
        if asked and not asked.changes_notes:
            _ask(session, asked, redo=redo)
    with notebook.lock():
        if (
            files.exists(notebook.root, files.PENDING) and not dry_run
        ):  # left over in a copy of a notebook, where `recover_pending` does not undo it
            return Document(text=f"{escape_unsafe(str(recovery.roll_back_pending(notebook.root)))}\n", facts={"dry_run": False})
        work = journal.plan_undo(notebook.root, redo=redo)
        if not work:
            return Answer(remarks=(f"there is nothing to {'redo' if redo else 'undo'}",), facts={"done": None}, exit_code=NO)
        if asked and work != asked:
            raise Refused("another change was made in the meantime", "nothing was undone or redone; try again")
        verb, other = ("redone", "undo it with: zettel undo") if redo else ("undone", "redo it with: zettel undo --redo")
        plan = Plan(
            work.changes,
            f"{verb}: {work.summary}",
            (f"{verb}: {work.summary}",),
            remarks=(f"would {'redo' if redo else 'undo'}: {work.summary}",),
        )
        if dry_run:
            return preview_plan(plan)
        journal.apply_journaled(notebook.root, work, session.console.choose_progress())
    notebook.follow_moves(work.changes)
    return report_plan(plan._replace(remarks=())).replace(closing_remarks=(*_describe_removed(work), other))


def _describe_removed(work: JournaledChange) -> tuple[str, ...]:
    """Return a remark on the new notes that are gone again: until the next change they can be redone, and then they are in the trash."""
    paths = [edit.path for edit in work.changes.edits if edit.after is None and is_note_name(edit.path)]
    return (
        (f"taken out of the notebook: {join_names(paths)}; the next change puts {'it' if len(paths) == 1 else 'them'} into the trash",)
        if paths
        else ()
    )


def _ask(session: Session, work: JournaledChange, *, redo: bool) -> None:
    """Ask whether to undo or redo a change that changed no note, and name the change of a note next to it. Raises `Declined`."""
    what, question, no = (
        ("the last undone change was", "Redo it?", "nothing was redone")
        if redo
        else ("the last change was", "Undo it?", "nothing was undone")
    )
    lines = [Branch(((f"{what}: {work.summary} (it changed no note)", ""),))]
    before = journal.list_next(session.open_notebook().root, redo=redo)[1:2]
    lines += [Branch(((f"the one {'after' if redo else 'before'} it: {entry.summary}", "dim"),)) for entry in before]
    if not confirm(session.console, lines, question):
        raise Declined(no)


def _build_history_answer(root: str) -> Answer:
    from time import localtime, strftime

    rows: list[HistoryRecord] = [
        {
            "when": strftime("%Y-%m-%d %H:%M:%S", localtime(entry.started_at)),
            "done": entry.summary,
            "files": entry.file_count,
            "undone": entry.is_undone,
        }
        for entry in log.list_entries(root)
    ]
    return Rows(
        name="history",
        rows=rows,
        columns=COLUMNS,
        display_rows=[{**row, "shown_time": format_shown_time(row["when"])} for row in rows],
        people_columns=(Column("When", "shown_time", "date"), *COLUMNS[1:]),
        empty_message="there is nothing to undo yet",
        exit_code=DONE,
    )
