"""Split a note: make notes of its sections."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zettel.model.base.answer import Answer, Column
from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.sections import Section, list_sections, list_sections_below_title
from zettel.model.edit.split import NotePart, build_section_parts
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import fold
from zettel.services.follow_links import reload_note
from zettel.services.plans import perform_plan
from zettel.services.split import plan_split, read_note
from zettel.session import Session

COLUMNS = (Column("No", "number", "dim"), Column("Heading", "heading", "heading", may_wrap=True), Column("Line", "line", "dim"))


def run(session: Session, *, note: str, headings: list[str], all: bool = False, tag: list[str] = [], dry_run: bool = False) -> Answer:  # noqa: B006
    """Make a note of the section under each of `headings`, or (`all`) under every heading directly below the title. Without any, list the headings."""
    if all and headings:
        raise UsageError("--all takes every heading, so do not name any", "zettel split NOTE --all")
    found = session.resolve_note(note)
    if not headings and not all:
        return _build_list_answer(session, found)

    def choose_numbers(parsed: ParsedNote, data: bytes) -> list[int]:
        known = list_sections_below_title(parsed, data)
        if not known:
            raise Refused(f'"{found.title}" has no heading except its title', "extract lines instead: zettel extract NOTE LINES")
        above = len(list_sections(parsed, data)) - len(known)
        return [above + number for number in (_list_top_sections(known) if all else _choose_sections(known, headings, found))]

    what = f'split "{found.title}"'
    return perform_plan(
        session,
        lambda notebook: plan_split(session, notebook, reload_note(notebook, found), _cut_sections, choose_numbers, tag, what),
        dry_run=dry_run,
    )


def _cut_sections(parsed: ParsedNote, data: bytes, numbers: Sequence[int]) -> list[NotePart]:
    every = list_sections(parsed, data)
    return build_section_parts([every[min(number, len(every) - 1)] for number in numbers], every)


def _build_list_answer(session: Session, note: Note) -> Answer:
    data, reading = read_note(session.open_notebook(), note)
    rows = [
        {"number": number, "heading": one.heading, "level": one.level, "line": one.line, "path": note.path}
        for number, one in enumerate(list_sections_below_title(reading, data), 1)
    ]
    remark = "to make notes of them, name their words or numbers: zettel split NOTE HEADING"
    return Answer(
        "headings", rows, COLUMNS, remarks=(remark,) if rows else (), empty_message=f'"{note.title}" has no heading except its title'
    )


def _list_top_sections(known: list[Section]) -> list[int]:
    highest = min(one.level for one in known)
    return [number for number, one in enumerate(known) if one.level == highest]


def _choose_sections(known: list[Section], headings: list[str], note: Note) -> list[int]:
    """Return the numbers of the sections that `headings` name, in ascending order, each once. Raises `UsageError`."""
    found = sorted({_find_section(known, text, note) for text in headings})
    for one, other in pairwise(found):
        if known[other].start < known[one].end:
            raise UsageError(
                f'"{known[other].heading}" is below "{known[one].heading}"', "split off the upper one first, then split the new note"
            )
    return found


def _find_section(known: list[Section], text: str, note: Note) -> int:
    """Return the index of the section that `text` names by its heading, by its number in the list, or by part of its heading.

    Raises `UsageError` if there is none or several.
    """
    words = fold(text.lstrip("#"))
    found = [number for number, one in enumerate(known) if fold(one.heading) == words]
    if not found and words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= len(known):
        found = [int(words) - 1]
    found = found or [number for number, one in enumerate(known) if words and words in fold(one.heading)]
    if len(found) == 1:
        return found[0]
    lines = tuple(f"{number + 1}  {known[number].heading}" for number in (found or range(len(known))))
    if found:
        raise UsageError(f'{len(found)} headings of "{note.title}" answer to "{text}"', "name one by its number", lines)
    raise UsageError(f'"{note.title}" has no heading "{text}"', "zettel split NOTE lists its headings", lines[:20])
