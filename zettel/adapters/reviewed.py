"""Read and edit `.zettel/reviewed`, which records when notes were last reviewed.

The fields of a line are separated by tabs: the note's handle (its ID, or its path if it has none), the day of the last review
(`-`: never), how many times in a row the note was still true and, if it was postponed, the day before which it is not due again.
If a merge leaves two lines for one note, the later review counts.
"""

from __future__ import annotations

from datetime import date

from zettel.adapters import kept
from zettel.model.errors import Refused
from zettel.model.review import ReviewState, merge_states

REVIEWED_PATH = kept.REVIEWED_PATH
REVIEWED_HEADER = "# When notes were last reviewed (zettel review): note, day, times in a row still true, not due again before.\n"


def read_reviews(root: str) -> dict[str, ReviewState]:
    """Return the last review of each note by its handle. Lines that are not reviews are skipped. Raises `Unreadable`."""
    latest: dict[str, ReviewState] = {}
    for line in kept.read_lines(root, REVIEWED_PATH):
        if entry := _parse_review(line):
            handle, review = entry
            latest[handle] = merge_states(latest[handle], review) if handle in latest else review
    return latest


def record_review(root: str, handle: str, review: ReviewState) -> None:
    """Record a review of a note in place of the previous one. Raises `Refused` and `Unreadable`."""
    line = "\t".join(
        [handle, str(review.last_reviewed or "-"), str(review.streak), *([str(review.postponed_until)] if review.postponed_until else [])]
    )
    if _parse_handle(line) != handle:
        raise Refused(f"the review of {handle} cannot be recorded: its line in {REVIEWED_PATH} could not be read back", "rename the note")
    kept.upsert_line(root, REVIEWED_PATH, line, _parse_handle, REVIEWED_HEADER)


def _parse_handle(line: str) -> str | None:
    return entry[0] if (entry := _parse_review(line)) else None


def _parse_review(line: str) -> tuple[str, ReviewState] | None:
    """Parse a line into (handle, review). Returns None if it is not a review."""
    try:
        handle, on, times, *later = kept.split_cells(line)
        review = ReviewState(None if on == "-" else _parse_day(on), int(times), _parse_day(*later) if later else None)
    except (TypeError, ValueError):
        return None
    return (handle, review) if handle and times.isascii() and times.isdigit() and len(times) < 4 else None


def _parse_day(text: str) -> date:
    """Parse a day written as `YYYY-MM-DD`. Raises `ValueError` for anything else."""
    if str(day := date.fromisoformat(text)) != text:
        raise ValueError(text)
    return day
