"""Read and edit `.zettel/dismissed`, the pairs of notes that the user does not want to be suggested again.

Each line holds one pair: two handles (the ID, or the path of a note without one) separated by a tab, in sorted order.
"""

from __future__ import annotations

from zettel.adapters import kept
from zettel.model.errors import Refused

PATH = kept.DISMISSED
HEAD = "# Pairs of notes that zettel suggest no longer suggests to link; delete a line to have its pair suggested again.\n"

Pair = tuple[str, str]
"""Two handles, sorted."""


def pair(one: str, other: str) -> Pair:
    """Return two handles as a sorted pair."""
    return (one, other) if one <= other else (other, one)


def read(root: str) -> set[Pair]:
    """Return the pairs that were dismissed. Lines that are not pairs are skipped. Raises `Unreadable`."""
    return {entry for line in kept.lines(root, PATH) if (entry := _pair(line))}


def add(root: str, one: str, other: str) -> bool:
    """Dismiss a pair. Returns False if it was dismissed already. Raises `Refused` and `Unreadable`."""
    line = "\t".join(pair(one, other))
    if _pair(line) is None:
        raise Refused(f"{one} and {other} cannot be dismissed: their line in {PATH} could not be read back", "rename the note")
    if pair(one, other) in read(root):
        return False
    kept.put(root, PATH, line, _pair, HEAD)
    return True


def _pair(line: str) -> Pair | None:
    """Parse a line of the list. Returns None if it is not a pair."""
    handles = kept.cells(line)
    return pair(*handles) if len(handles) == 2 and all(handles) else None
