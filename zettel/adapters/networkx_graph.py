"""Build the link graph with networkx: for users of the Python API, as GraphML, and to find its cut nodes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from zettel.model.text.inert import escape_unsafe

if TYPE_CHECKING:
    from typing import TypeAlias

    from zettel.model.link.link import ResolvedLink
    from zettel.model.note.note import Note

    Graph: TypeAlias = nx.MultiDiGraph[str]

INVALID_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (all except its production 2, Char), and the carriage return, which it reads as a line break."""


def build_multigraph(notes: Iterable[Note], links: Iterable[ResolvedLink]) -> Graph:
    """Build a directed graph with one node per note (its path, with attributes id, title, tags) and one edge per resolved link.

    Edges have the attributes syntax, text, label, line, headings and sentence. A link of a note to itself is a loop.
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


def format_graphml(graph: Graph) -> str:
    """Format a graph as GraphML, with characters that XML cannot hold made visible."""
    plain: Graph = nx.MultiDiGraph()
    for path, data in graph.nodes(data=True):
        plain.add_node(_escape_xml(path), id=data["id"] or "", title=_escape_xml(data["title"]), tags=_escape_xml(", ".join(data["tags"])))
    for source, target, data in graph.edges(data=True):
        plain.add_edge(
            _escape_xml(source), _escape_xml(target), syntax=data["syntax"], line=data["line"], sentence=_escape_xml(data["sentence"])
        )
    out = BytesIO()
    nx.write_graphml_xml(plain, out, encoding="utf-8", prettyprint=True)
    return out.getvalue().decode() + "\n"


def _escape_xml(text: str) -> str:
    return INVALID_XML.sub(lambda found: escape_unsafe(found[0]), text)


class SubgraphPiece(NamedTuple):
    """A part of the graph that a cut node separates: its number of nodes, and the one with the most links (the first of several)."""

    size: int
    node: int


def find_cut_nodes(count: int, pairs: Iterable[tuple[int, int]]) -> dict[int, list[SubgraphPiece]]:
    """Find the cut nodes of the graph, each with the pieces that it alone connects to the largest one, largest first.

    Nodes are numbered 0 to `count` - 1. `pairs` are links, in either direction. Linear in nodes and links: builds the block-cut tree
    (Hopcroft and Tarjan, 1973) and sums sizes from its leaves up.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pairs)
    tree, own = _build_block_cut_tree(graph)
    found: dict[int, list[SubgraphPiece]] = {}
    for part in list(nx.connected_components(tree)):
        middle = _find_centre(tree, min(part), own)
        children = _map_children(tree, middle)
        below: dict[int, SubgraphPiece] = {}
        for node in reversed(children):
            pieces = sorted((below[child] for child in children[node]), key=lambda piece: (-piece.size, piece.node))
            best = _choose_most_linked(graph, [piece.node for piece in (own[node], *pieces) if piece.size])
            below[node] = SubgraphPiece(sum(piece.size for piece in (own[node], *pieces)), best)
            if node >= 0:
                found[node] = pieces[node == middle :]
    return {node: found[node] for node in sorted(found)}


def _build_block_cut_tree(graph: nx.Graph[int]) -> tuple[nx.Graph[int], dict[int, SubgraphPiece]]:
    """Return the block-cut tree of each component, and the nodes that each block holds apart from cut nodes.

    Cut nodes keep their numbers, blocks are -1, -2, ...
    """
    blocks: list[list[int]] = [sorted(block) for block in nx.biconnected_components(graph)]  # type: ignore[arg-type]  # of sets, says the stub
    within = Counter(node for block in blocks for node in block)
    tree: nx.Graph[int] = nx.Graph()
    own: dict[int, SubgraphPiece] = {}
    for number, block in enumerate(blocks, 1):
        inner = [node for node in block if within[node] == 1]
        own[-number] = SubgraphPiece(len(inner), _choose_most_linked(graph, inner))
        tree.add_edges_from((-number, node) for node in block if within[node] > 1)
    own.update((node, SubgraphPiece(1, node)) for node in tree if node >= 0)
    return tree, own


def _choose_most_linked(graph: nx.Graph[int], nodes: list[int]) -> int:
    return min(nodes, key=lambda node: (-graph.degree[node], node), default=-1)


def _map_children(tree: nx.Graph[int], root: int) -> dict[int, list[int]]:
    """Return the children of every node of the tree below `root`, parents before children."""
    children: dict[int, list[int]] = {root: []}
    for parent, node in nx.dfs_edges(tree, root):
        children[parent].append(node)
        children[node] = []
    return children


def _find_centre(tree: nx.Graph[int], start: int, own_pieces: dict[int, SubgraphPiece]) -> int:
    """Return the node to use as root, so that no child's subtree is more than half of the tree.

    Then the part above a cut node is always its largest piece.
    """
    children = _map_children(tree, start)
    sizes: dict[int, int] = {}
    for node in reversed(children):
        sizes[node] = own_pieces[node].size + sum(sizes[child] for child in children[node])
    node = start
    while heavy := [child for child in children[node] if 2 * sizes[child] > sizes[start]]:
        (node,) = heavy
    return node
