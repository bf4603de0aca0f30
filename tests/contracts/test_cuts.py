"""The cuts of a graph against taking out one node after the other."""

from __future__ import annotations

import networkx as nx  # noqa: TID253 - the oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters.networkx_graph import find_cut_nodes

numbers = st.integers(0, 11)
graphs = st.one_of(
    st.lists(st.tuples(numbers, numbers), max_size=12),
    st.lists(st.tuples(numbers, numbers), min_size=10, max_size=25),
    st.lists(numbers, max_size=11).map(lambda above: [(node, min(parent, node - 1)) for node, parent in enumerate(above, 1)]),  # trees
)


def naive(count: int, pairs: list[tuple[int, int]]) -> dict[int, list[int]]:
    """For every node whose loss leaves more pieces: the sizes of all but the largest of those it was linked with."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pair for pair in pairs if pair[0] != pair[1])
    found = {}
    for node in range(count):
        part = nx.node_connected_component(graph, node) - {node}
        pieces = sorted((len(piece) for piece in nx.connected_components(graph.subgraph(part))), reverse=True)
        if len(pieces) > 1:
            found[node] = pieces[1:]
    return found


@settings(max_examples=400, deadline=None)
@given(graphs)
def test_cuts_are_those_of_taking_out_one_node_after_the_other(pairs: list[tuple[int, int]]) -> None:
    """Cuts, and the sizes of what hangs there, are those found by removing every node in turn."""
    found = find_cut_nodes(12, [pair for pair in pairs if pair[0] != pair[1]])
    assert naive(12, pairs) == {node: [piece.size for piece in pieces] for node, pieces in found.items()}


@settings(max_examples=200, deadline=None)
@given(graphs)
def test_a_piece_is_named_by_its_most_linked_node(pairs: list[tuple[int, int]]) -> None:
    """The node of a piece has the most links of all nodes that hang together there."""
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    graph: nx.Graph[int] = nx.Graph(pairs)
    for node, pieces in find_cut_nodes(12, pairs).items():
        rest = graph.subgraph(set(graph) - {node})
        for piece in pieces:
            members = nx.node_connected_component(rest, piece.node)
            assert piece.size == len(members)
            assert piece.node == min(members, key=lambda one: (-graph.degree[one], one))


def test_a_long_chain_is_no_problem() -> None:
    """A chain of thousands of nodes: every inner one cuts off its shorter side."""
    count = 5000
    found = find_cut_nodes(count, [(node, node + 1) for node in range(count - 1)])
    assert [min(node, count - 1 - node) for node in range(1, count - 1)] == [pieces[0].size for pieces in found.values()]
