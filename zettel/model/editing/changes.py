"""Changes: a plan of edits, which can be shown, carried out and taken back. An edit is a function from a notebook to these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from zettel.model.value import value

AROUND = 100
"""Characters that people are shown before and after what changes in a long line."""


class Edit(NamedTuple):
    """The bytes of the file at `path` before and after; None: there is no such file (it is made, or removed)."""

    path: str
    before: bytes | None
    after: bytes | None


class Move(NamedTuple):
    """A file that gets another path."""

    path: str
    to: str


@value
class Changes:
    """What is to happen to the files of a notebook: edits first, each file once, then moves, each file once.

    Paths are relative to the notebook, with `/`; an edit's is the one before the moves. Nothing that holds a person's
    words is removed but by a move into the trash, `.zettel/trash/`; an edit to None takes back what was made.
    """

    edits: tuple[Edit, ...] = ()
    moves: tuple[Move, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is to happen."""
        return bool(self.edits or self.moves)

    @property
    def paths(self) -> list[str]:
        """The files that are touched, by the paths they have before, sorted."""
        return sorted({*(edit.path for edit in self.edits), *(move.path for move in self.moves)})

    @property
    def is_reversible(self) -> bool:
        """Whether there is a way back: each file is edited once and moved once, and none is moved from or to where one is made or removed."""
        edited, sources = {edit.path for edit in self.edits}, {move.path for move in self.moves}
        reached: set[str] = set()
        for move in self.moves:
            if move.path in reached or move.to in reached:
                return False
            reached.add(move.to)
        made = {edit.path for edit in self.edits if edit.before is None or edit.after is None}
        return len(edited) == len(self.edits) and len(sources) == len(self.moves) and not made & (sources | reached)

    def inverse(self) -> Changes:
        """What takes these changes back, if they are reversible."""
        moved = {move.path: move.to for move in self.moves}
        edits = tuple(Edit(moved.get(edit.path, edit.path), edit.after, edit.before) for edit in reversed(self.edits))
        return Changes(edits, tuple(Move(move.to, move.path) for move in reversed(self.moves)))


class Line(NamedTuple):
    """A changed line: its number, and its text before and after (None: there was or is no such line)."""

    number: int
    before: str | None
    after: str | None


def edits(files: Iterable[tuple[str, bytes | None, bytes | None]]) -> tuple[Edit, ...]:
    """(path, before, after) of files as edits; those that stay as they are are left out."""
    return tuple(Edit(*file) for file in files if file[1] != file[2])


def lines(edit: Edit) -> list[Line]:
    """The lines that differ, by their numbers before the edit."""
    old, new = (_lines(data) for data in (edit.before, edit.after))
    same = len(new) == len(old)
    start, ends = (0, 0) if same else _alike(old, new)
    pairs = zip_longest(old[start : len(old) - ends], new[start : len(new) - ends])
    return [Line(start + at + 1, before, after) for at, (before, after) in enumerate(pairs) if before != after]


def diff(changes: Changes) -> Iterator[str]:
    """The changes as `git diff` writes them, a line at a time, with three lines around each."""
    moved = {move.path: move.to for move in changes.moves}
    edited = {edit.path: edit for edit in changes.edits}
    for path in changes.paths:
        to = moved.get(path, path)
        yield f"diff --git a/{path} b/{to}"
        if to != path:
            yield f"rename from {path}"
            yield f"rename to {to}"
        if path in edited:
            yield from _hunks(edited[path], to)


def _hunks(edit: Edit, to: str) -> Iterator[str]:
    from difflib import unified_diff

    if edit.before is None:
        yield "new file mode 100644"
    elif edit.after is None:
        yield "deleted file mode 100644"
    yield f"--- a/{edit.path}" if edit.before is not None else "--- /dev/null"
    yield f"+++ b/{to}" if edit.after is not None else "+++ /dev/null"
    old, new = _lines(edit.before, ends=True), _lines(edit.after, ends=True)
    start, end = _alike(old, new)
    begin = max(0, start - 3)
    till = max(0, end - 3)
    found = unified_diff(old[begin : len(old) - till], new[begin : len(new) - till], lineterm="", n=3)
    for at, line in enumerate(found):
        if at < 2:
            continue
        if line.startswith("@@"):
            yield _moved_on(line, begin)
            continue
        yield line.rstrip("\r\n")
        if not line.endswith(("\n", "\r")):
            yield "\\ No newline at end of file"


def _moved_on(hunk: str, by: int) -> str:
    """A hunk's head with its line numbers moved on: what is alike at the beginning was not compared."""
    _, old, new, _ = hunk.split(" ")
    return f"@@ {_later(old, by)} {_later(new, by)} @@"


def _later(span: str, by: int) -> str:
    first, comma, count = span[1:].partition(",")
    return f"{span[0]}{int(first) + by}{comma}{count}"


def _lines(data: bytes | None, *, ends: bool = False) -> list[str]:
    from io import StringIO

    text = (data or b"").decode("utf-8", "replace")
    found = list(StringIO(text, newline=""))  # lines as editors count them, not those of str.splitlines
    return found if ends else [line.rstrip("\r\n") for line in found]


def _alike(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many at the end."""
    most = min(len(old), len(new))
    start = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), most)
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def excerpts(line: Line) -> tuple[str, tuple[str, str, str]]:
    """What changes in a line, with a little around it: before; and after, as what stands before, in and after the change."""
    old, new = line.before or "", line.after or ""
    start = next((at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    lead = old[:start] if start <= AROUND else "…" + old[start - AROUND : start]
    tail = old[len(old) - end :]
    tail = tail if end <= AROUND else tail[:AROUND] + "…"
    return lead + old[start : len(old) - end] + tail, (lead, new[start : len(new) - end], tail)
