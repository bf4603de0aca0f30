"""List the clusters of a notebook: groups of notes with more links among themselves than to the rest."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import Answer, Branch, Column, Tree
from zettel.model.base.errors import ensure_positive
from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.subjects import CENTRAL_NOTE_COUNT, MIN_CLUSTER_SIZE, Cluster, Clustering
from zettel.model.note.note import note_to_record, summarise_note
from zettel.model.text.phrases import describe_limit, format_count
from zettel.services.clusters import find_cluster_words, find_notebook_clusters
from zettel.session import Session
from zettel.views.clusters import build_cluster_branch
from zettel.views.notes import build_note_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ClusterRecord

COLUMNS = (
    Column("Cluster", "cluster", "strong", may_wrap=True),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
)


def run(session: Session, *, limit: int = 20) -> Answer:
    """List the clusters, largest first, each with its telling words and its notes, most central first."""
    ensure_positive("--limit", limit, "zettel clusters --limit 50")
    network = session.open_notebook().catalogue.load_graph(with_notes=True)
    found = find_notebook_clusters(session, network)
    shown = found.clusters[:limit]
    words = find_cluster_words(session, network, found.clusters, shown)
    rows: list[ClusterRecord] = [
        {
            "label": cluster.label,
            "words": list(own),
            "size": len(cluster.members),
            "central": [summarise_note(network.notes[node]) for node in cluster.members[:CENTRAL_NOTE_COUNT]],
            "notes": [summarise_note(network.notes[node]) for node in cluster.members],
        }
        for cluster, own in zip(shown, words, strict=True)
    ]
    lines = [{"cluster": cluster.label, **note_to_record(network.notes[node])} for cluster in shown for node in cluster.members]
    tree = [_build_branch(network, cluster, own) for cluster, own in zip(shown, words, strict=True)]
    rest = _describe_rest(found)
    facts = {"small": {"clusters": found.small_cluster_count, "notes": found.small_cluster_note_count}, "isolated": found.isolated_count}
    tree += [Branch(((rest, "dim"),))] if rest and tree else []
    nothing = "no cluster: no three notes have more links among themselves than to the rest" + (f": {rest}" if rest else "")
    return Tree(
        name="clusters",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        branches=tuple(tree),
        is_spaced=True,
        facts=facts,
        rest=describe_limit(len(shown), len(found.clusters), "cluster"),
        empty_message=nothing,
    )


def _build_branch(graph: LinkGraph, cluster: Cluster, words: Sequence[str]) -> Branch:
    """Build the branch of a cluster, with the next notes by centrality below its central one."""
    first, *others = cluster.members[: CENTRAL_NOTE_COUNT + 1]
    below = tuple(build_note_branch(graph.notes[node]) for node in others)
    return build_cluster_branch(graph.notes[first], f"{len(cluster.members)} notes", words, below)


def _describe_rest(found: Clustering) -> str:
    """Describe on one line the notes that are in no cluster."""
    parts = []
    if found.small_cluster_count:
        parts.append(f"{found.small_cluster_note_count} notes in groups of fewer than {MIN_CLUSTER_SIZE}")
    if found.isolated_count:
        parts.append(f"{format_count(found.isolated_count, 'note')} without links")
    return ", ".join(parts)
