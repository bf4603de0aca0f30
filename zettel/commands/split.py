"""Split a note: make notes of its sections."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zettel.commands.parts.editing import perform
from zettel.commands.parts.following import again
from zettel.commands.parts.parting import plan, read
from zettel.model.answer import Answer, Column
from zettel.model.editing.parts import Part, of_sections
from zettel.model.editing.sections import Section, below_title, sections
from zettel.model.errors import Refused, UsageError
from zettel.model.note import Note
from zettel.model.reading import Reading
from zettel.model.text import fold
from zettel.session import Session

COLUMNS = (Column("No", "number", "dim"), Column("Heading", "heading", "heading", may_wrap=True), Column("Line", "line", "dim"))


def run(session: Session, *, note: str, headings: list[str], all: bool = False, tag: list[str] = [], dry_run: bool = False) -> Answer:  # noqa: B006
    """Make a note of the section under each of `headings`, or (`all`) under every heading directly below the title. Without any, list the headings."""
    if all and headings:
        raise UsageError("--all takes every heading, so do not name any", "zettel split NOTE --all")
    found = session.note(note)
    if not headings and not all:
        return _listed(session, found)

    def numbers(reading: Reading, data: bytes) -> list[int]:
        known = below_title(reading, data)
        if not known:
            raise Refused(f'"{found.title}" has no heading except its title', "extract lines instead: zettel extract NOTE LINES")
        above = len(sections(reading, data)) - len(known)
        return [above + number for number in (_top(known) if all else _chosen(known, headings, found))]

    what = f'split "{found.title}"'
    return perform(session, lambda notebook: plan(session, notebook, again(notebook, found), _cut, numbers, tag, what), dry_run=dry_run)


def _cut(reading: Reading, data: bytes, numbers: Sequence[int]) -> list[Part]:
    every = sections(reading, data)
    return of_sections([every[min(number, len(every) - 1)] for number in numbers], every)


def _listed(session: Session, note: Note) -> Answer:
    data, reading = read(session.notebook(), note)
    rows = [
        {"number": number, "heading": one.words, "level": one.level, "line": one.line, "path": note.path}
        for number, one in enumerate(below_title(reading, data), 1)
    ]
    remark = "to make notes of them, name their words or numbers: zettel split NOTE HEADING"
    return Answer("headings", rows, COLUMNS, remarks=(remark,) if rows else (), nothing=f'"{note.title}" has no heading except its title')


def _top(known: list[Section]) -> list[int]:
    highest = min(one.level for one in known)
    return [number for number, one in enumerate(known) if one.level == highest]


def _chosen(known: list[Section], headings: list[str], note: Note) -> list[int]:
    """Return the numbers of the sections that `headings` name, in ascending order, each once. Raises `UsageError`."""
    found = sorted({_named(known, text, note) for text in headings})
    for one, other in pairwise(found):
        if known[other].start < known[one].end:
            raise UsageError(
                f'"{known[other].words}" is below "{known[one].words}"', "split off the upper one first, then split the new note"
            )
    return found


def _named(known: list[Section], text: str, note: Note) -> int:
    """Return the index of the section that `text` names by its heading, by its number in the list, or by part of its heading.

    Raises `UsageError` if there is none or several.
    """
    words = fold(text.lstrip("#"))
    found = [number for number, one in enumerate(known) if fold(one.words) == words]
    if not found and words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= len(known):
        found = [int(words) - 1]
    found = found or [number for number, one in enumerate(known) if words and words in fold(one.words)]
    if len(found) == 1:
        return found[0]
    lines = tuple(f"{number + 1}  {known[number].words}" for number in (found or range(len(known))))
    if found:
        raise UsageError(f'{len(found)} headings of "{note.title}" answer to "{text}"', "name one by its number", lines)
    raise UsageError(f'"{note.title}" has no heading "{text}"', "zettel split NOTE lists its headings", lines[:20])
