"""Pairs of notes that are not to be suggested again: `.zettel/dismissed`, remembered with the notebook.

One pair a line: two handles (ID, or path of a note without one) with a tab between, the lesser first.
"""

from __future__ import annotations

from zettel.adapters import kept
from zettel.model.errors import Refused

PATH = kept.DISMISSED
HEAD = "# Pairs of notes between which zettel suggest proposes no link; delete a line to have it proposed again.\n"

Pair = tuple[str, str]
"""Two handles, the lesser first."""


def pair(one: str, other: str) -> Pair:
    """Two handles as a pair, whichever comes first."""
    return (one, other) if one <= other else (other, one)


def read(root: str) -> set[Pair]:
    """The pairs that were dismissed; lines that are none are passed over. Raises `Unreadable`."""
    return {found for line in kept.lines(root, PATH) if (found := _pair(line))}


def add(root: str, one: str, other: str) -> bool:
    """Dismiss a pair; whether it was not dismissed before. Raises `Refused` and `Unreadable`."""
    line = "\t".join(pair(one, other))
    if _pair(line) is None:
        raise Refused(f"{one} and {other} cannot be remembered: their line would say something else", "rename the note")
    if pair(one, other) in read(root):
        return False
    kept.put(root, PATH, line, _pair, HEAD)
    return True


def _pair(line: str) -> Pair | None:
    """The pair that a line says, or None."""
    found = kept.cells(line)
    return pair(*found) if len(found) == 2 and all(found) else None
