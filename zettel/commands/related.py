"""Find the notes that are most closely related to a note but not linked to or from it."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Branch, Column, Tree
from zettel.model.suggest.score import Suggestion, suggestion_to_record
from zettel.services.filters import FilterOptions, build_filter
from zettel.services.suggest import suggest_links
from zettel.session import Session
from zettel.views.notes import build_note_branch, format_note

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Reasons", "why", "", may_wrap=True),
)
DEFAULT_LIMIT = 10
"""How many notes to show if no limit is given."""

UNLIMITED = 100_000
"""A limit that is never reached."""


def run(session: Session, *, note: str, filters: FilterOptions) -> Answer:
    """Return the notes most related to `note` that are not linked to or from it, best first, with score and reasons."""
    start = session.resolve_note(note)
    wanted = build_filter(session, filters)
    notebook = session.open_notebook()
    limit = wanted.limit or DEFAULT_LIMIT
    is_filtered = bool(wanted.sort) or not wanted.matches_all
    found = suggest_links(session, start, UNLIMITED if is_filtered else limit)
    if is_filtered:
        by_path = {suggestion.note.path: suggestion for suggestion in found}
        fit = [other.path for other in notebook.catalogue.list_notes(wanted.drop_limit(), by_path)]
        fitting = set(fit)
        found = [by_path[path] for path in (fit if wanted.sort else by_path) if path in fitting][:limit]
    rows = [suggestion_to_record(suggestion) for suggestion in found]
    lines = [{**row, "why": suggestion.why} for row, suggestion in zip(rows, found, strict=True)]
    tree = (Branch(format_note(start), tuple(map(_build_branch, found))),) if found else ()
    nothing = f'no unlinked note is related to "{start.title}"'
    return Tree(
        name="related",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        branches=tree,
        is_spaced=True,
        empty_message=nothing,
    )


def _build_branch(suggestion: Suggestion) -> Branch:
    return build_note_branch(suggestion.note, tuple(Branch(((reason.text, "dim"),)) for reason in suggestion.main_reasons))
