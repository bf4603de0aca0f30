"""Open, create or append to the daily note, which is found by its title."""

from __future__ import annotations

from datetime import datetime

from zettel.model.base.answer import Answer, Document
from zettel.model.note.note import summarise_note
from zettel.model.text.dates import parse_moment
from zettel.services.daily_note import build_draft, choose_place, find_daily_note, plan_daily_note
from zettel.services.piped_text import read_own_input, strip_blank_lines
from zettel.services.plans import perform_plan
from zettel.session import Session
from zettel.views.notes import build_changed_branch


def run(
    session: Session,
    *,
    append: str | None = None,
    day: str | None = None,
    folder: str | None = None,
    no_edit: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Open today's note, or that of `day`, in the editor. Creates it if it does not exist. With `append`, adds a line to it instead."""
    now = session.now()
    when = now if day is None else parse_moment(day, now)
    line = _format_list_item(now if when.date() == now.date() else None, _read_line(session, append))
    opening = [] if line or no_edit or dry_run or not session.console.is_interactive else session.find_editor()
    folder, pattern = choose_place(session, folder)
    draft = build_draft(session, when, folder)
    there = find_daily_note(session, session.open_notebook(), when, draft, pattern)
    answer: Answer
    if there and not line:
        summary = summarise_note(there)
        head = (build_changed_branch("there is", summary),)
        path, answer = (
            there.path,
            Document(text=f"{there.handle}\t{there.path}\n", facts={"note": summary, "made": []}, head=head, blocks=()),
        )
    else:
        answer = perform_plan(session, lambda notebook: plan_daily_note(session, notebook, when, draft, pattern, line), dry_run=dry_run)
        path = str(answer.facts["note"]["path"]) if answer.facts else ""  # type: ignore[index]
    if not opening:
        return answer
    from zettel.services.edit import AT_END, edit_note

    return Answer(remarks=edit_note(session, path, opening, place=AT_END, is_new=not there).remarks)


def _read_line(session: Session, append: str | None) -> str:
    """Return the text to add: that of `--append`, or what is piped in for `-` or if nothing else reads it."""
    if append is None:
        return strip_blank_lines(read_own_input(session, "to take it as a line, add: --append -"))
    return strip_blank_lines(session.console.read_text()) if append == "-" else append


def _format_list_item(now: datetime | None, text: str) -> str:
    """Format a text as a list item that begins with the time, unless that is None."""
    time = f"{now:%H:%M} " if now else ""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"- {time}{lines[0]}", *("  " + line if line else "" for line in lines[1:])]) if lines else ""
