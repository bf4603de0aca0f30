"""The link graph, by networkx: as users of the Python API get it, and as GraphML."""

from __future__ import annotations

from collections.abc import Iterable
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
