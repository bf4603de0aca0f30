"""List the clusters of a notebook: groups of notes with more links among themselves than to the rest."""

from __future__ import annotations

from zettel.commands.parts.shared import brief, note_line
from zettel.model.answer import Answer, Branch, Column, Span
from zettel.model.errors import UsageError
from zettel.model.exploring.communities import ROUNDS
from zettel.model.exploring.network import Network
from zettel.model.exploring.subjects import CENTRAL, SMALLEST, Cluster, Clusters
from zettel.model.exploring.subjects import clusters as find_clusters
from zettel.model.note import record
from zettel.model.progress import Silent
from zettel.session import Session

COLUMNS = (
    Column("Cluster", "cluster", "strong", may_wrap=True),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
)


def run(session: Session, *, limit: int = 20) -> Answer:
    """List the clusters, largest first, each with the words that distinguish it and its notes, most central first."""
    if limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}", "zettel clusters --limit 50")
    network = session.notebook().network()
    found = clusters_of(session, network)
    shown = found.found[:limit]
    rows = [
        {
            "label": cluster.label,
            "size": len(cluster.members),
            "central": [brief(network.notes[node]) for node in cluster.members[:CENTRAL]],
            "notes": [brief(network.notes[node]) for node in cluster.members],
        }
        for cluster in shown
    ]
    lines = [{"cluster": cluster.label, **record(network.notes[node])} for cluster in shown for node in cluster.members]
    tree = [_branch(network, cluster) for cluster in shown]
    rest = _rest(found, len(found.found) - len(shown))
    facts = {"small": {"clusters": found.small, "notes": found.small_notes}, "isolated": found.isolated}
    tree += [Branch(((rest, "dim"),))] if rest and tree else []
    nothing = "no three notes have more links among themselves than to the rest" + (f": {rest}" if rest else "")
    return Answer("clusters", rows, COLUMNS, lines=lines, facts=facts, tree=tuple(tree), nothing=nothing)


def clusters_of(session: Session, network: Network) -> Clusters:
    """Find the clusters, with a progress bar if it takes long."""
    with (session.progress() or Silent)("Finding clusters", ROUNDS * len(network.notes)) as step:
        return find_clusters(network, step)


def _branch(network: Network, cluster: Cluster) -> Branch:
    """Build the branch of a cluster, with its most central notes."""
    line: tuple[Span, ...] = ((cluster.label, "strong"), (f"  {len(cluster.members)} notes", "dim"))
    return Branch(line, tuple(Branch(note_line(network.notes[node])) for node in cluster.members[:CENTRAL]))


def _rest(found: Clusters, more: int) -> str:
    """Describe on one line what is not shown."""
    parts = [f"{more} more cluster{'s' * (more > 1)} (--limit)"] if more else []
    if found.small:
        parts.append(f"{found.small_notes} notes in groups of fewer than {SMALLEST}")
    if found.isolated:
        parts.append(f"{found.isolated} note{'s' * (found.isolated > 1)} without links")
    return ", ".join(parts)
