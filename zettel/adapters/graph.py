"""The link graph, by networkx: as users of the Python API get it, as GraphML, and for paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from typing import TypeAlias

    from zettel.model.link import Resolved
    from zettel.model.note import Note

    Graph: TypeAlias = nx.MultiDiGraph[str]


def multigraph(notes: Iterable[Note], links: Iterable[Resolved]) -> Graph:
    """A directed graph with a node a note (by path; attributes id, title, tags) and an edge a resolved link.

    Edges carry syntax, text, label, line, headings and sentence. Links of a note to itself are loops.
    """
    graph: Graph = nx.MultiDiGraph()
    for note in notes:
        graph.add_node(note.path, id=note.id, title=note.title, tags=list(note.tags))
    for resolved in links:
        link, target = resolved.link, resolved.resolution.target
        if target is not None and link.source in graph and target in graph:
            graph.add_edge(
                link.source,
                target,
                syntax=link.syntax,
                text=link.text,
                label=link.label,
                line=link.line,
                headings=list(link.headings),
                sentence=link.sentence,
            )
    return graph


def graphml(graph: Graph) -> str:
    """A graph as GraphML, with what XML cannot hold made visible."""
    plain: Graph = nx.MultiDiGraph()
    for path, data in graph.nodes(data=True):
        plain.add_node(_xml(path), id=data["id"] or "", title=_xml(data["title"]), tags=_xml(", ".join(data["tags"])))
    for source, target, data in graph.edges(data=True):
        plain.add_edge(_xml(source), _xml(target), syntax=data["syntax"], line=data["line"], sentence=_xml(data["sentence"]))
    out = BytesIO()
    nx.write_graphml_xml(plain, out, encoding="utf-8", prettyprint=True)
    return out.getvalue().decode() + "\n"


def _xml(text: str) -> str:
    return "".join(
        char if char in "\t\n" or (" " <= char < "\ud800") or ("\ue000" <= char < "\ufffe") or char > "\uffff" else "\ufffd"
        for char in text
    )


def shortest(
    edges: Iterable[tuple[str, str]], starts: set[str], ends: set[str], ids: Mapping[str, str], *, directed: bool, longest: int = 0
) -> list[str] | None:
    """The best path from one of `starts` to one of `ends`, as paths of notes, or None.

    Best is the one with the fewest hops; then the least sum, over the notes passed through, of the number
    of notes each is linked with (the cost of going by way of hubs); then the first by the IDs along it.
    `longest` limits the hops (0: no limit). `ids` gives what notes are ordered by.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(edges)
    walked: nx.Graph[str] = graph if directed else graph.to_undirected()
    degree = {path: len(set(graph.pred[path]) | set(graph.succ[path])) for path in graph}
    if found := starts & ends:
        return [min(found, key=lambda path: (ids.get(path, path), path))]
    sources = starts & walked.nodes
    if not sources:
        return None
    distance: dict[str, int] = {
        path: int(hops) for path, hops in nx.multi_source_dijkstra_path_length(walked, sources, weight=None).items()
    }
    reached = [path for path in ends if path in distance]
    if not reached or (longest and min(distance[path] for path in reached) > longest):
        return None
    hops = min(distance[path] for path in reached)
    best: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
        path: (0, ((ids.get(path, path), path),)) for path in reached if distance[path] == hops
    }
    for level in range(hops - 1, -1, -1):
        nearer: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {}
        for path, (cost, rest) in best.items():
            toll = degree[path] if level < hops - 1 else 0
            for before in graph.pred[path] if directed else walked[path]:
                if distance.get(before) == level:
                    option = (cost + toll, ((ids.get(before, before), before), *rest))
                    if before not in nearer or option < nearer[before]:
                        nearer[before] = option
        best = nearer
    return [path for _, path in min(best.values())[1]]
