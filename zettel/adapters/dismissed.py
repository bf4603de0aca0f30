"""Read and edit `.zettel/dismissed`, the pairs of notes that the user does not want to be suggested again.

Each line holds one pair: two handles (the ID, or the path of a note without one) separated by a tab, in sorted order.
"""

from __future__ import annotations

from zettel.adapters import kept
from zettel.model.errors import Refused

DISMISSED_PATH = kept.DISMISSED_PATH
DISMISSED_HEADER = "# Pairs of notes that zettel suggest no longer suggests to link; delete a line to have its pair suggested again.\n"

DismissedPair = tuple[str, str]
"""Two handles, sorted."""


def sort_pair(one: str, other: str) -> DismissedPair:
    """Return two handles as a sorted pair."""
    return (one, other) if one <= other else (other, one)


def read_dismissed(root: str) -> set[DismissedPair]:
    """Return the pairs that were dismissed. Lines that are not pairs are skipped. Raises `Unreadable`."""
    return {entry for line in kept.read_lines(root, DISMISSED_PATH) if (entry := _parse_pair(line))}


def dismiss_pair(root: str, one: str, other: str) -> bool:
    """Dismiss a pair. Returns False if it was dismissed already. Raises `Refused` and `Unreadable`."""
    line = "\t".join(sort_pair(one, other))
    if _parse_pair(line) is None:
        raise Refused(f"{one} and {other} cannot be dismissed: their line in {DISMISSED_PATH} could not be read back", "rename the note")
    if sort_pair(one, other) in read_dismissed(root):
        return False
    kept.upsert_line(root, DISMISSED_PATH, line, _parse_pair, DISMISSED_HEADER)
    return True


def _parse_pair(line: str) -> DismissedPair | None:
    """Parse a line of the list. Returns None if it is not a pair."""
    handles = kept.split_cells(line)
    return sort_pair(*handles) if len(handles) == 2 and all(handles) else None
