"""The subjects of real notebooks."""

from __future__ import annotations

import networkx as nx  # noqa: TID253 - the oracle
import pytest

from tests.commands.test_subjects import demand_that_names_lead_back
from tests.conftest import shared_folder
from zettel.model.graph.louvain import detect_communities
from zettel.session import GlobalOptions, Session

PACKAGES = ("kraker-second-brain", "oldwinter-garden", "fixtures-foam-docs", "oddities")


@pytest.mark.parametrize("package", PACKAGES)
def test_subjects_of_real_notebooks(package: str) -> None:
    """Every name of a topic leads back to it, and clusters are about as good as those of networkx by modularity."""
    folder = shared_folder() / "vaults" / package / "notes"
    demand_that_names_lead_back(folder)
    network = Session(GlobalOptions(str(folder))).open_notebook().load_graph()
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(network.notes)))
    graph.add_edges_from(network.edges)
    found = nx.community.modularity(graph, detect_communities(len(graph), network.edges))
    assert found >= nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1)) - 0.01
