"""Communities against networkx: their modularity, and that each hangs together."""

from __future__ import annotations

from itertools import combinations

import networkx as nx  # noqa: TID253 - the oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.graph.louvain import LOUVAIN_ROUNDS, detect_communities

Pairs = list[tuple[int, int]]

numbers = st.integers(0, 15)
graphs = st.lists(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=40)


def graph_of(count: int, pairs: Pairs) -> nx.Graph[int]:
    """The same graph for networkx."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pairs)
    return graph


@settings(max_examples=300, deadline=None)
@given(graphs)
def test_every_node_is_in_one_group_that_hangs_together(pairs: Pairs) -> None:
    """Groups hold every node once, are ordered by size and first node, and none falls into pieces."""
    groups = detect_communities(16, pairs)
    graph = graph_of(16, pairs)
    assert sorted(node for group in groups for node in group) == list(range(16))
    assert groups == sorted(groups, key=lambda group: (-len(group), group[0]))
    assert all(nx.is_connected(graph.subgraph(group)) for group in groups)


@settings(max_examples=300, deadline=None)
@given(graphs)
def test_no_node_would_be_better_off_alone_or_elsewhere(pairs: Pairs) -> None:
    """Modularity is at least that of all that hangs together in one group, and that of every node for itself."""
    if not pairs:
        return
    graph = graph_of(16, pairs)
    reached = nx.community.modularity(graph, detect_communities(16, pairs))
    assert reached >= nx.community.modularity(graph, list(nx.connected_components(graph))) - 1e-9
    assert reached >= nx.community.modularity(graph, [{node} for node in graph]) - 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_modularity_is_about_that_of_networkx(seed: int) -> None:
    """On graphs with groups in them, what is found is as good as what networkx finds, but for a hundredth."""
    graph = nx.planted_partition_graph(8, 20, 0.3, 0.02, seed=seed)
    found = nx.community.modularity(graph, detect_communities(len(graph), sorted(graph.edges)))
    assert found >= nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1)) - 0.01


def test_cliques_in_a_ring_are_the_groups() -> None:
    """Six cliques of five, each linked with the next by one link: the cliques."""
    pairs = [(5 * clique + one, 5 * clique + other) for clique in range(6) for one, other in combinations(range(5), 2)]
    pairs += [(5 * clique, (5 * clique + 6) % 30) for clique in range(6)]
    assert [list(range(5 * clique, 5 * clique + 5)) for clique in range(6)] == detect_communities(30, pairs)


def test_no_notes_and_no_links() -> None:
    """Nothing has no groups; notes without links are each a group of their own."""
    assert detect_communities(0, []) == []
    assert detect_communities(2, []) == [[0], [1]]


def test_steps_add_up() -> None:
    """Progress reaches just what was announced."""
    seen: list[str] = []
    detect_communities(60, [(node, (node * 7 + 1) % 60) for node in range(60)], seen.append)
    assert LOUVAIN_ROUNDS * 60 == len(seen)
