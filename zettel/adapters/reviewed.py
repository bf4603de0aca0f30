"""When notes were last looked at: `.zettel/reviewed`, remembered with the notebook.

A line has tabs between the note's handle (its ID, or its path if it has none), the day it was last looked at (`-`: never), how
many times in a row it was still true, and, where it was put off, the day before which it is not to come again. Of two lines for
one note, as a merge may leave them, the later look counts.
"""

from __future__ import annotations

from datetime import date

from zettel.adapters import kept
from zettel.model.errors import Refused
from zettel.model.review import Look, later_of

PATH = kept.REVIEWED
HEAD = "# When notes were last looked at (zettel review): note, day, times still true in a row, not again before.\n"


def read(root: str) -> dict[str, Look]:
    """What is remembered of notes, by their handles; lines that say nothing are passed over. Raises `Unreadable`."""
    found: dict[str, Look] = {}
    for line in kept.lines(root, PATH):
        if entry := _entry(line):
            handle, look = entry
            found[handle] = later_of(found[handle], look) if handle in found else look
    return found


def put(root: str, handle: str, look: Look) -> None:
    """Remember a look at a note. Raises `Refused` and `Unreadable`."""
    line = "\t".join([handle, str(look.on or "-"), str(look.times), *([str(look.later)] if look.later else [])])
    if _handle(line) != handle:
        raise Refused(f"{handle} cannot be remembered: its line would say something else", "rename the note")
    kept.put(root, PATH, line, _handle, HEAD)


def _handle(line: str) -> str | None:
    return entry[0] if (entry := _entry(line)) else None


def _entry(line: str) -> tuple[str, Look] | None:
    """(handle, look) of a line, or None."""
    try:
        handle, on, times, *later = kept.cells(line)
        found = Look(None if on == "-" else _day(on), int(times), _day(*later) if later else None)
    except (TypeError, ValueError):
        return None
    return (handle, found) if handle and times.isascii() and times.isdigit() and len(times) < 4 else None


def _day(text: str) -> date:
    """A day as `YYYY-MM-DD`; raises `ValueError` for all else."""
    if str(found := date.fromisoformat(text)) != text:
        raise ValueError(text)
    return found
