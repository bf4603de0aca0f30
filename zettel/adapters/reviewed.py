"""Read and edit `.zettel/reviewed`, which records when notes were last reviewed.

The fields of a line are separated by tabs: the note's handle (its ID, or its path if it has none), the day of the last review
(`-`: never), how many times in a row the note was still true and, if it was postponed, the day before which it is not due again.
If a merge leaves two lines for one note, the later review counts.
"""

from __future__ import annotations

from datetime import date

from zettel.adapters import kept
from zettel.model.errors import Refused
from zettel.model.review import Look, later_of

PATH = kept.REVIEWED
HEAD = "# When notes were last reviewed (zettel review): note, day, times in a row still true, not due again before.\n"


def read(root: str) -> dict[str, Look]:
    """Return the last review of each note by its handle. Lines that are not reviews are skipped. Raises `Unreadable`."""
    latest: dict[str, Look] = {}
    for line in kept.lines(root, PATH):
        if entry := _entry(line):
            handle, review = entry
            latest[handle] = later_of(latest[handle], review) if handle in latest else review
    return latest


def put(root: str, handle: str, look: Look) -> None:
    """Record a review of a note in place of the previous one. Raises `Refused` and `Unreadable`."""
    line = "\t".join([handle, str(look.on or "-"), str(look.times), *([str(look.later)] if look.later else [])])
    if _handle(line) != handle:
        raise Refused(f"the review of {handle} cannot be recorded: its line in {PATH} could not be read back", "rename the note")
    kept.put(root, PATH, line, _handle, HEAD)


def _handle(line: str) -> str | None:
    return entry[0] if (entry := _entry(line)) else None


def _entry(line: str) -> tuple[str, Look] | None:
    """Parse a line into (handle, review). Returns None if it is not a review."""
    try:
        handle, on, times, *later = kept.cells(line)
        review = Look(None if on == "-" else _day(on), int(times), _day(*later) if later else None)
    except (TypeError, ValueError):
        return None
    return (handle, review) if handle and times.isascii() and times.isdigit() and len(times) < 4 else None


def _day(text: str) -> date:
    """Parse a day written as `YYYY-MM-DD`. Raises `ValueError` for anything else."""
    if str(day := date.fromisoformat(text)) != text:
        raise ValueError(text)
    return day
