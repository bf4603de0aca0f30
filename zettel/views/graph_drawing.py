"""Draw a note's neighbourhood with lines: above it the notes that link to it, below it those that it links to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zettel.model.base.answer import Drawing, Line
from zettel.model.graph.neighbourhood import NearbyNote, NeighbourLookup, choose_notes_to_draw, find_nearby_notes
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.text.phrases import describe_limit
from zettel.notebook.notebook import OpenNotebook
from zettel.views.notes import ARROWS, format_note

MAX_NOTES_PER_LEVEL = 40
"""Notes drawn for each level of depth if no limit is given."""

MAX_DEPTH = 100
"""Maximum depth; deeper levels would not fit on any screen."""

FLIPPED_CORNERS = {"╰": "╭", "╭": "╰"}
"""What corners become if a tree grows upwards."""


def build_neighbour_lookup(notebook: OpenNotebook) -> NeighbourLookup:
    """Return a function that finds a note's neighbours and caches them: those it links to, then those that only link to it."""
    cache: dict[str, dict[str, str]] = {}

    def find_neighbours(path: str) -> Mapping[str, str]:
        if path not in cache:
            out, back = notebook.catalogue.list_neighbours(path, back=False), notebook.catalogue.list_neighbours(path, out=False)
            both = set(out).intersection(back)
            cache[path] = {
                **{other: "both" if other in both else "out" for other in out},
                **{other: "back" for other in back if other not in both},
            }
        return cache[path]

    return find_neighbours


def draw_neighbourhood(notebook: OpenNotebook, center: Note, depth: int, wanted: Filter, remarks: tuple[str, ...] = ()) -> Drawing:
    """Draw the notes around `center`, one line per note, each once, at most `MAX_DEPTH` levels deep.

    `wanted` filters the notes, sorts them and limits their number.
    """
    neighbours = build_neighbour_lookup(notebook)
    depth = min(depth, MAX_DEPTH)
    found = _sort_by_reading_order(notebook, center, find_nearby_notes(center.path, depth, neighbours))
    matching = notebook.catalogue.list_notes(wanted.drop_limit(), [near.path for near in found])
    if wanted.sort:
        weights = {note.path: -index for index, note in enumerate(matching)}
        found = sorted(found, key=lambda near: (near.distance, -weights.get(near.path, -len(matching))))
    else:
        weights = {note.path: note.links + note.backlinks for note in matching}
    drawn = choose_notes_to_draw(found, weights, weights, wanted.limit or MAX_NOTES_PER_LEVEL * depth)
    left_out = len(matching) - sum(near.path in weights for near in drawn)
    if left_out:
        remarks += (describe_limit(len(matching) - left_out, len(matching), "note"),)
    if not drawn:
        remarks += (f'"{center.title}" has no link to or from another note' + ("" if wanted.matches_all else " that matches"),)
    drawing = _Drawing(drawn, found, notebook.catalogue.find_notes_by_path([center.path, *(near.path for near in drawn)]), set(weights))
    return Drawing(lines=drawing.build_rows(center, neighbours), paths=tuple(drawing.paths), remarks=remarks)


def _sort_by_reading_order(notebook: OpenNotebook, center: Note, found: list[NearbyNote]) -> list[NearbyNote]:
    """Sort the direct neighbours by the order in which `center` links to them, because a structure note orders its links."""
    order: dict[str | None, int] = {}
    for link in notebook.catalogue.find_links(source=center.path):
        order.setdefault(link.resolution.target, len(order))
    return sorted(found, key=lambda near: (near.distance, order.get(near.path, len(order)) if near.distance == 1 else 0))


