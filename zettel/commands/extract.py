"""Move lines of a note into a new note."""

from __future__ import annotations

import re

from zettel.commands.parts.editing import perform
from zettel.commands.parts.following import again
from zettel.commands.parts.parting import plan
from zettel.model.answer import Answer
from zettel.model.editing.parts import Part, of_lines
from zettel.model.errors import UsageError
from zettel.model.reading import Reading
from zettel.session import Session

LINES = re.compile(r"([0-9]{1,9})(?:[-:]([0-9]{1,9}))?")


def run(session: Session, *, note: str, lines: str, title: list[str], tag: list[str] = [], dry_run: bool = False) -> Answer:  # noqa: B006
    """Move `lines` (12-18, or 12) of `note` into a new note called `title`, and put a link in their place."""
    found = LINES.fullmatch(lines.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise UsageError(f'"{lines}" is not a line range', "give line numbers of the file: zettel extract NOTE 12-18 TITLE")
    source = session.note(note)
    words = " ".join(" ".join(title).split())

    def cut(reading: Reading, data: bytes, _: object) -> list[Part]:
        return [of_lines(first, last, words, reading, data)]

    what = f'extract from "{source.title}"'
    return perform(
        session, lambda notebook: plan(session, notebook, again(notebook, source), cut, lambda *_: [0], tag, what), dry_run=dry_run
    )
