"""What hangs together with a note: its links both ways, as far as wanted. Used by links, backlinks and show."""

from __future__ import annotations

from collections.abc import Callable

from zettel.commands.parts.shared import ARROWS, link_row, note_line, place_line, unresolved_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.link import AMBIGUOUS, OK, Resolved
from zettel.model.note import Note, record
from zettel.notebook import Notebook

COLUMNS = (
    Column("Hops", "distance", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Status", "status", "dim"),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)

DEEPEST = 20
"""Levels that are drawn one within the other; what is farther is listed below the last of them."""


class _Reached:
    """A note that was reached: from where, how far, by which links, and what was reached from it."""

    def __init__(self, note: Note, via: str, distance: int) -> None:
        self.note, self.via, self.distance = note, via, distance
        self.out: list[Resolved] = []
        self.back: list[Resolved] = []
        self.further: list[_Reached] = []

    @property
    def direction(self) -> str:
        return "both" if self.out and self.back else "out" if self.out else "back"


Choose = Callable[[list[str]], list[str]]
"""Given the paths of the notes that were reached, nearest first: those to show, in this order."""


def around(notebook: Notebook, note: Note, depth: int, *, out: bool, back: bool, nothing: str, choose: Choose | None = None) -> Answer:
    """The notes within `depth` links of `note`, each once, nearest first, with the links that lead there.

    Notes that `choose` leaves out are passed through, but not shown; nor are links that lead to no note.
    """
    root = _Reached(note, "", 0)
    seen = {note.path}
    order: list[_Reached] = []
    loose: list[Resolved] = []
    frontier = [root]
    for distance in range(1, depth + 1):
        reached: list[_Reached] = []
        for origin in frontier:
            reached += _step(notebook, origin, distance, seen, loose, out=out, back=back)
        order += reached
        frontier = reached
        if not frontier:
            break
    chosen = [entry.note.path for entry in order]
    if choose:
        chosen, loose = choose(chosen), []
    rank = {path: place for place, path in enumerate(chosen)}
    shown = sorted((entry for entry in order if entry.note.path in rank), key=lambda entry: rank[entry.note.path])
    rows = [link_row(found, entry.note, direction, entry.distance, entry.via) for entry in shown for direction, found in _places(entry)]
    near = sum(row["distance"] == 1 for row in rows) if not choose else 0
    rows[near:near] = [link_row(found, None, "self" if found.is_self else "out", 1, note.path) for found in loose]
    branches = _branches(root, {note.path: note.title}, rank) + [_loose_branch(found, note.title) for found in loose]
    tree = (Branch(note_line(note), tuple(branches)),) if branches else ()
    return Answer("links", rows, COLUMNS, facts={"note": record(note)}, tree=tree, nothing=nothing)


def _step(
    notebook: Notebook, origin: _Reached, distance: int, seen: set[str], loose: list[Resolved], *, out: bool, back: bool
) -> list[_Reached]:
    """The notes that are first reached from `origin`: those it links to in reading order, then those that link to it."""
    found: dict[str, _Reached] = {}
    path = origin.note.path
    outgoing = notebook.links(source=path) if out else []
    incoming = notebook.links(target=path) if back else []
    wanted = [link.resolution.target for link in outgoing] + [link.link.source for link in incoming]
    notes = notebook.by_paths(dict.fromkeys(target for target in wanted if target and target not in seen))
    for link in outgoing:
        target = link.resolution.target
        if link.resolution.status != OK or link.is_self:
            if distance == 1 and (link.link.syntax != "reference" or not link.is_self):
                loose.append(link)
        elif target in notes:
            found.setdefault(target, _Reached(notes[target], path, distance)).out.append(link)
    for link in incoming:
        if link.link.source in notes:
            found.setdefault(link.link.source, _Reached(notes[link.link.source], path, distance)).back.append(link)
    seen.update(found)
    origin.further = list(found.values())
    return origin.further


def _places(entry: _Reached) -> list[tuple[str, Resolved]]:
    """The links that lead to a note; definitions and front matter only where there is nothing to read."""
    places = [("out", link) for link in entry.out] + [("back", link) for link in entry.back]
    return [place for place in places if place[1].link.syntax != "reference"] or places[:1]


def _branches(origin: _Reached, titles: dict[str, str], rank: dict[str, int], level: int = 0) -> list[Branch]:
    """What hangs below a note: the notes that are shown, or through which one that is shown was reached."""
    found = []
    last = len(rank)
    further = origin.further if level < DEEPEST else _all_below(origin)
    for entry in sorted(further, key=lambda entry: rank.get(entry.note.path, last)):
        named = {entry.via: titles.get(entry.via, ""), entry.note.path: entry.note.title}
        below = _branches(entry, named, rank, level + 1) if level < DEEPEST else []
        if entry.note.path in rank or below:
            arrows = entry.direction == "both"
            places = [
                Branch(place_line(link, {**titles, **named}.get(link.link.source, ""), ARROWS[way] if arrows else ""))
                for way, link in _places(entry)
            ]
            far = ((f"{entry.distance} hops: ", "dim"),) if level == DEEPEST else ()
            found.append(Branch((*far, *note_line(entry.note, (ARROWS[entry.direction] + " ", "arrow"))), (*places, *below)))
    return found


def _all_below(origin: _Reached) -> list[_Reached]:
    """All notes that were reached from a note and from those reached from it, nearest first."""
    found = list(origin.further)
    for entry in found:
        found += entry.further
    return found


def _loose_branch(found: Resolved, title: str) -> Branch:
    if found.is_self:
        return Branch((("↺ ", "arrow"), ("this note itself", "dim")), (Branch(place_line(found, title)),))
    candidates = [Branch(((path, "path"),)) for path in found.resolution.candidates] if found.resolution.status == AMBIGUOUS else []
    return Branch(unresolved_line(found), (Branch(place_line(found, title)), *candidates))
