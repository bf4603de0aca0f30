"""Find the gap between two topics: which notes of each lead to the other within a few hops, and which do not."""

from __future__ import annotations

from zettel.model.graph import paths
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import Topic
from zettel.model.note.note import Note
from zettel.model.suggest.gap import GapNote, GapSide
from zettel.notebook.notebook import OpenNotebook
from zettel.services.paths import NoteGraph, find_best_bridges


def find_gap(notebook: OpenNotebook, one: Topic, other: Topic, max_hops: int, *, directed: bool = False) -> list[GapSide]:
    """Return both sides of the gap between two topics, with the paths of at most `max_hops` hops from one to the other, and the links that could bridge it."""
    graph = NoteGraph(notebook)
    pairs = ((one, other), (other, one))
    found = [_find_paths(graph, topic, goal, max_hops, directed=directed) for topic, goal in pairs]
    asked = [
        (unreached, targets) for paths_of, targets in found if (unreached := [note.path for note, link_path in paths_of if not link_path])
    ]
    bridges = find_best_bridges(notebook, *asked) if asked else {}
    others = notebook.catalogue.find_notes_by_path(bridge.other for bridge in bridges.values())

    def build_note(note: Note, link_path: LinkPath | None) -> GapNote:
        bridge = bridges.get(note.path)
        return GapNote(note, link_path, bridge, others[bridge.other] if bridge else None)

    return [
        GapSide(topic, goal, tuple(build_note(*entry) for entry in paths_of), max_hops, directed)
        for (topic, goal), (paths_of, _) in zip(pairs, found, strict=True)
    ]


def _find_paths(
    graph: NoteGraph, topic: Topic, goal: Topic, max_hops: int, *, directed: bool
) -> tuple[list[tuple[Note, LinkPath | None]], list[int]]:
    """Return the best path of each note of a topic to its goal, or None, and the rows of the notes that a link could lead to instead."""
    ends = graph.find_numbers(goal.notes)
    avoided = graph.find_saved_paths(ends, graph.find_numbers(topic.notes))
    left, _ = paths.measure_distances(graph.link_graph, paths.PathConstraints([frozenset(), ends], directed, avoided, max_hops))
    found: list[tuple[Note, LinkPath | None]] = []
    for note in topic.notes:
        terms = paths.PathConstraints([graph.find_numbers([note]), ends], directed, avoided, max_hops)
        ranked = paths.find_ranked_paths(graph.link_graph, terms, left, 1)
        found.append((note, graph.build_path(ranked[0]) if ranked else None))
    near = {number for number, hops in left[0].items() if hops < max_hops} - graph.link_graph.structure_notes
    return found, [graph.link_graph.rows[number] for number in sorted(near | ends)]
