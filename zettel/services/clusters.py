"""Find the clusters of a notebook, the words that describe them, and the cluster that a person names."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.progress import SilentProgress
from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.keywords import GroupText, choose_telling_words
from zettel.model.graph.louvain import LOUVAIN_ROUNDS
from zettel.model.graph.subjects import WORD_SEPARATOR, Cluster, Clustering, find_cluster, find_clusters
from zettel.model.text.fold import fold
from zettel.session import Session

NOTES_READ = 20
"""How many notes of a cluster, the most central ones, are read to find its telling words."""

CLUSTERS_COMPARED = 20
"""How many clusters, the largest ones, every cluster is compared with. Their words can be typed as a topic."""


def find_notebook_clusters(session: Session, graph: LinkGraph) -> Clustering:
    """Find the clusters, with a progress bar if it takes long."""
    with (session.console.choose_progress() or SilentProgress)("Finding clusters", LOUVAIN_ROUNDS * len(graph.notes)) as step:
        return find_clusters(graph, step)


def find_cluster_words(session: Session, graph: LinkGraph, clusters: Sequence[Cluster], wanted: Sequence[Cluster]) -> list[tuple[str, ...]]:
    """Return the telling words of each of the `wanted` clusters, in lower case. `clusters` are all clusters, largest first.

    Reads the most central notes, so that no command has to wait for the full-text index. The words do not depend on which clusters are wanted.
    """
    if not wanted:
        return []
    from zettel.adapters.fulltext.stem import stem

    notebook = session.open_notebook()
    described = {cluster.label: cluster for cluster in (*clusters[:CLUSTERS_COMPARED], *wanted)}
    count = sum(len(cluster.members[:NOTES_READ]) for cluster in described.values())
    texts = {}
    with (session.console.choose_progress() or SilentProgress)("Reading notes", count) as step:
        for label, cluster in described.items():
            found = {}
            for node in cluster.members[:NOTES_READ]:
                step(graph.notes[node].path)
                found[node] = _read_own_words(graph, node, notebook.read_plain_text(graph.notes[node].path))
            texts[label] = GroupText(cluster.members, found)
    others = [texts[cluster.label] for cluster in clusters[:CLUSTERS_COMPARED]]
    return choose_telling_words([texts[cluster.label] for cluster in wanted], others, graph.notes, stem, notebook.list_unsorted_tags())


def _read_own_words(graph: LinkGraph, node: int, text: str) -> str:
    """Return the text of a note without its title, and without the titles of notes that it links to, which are not its own words.

    Keeps titles of a single word: they are ordinary words of a sentence.
    """
    for other in (node, *graph.targets[node]):
        title = graph.notes[other].title
        if " " in title:
            text = text.replace(title, ".")
    return text


def find_named_cluster(session: Session, graph: LinkGraph, text: str) -> Cluster | None:
    """Return the cluster with this label, or around a note of this name, or with these telling words, or None."""
    clusters = find_notebook_clusters(session, graph).clusters
    if found := find_cluster(text, clusters, graph.notes):
        return found
    if WORD_SEPARATOR not in text:
        return None
    known = clusters[:CLUSTERS_COMPARED]
    words = find_cluster_words(session, graph, clusters, known)
    return next((cluster for cluster, own in zip(known, words, strict=True) if fold(WORD_SEPARATOR.join(own)) == fold(text)), None)
