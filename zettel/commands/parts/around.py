"""Build the tree of links and backlinks around a note, to a given depth, for `links`, `backlinks` and `show`."""

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
"""Levels of nesting in the tree; notes farther away are listed at the last level."""


class _Reached:
    """A note that the search reached: from which note, at what distance, by which links, and the notes reached from it."""

    def __init__(self, note: Note, via: str, distance: int) -> None:
        self.note, self.via, self.distance = note, via, distance
        self.out: list[Resolved] = []
        self.back: list[Resolved] = []
        self.further: list[_Reached] = []

    @property
    def direction(self) -> str:
        return "both" if self.out and self.back else "out" if self.out else "back"


Choose = Callable[[list[str]], list[str]]
"""Takes the paths of the notes that were reached, nearest first, and returns those to show, in order."""


def around(notebook: Notebook, note: Note, depth: int, *, out: bool, back: bool, nothing: str, choose: Choose | None = None) -> Answer:
    """Return the notes within `depth` links of `note`, each once, nearest first, with the links that lead there.

    Notes that `choose` leaves out are followed but not shown. With `choose`, unresolved links are not shown either.
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
    rank = {path: index for index, path in enumerate(chosen)}
    shown = sorted((entry for entry in order if entry.note.path in rank), key=lambda entry: rank[entry.note.path])
    rows = [link_row(link, entry.note, direction, entry.distance, entry.via) for entry in shown for direction, link in _places(entry)]
    near = sum(row["distance"] == 1 for row in rows) if not choose else 0
    rows[near:near] = [link_row(link, None, "self" if link.is_self else "out", 1, note.path) for link in loose]
    branches = _branches(root, {note.path: note.title}, rank) + [_loose_branch(link, note.title) for link in loose]
    tree = (Branch(note_line(note), tuple(branches)),) if branches else ()
    return Answer("links", rows, COLUMNS, facts={"note": record(note)}, tree=tree, nothing=nothing)


def _step(
    notebook: Notebook, origin: _Reached, distance: int, seen: set[str], loose: list[Resolved], *, out: bool, back: bool
) -> list[_Reached]:
    """Return the notes first reached from `origin`: those it links to in reading order, then those that link to it.

    Adds them to `seen` and to `origin`. At distance 1, appends the links that lead to no other note to `loose`.
    """
    found: dict[str, _Reached] = {}
    path = origin.note.path
    outgoing = notebook.links(source=path) if out else []
    incoming = notebook.links(target=path) if back else []
    neighbours = [link.resolution.target for link in outgoing] + [link.link.source for link in incoming]
    notes = notebook.by_paths(dict.fromkeys(neighbour for neighbour in neighbours if neighbour and neighbour not in seen))
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
    """Return the links that lead to a note, with their direction. Links without context are left out if there are others."""
    links = [("out", link) for link in entry.out] + [("back", link) for link in entry.back]
    return [item for item in links if item[1].link.syntax != "reference"] or links[:1]


def _branches(origin: _Reached, titles: dict[str, str], rank: dict[str, int], level: int = 0) -> list[Branch]:
    """Build the branches below a note: the notes that are shown, and those through which one of them was reached."""
    branches = []
    last = len(rank)
    further = origin.further if level < DEEPEST else _all_below(origin)
    for entry in sorted(further, key=lambda entry: rank.get(entry.note.path, last)):
        both_titles = {entry.via: titles.get(entry.via, ""), entry.note.path: entry.note.title}
        below = _branches(entry, both_titles, rank, level + 1) if level < DEEPEST else []
        if entry.note.path in rank or below:
            has_arrows = entry.direction == "both"
            contexts = [
                Branch(place_line(link, {**titles, **both_titles}.get(link.link.source, ""), ARROWS[direction] if has_arrows else ""))
                for direction, link in _places(entry)
            ]
            hops = ((f"{entry.distance} hops: ", "dim"),) if level == DEEPEST else ()
            branches.append(Branch((*hops, *note_line(entry.note, (ARROWS[entry.direction] + " ", "arrow"))), (*contexts, *below)))
    return branches


def _all_below(origin: _Reached) -> list[_Reached]:
    """Return all notes that were reached from `origin`, directly or through others, nearest first."""
    descendants = list(origin.further)
    for entry in descendants:
        descendants += entry.further
    return descendants


def _loose_branch(found: Resolved, title: str) -> Branch:
    if found.is_self:
        return Branch((("↺ ", "arrow"), ("this note itself", "dim")), (Branch(place_line(found, title)),))
    candidates = [Branch(((path, "path"),)) for path in found.resolution.candidates] if found.resolution.status == AMBIGUOUS else []
    return Branch(unresolved_line(found), (Branch(place_line(found, title)), *candidates))
