"""Split a note: make notes of its sections."""

from __future__ import annotations

from itertools import pairwise

from zettel.model.base.answer import Answer, Column, Rows
from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.changes import Plan
from zettel.model.edit.note_part import build_section_parts
from zettel.model.edit.sections import Section, list_sections_below_title
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.services.find_section import find_section, resolve_heading
from zettel.services.follow_links import reload_note
from zettel.services.plans import perform_plan
from zettel.services.split import plan_split, read_split_source
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import HeadingRecord

NEEDS_QUOTES = True

COLUMNS = (Column("No", "number", "dim"), Column("Heading", "heading", "heading", may_wrap=True), Column("Line", "line", "dim"))


def run(session: Session, *, note: str, headings: list[str], all: bool = False, tag: list[str] = [], dry_run: bool = False) -> Answer:  # noqa: B006
    """Make a note of the section under each of `headings`, or (`all`) under every heading directly below the title. Without any, list the headings."""
    found, heading = resolve_heading(session, note)
    headings = [*([heading] if heading else []), *headings]
    if all and headings:
        raise UsageError("--all takes every heading, so do not name any", "zettel split NOTE --all")
    if not headings and not all:
        return _build_list_answer(session, found)

    def plan(notebook: OpenNotebook) -> Plan:
        source = read_split_source(notebook, reload_note(notebook, found))
        known = list_sections_below_title(*source.version)
        if not known:
            raise Refused(f'"{found.title}" has no heading except its title', "extract lines instead: zettel extract NOTE LINES")
        chosen = _list_top_sections(known) if all else _choose_sections(known, headings, found)
        return plan_split(session, notebook, source, build_section_parts(chosen, source.list_sections()), tag, f'split "{found.title}"')

    return perform_plan(session, plan, dry_run=dry_run)


def _build_list_answer(session: Session, note: Note) -> Answer:
    source = read_split_source(session.open_notebook(), note)
    rows: list[HeadingRecord] = [
        {"number": number, "heading": one.heading, "level": one.level, "line": one.line, "path": note.path}
        for number, one in enumerate(list_sections_below_title(*source.version), 1)
    ]
    return Rows(
        name="headings",
        rows=rows,
        columns=COLUMNS,
        closing_remarks=("to make notes of them, name their words or numbers: zettel split NOTE HEADING",) if rows else (),
        empty_message=f'"{note.title}" has no heading except its title',
    )


def _list_top_sections(known: list[Section]) -> list[Section]:
    highest = min(one.level for one in known)
    return [one for one in known if one.level == highest]


def _choose_sections(known: list[Section], headings: list[str], note: Note) -> list[Section]:
    """Return the sections that `headings` name, in order, each once. Raises `UsageError`."""
    chosen = {find_section(known, text, note, "zettel split NOTE lists its headings") for text in headings}
    found = sorted(chosen, key=lambda section: section.start)
    for one, other in pairwise(found):
        if other.start < one.end:
            raise UsageError(f'"{other.heading}" is below "{one.heading}"', "split off the upper one first, then split the new note")
    return found
