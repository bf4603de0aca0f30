"""Move lines of a note into a new note."""

from __future__ import annotations

import re

from zettel.model.base.answer import Answer
from zettel.model.base.errors import UsageError
from zettel.model.edit.changes import Plan
from zettel.model.edit.note_part import build_line_part
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import reload_note
from zettel.services.plans import perform_plan
from zettel.services.split import plan_split, read_split_source
from zettel.session import ASK, Session

NEEDS_QUOTES = True

_LINE_RANGE = re.compile(r"([0-9]{1,9})(?:[-:]([0-9]{1,9}))?")


def run(session: Session, *, note: str, lines: str, title: list[str], tag: list[str] = [], dry_run: bool = False) -> Answer:  # noqa: B006
    """Move `lines` (12-18, or 12) of `note` into a new note called `title`, and put a link in their place."""
    source = session.resolve_note(note, "extract from") if lines == ASK else None
    lines = session.ask_missing(lines, "the lines to extract, e.g. 12-18")
    found = _LINE_RANGE.fullmatch(lines.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise UsageError(f'"{lines}" is not a line range', "give line numbers of the file: zettel extract NOTE 12-18 TITLE")
    source = source or session.resolve_note(note, "extract from")
    words = " ".join(" ".join(title).split())

    def plan(notebook: OpenNotebook) -> Plan:
        read = read_split_source(notebook, reload_note(notebook, source))
        part = build_line_part(first, last, words, *read.version)
        return plan_split(session, notebook, read, [part], tag, f'extract from "{source.title}"')

    return perform_plan(session, plan, dry_run=dry_run)
