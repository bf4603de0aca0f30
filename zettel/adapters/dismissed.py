"""Pairs of notes that are not to be suggested again: `.zettel/dismissed`, remembered with the notebook.

One pair a line: two handles (ID, or path of a note without one) with a tab between, both they and the lines sorted, so
that two people's lists merge. Other lines stay as they are.
"""

from __future__ import annotations

from bisect import bisect_left

from zettel.adapters import files
from zettel.model.errors import Refused

PATH = ".zettel/dismissed"
HEAD = "# Pairs of notes between which zettel suggest proposes no link; delete a line to have it proposed again.\n"
LONGEST = 2000
"""Characters of a line at most that is taken for a pair."""

Pair = tuple[str, str]
"""Two handles, the lesser first."""


def pair(one: str, other: str) -> Pair:
    """Two handles as a pair, whichever comes first."""
    return (one, other) if one <= other else (other, one)


def read(root: str) -> set[Pair]:
    """The pairs that were dismissed; lines that are none are passed over. Raises `Unreadable`."""
    return {found for line in _text(_data(root)).splitlines() if (found := _pair(line))}


def add(root: str, one: str, other: str) -> bool:
    """Dismiss a pair; whether it was not dismissed before. Raises `Refused` and `Unreadable`."""
    line = "\t".join(pair(one, other))
    if _pair(line) is None:
        raise Refused(f"{one} and {other} cannot be remembered: their line would say something else", "rename the note")
    before = _data(root)
    lines = _text(before).splitlines(keepends=True)
    if pair(one, other) in {_pair(known) for known in lines}:
        return False
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\n"
    known = [(number, text) for number, text in enumerate(lines) if _pair(text)]
    place = bisect_left([text.rstrip("\r\n") for _, text in known], line)
    at = known[place][0] if place < len(known) else known[-1][0] + 1 if known else len(lines)
    lines.insert(at, line + ("\r\n" if "\r\n" in "".join(lines[:1]) else "\n"))
    after = "".join(lines if before else [HEAD, *lines]).encode("utf-8", "surrogateescape")
    if files.exists(root, PATH):
        files.rewrite(root, PATH, before, after)
    else:
        files.create(root, PATH, after)
    return True


def _data(root: str) -> bytes:
    return files.read(root, PATH) if files.exists(root, PATH) else b""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _pair(line: str) -> Pair | None:
    """The pair that a line says, or None."""
    one, tab, other = line.rstrip("\r\n").partition("\t")
    is_pair = tab and one and other and len(line) <= LONGEST and not line.startswith("# ")
    return pair(one, other) if is_pair and (one + other).isprintable() else None
