"""A note and what lies near it, drawn in lines: above it what links to it, below it what it links to. Used by graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zettel.commands.parts.shared import ARROWS, note_line
from zettel.model.answer import Answer, Line
from zettel.model.exploring.vicinity import Near, Neighbours, selected, vicinity
from zettel.model.note import Note
from zettel.model.query import Filter
from zettel.notebook import Notebook

MOST = 40
"""Notes that are drawn for each level of depth, where no limit is given."""

DEEPEST = 100
"""Levels that are drawn; deeper ones would stand far beyond any screen."""

UPWARDS = {"╰": "╭", "╭": "╰"}
"""What corners become where a tree grows upwards."""


def neighbours_of(notebook: Notebook) -> Neighbours:
    """The notes that a note is linked with: those it links to, then those that only link to it; asked for once each."""
    known: dict[str, dict[str, str]] = {}

    def neighbours(path: str) -> Mapping[str, str]:
        if path not in known:
            out, back = notebook.neighbours(path, back=False), notebook.neighbours(path, out=False)
            both = set(out).intersection(back)
            known[path] = {
                **{other: "both" if other in both else "out" for other in out},
                **{other: "back" for other in back if other not in both},
            }
        return known[path]

    return neighbours


def sketch(notebook: Notebook, center: Note, depth: int, wanted: Filter, remarks: tuple[str, ...] = ()) -> Answer:
    """The drawing around `center`, `DEEPEST` levels at most: a line a note, each note once; `wanted` narrows down which, and limits how many."""
    neighbours = neighbours_of(notebook)
    depth = min(depth, DEEPEST)
    found = _in_reading_order(notebook, center, vicinity(center.path, depth, neighbours))
    fitting = notebook.notes(wanted.without_limit(), [near.path for near in found])
    if wanted.sort:
        weights = {note.path: -place for place, note in enumerate(fitting)}
        found = sorted(found, key=lambda near: (near.distance, -weights.get(near.path, -len(fitting))))
    else:
        weights = {note.path: note.links + note.backlinks for note in fitting}
    drawn = selected(found, weights, weights, wanted.limit or MOST * depth)
    left_out = len(fitting) - sum(near.path in weights for near in drawn)
    if left_out:
        remarks += (f"{len(fitting) - left_out} of the {len(fitting)} notes nearby are drawn; --limit {len(fitting)} draws them all",)
    if not drawn:
        remarks += (f'"{center.title}" has no link to or from another note' + ("" if wanted.is_open else " that fits"),)
    drawing = _Drawing(drawn, found, notebook.by_paths([center.path, *(near.path for near in drawn)]), set(weights))
    return Answer(drawing=drawing.rows(center, neighbours), remarks=remarks)


def _in_reading_order(notebook: Notebook, center: Note, found: list[Near]) -> list[Near]:
    """The nearest notes in the order in which `center` links to them, for a structure note orders what it links to."""
    order: dict[str | None, int] = {}
    for link in notebook.links(source=center.path):
        order.setdefault(link.resolution.target, len(order))
    return sorted(found, key=lambda near: (near.distance, order.get(near.path, len(order)) if near.distance == 1 else 0))


class _Drawing:
    """The lines of a drawing: (guides and arrow, path of the note), or for notes that are left out (guides, how many)."""

    def __init__(self, drawn: Sequence[Near], found: Sequence[Near], notes: Mapping[str, Note], fitting: set[str]) -> None:
        self._notes, self._fitting = notes, fitting
        self._below: dict[str, list[Near]] = {}
        self._left_out: dict[tuple[str, bool], int] = {}
        shown = {near.path for near in drawn}
        for near in drawn:
            self._below.setdefault(near.parent, []).append(near)
        for near in found:
            if near.path in fitting and near.path not in shown:
                key = (near.parent, near.way == "back" and near.distance == 1)
                self._left_out[key] = self._left_out.get(key, 0) + 1
        self._ways = {near.path: near.way for near in drawn}
        self._parents = {near.path: near.parent for near in drawn}

    def rows(self, center: Note, neighbours: Neighbours) -> tuple[tuple[Line, ...], ...]:
        """The rows of the drawing: number, note, and the notes that are drawn above it and that it is linked with as well."""
        nearest = self._below.get(center.path, [])
        backs = [near for near in nearest if near.way == "back"]
        others = [near for near in nearest if near.way != "back"]
        above = self._tree(backs, self._left_out.get((center.path, True), 0), upwards=True)[::-1]
        below = self._tree(others, self._left_out.get((center.path, False), 0))
        numbers: dict[str, int] = {}
        rows: list[tuple[Line, ...]] = []
        for guides, path in above:
            rows.append(self._row("".join(UPWARDS.get(char, char) for char in guides), path, numbers, neighbours))
        counts = f"  {center.links} out, {center.backlinks} back"
        rows.append(((), (("●   ", "arrow"), *note_line(center), (counts, "dim")), ()))
        for guides, path in below:
            rows.append(self._row(guides, path, numbers, neighbours))
        has_further = any(row[2] for row in rows)
        return (((), (), (("further links", "dim"),)), *rows) if has_further else tuple(rows)

    def _tree(self, nodes: Sequence[Near], left_out: int, guides: str = "", *, upwards: bool = False) -> list[tuple[str, str | int]]:
        """The lines below a note, as a tree that grows downwards; to grow `upwards`, what it gives is to be turned round."""
        lines: list[tuple[str, str | int]] = []
        in_order = nodes[::-1] if upwards else nodes
        for near in in_order:
            is_last = near is in_order[-1] and not left_out
            lines.append((guides + ("╰─" if is_last else "├─"), near.path))
            below = self._below.get(near.path, [])
            if below:  # else the number stands in the note's own line
                deeper = guides + ("    " if is_last else "│   ")
                lines += self._tree(below, self._left_out.get((near.path, False), 0), deeper, upwards=upwards)
        if left_out:
            lines.append((guides + "╰─", left_out))
        return lines

    def _row(self, guides: str, path: str | int, numbers: dict[str, int], neighbours: Neighbours) -> tuple[Line, ...]:
        if isinstance(path, int):
            return (), ((guides, "dim"), (f"  and {path:,} more", "dim")), ()
        also: dict[str, list[int]] = {}
        for other, way in neighbours(path).items():
            if other in numbers and other != self._parents[path] and self._parents[other] != path:
                also.setdefault(way, []).append(numbers[other])
        numbers[path] = len(numbers) + 1
        arrow = ((guides, "dim"), (ARROWS[self._ways[path]] + " ", "arrow"))
        line = note_line(self._notes[path], *arrow)
        if path not in self._fitting:  # only on the way to a note that fits
            line = (*arrow, ("".join(text for text, _ in line[2:]), "dim"))
        further = 0 if path in self._below else self._left_out.get((path, False), 0)
        return ((str(numbers[path]), "dim"),), line, _further(also, further)


def _further(found: Mapping[str, list[int]], left_out: int) -> Line:
    """The numbers of the notes that a note is linked with as well, and how many more it leads to."""
    spans: list[tuple[str, str]] = []
    for way in ("both", "out", "back"):
        if way in found:
            gap = "  " if spans else ""
            spans += [(f"{gap}{ARROWS[way]} ", "arrow"), (" ".join(map(str, sorted(found[way]))), "")]
    if left_out:
        spans.append((f"{'  ' if spans else ''}+{left_out:,}", "dim"))
    return tuple(spans)
