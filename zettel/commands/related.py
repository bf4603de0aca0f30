"""Find the notes that are most closely related to a note but not linked to or from it."""

from __future__ import annotations

from zettel.commands.parts.missing import suggestions
from zettel.commands.parts.shared import Filters, filter_of, note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.exploring.missing import Suggestion, record
from zettel.session import Session

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Reasons", "why", "", may_wrap=True),
)
MOST = 10
"""How many notes to show if no limit is given."""

EVERY = 100_000
"""A limit that is never reached."""


def run(session: Session, *, note: str, **filters: Filters) -> Answer:
    """Return the notes most related to `note` that are not linked to or from it, best first, with score and reasons."""
    start = session.note(note)
    wanted = filter_of(session, filters)
    notebook = session.notebook()
    limit = wanted.limit or MOST
    is_filtered = bool(wanted.sort) or not wanted.is_open
    found = suggestions(session, start, EVERY if is_filtered else limit)
    if is_filtered:
        by_path = {suggestion.note.path: suggestion for suggestion in found}
        fit = [other.path for other in notebook.notes(wanted.without_limit(), by_path)]
        fitting = set(fit)
        found = [by_path[path] for path in (fit if wanted.sort else by_path) if path in fitting][:limit]
    rows = [record(suggestion) for suggestion in found]
    lines = [{**row, "why": suggestion.why} for row, suggestion in zip(rows, found, strict=True)]
    tree = (Branch(note_line(start), tuple(map(_branch, found))),) if found else ()
    nothing = f'no unlinked note is related to "{start.title}"'
    return Answer("related", rows, COLUMNS, lines=lines, tree=tree, nothing=nothing)


def _branch(suggestion: Suggestion) -> Branch:
    return Branch(note_line(suggestion.note), tuple(Branch(((reason.text, "dim"),)) for reason in suggestion.main_reasons))
