"""Build the tree of links and backlinks around a note, to a given depth, for `links`, `backlinks` and `show`."""

from __future__ import annotations

from zettel.model.base.answer import Branch, Column, Tree
from zettel.model.link.link import AMBIGUOUS, OK, ResolvedLink
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.filter import Filter
from zettel.notebook.notebook import OpenNotebook
from zettel.views.notes import ARROWS, build_note_branch, format_context, format_note, format_unresolved_link, link_to_row, weaken_title

COLUMNS = (
    Column("Hops", "distance", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Status", "status", "dim"),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)

MAX_NESTING = 20
"""Levels of nesting in the tree; notes farther away are listed at the last level."""


class _ReachedNote:
    """A note that the search reached: from which note, at what distance, by which links, and the notes reached from it."""

    def __init__(self, note: Note, via: str, distance: int) -> None:
        self.note, self.via, self.distance = note, via, distance
        self.links: list[ResolvedLink] = []
        self.backlinks: list[ResolvedLink] = []
        self.children: list[_ReachedNote] = []

    @property
    def direction(self) -> str:
        return "both" if self.links and self.backlinks else "out" if self.links else "back"


def build_link_tree(
    notebook: OpenNotebook, note: Note, depth: int, *, out: bool, back: bool, wanted: Filter, nothing: str, sentences: bool = False
) -> Tree:
    """Return the notes within `depth` links of `note`, each once, nearest first, with the links that lead there.

    Notes that `wanted` leaves out are followed but not shown. With a filter, unresolved links are not shown either. The tree shows the
    sentences of links if its depth is 1, or if `sentences` are requested.
    """
    root = _ReachedNote(note, "", 0)
    seen = {note.path}
    loose: list[ResolvedLink] = []

    def expand(level: list[_ReachedNote]) -> list[_ReachedNote]:
        return [entry for origin in level for entry in _expand_note(notebook, origin, seen, loose, out=out, back=back)]

    if depth == 1:
        order = expand([root])
    else:  # imported only here, because most trees have a single level
        from zettel.model.graph.graph import walk_levels

        order = [entry for distance, level in walk_levels([root], expand, depth) if distance for entry in level]
    found = [entry.note.path for entry in order]
    if not wanted.is_empty:
        found, loose = _filter_paths(notebook, found, wanted), []
    chosen = found[: wanted.limit or None]
    rank = {path: index for index, path in enumerate(chosen)}
    shown = sorted((entry for entry in order if entry.note.path in rank), key=lambda entry: rank[entry.note.path])
    rows = [
        link_to_row(link, entry.note, direction, entry.distance, entry.via)
        for entry in shown
        for direction, link in _list_visible_links(entry)
    ]
    near = sum(row["distance"] == 1 for row in rows) if wanted.is_empty else 0
    rows[near:near] = [link_to_row(link, None, "self" if link.is_self else "out", 1, note.path) for link in loose]
    with_sentences = sentences or depth == 1
    branches = _build_branches(root, {note.path: note.title}, rank, with_sentences=with_sentences)
    branches += [_build_unresolved_branch(link, note.title, with_sentence=with_sentences) for link in loose]
    return Tree(
        name="links",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        branches=(Branch(format_note(note), tuple(branches)),) if branches else (),
        is_spaced=with_sentences,
        facts={"note": note_to_record(note)},
        rest=_describe_rest(len(chosen), len(found)) if len(chosen) < len(found) else "",
        empty_message=nothing,
    )


def _filter_paths(notebook: OpenNotebook, paths: list[str], wanted: Filter) -> list[str]:
    """Return the paths of the notes that a filter chooses, in its order if it has one, whatever its limit."""
    fit = dict.fromkeys(found.path for found in notebook.catalogue.list_notes(wanted.drop_limit(), paths))
    return [path for path in (fit if wanted.sort else paths) if path in fit]


def _describe_rest(shown: int, total: int) -> str:
    from zettel.model.text.phrases import describe_limit

    return describe_limit(shown, total, "note")


def _expand_note(
    notebook: OpenNotebook, origin: _ReachedNote, seen: set[str], unresolved: list[ResolvedLink], *, out: bool, back: bool
) -> list[_ReachedNote]:
    """Return the notes first reached from `origin`: those it links to in reading order, then those that link to it.

    Adds them to `seen` and to `origin`. If `origin` is the root, appends its links that lead to no other note to `unresolved`.
    """
    found: dict[str, _ReachedNote] = {}
    path, distance = origin.note.path, origin.distance + 1
    outgoing = notebook.catalogue.find_links(source=path) if out else []
    incoming = notebook.catalogue.find_links(target=path) if back else []
    neighbours = [link.resolution.target for link in outgoing] + [link.link.source for link in incoming]
    notes = notebook.catalogue.find_notes_by_path(
        dict.fromkeys(neighbour for neighbour in neighbours if neighbour and neighbour not in seen)
    )
    for link in outgoing:
        target = link.resolution.target
        if link.resolution.status != OK or link.is_self:
            if distance == 1 and not (link.is_self and link.link.syntax_row.is_definition):
                unresolved.append(link)
        elif target in notes:
            found.setdefault(target, _ReachedNote(notes[target], path, distance)).links.append(link)
    for link in incoming:
        if link.link.source in notes:
            found.setdefault(link.link.source, _ReachedNote(notes[link.link.source], path, distance)).backlinks.append(link)
    seen.update(found)
    origin.children = list(found.values())
    return origin.children


def _list_visible_links(entry: _ReachedNote) -> list[tuple[str, ResolvedLink]]:
    """Return the links that lead to a note, with their direction. Links without context are left out if there are others."""
    links = [("out", link) for link in entry.links] + [("back", link) for link in entry.backlinks]
    if len(links) == 1:  # the usual case, in which the syntaxes need not be loaded
        return links
    return [item for item in links if not item[1].link.syntax_row.is_definition] or links[:1]


def _build_branches(
    origin: _ReachedNote, titles: dict[str, str], rank: dict[str, int], level: int = 0, *, with_sentences: bool
) -> list[Branch]:
    """Build the branches below a note: the notes that are shown, and those through which one of them was reached."""
    branches = []
    last = len(rank)
    further = origin.children if level < MAX_NESTING else _list_descendants(origin)
    for entry in sorted(further, key=lambda entry: rank.get(entry.note.path, last)):
        both_titles = {entry.via: titles.get(entry.via, ""), entry.note.path: entry.note.title}
        below = _build_branches(entry, both_titles, rank, level + 1, with_sentences=with_sentences) if level < MAX_NESTING else []
        if entry.note.path in rank or below:
            contexts = _build_contexts(entry, {**titles, **both_titles}) if with_sentences else []
            hops = ((f"{entry.distance} hops: ", "dim"),) if level == MAX_NESTING else ()
            arrow = (ARROWS[entry.direction] + " ", "arrow")
            branch = build_note_branch(entry.note, (*contexts, *below), before=(*hops, arrow))
            branches.append(branch if with_sentences else Branch(weaken_title(branch.line), branch.branches, branch.note))
    return branches


def _build_contexts(entry: _ReachedNote, titles: dict[str, str]) -> list[Branch]:
    """Build the sentences of the links that lead to a note, with their direction if there are both."""
    has_arrows = entry.direction == "both"
    return [
        Branch(format_context(link, titles.get(link.link.source, ""), ARROWS[direction] if has_arrows else ""))
        for direction, link in _list_visible_links(entry)
    ]


def _list_descendants(origin: _ReachedNote) -> list[_ReachedNote]:
    """Return all notes that were reached from `origin`, directly or through others, nearest first."""
    descendants = list(origin.children)
    for entry in descendants:
        descendants += entry.children
    return descendants


def _build_unresolved_branch(resolved: ResolvedLink, title: str, *, with_sentence: bool) -> Branch:
    context = (Branch(format_context(resolved, title)),) if with_sentence else ()
    if resolved.is_self:
        return Branch((("↺ ", "arrow"), ("this note itself", "dim")), context)
    candidates = [Branch(((path, "path"),)) for path in resolved.resolution.candidates] if resolved.resolution.status == AMBIGUOUS else []
    return Branch(format_unresolved_link(resolved), (*context, *candidates))