class _Drawing:
    """Builds the lines of a drawing: (guides, path of the note), or (guides, number of notes) for notes that are left out."""

    def __init__(self, drawn: Sequence[NearbyNote], found: Sequence[NearbyNote], notes: Mapping[str, Note], fitting: set[str]) -> None:
        self._notes, self._fitting = notes, fitting
        self.paths: list[str] = []
        self._below: dict[str, list[NearbyNote]] = {}
        self._left_out: dict[tuple[str, bool], int] = {}
        shown = {near.path for near in drawn}
        for near in drawn:
            self._below.setdefault(near.parent, []).append(near)
        for near in found:
            if near.path in fitting and near.path not in shown:
                key = (near.parent, near.direction == "back" and near.distance == 1)
                self._left_out[key] = self._left_out.get(key, 0) + 1
        self._directions = {near.path: near.direction for near in drawn}
        self._parents = {near.path: near.parent for near in drawn}

    def build_rows(self, center: Note, neighbours: NeighbourLookup) -> tuple[tuple[Line, ...], ...]:
        """Return the rows of the drawing: number, note, and its further links to notes drawn above it."""
        nearest = self._below.get(center.path, [])
        backs = [near for near in nearest if near.direction == "back"]
        others = [near for near in nearest if near.direction != "back"]
        above = self._build_tree(backs, self._left_out.get((center.path, True), 0), upwards=True)[::-1]
        below = self._build_tree(others, self._left_out.get((center.path, False), 0))
        numbers: dict[str, int] = {}
        rows: list[tuple[Line, ...]] = []
        self.paths = [
            path if isinstance(path, str) else "" for path in (*(path for _, path in above), center.path, *(path for _, path in below))
        ]
        for guides, path in above:
            rows.append(self._build_row("".join(FLIPPED_CORNERS.get(char, char) for char in guides), path, numbers, neighbours))
        counts = f"  {center.links} out, {center.backlinks} back"
        rows.append(((), (("●   ", "arrow"), *format_note(center), (counts, "dim")), ()))
        for guides, path in below:
            rows.append(self._build_row(guides, path, numbers, neighbours))
        has_further = any(row[2] for row in rows)
        if has_further:
            self.paths.insert(0, "")
            return ((), (), (("further links", "dim"),)), *rows
        return tuple(rows)

    def _build_tree(
        self, nodes: Sequence[NearbyNote], left_out: int, guides: str = "", *, upwards: bool = False
    ) -> list[tuple[str, str | int]]:
        """Build the lines below a note, as a tree that grows downwards. With `upwards`, the caller has to reverse them."""
        lines: list[tuple[str, str | int]] = []
        in_order = nodes[::-1] if upwards else nodes
        for near in in_order:
            is_last = near is in_order[-1] and not left_out
            lines.append((guides + ("╰─" if is_last else "├─"), near.path))
            below = self._below.get(near.path, [])
            if below:  # otherwise the note's own line shows how many are left out
                deeper = guides + ("    " if is_last else "│   ")
                lines += self._build_tree(below, self._left_out.get((near.path, False), 0), deeper, upwards=upwards)
        if left_out:
            lines.append((guides + "╰─", left_out))
        return lines

    def _build_row(self, guides: str, path: str | int, numbers: dict[str, int], neighbours: NeighbourLookup) -> tuple[Line, ...]:
        if isinstance(path, int):
            return (), ((guides, "dim"), (f"  and {path:,} more", "dim")), ()
        other_links: dict[str, list[int]] = {}
        for other, direction in neighbours(path).items():
            if other in numbers and other != self._parents[path] and self._parents[other] != path:
                other_links.setdefault(direction, []).append(numbers[other])
        numbers[path] = len(numbers) + 1
        arrow = ((guides, "dim"), (ARROWS[self._directions[path]] + " ", "arrow"))
        line = format_note(self._notes[path], *arrow)
        if path not in self._fitting:  # shown only because it leads to a note that matches
            line = (*arrow, ("".join(text for text, _ in line[2:]), "dim"))
        left_out = 0 if path in self._below else self._left_out.get((path, False), 0)
        return ((str(numbers[path]), "dim"),), line, _format_further_links(other_links, left_out)


def _format_further_links(found: Mapping[str, list[int]], left_out: int) -> Line:
    """Format the numbers of the notes that a note has further links with, and how many of its neighbours are left out."""
    spans: list[tuple[str, str]] = []
    for direction in ("both", "out", "back"):
        if direction in found:
            gap = "  " if spans else ""
            spans += [(f"{gap}{ARROWS[direction]} ", "arrow"), (" ".join(map(str, sorted(found[direction]))), "")]
    if left_out:
        spans.append((f"{'  ' if spans else ''}+{left_out:,}", "dim"))
    return tuple(spans)
