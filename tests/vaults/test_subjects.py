"""Test the subjects of real notebooks: names of topics, and the quality of clusters."""

from __future__ import annotations

import networkx as nx  # noqa: TID253 - the oracle
import pytest

from tests.commands.test_subjects import check_topic_names
from tests.conftest import find_shared_folder
from zettel.model.graph.louvain import detect_communities
from zettel.session import GlobalOptions, Session

PACKAGES = ("kraker-second-brain", "oldwinter-garden", "fixtures-foam-docs", "oddities")


@pytest.mark.parametrize("package", PACKAGES)
def test_clusters_of_real_notebooks_are_as_good_as_louvain(package: str) -> None:
    """Every name of a topic resolves to it, and the clusters are about as good as those of networkx by modularity."""
    folder = find_shared_folder() / "vaults" / package / "notes"
    check_topic_names(folder)
    link_graph = Session(GlobalOptions(str(folder))).open_notebook().catalogue.load_graph(with_notes=True)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(link_graph.notes)))
    graph.add_edges_from(link_graph.edges)
    found = nx.community.modularity(graph, detect_communities(len(graph), link_graph.edges))
    assert found >= nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1)) - 0.01
